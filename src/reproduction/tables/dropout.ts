import type { TableData } from "../../report/table.js";
import { extent, measure, measures } from "../results/measures.js";
import { currentGroup, groupWithoutDropout, type ReproductionResults } from "../results/results.js";
import { asLoss, asPercent, epochsTo90Cell, spreadCell } from "./cells.js";

/**
 * The Proposed CNN beside itself without its dropout layers.
 *
 * @param brief how the figures that matter less are written
 */
export function dropoutTable(results: ReproductionResults, brief = spreadCell): TableData {
  const rows = [
    { title: "with dropout", group: currentGroup(results, "proposed") },
    { title: "without", group: groupWithoutDropout(results) },
  ];
  return {
    id: "dropout-table",
    title: "The Proposed CNN with dropout and without",
    caption:
      "Mean ± standard deviation over the seeds; everything but dropout as the protocol has it, which was searched for with dropout. The gap is the accuracy on the training images, dropout and augmentation off, less that on the test images, by the weights of the epoch best by validation. The best epoch is the one whose weights are judged. 90 % is of the validation images. Behind it: seeds × epochs.",
    columns: [
      { title: "network" },
      { title: "test", group: "accuracy, %", numeric: true },
      { title: "validation", group: "accuracy, %", numeric: true },
      { title: "training", group: "accuracy, %", numeric: true },
      { title: "gap, points", numeric: true },
      { title: "test loss", numeric: true },
      { title: "to 90 %", group: "epochs", numeric: true },
      { title: "best", group: "epochs", numeric: true },
      { title: "behind it" },
    ],
    rows: rows.map(({ title, group }) => [
      title,
      spreadCell(measure(group, measures.testAccuracy), asPercent),
      brief(measure(group, measures.validationAccuracy), asPercent),
      brief(measure(group, measures.trainAccuracy), asPercent),
      spreadCell(measure(group, measures.testGap), asPercent),
      brief(measure(group, measures.testLoss), asLoss),
      epochsTo90Cell(group),
      brief(measure(group, measures.bestEpoch), { scale: 1, places: 1 }),
      extent(group),
    ]),
  };
}
