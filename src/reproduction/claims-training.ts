import { listed } from "../report/words.js";
import { type Claim, type JudgedClaim, judgeModels, notRun, soFar, untested } from "./claim.js";
import {
  both,
  comesFirst,
  type Direction,
  differs,
  littleInfluence,
  ranked,
  reaches,
  riseAfterLowest,
  risesAgain,
  stableAfter,
} from "./claim-rules.js";
import { type Measure, measure, measures } from "./measures.js";
import { decimal, meanAndDeviation, percent, plural, points, signed } from "./numbers.js";
import { paperTable4 } from "./paper.js";
import { currentGroup, type ReproductionResults } from "./results.js";
import { scheduleOutcomes } from "./schedules.js";
import { differenceOf, differenceWords, trialsOf } from "./spread.js";
import type { TrialRecord } from "./trial.js";

/** Epochs are counted whole: half of one is the least spread that a difference of theirs is held against. */
export const leastEpochDeviation = 0.5;

export const epochsWords = (value: number): string => `${signed(value, 1)} epochs`;

/** Algorithm 1 against the constant rate, each at the best of its start rates, by one figure. */
function judgeAgainstConstant(
  results: ReproductionResults,
  of: Measure,
  direction: Direction,
  words: {
    readonly write: (value: number) => string;
    /** Behind a mean and its deviation. */
    readonly unit: string;
    readonly signed: (value: number) => string;
    readonly least?: number;
  },
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
  if (!ours || !theirs || ahead !== 0) {
    const figures = `${reached} of ${plural(dynamic.kept.length, "seed")} get there by Algorithm 1, ${reachedThere} of ${constant.kept.length} by the constant rate${missing}`;
    return { verdict: ahead > 0 ? "holds in part" : "doesn't hold", figures, sources };
  }
  const difference = differenceOf(ours, theirs, words.least);
  const figures =
    `${meanAndDeviation(ours, words.write)}${words.unit}, constant ${meanAndDeviation(theirs, words.write)}${words.unit}: ` +
    `${differenceWords(difference, "the constant rate", words.signed)}`;
  return { verdict: differs(difference, direction), figures: `${figures}${missing}`, sources };
}

const epochs = {
  write: (value: number) => decimal(value, 1),
  unit: "",
  signed: epochsWords,
  least: leastEpochDeviation,
};

const batchSpreads = (results: ReproductionResults, of: Measure) =>
  paperTable4.flatMap(({ batchSize }) => {
    const spread = measure(currentGroup(results, "proposed", batchSize), of);
    return spread ? [{ name: String(batchSize), spread }] : [];
  });

const batchGroups = (results: ReproductionResults) =>
  paperTable4.map(({ batchSize }) => currentGroup(results, "proposed", batchSize));

const paperAccuracies = paperTable4.map(({ accuracy }) => accuracy);

/** The range of Table 4's accuracies in points, which the paper calls little. */
export const littleRange = Math.max(...paperAccuracies) - Math.min(...paperAccuracies);

/** The validation loss of each epoch, mean over the seeds, up to the shortest history. */
function meanCurve(records: readonly TrialRecord[], of: "validationLoss" | "trainLoss"): number[] {
  const length = Math.min(...records.map(({ history }) => history.length));
  return Array.from(
    { length },
    (_, epoch) => records.reduce((sum, { history }) => sum + history[epoch][of], 0) / records.length,
  );
}

