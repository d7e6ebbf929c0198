import { listed } from "../../core/words.js";
import { paperTable4 } from "../paper/paper.js";
import { batchGroups, modelGroup, modelGroups, scheduleGroup, type TrialGroup } from "../results/groups.js";
import { leftOutWords, meanHistory } from "../results/mean-history.js";
import { type Measure, measure, measures, signedWords } from "../results/measures.js";
import { decimal, hundredths } from "../results/numbers.js";
import { differenceOf } from "../results/spread.js";
import { type Claim, untested } from "./claim.js";
import { type Comparison, compare } from "./compare.js";
import {
  comesFirst,
  differs,
  isBeyond,
  littleInfluence,
  ranked,
  reaches,
  riseAfterLowest,
  risesAgain,
  stableAfter,
  together,
  widestGap,
} from "./rules.js";

/** Algorithm 1 against the constant rate, each at the best of its start rates. */
const againstConstant = (comparison: Omit<Comparison, "sides">): Pick<Claim, "groups" | "judge"> => ({
  groups: (results) => [scheduleGroup(results, "dynamic"), scheduleGroup(results, "constant")],
  judge: (_, groups) => compare(groups, { ...comparison, sides: ["by Algorithm 1", "by the constant rate"] }),
});

/** A schedule that trains less has less of a gap: said where its validation accuracy is lower beyond a deviation. */
function trainsLess(...groups: readonly TrialGroup[]): string | undefined {
  const [own, other] = groups.map((group) => measure(group, measures.validationAccuracy));
  if (!own || !other) return undefined;
  const difference = differenceOf(own, other);
  return isBeyond(difference, "lower")
    ? `its validation accuracy is lower too (${signedWords(measures.validationAccuracy, difference.value)}), and what trains less overfits less`
    : undefined;
}

/** Batch sizes by a figure, the best first. */
function rankedBatches(groups: readonly TrialGroup[], of: Measure): readonly string[] {
  const found = groups.flatMap((group) => {
    const spread = measure(group, of);
    return spread ? [{ name: group.title, spread }] : [];
  });
  return of.better === "lower" ? ranked(found).reverse() : ranked(found);
}

const paperAccuracies = paperTable4.map(({ accuracy }) => accuracy);

/** The range of Table 4's accuracies in points, which the paper calls little. */
const littleRange = Math.max(...paperAccuracies) - Math.min(...paperAccuracies);

const noEpoch = "no trial ended an epoch";

