import { modelDefinitions } from "../../core/models/index.js";
import { listed } from "../../core/words.js";
import { deeperModels, paperAuc, paperGainInAbstract, paperGains, paperTable2 } from "../paper/paper.js";
import { type EpochTimes, epochTimeOf } from "../results/epoch-times.js";
import { modelGroup, modelGroups, type TrialGroup } from "../results/groups.js";
import { meanInWords, measure, measures, signedWords, written } from "../results/measures.js";
import { decimal } from "../results/numbers.js";
import { differenceOf } from "../results/spread.js";
import { type Claim, type Judgement, untested } from "./claim.js";
import { atMostInPart, differs, gains, leads, reaches, together } from "./rules.js";

const accuracy = measures.testAccuracy;

const baselines = ["cnn", "lenet", "lstm", "bilstm"] as const;

/** What the abstract and the conclusion, and the analysis between them, claim of accuracy, loss and AUC. */
export const accuracyClaims: readonly Claim[] = [
  {
    id: "accuracy",
    claim: "The proposed model classifies 93 % of the test images right (Table 2: 92.87 %).",
    where: "Abstract; conclusion",
    rule: "Holds from 92.87 % on; in part from 92.50 %, which rounds to 93.",
    groups: (results) => [modelGroup(results, "proposed")],
    of: accuracy,
    judge: ([proposed]) => ({
      verdict: reaches(Number((100 * proposed.mean).toFixed(2)), paperTable2.proposed.accuracy, 92.5),
      finding: meanInWords(accuracy, proposed),
    }),
  },
  {
    id: "gain-abstract",
    claim: `That is ${paperGainInAbstract} % more than the plain CNN.`,
    where: "Abstract",
    rule: "Holds where the gain in points reaches it; in part where there is a gain beyond a standard deviation.",
    groups: (results) => modelGroups(results, ["cnn", "proposed"]),
    of: accuracy,
    judge([cnn, proposed]) {
      const gain = differenceOf(proposed, cnn);
      const printed = (paperTable2.proposed.accuracy - paperTable2.cnn.accuracy) / 100;
      return {
        verdict: gains([{ gain, claimed: paperGainInAbstract / 100 }]),
        finding: `${signedWords(accuracy, gain.value)}; the paper's own Table 2 has ${signedWords(accuracy, printed)}`,
      };
    },
  },
  {
    id: "gains-conclusion",
    claim: "The gains are 4.5 % over the CNN, 5.7 % over LeNet and 6.9 % over the two LSTMs.",
    where: "Conclusion",
    rule: "Holds where every gain in points is reached; in part where each is a gain beyond a standard deviation.",
    groups: (results) => modelGroups(results, [...baselines, "proposed"]),
    of: accuracy,
    judge([...others], groups) {
      const proposed = others.pop()!;
      const found = others.map((other, index) => ({
        gain: differenceOf(proposed, other),
        claimed: paperGains[baselines[index]] / 100,
      }));
      return {
        verdict: gains(found),
        finding: listed(
          found.map(({ gain }, index) => `${signedWords(accuracy, gain.value)} over ${groups[index].title}`),
        ),
      };
    },
  },
  {
    id: "best-model",
    claim: "The proposed model outperforms the four others.",
    where: "Analysis, by Table 2",
    rule: "Holds where it is above each by more than a standard deviation; in part where it is above each by its mean.",
    groups: (results) => modelGroups(results, [...baselines, "proposed"]),
    of: accuracy,
    judge([...others], groups) {
      const proposed = others.pop()!;
      const found = others.map((other) => differenceOf(proposed, other));
      const least = found.reduce((a, b) => (b.value < a.value ? b : a));
      return {
        verdict: leads(found, "higher"),
        finding: `the best of them is ${groups[found.indexOf(least)].title}: ${signedWords(accuracy, least.value)}`,
      };
    },
  },
  {
    id: "loss",
    claim: "Its loss is the lowest, 0.20.",
    where: "Analysis, by Table 2",
    rule: "Holds where it is the lowest and rounds to 0.20 or less; in part where one of both is so.",
    groups: (results) => modelGroups(results, [...baselines, "proposed"]),
    of: measures.testLoss,
    judge([...others]) {
      const proposed = others.pop()!;
      const least = Math.min(...others.map(({ mean }) => mean));
      const parts = [proposed.mean < least, Number(proposed.mean.toFixed(2)) <= paperTable2.proposed.loss];
      return {
        verdict: reaches(parts.filter(Boolean).length, 2, 1),
        finding: `${meanInWords(measures.testLoss, proposed)}; the others' lowest is ${written(measures.testLoss, least)}`,
      };
    },
  },
  {
    id: "recurrent-worst",
    claim: "The CNN and LeNet come next, the LSTM and the BiLSTM last.",
    where: "Analysis, by Table 3",
    rule: "Holds where both recurrent models are below both others by more than a standard deviation; in part by their means.",
    groups: (results) => modelGroups(results, baselines),
    of: accuracy,
    judge(spreads, groups) {
      const [cnn, lenet, ...recurrent] = spreads;
      const found = [cnn, lenet].flatMap((one) => recurrent.map((other) => differenceOf(one, other)));
      return {
        verdict: leads(found, "higher"),
        finding: listed(
          spreads.map(({ mean }, index) => `${groups[index].title} ${written(accuracy, mean)} %`),
        ),
      };
    },
  },
  {
    id: "auc",
    claim: `The area under its ROC curve is ${paperAuc.all}, so that it gets almost every image right.`,
    where: "Analysis, by Figure 7",
    rule: "Holds where the mean of the classes' areas rounds to it; in part where only the area over all pairs (micro) does.",
    groups: (results) => [modelGroup(results, "proposed")],
    of: measures.macroAuc,
    judge([macro], [proposed]) {
      const micro = measure(proposed, measures.microAuc);
      const rounds = (mean = 0): boolean => Number(mean.toFixed(3)) >= paperAuc.all;
      const also = micro ? `, micro ${meanInWords(measures.microAuc, micro)}` : "";
      return {
        verdict: rounds(macro.mean) ? "holds" : rounds(micro?.mean) ? "holds in part" : "doesn't hold",
        finding: `the area is, macro, ${meanInWords(measures.macroAuc, macro)}${also}; an area tells how images are ordered, not how many are right`,
      };
    },
  },
  {
    id: "generalised",
    claim: "The model generalises very well.",
    where: "Abstract",
    rule: "Holds where the training accuracy (dropout off) is at most one point above the test accuracy; in part where that gap is smaller than the CNN's, beyond a standard deviation. Only one data set is tried.",
    groups: (results) => modelGroups(results, ["cnn", "proposed"]),
    of: measures.testGap,
    judge([cnn, proposed]): Judgement {
      const smaller = atMostInPart(differs(differenceOf(proposed, cnn), "lower"));
      return {
        verdict: proposed.mean <= 0.01 ? "holds" : smaller,
        finding: `training less test ${signedWords(measures.testGap, proposed.mean)}, the CNN's ${signedWords(measures.testGap, cnn.mean)}`,
      };
    },
  },
  {
    id: "unsatisfactory",
    claim: "The accuracy of CNN, LeNet and LSTM is unsatisfactory.",
    where: "Abstract",
    rule: "Would need the accuracy that satisfies, which the paper doesn't say.",
    groups: (results) => modelGroups(results, ["cnn", "lenet", "lstm"]),
    of: accuracy,
    judge: (spreads, groups) => ({
      verdict: "can't be tested here",
      finding: `no accuracy is said that satisfies; here ${listed(spreads.map((spread, index) => `${groups[index].title} ${meanInWords(accuracy, spread)}`))}`,
    }),
  },
  {
    id: "deep-networks",
    claim: "Deep networks such as VGG16 and ResNet take longer to train and overfit where samples are few.",
    where: "Abstract",
    rule: "Two parts, ResNet-20 and a small VGG by the Proposed CNN's protocol, on its 48,000 images, for its number of epochs. Longer: an epoch of each takes longer than one of the Proposed CNN, measured apart on one idle machine; in part where one of them does. Overfitting: each has a wider gap between training (dropout off) and test accuracy; it holds where both are beyond a standard deviation, in part by their means. Both: holds; one, or both in part: in part.",
    groups: (results) => modelGroups(results, ["proposed", ...deeperModels]),
    judge(_, groups, { epochTimes }) {
      const parts = [trainsLonger(epochTimes), overfits(groups)];
      return {
        verdict: together(parts.map(({ verdict }) => verdict)),
        finding: parts.map(({ finding }) => finding).join("; "),
      };
    },
  },
];

