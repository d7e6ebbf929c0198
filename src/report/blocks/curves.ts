import type { EpochRecord } from "../../core/training/events.js";
import { figure, percent } from "../../core/words.js";
import { bestOf } from "../../run/best-of.js";
import type { RunRecord } from "../../run/run-record.js";
import type { ChartData } from "../chart.js";
import { type LineSeries, lineChart } from "../line-chart.js";

/** What the curves need of a run. */
export interface RunCourse extends Pick<RunRecord, "name" | "history"> {
  readonly config?: Pick<RunRecord["config"], "earlyStopping">;
}

type Measure = "Loss" | "Accuracy";

const fields = {
  Loss: ["trainLoss", "validationLoss"],
  Accuracy: ["trainAccuracy", "validationAccuracy"],
} as const satisfies Record<Measure, readonly (keyof EpochRecord)[]>;

/** Loss by epoch in nats: validation solid, training dashed, a colour a run. */
export const lossCurves = (runs: readonly RunCourse[], id = "loss"): ChartData => curves(runs, "Loss", id);

/** Accuracy by epoch in per cent, drawn as the losses are. */
export const accuracyCurves = (runs: readonly RunCourse[], id = "accuracy"): ChartData =>
  curves(runs, "Accuracy", id);

/** Accuracy on the validation images alone, a line a run: for runs that are many. */
export const validationCurves = (runs: readonly RunCourse[], id = "validation"): ChartData =>
  curves(runs, "Accuracy", id, true);

function curves(runs: readonly RunCourse[], measure: Measure, id: string, validationOnly = false): ChartData {
  const [training, validation] = fields[measure];
  const scale = measure === "Accuracy" ? 100 : 1;
  const alone = runs.length === 1;
  const series = runs.flatMap(({ name, history }, color): LineSeries[] => {
    const line = (field: keyof EpochRecord, words: string, dashed: boolean): LineSeries => ({
      name: validationOnly ? name : alone ? words : `${name}, ${words}`,
      // Without validation images there is no validation figure.
      points: history
        .filter((record) => Number.isFinite(record[field]))
        .map((record) => [record.epoch, scale * record[field]] as const),
      dashed,
      color: alone && dashed ? 1 : color,
    });
    const own = line(validation, "validation", false);
    return validationOnly ? [own] : [own, line(training, "training", true)];
  });
  return lineChart({
    id,
    title: `${validationOnly ? "Validation accuracy" : measure} by epoch`,
    description: runs.map((run) => courseWords(run, measure)).join(" "),
    xLabel: "Epoch",
    xMin: 0,
    yLabel: measure,
    ...(validationOnly && { height: 420 }),
    unit: measure === "Accuracy" ? "%" : undefined,
    series: series.filter(({ points }) => points.length > 0),
  });
}

function courseWords({ name, history, config }: RunCourse, measure: Measure): string {
  if (history.length === 0) return `${name} has no epoch yet.`;
  const [training, validation] = fields[measure];
  const words = (value: number): string => (measure === "Loss" ? figure(value, 3) : percent(value, 1));
  const course = (field: keyof EpochRecord, what: string): string =>
    `${what} goes from ${words(history[0][field])} to ${words(history[history.length - 1][field])}`;
  const best = bestOf(history, config?.earlyStopping);
  const validated = Number.isFinite(best?.[validation]);
  return (
    `${name}: over ${history.length} epochs ${course(training, "training")}${validated ? `, ${course(validation, "validation")}; ` : "; nothing validated it."}` +
    (validated
      ? `in the best epoch, ${best?.epoch}, validation is at ${words(best?.[validation] ?? Number.NaN)}.`
      : "")
  );
}

/** Rates further than this below the greatest are not drawn: what falls so far has stopped training before. */
const shownRange = 10_000;

type Rate = Pick<EpochRecord, "epoch" | "learningRate">;

/** The learning rate of each epoch's last step. */
export function learningRateCurves(
  runs: readonly { readonly name: string; readonly history: readonly Rate[] }[],
  id = "learning-rate",
): ChartData {
  const rates = runs.flatMap(({ history }) => history.map(({ learningRate }) => learningRate));
  const [least, greatest] = [Math.min(...rates), Math.max(...rates)];
  // A straight scale shows nothing of the small rates once they span more than two powers of ten.
  const logY = least > 0 && greatest / least > 100;
  const leastShown = logY ? Math.max(least, greatest / shownRange) : 0;
  const series = runs.map(({ name, history }) => ({
    name,
    points: history
      .filter(({ learningRate }) => learningRate >= leastShown)
      .map(({ epoch, learningRate }) => [epoch, learningRate] as const),
  }));
  const words = runs
    .filter(({ history }) => history.length > 0)
    .map(
      ({ name, history }) =>
        `${name} begins with ${short(history[0].learningRate)} and ends with ${short(history[history.length - 1].learningRate)}.`,
    );
  return lineChart({
    id,
    title: "Learning rate at the end of each epoch",
    description: words.join(" "),
    xLabel: "Epoch",
    xMin: 0,
    xMax: Math.max(...runs.flatMap(({ history }) => history.map(({ epoch }) => epoch))),
    yLabel: "Learning rate",
    logY,
    // As a literal: 10 ** -5 is not 0.00001, and the axis would say so.
    yMin: logY ? Number(`1e${Math.floor(Math.log10(leastShown))}`) : 0,
    series,
    height: 260,
  });
}

const short = (rate: number): string => String(Number(rate.toPrecision(3)));
