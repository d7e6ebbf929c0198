import { createSchedule, type Schedule } from "../../core/schedules/index.js";
import { lineChart } from "../../report/line-chart.js";
import { paperProtocol } from "../paper/paper.js";
import { scheduleTitle } from "../results/groups.js";
import { rate } from "../results/numbers.js";
import type { ReproductionResults } from "../results/results.js";
import type { Figure } from "./figure.js";

const { epochs, stepsPerEpoch, learningRate, minLearningRate, maxLearningRate } = paperProtocol;

/** A curve's rates are shown down to here; what falls below has stopped training long before. */
const leastShown = 1e-5;
const samplesPerEpoch = 4;

/** [epoch, rate], four an epoch. */
function pointsOf(schedule: Schedule): (readonly [number, number])[] {
  const steps = epochs * stepsPerEpoch;
  return Array.from({ length: epochs * samplesPerEpoch + 1 }, (_, index) => {
    const step = Math.min(steps - 1, Math.round((index * stepsPerEpoch) / samplesPerEpoch));
    return [step / stepsPerEpoch, schedule.learningRate({ step, stepsPerEpoch, epochs })] as const;
  }).filter(([, value]) => value >= leastShown);
}

const shown = (value: number): string => rate(Number(value.toPrecision(2)));

/** The paper's printed curve as reconstructed, and the one that the protocol trains by. */
export function learningRateFigure(results: ReproductionResults): Figure {
  const printed = createSchedule({ name: "dynamic", learningRate, minLearningRate, maxLearningRate });
  const own = createSchedule(results.protocol.settings.schedule);
  const curve = pointsOf(printed);
  const [first, last] = [curve[0][1], curve[curve.length - 1][1]];
  const ownTitle = scheduleTitle(own.config.name);
  const half = curve.find(([, value]) => value <= (first + last) / 2)![0];
  const highest = Math.max(...pointsOf(own).map(([, value]) => value));
  const note =
    `Algorithm 1 as reconstructed falls from ${shown(first)} to ${shown(last)}, half of the way in the first ` +
    `${Math.round(half)} of ${epochs} epochs; the protocol's own curve (${ownTitle}) peaks at ${shown(highest)}.`;
  return {
    note,
    chart: lineChart({
      id: "figure-2",
      title: "Figure 2: the learning rate over 50 epochs",
      description: note,
      xLabel: "Epoch",
      yLabel: "Learning rate",
      logY: true,
      xMin: 0,
      xMax: epochs,
      yMin: leastShown,
      yMax: maxLearningRate,
      series: [
        { name: "Algorithm 1 from 0.1, as printed", points: curve, color: 1 },
        { name: `the protocol's, ${ownTitle}`, points: pointsOf(own), color: 0, dashed: true },
      ],
    }),
  };
}
