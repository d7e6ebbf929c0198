import { listed } from "../../core/words.js";
import { paperAuc, paperGainInAbstract, paperGains, paperModels, paperTable2 } from "../paper/paper.js";
import { measure, measures, reachesPaper } from "../results/measures.js";
import { decimal, hundredths, meanAndDeviation, points } from "../results/numbers.js";
import { currentGroup, type ReproductionResults } from "../results/results.js";
import { type Spread, trialsOf } from "../results/spread.js";
import { against, type Claim, judgeModels, modelTitle, untested } from "./claim.js";
import { atMostInPart, differs, gains, leads, reaches, type Verdict } from "./rules.js";

export const baselines = ["cnn", "lenet", "lstm", "bilstm"] as const;

const share = (spread: Spread): string => `${meanAndDeviation(spread, hundredths)} %`;
const nats = (spread: Spread): string => meanAndDeviation(spread, (value) => decimal(value, 3));
const area = (spread: Spread): string => meanAndDeviation(spread, (value) => decimal(value, 4));

/** What the abstract and the conclusion, and the analysis between them, claim of accuracy, loss and AUC. */
export const accuracyClaims: readonly Claim[] = [
  {
    id: "accuracy",
    claim: "The proposed model classifies 93 % of the test images right (Table 2: 92.87 %).",
    where: "Abstract; conclusion",
    rule: "Holds from 92.87 % on; in part from 92.50 %, which rounds to 93.",
    judge: (results) =>
      judgeModels(results, ["proposed"], measures.testAccuracy, ({ proposed }) => ({
        verdict: reaches(Number((100 * proposed.mean).toFixed(2)), paperTable2.proposed.accuracy, 92.5),
        finding: share(proposed),
      })),
  },
  {
    id: "gain-abstract",
    claim: `That is ${paperGainInAbstract} % more than the plain CNN.`,
    where: "Abstract",
    rule: "Holds where the gain in points reaches it; in part where there is a gain beyond a standard deviation.",
    judge: (results) =>
      judgeModels(results, ["cnn", "proposed"], measures.testAccuracy, (spreads) => {
        const [{ difference }] = against(spreads, "proposed", ["cnn"]);
        return {
          verdict: gains([{ gain: difference, claimed: paperGainInAbstract / 100 }]),
          finding: `${points(difference.value)}; the paper's own Table 2 has ${points(
            (paperTable2.proposed.accuracy - paperTable2.cnn.accuracy) / 100,
          )}`,
        };
      }),
  },
  {
    id: "gains-conclusion",
    claim: "The gains are 4.5 % over the CNN, 5.7 % over LeNet and 6.9 % over the two LSTMs.",
    where: "Conclusion",
    rule: "Holds where every gain in points is reached; in part where each is a gain beyond a standard deviation.",
    judge: (results) =>
      judgeModels(results, paperModels, measures.testAccuracy, (spreads) => {
        const found = against(spreads, "proposed", baselines);
        return {
          verdict: gains(
            found.map(({ model, difference }) => ({
              gain: difference,
              claimed: paperGains[model as "cnn"] / 100,
            })),
          ),
          finding: listed(
            found.map(({ model, difference }) => `${points(difference.value)} over ${modelTitle(model)}`),
          ),
        };
      }),
  },
  {
    id: "best-model",
    claim: "The proposed model outperforms the four others.",
    where: "Analysis, by Table 2",
    rule: "Holds where it is above each by more than a standard deviation; in part where it is above each by its mean.",
    judge: (results) =>
      judgeModels(results, paperModels, measures.testAccuracy, (spreads) => {
        const found = against(spreads, "proposed", baselines);
        const nearest = found.reduce((a, b) => (b.difference.value < a.difference.value ? b : a));
        return {
          verdict: leads(
            found.map(({ difference }) => difference),
            "higher",
          ),
          finding: `the nearest is ${modelTitle(nearest.model)}: ${points(nearest.difference.value)}`,
        };
      }),
  },
  {
    id: "loss",
    claim: "Its loss is the lowest, 0.20.",
    where: "Analysis, by Table 2",
    rule: "Holds where it is the lowest and rounds to 0.20 or less; in part where one of both is so.",
    judge: (results) =>
      judgeModels(results, paperModels, measures.testLoss, (spreads) => {
        const lowest = baselines.every((model) => spreads.proposed.mean < spreads[model].mean);
        const reached = Number(spreads.proposed.mean.toFixed(2)) <= paperTable2.proposed.loss;
        const others = baselines.map((model) => spreads[model].mean);
        return {
          verdict: lowest && reached ? "holds" : lowest || reached ? "holds in part" : "doesn't hold",
          finding: `${nats(spreads.proposed)}; the others' lowest is ${decimal(Math.min(...others), 3)}`,
        };
      }),
  },
  {
    id: "recurrent-worst",
    claim: "The CNN and LeNet come next, the LSTM and the BiLSTM last.",
    where: "Analysis, by Table 3",
    rule: "Holds where both recurrent models are below both others by more than a standard deviation; in part by their means.",
    judge: (results) =>
      judgeModels(results, baselines, measures.testAccuracy, (spreads) => {
        const found = (["cnn", "lenet"] as const).flatMap((model) =>
          against(spreads, model, ["lstm", "bilstm"]),
        );
        return {
          verdict: leads(
            found.map(({ difference }) => difference),
            "higher",
          ),
          finding: listed(
            baselines.map((model) => `${modelTitle(model)} ${hundredths(spreads[model].mean)} %`),
          ),
        };
      }),
  },
  {
    id: "auc",
    claim: `The area under its ROC curve is ${paperAuc.all}, so that it gets almost every image right.`,
    where: "Analysis, by Figure 7",
    rule: "Holds where the mean of the classes' areas rounds to it; in part where only the area over all pairs (micro) does.",
    judge: (results) => {
      const micro = measure(currentGroup(results, "proposed"), measures.microAuc);
      return judgeModels(results, ["proposed"], measures.macroAuc, ({ proposed }) => {
        const rounds = (spread: Spread | null): boolean =>
          spread !== null && Number(spread.mean.toFixed(3)) >= paperAuc.all;
        return {
          verdict: rounds(proposed) ? "holds" : rounds(micro) ? "holds in part" : "doesn't hold",
          finding: `the area is, macro, ${area(proposed)}${micro ? `, micro ${area(micro)}` : ""}; an area tells how images are ordered, not how many are right`,
        };
      });
    },
  },
  {
    id: "generalised",
    claim: "The model generalises very well.",
    where: "Abstract",
    rule: "Holds where the training accuracy (dropout off) is at most one point above the test accuracy; in part where that gap is smaller than the CNN's, beyond a standard deviation. Only one data set is tried.",
    judge: (results) =>
      judgeModels(results, ["cnn", "proposed"], measures.testGap, (spreads) => {
        const [{ difference }] = against(spreads, "proposed", ["cnn"]);
        const verdict: Verdict =
          spreads.proposed.mean <= 0.01 ? "holds" : atMostInPart(differs(difference, "lower"));
        return {
          verdict,
          finding: `training less test ${points(spreads.proposed.mean)}, the CNN's ${points(spreads.cnn.mean)}`,
        };
      }),
  },
  {
    id: "unsatisfactory",
    claim: "The accuracy of CNN, LeNet and LSTM is unsatisfactory.",
    where: "Abstract",
    rule: "Would need the accuracy that satisfies, which the paper doesn't say.",
    judge(results) {
      const found = (["cnn", "lenet", "lstm"] as const).flatMap((model) => {
        const spread = measure(currentGroup(results, model), measures.testAccuracy);
        return spread ? [{ model, spread }] : [];
      });
      const figures = found.map(({ model, spread }) => `${modelTitle(model)} ${share(spread)}`);
      return untested(
        ["no accuracy is said that satisfies", ...(found.length > 0 ? [`here ${listed(figures)}`] : [])].join(
          "; ",
        ),
        trialsOf(...found.map(({ spread }) => spread)),
      );
    },
  },
  {
    id: "deep-networks",
    claim: "Deep networks such as VGG16 and ResNet take longer to train and overfit where samples are few.",
    where: "Abstract",
    rule: "Would need such networks.",
    judge: () => untested("the paper trains none, and neither do we"),
  },
];

/** Whether every baseline is at or above its figure in the paper: the comparison is then not with handicapped ones. */
export function baselinesReach(results: ReproductionResults): { reached: string[]; below: string[] } {
  const reached: string[] = [];
  const below: string[] = [];
  for (const model of baselines) {
    const spread = measure(currentGroup(results, model), measures.testAccuracy);
    if (!spread) continue;
    (reachesPaper(spread, model) ? reached : below).push(modelTitle(model));
  }
  return { reached, below };
}
