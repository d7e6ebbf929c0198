import { type PaperModel, paperModels, paperTable2 } from "../paper/paper.js";
import { overconfidenceOf } from "../results/confidence.js";
import { modelGroup } from "../results/groups.js";
import { measure, measures } from "../results/measures.js";
import type { ReproductionResults } from "../results/results.js";
import { behind, differenceCell, type GroupRow, measured, spreadCell, type Table } from "./columns.js";

interface Row extends GroupRow {
  readonly model: PaperModel;
}

/** By how much each model differs from the paper's, and what could explain it. */
export const distancesTable = (results: ReproductionResults): Table<Row> => ({
  id: "distances",
  title: "Distances from the paper, and what could explain them",
  caption:
    "Means over the seeds; ± standard deviation. From the paper: here less its figure. Validation less test: of the same weights. Best less last: on the validation images, the epoch that they chose less the last one. Confidence: the mean greatest probability on the test images less the share that is right. Behind it: seeds × epochs.",
  columns: [
    { title: "model", cell: ({ group }) => group.title },
    {
      title: "accuracy",
      group: "from the paper",
      numeric: true,
      cell: ({ group, model }) =>
        differenceCell(
          measure(group, measures.testAccuracy),
          paperTable2[model].accuracy,
          measures.testAccuracy,
        ),
    },
    {
      title: "loss",
      group: "from the paper",
      numeric: true,
      cell: ({ group, model }) =>
        differenceCell(measure(group, measures.testLoss), paperTable2[model].loss, measures.testLoss),
    },
    measured("validation less test", measures.validationLessTest, { group: "points" }),
    measured("best less last", measures.bestLessLast, { group: "points" }),
    {
      title: "confidence",
      group: "points",
      numeric: true,
      cell: ({ group }) => spreadCell(overconfidenceOf(results, group), measures.testGap),
    },
    behind,
  ],
  rows: paperModels.map((model) => ({ model, group: modelGroup(results, model) })),
});