/** What the paper claims of the learning rate, the batch size, and the curves of training. */
export const trainingClaims: readonly Claim[] = [
  {
    id: "convergence",
    claim: "The dynamic learning rate makes the model converge rapidly.",
    where: "Abstract",
    rule: "Epochs to 90 % of the validation images, Algorithm 1 against a constant rate, each at its best start: holds where fewer by more than two standard deviations, in part by more than one.",
    judge: (results) => judgeAgainstConstant(results, measures.epochsTo90, "lower", epochs),
  },
  {
    id: "training-time",
    claim: "It shortens the training time.",
    where: "Abstract",
    rule: "As above: a schedule changes no epoch's length, only how many are needed.",
    judge: (results) => judgeAgainstConstant(results, measures.epochsTo90, "lower", epochs),
  },
  {
    id: "rate-overfitting",
    claim: "It prevents overfitting.",
    where: "Methodology, by Figure 2",
    rule: "The gap between training (dropout off) and validation accuracy, Algorithm 1 against a constant rate: holds where smaller by more than two standard deviations, in part by more than one.",
    judge: (results) =>
      judgeAgainstConstant(results, measures.validationGap, "lower", {
        write: percent,
        unit: " points",
        signed: points,
      }),
  },
  {
    id: "rate-accuracy",
    claim: "It finds the best rate for each iteration.",
    where: "Methodology, by Equation 7",
    rule: "Test accuracy, Algorithm 1 against a constant rate: holds where higher by more than two standard deviations, in part by more than one.",
    judge: (results) =>
      judgeAgainstConstant(results, measures.testAccuracy, "higher", {
        write: percent,
        unit: " %",
        signed: points,
      }),
  },
  {
    id: "batch-size",
    claim: "The batch size has little influence.",
    where: "Abstract; analysis, by Table 4",
    rule: `Holds where the five means lie within ${decimal(littleRange, 2)} points, the range that the paper calls little; in part within twice that.`,
    judge(results) {
      const found = batchSpreads(results, measures.testAccuracy);
      if (found.length < paperTable4.length) return notRun("all five batch sizes");
      const means = found.map(({ spread }) => 100 * spread.mean);
      const order = ranked(found);
      return {
        verdict: littleInfluence(means, littleRange),
        figures: `${decimal(Math.max(...means) - Math.min(...means), 2)} points between batch ${order[0]} and batch ${order[order.length - 1]}${soFar(batchGroups(results))}`,
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
        verdict: found.map(({ order }) => comesFirst(order, "256", 1)).reduce(both),
        figures: `the best: ${listed(found.map(({ title, order }) => `batch ${order[0]} in ${title}`))}${soFar(batchGroups(results))}`,
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
      const { kept } = currentGroup(results, "cnn");
      if (kept.length === 0) return notRun("Table 2's CNN");
      const curve = meanCurve(kept, "validationLoss");
      const lowest = curve.indexOf(Math.min(...curve)) + 1;
      return {
        verdict: risesAgain(curve),
        figures: `the mean validation loss is lowest in epoch ${lowest} of ${curve.length} and ends ${percent(riseAfterLowest(curve), 1)} % above that`,
        sources: kept.map(({ id }) => id),
      };
    },
  },
  {
    id: "proposed-curve",
    claim:
      "The proposed model's validation loss stays below its training loss, and after ten epochs both are stable and close.",
    where: "Analysis, by Figure 5",
    rule: "Below in nine of ten epochs, and from epoch ten on within a tenth of its last value: holds; one of both: in part.",
    judge(results) {
      const { kept } = currentGroup(results, "proposed");
      if (kept.length === 0) return notRun("Table 2's Proposed CNN");
      const [validation, training] = [meanCurve(kept, "validationLoss"), meanCurve(kept, "trainLoss")];
      if (validation.length <= 10) return untested("the trials are shorter than eleven epochs");
      const below = validation.filter((loss, epoch) => loss < training[epoch]).length;
      return {
        verdict: both(reaches(below / validation.length, 0.9, 0.5), stableAfter(validation, 10)),
        figures: `the mean validation loss is below the training loss in ${below} of ${validation.length} epochs; it is ${decimal(validation[9], 3)} after ten and ${decimal(validation[validation.length - 1], 3)} at the end`,
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
          figures: `training less validation ${points(proposed.mean)}, the CNN's ${points(cnn.mean)}`,
        }),
      ),
  },
];
