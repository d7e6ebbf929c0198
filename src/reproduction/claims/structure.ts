import { groupWithoutDropout, modelGroup, modelGroups } from "../results/groups.js";
import { measures, standsTo } from "../results/measures.js";
import { differenceOf } from "../results/spread.js";
import { type Claim, untestable } from "./claim.js";
import { type Comparison, compare } from "./compare.js";
import { differs, together } from "./rules.js";

/** What the Proposed CNN is held by against the network without dropout. */
const parts: readonly Omit<Comparison, "sides">[] = [
  {
    of: measures.epochsTo90,
    does: "get to 90 %",
    counts: true,
    words: (epochs) => `${epochs} to 90 %`,
  },
  { of: measures.testGap, does: "come to figures", words: (gap) => `training less test ${gap}` },
];

/** What the paper claims of its network's parts. */
export const structureClaims: readonly Claim[] = [
  {
    id: "dropout",
    claim: "Dropout, where and as much as it is set, speeds up convergence and suppresses overfitting.",
    where: "Conclusion",
    rule: "Two parts, each the Proposed CNN against itself without dropout layers, everything else as the protocol has it, which was searched for with them. Convergence: fewer epochs to 90 % of the validation images; in part where more seeds get there at all. Overfitting: a smaller gap between training (dropout off) and test accuracy. By more than two standard deviations a part holds, by more than one in part. Both: holds; one, or both in part: in part.",
    groups: (results) => [modelGroup(results, "proposed"), groupWithoutDropout(results)],
    judge(_, groups) {
      const found = parts.map((part) =>
        compare(groups, { ...part, sides: ["with dropout", "without dropout"] }),
      );
      return {
        verdict: together(found.map(({ verdict }) => verdict)),
        finding: found.map(({ finding }) => finding).join("; "),
      };
    },
  },
  {
    id: "depth",
    claim: "More convolutional layers, for finer features, make the classification more accurate.",
    where: "Conclusion",
    rule: "Test accuracy against the CNN, which has the first of the four convolutions and one dense layer: holds where higher by more than two standard deviations, in part by more than one. The dense layers differ too.",
    groups: (results) => modelGroups(results, ["cnn", "proposed"]),
    of: measures.testAccuracy,
    judge([cnn, proposed]) {
      const difference = differenceOf(proposed, cnn);
      return {
        verdict: differs(difference, "higher"),
        finding: standsTo(measures.testAccuracy, difference, "the CNN"),
      };
    },
  },
  {
    id: "features",
    claim:
      "Its combination module of convolution and pooling has an outstanding ability to extract features.",
    where: "Conclusion",
    rule: "Would need a measure of features, or trials of the same network without the module; the paper has neither.",
    ...untestable("no trial leaves the module out"),
  },
  {
    id: "softmax",
    claim: "ReLU and softmax make the classification accurate.",
    where: "Conclusion",
    rule: "Would need trials without each of them.",
    ...untestable("every model here has softmax, every one but the recurrent ones ReLU"),
  },
];
