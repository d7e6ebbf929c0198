import { fashionMnist } from "../../core/data/fashion-mnist.js";
import { listed } from "../../core/words.js";
import { paperProtocol } from "../paper/paper.js";
import { scheduleEpochs } from "../plan/schedule-trials.js";
import type { ReproductionResults } from "../results/results.js";

const quickNotice =
  "This is a quick run, not the reproduction: a few epochs of a few images, to see that everything works. Its figures say nothing of the paper.";

/** Lengths of trials that aren't the paper's; where those of its own experiments are, those of the shorter schedules. */
function otherLengths({ records }: ReproductionResults): readonly number[] {
  const [schedules, own] = [true, false].map((wanted) => {
    const right = wanted ? scheduleEpochs(paperProtocol.epochs) : paperProtocol.epochs;
    const lengths = records
      .filter(({ factors }) => (factors.experiment === "schedule") === wanted)
      .map(({ config }) => config.epochs);
    return [...new Set(lengths)].filter((epochs) => epochs !== right).sort((a, b) => a - b);
  });
  return own.length > 0 ? own : schedules;
}

/** What a reader must know before any figure; undefined where there is nothing. */
export function noticeOf(results: ReproductionResults): string | undefined {
  const { quick, data } = results;
  const lengths = quick ? [] : otherLengths(results);
  const notices = [
    quick && quickNotice,
    data !== fashionMnist &&
      `The data is ${data}, not Fashion-MNIST: the paper's figures are of other images.`,
    lengths.length > 0 &&
      `Trials here are of ${listed(lengths.map(String))} ${lengths.at(-1) === 1 ? "epoch" : "epochs"}, the paper's of ${paperProtocol.epochs}: figures of another length of training stand beside its own.`,
  ].filter((notice) => notice !== false);
  return notices.length === 0 ? undefined : notices.join(" ");
}
