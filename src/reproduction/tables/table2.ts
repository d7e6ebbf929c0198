import type { TableCell } from "../../report/table.js";
import { deeperModels, paperModels, paperTable2, type TrainedModel } from "../paper/paper.js";
import { epochTimeOf } from "../results/epoch-times.js";
import { modelGroup, printedGroups } from "../results/groups.js";
import { measure, measures } from "../results/measures.js";
import { outcomeWords } from "../results/outcome.js";
import type { ReproductionResults } from "../results/results.js";
import { behind, besidePaper, type GroupRow, measured, missing, numberCell, type Table } from "./columns.js";

interface Row extends GroupRow {
  readonly title: string;
  /** Undefined of a network that the paper doesn't train. */
  readonly paper?: { readonly accuracy: number; readonly loss: number };
  /** Seconds of an epoch, measured apart. */
  readonly seconds?: number;
  /** What became of trials that don't train as the others do. */
  readonly outcome?: string;
}

/** Whether the mean test accuracy is at or above the paper's, to the paper's two places. */
function reachedCell({ group, paper }: Row): TableCell {
  const accuracy = measure(group, measures.testAccuracy);
  if (!accuracy || !paper) return missing();
  const reached = Number((100 * accuracy.mean).toFixed(2)) >= paper.accuracy;
  return { text: reached ? "yes" : "no", tone: reached ? "good" : "bad", value: reached ? 1 : 0 };
}

const accuracy = "accuracy, %";

/** Table 2: five models and two deeper ones by one protocol, and the printed setting. */
export const table2 = (results: ReproductionResults): Table<Row> => ({
  id: "table-2",
  title: "Table 2: accuracy and loss of the models on the test images",
  caption:
    "Mean ± standard deviation over the seeds. Each network is judged with the weights of its epoch best by validation. Diff.: here less the paper. Behind it: seeds × epochs. The paper trains no ResNet and no VGG, which its abstract argues against. “As printed”: the Proposed CNN with the paper's own learning rate.",
  columns: [
    { title: "model", cell: ({ title }) => title },
    ...besidePaper<Row>(accuracy, measures.testAccuracy, ({ paper }) => paper?.accuracy ?? null),
    { title: "reached", group: accuracy, show: ["file", "docs"], cell: reachedCell },
    measured("validation", measures.validationAccuracy, { group: accuracy, show: ["file", "docs", "page"] }),
    ...besidePaper<Row>("loss", measures.testLoss, ({ paper }) => paper?.loss ?? null, {
      showDifference: ["file", "docs"],
    }),
    {
      title: "s an epoch",
      numeric: true,
      show: ["file", "docs"],
      cell: ({ seconds }) => numberCell(seconds, 1),
    },
    behind,
    { title: "outcome", show: ["file", "docs"], cell: ({ outcome = "" }) => outcome },
  ],
  rows: [
    ...paperModels.map((model) => ({ ...networkRow(results, model), paper: paperTable2[model] })),
    ...deeperModels.map((model) => networkRow(results, model)),
    ...printedGroups(results).map((group) => ({
      group,
      paper: paperTable2.proposed,
      title: `as printed, ${group.title}`,
      outcome: group.kept.map(outcomeWords).join("; "),
    })),
  ],
});

function networkRow(results: ReproductionResults, model: TrainedModel): Row {
  const group = modelGroup(results, model);
  return { title: group.title, group, seconds: epochTimeOf(results.epochTimes, model)?.seconds };
}
