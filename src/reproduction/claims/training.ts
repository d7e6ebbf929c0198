import { listed, plural } from "../../core/words.js";
import { paperTable4 } from "../paper/paper.js";
import { leftOutWords, meanHistory } from "../results/mean-history.js";
import { type Measure, measure, measures } from "../results/measures.js";
import { decimal, hundredths, meanAndDeviation, points, signed } from "../results/numbers.js";
import { currentGroup, type ReproductionResults, type TrialGroup } from "../results/results.js";
import { scheduleOutcomes } from "../results/schedules.js";
import { differenceOf, differenceWords, trialsOf } from "../results/spread.js";
import { type Claim, type JudgedClaim, judgeModels, notRun, soFar, untested } from "./claim.js";
import {
  atMostInPart,
  comesFirst,
  type Direction,
  differs,
  isBeyond,
  littleInfluence,
  ranked,
  reaches,
  riseAfterLowest,
  risesAgain,
  stableAfter,
  together,
  type Verdict,
  widestGap,
} from "./rules.js";

/** Epochs are counted whole: half of one is the least spread that a difference of theirs is held against. */
export const leastEpochDeviation = 0.5;

export const epochsWords = (value: number): string => `${signed(value, 1)} epochs`;

/** A figure by which two schedules are compared. */
interface Comparison {
  readonly of: Measure;
  readonly direction: Direction;
  readonly write: (value: number) => string;
  /** Behind a mean and its deviation. */
  readonly unit: string;
  readonly signed: (value: number) => string;
  readonly least?: number;
  /** What a trial with the figure does: "get to 90 %". */
  readonly there: string;
  /** What takes from the verdict, in words; undefined where nothing does. */
  readonly but?: (ours: TrialGroup, theirs: TrialGroup) => string | undefined;
}

/**
 * Algorithm 1 against the constant rate, each at the best of its start rates. Where more of its seeds have the figure
 * at all, that is worth "in part"; means are compared where as many have.
 */
function judgeAgainstConstant(
  results: ReproductionResults,
  { of, direction, write, unit, signed, least, there, but }: Comparison,
): JudgedClaim {
  const outcomes = scheduleOutcomes(results);
  const groupOf = (name: string) => outcomes.find(({ schedule }) => schedule === name)?.group;
  const [dynamic, constant] = [groupOf("dynamic"), groupOf("constant")];
  if (!dynamic?.kept.length || !constant?.kept.length) return notRun("the schedules' trials");
  const [ours, theirs] = [dynamic, constant].map((group) => measure(group, of));
  const sources = [...dynamic.kept, ...constant.kept].map(({ id }) => id);
  const missing = soFar([dynamic, constant]);
  const [reached, reachedThere] = [ours, theirs].map((spread) => spread?.observations.length ?? 0);
  const ahead = reached / dynamic.kept.length - reachedThere / constant.kept.length;
  const counts = `${reached} of ${plural(dynamic.kept.length, "seed")} ${there} by Algorithm 1, ${reachedThere} of ${constant.kept.length} by the constant rate`;
  if (reached + reachedThere === 0) return untested(`${counts}${missing}`, sources);
  if (!ours || !theirs || ahead !== 0) {
    const single = dynamic.kept.length === 1 && constant.kept.length === 1;
    const verdict: Verdict = single ? "can't be judged yet" : ahead > 0 ? "holds in part" : "doesn't hold";
    return { verdict, finding: `${counts}${missing}`, sources };
  }
  const difference = differenceOf(ours, theirs, least);
  const verdict = differs(difference, direction);
  const limit = but?.(dynamic, constant);
  const finding =
    `${meanAndDeviation(ours, write)}${unit}, constant ${meanAndDeviation(theirs, write)}${unit}: ` +
    differenceWords(difference, "the constant rate", signed) +
    (reached < dynamic.kept.length ? `; ${counts}` : "") +
    (limit === undefined ? "" : `; ${limit}`);
  return {
    verdict: limit === undefined ? verdict : atMostInPart(verdict),
    finding: `${finding}${missing}`,
    sources,
  };
}

