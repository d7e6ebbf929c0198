import type { TableCell } from "../../report/table.js";
import { type PaperModel, paperModels, paperTable2 } from "../paper/paper.js";
import { modelGroup, printedGroups } from "../results/groups.js";
import { measure, measures } from "../results/measures.js";
import { outcomeWords } from "../results/outcome.js";
import type { ReproductionResults } from "../results/results.js";
import type { Spread } from "../results/spread.js";
import { behind, besidePaper, type GroupRow, measured, missing, type Table } from "./columns.js";

interface Row extends GroupRow {
  readonly title: string;
  readonly model: PaperModel;
  /** What became of trials that don't train as the others do. */
  readonly outcome?: string;
}

/** Whether a mean test accuracy is at or above the paper's, to the paper's two places. */
export const reachesPaper = ({ mean }: Spread, model: PaperModel): boolean =>
  Number((100 * mean).toFixed(2)) >= paperTable2[model].accuracy;

function reachedCell({ group, model }: Row): TableCell {
  const accuracy = measure(group, measures.testAccuracy);
  if (!accuracy) return missing();
  const reached = reachesPaper(accuracy, model);
  return { text: reached ? "yes" : "no", tone: reached ? "good" : "bad", value: reached ? 1 : 0 };
}

const accuracy = "accuracy, %";

/** Table 2: five models by one protocol, and the printed setting. */
export const table2 = (results: ReproductionResults): Table<Row> => ({
  id: "table-2",
  title: "Table 2: accuracy and loss of the five models on the test images",
  caption:
    "Mean ± standard deviation over the seeds. Each network is judged with the weights of its epoch best by validation. Diff.: here less the paper. Behind it: seeds × epochs. “As printed”: the Proposed CNN with the paper's own learning rate.",
  columns: [
    { title: "model", cell: ({ title }) => title },
    ...besidePaper<Row>(accuracy, measures.testAccuracy, ({ model }) => paperTable2[model].accuracy),
    { title: "reached", group: accuracy, show: ["file", "docs"], cell: reachedCell },
    measured("validation", measures.validationAccuracy, { group: accuracy, show: ["file", "docs", "page"] }),
    ...besidePaper<Row>("loss", measures.testLoss, ({ model }) => paperTable2[model].loss, {
      showDifference: ["file", "docs"],
    }),
    behind,
    { title: "outcome", show: ["file", "docs"], cell: ({ outcome = "" }) => outcome },
  ],
  rows: [
    ...paperModels.map((model) => {
      const group = modelGroup(results, model);
      return { title: group.title, model, group };
    }),
    ...printedGroups(results).map((group) => ({
      title: `as printed, ${group.title}`,
      model: "proposed" as const,
      group,
      outcome: group.kept.map(outcomeWords).join("; "),
    })),
  ],
});
