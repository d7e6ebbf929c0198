import { type Measure, measure, measures } from "../results/measures.js";
import { decimal, hundredths, meanAndDeviation, points } from "../results/numbers.js";
import {
  currentGroup,
  groupWithoutDropout,
  type ReproductionResults,
  type TrialGroup,
} from "../results/results.js";
import { differenceOf, differenceWords, type Sides, trialsOf } from "../results/spread.js";
import { against, type Claim, judgeModels, notRun, type Statement, soFar, untested } from "./claim.js";
import { differs, together, type Verdict } from "./rules.js";
import { epochsWords, leastEpochDeviation } from "./training.js";

/** A figure by which the Proposed CNN is held against itself without dropout: the lower the better. */
interface Comparison {
  readonly of: Measure;
  readonly write: (value: number) => string;
  readonly signed: (value: number) => string;
  readonly sides: Sides;
  readonly least?: number;
  /** Before the figure, and behind it. */
  readonly words: readonly [before: string, behind: string];
  /** Where a side has no figure. */
  readonly none: string;
}

const comparisons: readonly Comparison[] = [
  {
    of: measures.epochsTo90,
    write: (value) => decimal(value, 1),
    signed: epochsWords,
    sides: ["later than", "sooner than"],
    least: leastEpochDeviation,
    words: ["", " epochs to 90 %"],
    none: "not every network gets to 90 %",
  },
  {
    of: measures.testGap,
    write: hundredths,
    signed: points,
    sides: ["wider than", "narrower than"],
    words: ["training less test ", " points"],
    none: "not every network has a gap",
  },
];

/** The Proposed CNN's trials, and those of the same network without dropout. */
const withAndWithout = (results: ReproductionResults): readonly TrialGroup[] => [
  currentGroup(results, "proposed"),
  groupWithoutDropout(results),
];

function compare(
  results: ReproductionResults,
  { of, write, signed, sides, least, words: [before, behind], none }: Comparison,
): { readonly verdict: Verdict; readonly finding: string } {
  const [own, without] = withAndWithout(results).map((group) => measure(group, of));
  if (!own || !without) return { verdict: "can't be tested here", finding: none };
  const difference = differenceOf(own, without, least);
  return {
    verdict: differs(difference, "lower"),
    finding: `${before}${meanAndDeviation(own, write)}${behind}, without dropout ${meanAndDeviation(without, write)}: ${differenceWords(difference, "that", signed, sides)}`,
  };
}

/** What the claim leaves out: whether dropout makes the network more accurate; undefined without trials of both. */
export function dropoutAccuracy(results: ReproductionResults): Statement | undefined {
  const [own, without] = withAndWithout(results).map((group) => measure(group, measures.testAccuracy));
  if (!own || !without) return undefined;
  const words = differenceWords(differenceOf(own, without), "that", points);
  return {
    text: `By accuracy on the test images: ${meanAndDeviation(own, hundredths)} %, without dropout ${meanAndDeviation(without, hundredths)} %: ${words}.`,
    sources: trialsOf(own, without),
  };
}

/** What the paper claims of its network's parts. */
export const structureClaims: readonly Claim[] = [
  {
    id: "dropout",
    claim: "Dropout, where and as much as it is set, speeds up convergence and suppresses overfitting.",
    where: "Conclusion",
    rule: "Two parts, each the Proposed CNN against itself without dropout layers, everything else as the protocol has it, which was searched for with them. Convergence: fewer epochs to 90 % of the validation images. Overfitting: a smaller gap between training (dropout off) and test accuracy. By more than two standard deviations a part holds, by more than one in part. Both: holds; one, or both in part: in part.",
    judge(results) {
      const groups = withAndWithout(results);
      if (groups.some(({ kept }) => kept.length === 0)) return notRun("the trials without dropout");
      const found = comparisons.map((comparison) => compare(results, comparison));
      return {
        verdict: together(found.map(({ verdict }) => verdict)),
        finding: `${found.map(({ finding }) => finding).join("; ")}${soFar(groups)}`,
        sources: groups.flatMap(({ kept }) => kept.map(({ id }) => id)),
      };
    },
  },
  {
    id: "depth",
    claim: "More convolutional layers, for finer features, make the classification more accurate.",
    where: "Conclusion",
    rule: "Test accuracy against the CNN, which has the first of the four convolutions and one dense layer: holds where higher by more than two standard deviations, in part by more than one. The dense layers differ too.",
    judge: (results) =>
      judgeModels(results, ["cnn", "proposed"], measures.testAccuracy, (spreads) => {
        const [{ difference }] = against(spreads, "proposed", ["cnn"]);
        return {
          verdict: differs(difference, "higher"),
          finding: differenceWords(difference, "the CNN", points),
        };
      }),
  },
  {
    id: "features",
    claim:
      "Its combination module of convolution and pooling has an outstanding ability to extract features.",
    where: "Conclusion",
    rule: "Would need a measure of features, or trials of the same network without the module; the paper has neither.",
    judge: () => untested("no trial leaves the module out"),
  },
  {
    id: "softmax",
    claim: "ReLU and softmax make the classification accurate.",
    where: "Conclusion",
    rule: "Would need trials without each of them.",
    judge: () => untested("every model here has softmax, every one but the recurrent ones ReLU"),
  },
];
