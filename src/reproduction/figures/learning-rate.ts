import { createSchedule, type Schedule } from "../../core/schedules/index.js";
import { learningRateCurves } from "../../report/blocks/curves.js";
import { paperProtocol } from "../paper/paper.js";
import { scheduleTitle } from "../results/groups.js";
import { rate } from "../results/numbers.js";
import type { ReproductionResults } from "../results/results.js";
import type { Figure } from "./figure.js";

const { epochs, stepsPerEpoch, learningRate, minLearningRate, maxLearningRate } = paperProtocol;

/** The rate of each epoch's last step, as runs keep it; before them that of the first step. */
const courseOf = (schedule: Schedule) =>
  Array.from({ length: epochs + 1 }, (_, epoch) => {
    const step = Math.max(0, epoch * stepsPerEpoch - 1);
    return { epoch, learningRate: schedule.learningRate({ step, stepsPerEpoch, epochs }) };
  });

const shown = (value: number): string => rate(Number(value.toPrecision(2)));

/** The paper's printed curve as reconstructed, and the one that the protocol trains by. */
export function learningRateFigure({ protocol }: ReproductionResults): Figure {
  const printed = courseOf(
    createSchedule({ name: "dynamic", learningRate, minLearningRate, maxLearningRate }),
  );
  const { schedule } = protocol.settings;
  const own = courseOf(createSchedule(schedule));
  const [first, last] = [printed[0].learningRate, printed[epochs].learningRate];
  const half = printed.find((each) => each.learningRate <= (first + last) / 2)!.epoch;
  const highest = Math.max(...own.map((each) => each.learningRate));
  const ownTitle = scheduleTitle(schedule.name);
  const chart = learningRateCurves(
    [
      { name: "Algorithm 1 from 0.1, as printed", history: printed },
      { name: `the protocol's, ${ownTitle}`, history: own },
    ],
    "figure-2",
  );
  return {
    note:
      `Algorithm 1 as reconstructed falls from ${shown(first)} to ${shown(last)}, half of the way in the first ` +
      `${half} of ${epochs} epochs; the protocol's own curve (${ownTitle}) peaks at ${shown(highest)}.`,
    chart: { ...chart, title: `Figure 2: the learning rate over ${epochs} epochs` },
  };
}
