import { modelDefinitions } from "../../core/models/index.js";
import type { TableCell, TableData, TableRow } from "../../report/table.js";
import { type PaperModel, paperModels, paperTable2 } from "../paper/paper.js";
import { extent, measure, measures, reachesPaper } from "../results/measures.js";
import { outcomeWords } from "../results/printed.js";
import {
  currentGroup,
  earlierProtocols,
  modelGroup,
  printedGroups,
  type ReproductionResults,
  type TrialGroup,
} from "../results/results.js";
import { asLoss, asPercent, differenceCell, missing, paperCell, pickColumns, spreadCell } from "./cells.js";

const titleOf = (model: PaperModel): string => modelDefinitions[model].title;

/** Whether a group's mean accuracy is at or above the paper's, to the paper's two places. */
function reachesCell(group: TrialGroup, model: PaperModel): TableCell {
  const accuracy = measure(group, measures.testAccuracy);
  if (!accuracy) return missing("–");
  const reaches = reachesPaper(accuracy, model);
  return { text: reaches ? "yes" : "no", tone: reaches ? "good" : "bad", value: reaches ? 1 : 0 };
}

function row(title: string, model: PaperModel, group: TrialGroup, outcome = ""): TableRow {
  const paper = paperTable2[model];
  const accuracy = measure(group, measures.testAccuracy);
  const loss = measure(group, measures.testLoss);
  return [
    title,
    paperCell(paper.accuracy, 2),
    spreadCell(accuracy, asPercent),
    differenceCell(accuracy, paper.accuracy, asPercent, "up"),
    reachesCell(group, model),
    spreadCell(measure(group, measures.validationAccuracy), asPercent),
    paperCell(paper.loss, 2),
    spreadCell(loss, asLoss),
    differenceCell(loss, paper.loss, asLoss, "down"),
    group.kept.length === 0 ? missing() : extent(group),
    outcome,
  ];
}

/** Table 2: five models by one protocol; the printed setting; protocols that were tried before on the test images. */
export function table2(results: ReproductionResults): TableData {
  const earlier = earlierProtocols(results).flatMap(({ name }) =>
    paperModels.flatMap((model) => {
      const group = modelGroup(results, name, model);
      return group.kept.length === 0 ? [] : [row(`${titleOf(model)}, earlier: ${name}`, model, group)];
    }),
  );
  const printed = printedGroups(results).map(({ optimizer, group }) =>
    row(
      `as printed, ${optimizerTitle(optimizer)}`,
      "proposed",
      group,
      group.kept.map(outcomeWords).join("; "),
    ),
  );
  return {
    id: "table-2",
    title: "Table 2: accuracy and loss of the five models on the test images",
    caption:
      "Mean ± standard deviation over the seeds. Each network is judged with the weights of its epoch best by validation. Diff.: here less the paper. Behind it: seeds × epochs. “As printed”: the Proposed CNN with the paper's own learning rate.",
    columns: [
      { title: "model" },
      { title: "paper", group: "accuracy, %", numeric: true },
      { title: "here", group: "accuracy, %", numeric: true },
      { title: "diff.", group: "accuracy, %", numeric: true },
      { title: "reached", group: "accuracy, %" },
      { title: "validation", group: "accuracy, %", numeric: true },
      { title: "paper", group: "loss", numeric: true },
      { title: "here", group: "loss", numeric: true },
      { title: "diff.", group: "loss", numeric: true },
      { title: "behind it" },
      { title: "outcome" },
    ],
    rows: [
      ...paperModels.map((model) => row(titleOf(model), model, currentGroup(results, model))),
      ...printed,
      ...earlier,
    ],
  };
}

const optimizerTitles: Readonly<Record<string, string>> = { adam: "Adam", sgd: "SGD" };

/** An optimizer as people write it. */
export const optimizerTitle = (name: string): string => optimizerTitles[name] ?? name;

/** Table 2 for the page, which says in words which baselines reach the paper's figures and how the printed setting went. */
export const table2OfPage = (results: ReproductionResults): TableData =>
  pickColumns(table2(results), [0, 1, 2, 3, 5, 6, 7, 9]);

/** Table 2 for a page with less room still: accuracy and loss beside the paper's. */
export const headlineTable = (results: ReproductionResults): TableData =>
  pickColumns(table2(results), [0, 1, 2, 3, 6, 7, 9]);
