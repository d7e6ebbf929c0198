import { groupWithoutDropout, modelGroup } from "../results/groups.js";
import { measures } from "../results/measures.js";
import type { ReproductionResults } from "../results/results.js";
import { behind, epochsTo90, type GroupRow, measured, type Table } from "./columns.js";

const brief = ["page"] as const;

/** The Proposed CNN beside itself without its dropout layers. */
export const dropoutTable = (results: ReproductionResults): Table<GroupRow & { readonly title: string }> => ({
  id: "dropout-table",
  title: "The Proposed CNN with dropout and without",
  caption:
    "Mean ± standard deviation over the seeds; everything but dropout as the protocol has it, which was searched for with dropout. The gap is the accuracy on the training images, dropout and augmentation off, less that on the test images, by the weights of the epoch best by validation. The best epoch is the one whose weights are judged. 90 % is of the validation images. Behind it: seeds × epochs.",
  columns: [
    { title: "network", cell: ({ title }) => title },
    measured("test", measures.testAccuracy, { group: "accuracy, %" }),
    measured("validation", measures.validationAccuracy, { group: "accuracy, %", brief }),
    measured("training", measures.trainAccuracy, { group: "accuracy, %", brief }),
    measured("gap, points", measures.testGap),
    measured("test loss", measures.testLoss, { brief }),
    epochsTo90,
    measured("best", measures.bestEpoch, { group: "epochs", brief }),
    behind,
  ],
  rows: [
    { title: "with dropout", group: modelGroup(results, "proposed") },
    { title: "without", group: groupWithoutDropout(results) },
  ],
});