/** A schedule that trains less has less of a gap: said where its validation accuracy is lower beyond a deviation. */
function trainsLess(ours: TrialGroup, theirs: TrialGroup): string | undefined {
  const [own, other] = [ours, theirs].map((group) => measure(group, measures.validationAccuracy));
  if (!own || !other) return undefined;
  const difference = differenceOf(own, other);
  return isBeyond(difference, "lower")
    ? `its validation accuracy is lower too (${points(difference.value)}), and what trains less overfits less`
    : undefined;
}

const batchSpreads = (results: ReproductionResults, of: Measure) =>
  paperTable4.flatMap(({ batchSize }) => {
    const spread = measure(currentGroup(results, "proposed", batchSize), of);
    return spread ? [{ name: String(batchSize), spread }] : [];
  });

const batchGroups = (results: ReproductionResults) =>
  paperTable4.map(({ batchSize }) => currentGroup(results, "proposed", batchSize));

const paperAccuracies = paperTable4.map(({ accuracy }) => accuracy);

/** The range of Table 4's accuracies in points, which the paper calls little. */
const littleRange = Math.max(...paperAccuracies) - Math.min(...paperAccuracies);

const noEpoch = (title: string): string => `no trial of the ${title} ended an epoch`;

/** What the paper claims of the learning rate, the batch size, and the curves of training. */
export const trainingClaims: readonly Claim[] = [
  {
    id: "convergence",
    claim: "The dynamic learning rate makes the model converge rapidly and shortens the training time.",
    where: "Abstract",
    rule: "Epochs to 90 % of the validation images, Algorithm 1 against a constant rate, each at its best start: holds where fewer by more than two standard deviations, in part by more than one, or where more seeds get there at all. A schedule changes no epoch's length, only how many are needed.",
    judge: (results) =>
      judgeAgainstConstant(results, {
        of: measures.epochsTo90,
        direction: "lower",
        write: (value) => decimal(value, 1),
        unit: "",
        signed: epochsWords,
        least: leastEpochDeviation,
        there: "get to 90 %",
      }),
  },
  {
    id: "rate-overfitting",
    claim: "It prevents overfitting.",
    where: "Methodology, by Figure 2",
    rule: "The gap between training (dropout off) and validation accuracy, Algorithm 1 against a constant rate: holds where smaller by more than two standard deviations, in part by more than one, or where its validation accuracy is lower beyond one: what trains less overfits less.",
    judge: (results) =>
      judgeAgainstConstant(results, {
        of: measures.validationGap,
        direction: "lower",
        write: hundredths,
        unit: " points",
        signed: points,
        there: "come to figures",
        but: trainsLess,
      }),
  },
  {
    id: "rate-accuracy",
    claim: "It finds the best rate for each iteration.",
    where: "Methodology, by Equation 7",
    rule: "Test accuracy, Algorithm 1 against a constant rate: holds where higher by more than two standard deviations, in part by more than one.",
    judge: (results) =>
      judgeAgainstConstant(results, {
        of: measures.testAccuracy,
        direction: "higher",
        write: hundredths,
        unit: " %",
        signed: points,
        there: "come to figures",
      }),
  },
  {
    id: "batch-size",
    claim: "The batch size has little influence.",
    where: "Analysis, by Table 4",
    rule: `Holds where the five means lie within ${decimal(littleRange, 2)} points, the range that the paper calls little; in part within twice that.`,
    judge(results) {
      const found = batchSpreads(results, measures.testAccuracy);
      if (found.length < paperTable4.length) return notRun("all five batch sizes");
      const means = found.map(({ spread }) => 100 * spread.mean);
      const order = ranked(found);
      return {
        verdict: littleInfluence(means, littleRange),
        finding: `${decimal(Math.max(...means) - Math.min(...means), 2)} points between batch ${order[0]} and batch ${order[order.length - 1]}${soFar(batchGroups(results))}`,
        sources: trialsOf(...found.map(({ spread }) => spread)),
      };
    },
  },
  {
    id: "batch-256",
    claim: "Batch 256 is the best in accuracy, loss and AUC.",
    where: "Analysis, by Table 4",
    rule: "Holds where its means lead all three; in part where they lead some.",
    judge(results) {
      const found = [
        { title: "accuracy", order: ranked(batchSpreads(results, measures.testAccuracy)) },
        { title: "loss", order: ranked(batchSpreads(results, measures.testLoss)).reverse() },
        { title: "AUC", order: ranked(batchSpreads(results, measures.macroAuc)) },
      ];
      if (found.some(({ order }) => order.length < paperTable4.length)) return notRun("all five batch sizes");
      return {
        verdict: together(found.map(({ order }) => comesFirst(order, "256", 1))),
        finding: `the best: ${listed(found.map(({ title, order }) => `batch ${order[0]} in ${title}`))}${soFar(batchGroups(results))}`,
        sources: batchGroups(results).flatMap(({ kept }) => kept.map(({ id }) => id)),
      };
    },
  },
  {
    id: "cnn-curve",
    claim: "The plain CNN's loss falls at first and then rises: it does not converge.",
    where: "Analysis, by Figure 4",
    rule: "The mean validation loss rises again by a tenth of its lowest value or more: holds; by a hundredth: in part.",
    judge(results) {
      const group = currentGroup(results, "cnn");
      const { kept } = group;
      if (kept.length === 0) return notRun("Table 2's CNN");
      const curve = meanHistory(kept).map(({ validationLoss }) => validationLoss);
      if (curve.length === 0) return untested(noEpoch("CNN"));
      const lowest = curve.indexOf(Math.min(...curve)) + 1;
      return {
        verdict: risesAgain(curve),
        finding: `the mean validation loss is lowest in epoch ${lowest} of ${curve.length} and ends ${hundredths(riseAfterLowest(curve), 1)} % above that${leftOutWords(kept)}${soFar([group])}`,
        sources: kept.map(({ id }) => id),
      };
    },
  },
  {
    id: "proposed-curve",
    claim:
      "The proposed model's validation loss stays below its training loss; after ten epochs it is stable, and the gap between training and validation negligible.",
    where: "Analysis, by Figure 5",
    rule: "Three parts. Below: in nine of ten epochs; can't be tested where training smooths the labels, for then only the training loss counts the smoothing. Stable: from epoch ten on within a tenth of its last value. Negligible: from epoch ten on the accuracies, which no smoothing touches, are at most one point apart, in part two. All: holds; one, or the tested ones in part: in part.",
    judge(results) {
      const group = currentGroup(results, "proposed");
      const { kept } = group;
      if (kept.length === 0) return notRun("Table 2's Proposed CNN");
      const history = meanHistory(kept);
      if (history.length === 0) return untested(noEpoch("Proposed CNN"));
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
        finding: `${compared}; the mean validation loss is ${decimal(losses[9], 3)} after ten epochs and ${decimal(losses[losses.length - 1], 3)} at the end; from epoch ten on the accuracies are up to ${hundredths(gap)} points apart${leftOutWords(kept)}${soFar([group])}`,
        sources: kept.map(({ id }) => id),
      };
    },
  },
  {
    id: "gap-vs-cnn",
    claim: "Its validation accuracy keeps up with the training accuracy, unlike the CNN's.",
    where: "Analysis, by Figures 4 and 5",
    rule: "The gap in the last epoch (training with dropout on) is smaller than the CNN's by more than two standard deviations: holds; more than one: in part.",
    judge: (results) =>
      judgeModels(
        results,
        ["cnn", "proposed"],
        ({ history }) => {
          const last = history.at(-1);
          return last ? last.trainAccuracy - last.validationAccuracy : null;
        },
        ({ cnn, proposed }) => ({
          verdict: differs(differenceOf(proposed, cnn), "lower"),
          finding: `training less validation ${points(proposed.mean)}, the CNN's ${points(cnn.mean)}`,
        }),
      ),
  },
];