/** Whether an epoch of the deeper networks takes longer than one of the Proposed CNN. */
function trainsLonger(times: EpochTimes | null): Judgement {
  const proposed = epochTimeOf(times, "proposed");
  const deeper = deeperModels.flatMap((model) => epochTimeOf(times, model) ?? []);
  if (!proposed || deeper.length < deeperModels.length)
    return untested("the time of an epoch is not measured of every network");
  const longer = deeper.filter(({ seconds }) => seconds > proposed.seconds).length;
  const words = deeper.map(
    ({ model, seconds }) => `${decimal(seconds, 1)} of ${modelDefinitions[model].title}`,
  );
  return {
    verdict: longer === deeper.length ? "holds" : longer > 0 ? "holds in part" : "doesn't hold",
    finding: `seconds an epoch, the Proposed CNN ${decimal(proposed.seconds, 1)}: ${listed(words)}`,
  };
}

/** Whether the gap from training to test is wider with the deeper networks. */
function overfits([proposed, ...deeper]: readonly TrialGroup[]): Judgement {
  const of = measures.testGap;
  const least = measure(proposed, of);
  const gaps = deeper.map((group) => measure(group, of));
  if (!least || gaps.includes(null)) return untested(`not every network has ${of.title}`);
  const found = gaps.flatMap((spread) => (spread ? [differenceOf(spread, least)] : []));
  const words = found.map(({ value }, index) => `${signedWords(of, value)} by ${deeper[index].title}`);
  return {
    verdict: leads(found, "higher"),
    finding: `${of.title}, the Proposed CNN ${meanInWords(of, least)}: ${listed(words)}`,
  };
}