/** What the paper claims of the learning rate, the batch size, and the curves of training. */
export const trainingClaims: readonly Claim[] = [
  {
    id: "convergence",
    claim: "The dynamic learning rate makes the model converge rapidly and shortens the training time.",
    where: "Abstract",
    rule: "Epochs to 90 % of the validation images, Algorithm 1 against a constant rate, each at its best start: holds where fewer by more than two standard deviations, in part by more than one, or where more seeds get there at all. A schedule changes no epoch's length, only how many are needed.",
    ...againstConstant({ of: measures.epochsTo90, does: "get to 90 %", counts: true }),
  },
  {
    id: "rate-overfitting",
    claim: "It prevents overfitting.",
    where: "Methodology, by Figure 2",
    rule: "The gap between training (dropout off) and validation accuracy, Algorithm 1 against a constant rate: holds where smaller by more than two standard deviations, in part by more than one; at most in part where its validation accuracy is lower beyond one, for what trains less overfits less.",
    ...againstConstant({ of: measures.validationGap, does: "come to figures", but: trainsLess }),
  },
  {
    id: "rate-accuracy",
    claim: "It finds the best rate for each iteration.",
    where: "Methodology, by Equation 7",
    rule: "Test accuracy, Algorithm 1 against a constant rate: holds where higher by more than two standard deviations, in part by more than one.",
    ...againstConstant({ of: measures.testAccuracy, does: "come to figures" }),
  },
  {
    id: "batch-size",
    claim: "The batch size has little influence.",
    where: "Analysis, by Table 4",
    rule: `Holds where the five means lie within ${decimal(littleRange, 2)} points, the range that the paper calls little; in part within twice that.`,
    groups: batchGroups,
    of: measures.testAccuracy,
    judge(spreads, groups) {
      const means = spreads.map(({ mean }) => 100 * mean);
      const order = rankedBatches(groups, measures.testAccuracy);
      return {
        verdict: littleInfluence(means, littleRange),
        finding: `${decimal(Math.max(...means) - Math.min(...means), 2)} points between ${order[0]} and ${order[order.length - 1]}`,
      };
    },
  },
  {
    id: "batch-256",
    claim: "Batch 256 is the best in accuracy, loss and AUC.",
    where: "Analysis, by Table 4",
    rule: "Holds where its means lead all three; in part where they lead some.",
    groups: batchGroups,
    judge(_, groups) {
      const found = [
        { title: "accuracy", order: rankedBatches(groups, measures.testAccuracy) },
        { title: "loss", order: rankedBatches(groups, measures.testLoss) },
        { title: "AUC", order: rankedBatches(groups, measures.macroAuc) },
      ];
      if (found.some(({ order }) => order.length < groups.length))
        return untested("not every batch size came to figures");
      return {
        verdict: together(found.map(({ order }) => comesFirst(order, "batch 256", 1))),
        finding: `the best: ${listed(found.map(({ title, order }) => `${order[0]} in ${title}`))}`,
      };
    },
  },
  {
    id: "cnn-curve",
    claim: "The plain CNN's loss falls at first and then rises: it does not converge.",
    where: "Analysis, by Figure 4",
    rule: "The mean validation loss rises again by a tenth of its lowest value or more: holds; by a hundredth: in part.",
    groups: (results) => [modelGroup(results, "cnn")],
    judge(_, [{ kept }]) {
      const curve = meanHistory(kept).map(({ validationLoss }) => validationLoss);
      if (curve.length === 0) return untested(noEpoch);
      const lowest = curve.indexOf(Math.min(...curve)) + 1;
      return {
        verdict: risesAgain(curve),
        finding: `the mean validation loss is lowest in epoch ${lowest} of ${curve.length} and ends ${hundredths(riseAfterLowest(curve), 1)} % above that${leftOutWords(kept)}`,
      };
    },
  },
  {
    id: "proposed-curve",
    claim:
      "The proposed model's validation loss stays below its training loss; after ten epochs it is stable, and the gap between training and validation negligible.",
    where: "Analysis, by Figure 5",
    rule: "Three parts. Below: in nine of ten epochs, in part in half of them; can't be tested where training smooths the labels, for then only the training loss counts the smoothing. Stable: from epoch ten on within a tenth of its last value, in part within a fifth. Negligible: from epoch ten on the accuracies, which no smoothing touches, are at most one point apart, in part two. All: holds; one, or the tested ones in part: in part.",
    groups: (results) => [modelGroup(results, "proposed")],
    judge(_, [{ kept }]) {
      const history = meanHistory(kept);
      if (history.length === 0) return untested(noEpoch);
      if (history.length <= 10) return untested("the trials are shorter than eleven epochs");
      const losses = history.map(({ validationLoss }) => validationLoss);
      const below = history.filter(({ validationLoss, trainLoss }) => validationLoss < trainLoss).length;
      const gap = widestGap(
        history.map(({ trainAccuracy }) => trainAccuracy),
        history.map(({ validationAccuracy }) => validationAccuracy),
        10,
      );
      const smoothed = kept.some(({ config }) => config.labelSmoothing > 0);
      const compared = smoothed
        ? "training smooths the labels, so the two losses can't be compared"
        : `the mean validation loss is below the training loss in ${below} of ${history.length} epochs`;
      return {
        verdict: together([
          smoothed ? "can't be tested here" : reaches(below / history.length, 0.9, 0.5),
          stableAfter(losses, 10),
          reaches(-gap, -0.01, -0.02),
        ]),
        finding: `${compared}; the mean validation loss is ${decimal(losses[9], 3)} after ten epochs and ${decimal(losses[losses.length - 1], 3)} at the end; from epoch ten on the accuracies are up to ${hundredths(gap)} points apart${leftOutWords(kept)}`,
      };
    },
  },
  {
    id: "gap-vs-cnn",
    claim: "Its validation accuracy keeps up with the training accuracy, unlike the CNN's.",
    where: "Analysis, by Figures 4 and 5",
    rule: "The gap in the last epoch (training with dropout on) is smaller than the CNN's by more than two standard deviations: holds; more than one: in part.",
    groups: (results) => modelGroups(results, ["cnn", "proposed"]),
    of: measures.lastGap,
    judge: ([cnn, proposed]) => ({
      verdict: differs(differenceOf(proposed, cnn), "lower"),
      finding: `training less validation ${signedWords(measures.lastGap, proposed.mean)}, the CNN's ${signedWords(measures.lastGap, cnn.mean)}`,
    }),
  },
];
