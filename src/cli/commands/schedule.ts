import { existsSync } from "node:fs";
import { extname } from "node:path";
import { UsageError } from "../../core/errors.js";
import {
  createSchedule,
  type Schedule,
  type ScheduleConfig,
  scheduleDefinitions,
} from "../../core/schedules/index.js";
import { counted, plural } from "../../core/words.js";
import { writeFileWhole } from "../../node/write-file.js";
import { refuseExisting } from "../output-file.js";
import { drawCurve, type Point } from "../view/curve.js";
import type { CommandOutput } from "./output.js";

export interface ScheduleCommandOptions {
  readonly schedule: ScheduleConfig;
  /** Default 50. */
  readonly epochs?: number;
  /** Default 128. */
  readonly batchSize?: number;
  /** Images of an epoch (default 48,000, Fashion-MNIST's training part). */
  readonly trainImages?: number;
  /** A file to write, `.svg` or `.csv`. */
  readonly out?: string;
  /** Whether `out` may replace a file that is there. */
  readonly overwrite?: boolean;
  /** Columns to draw in (default 80). */
  readonly width?: number;
}

interface Run {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
}

/** Rows of a table at most: some hundred megabytes. */
const mostRows = 5_000_000;

/** Enough points for every column of a picture; a fall between two of them shows as nearly upright. */
const drawnPoints = 1500;

const shortened = (rate: number): string => String(Number(rate.toPrecision(4)));

function wholeNumber(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new UsageError(`${option} is ${value}: expected a whole number of at least 1.`);
}

/** The curve as points (epochs done, rate), from the first step to the end of the last. */
function curveOf(schedule: Schedule<ScheduleConfig>, { epochs, stepsPerEpoch }: Run): Point[] {
  const last = epochs * stepsPerEpoch - 1;
  const rateAt = (step: number) => schedule.learningRate({ step, stepsPerEpoch, epochs });
  const count = Math.min(last + 1, drawnPoints);
  const points = Array.from({ length: count }, (_, index): Point => {
    const step = Math.round((last * index) / Math.max(count - 1, 1));
    return [step / stepsPerEpoch, rateAt(step)];
  });
  return [...points, [epochs, rateAt(last)]];
}

function csvOf(schedule: Schedule<ScheduleConfig>, { epochs, stepsPerEpoch }: Run): string {
  const rows = Array.from({ length: epochs * stepsPerEpoch }, (_, step) => {
    const rate = schedule.learningRate({ step, stepsPerEpoch, epochs });
    return `${step},${Math.floor(step / stepsPerEpoch) + 1},${rate}\n`;
  });
  return `step,epoch,learningRate\n${rows.join("")}`;
}

async function svgOf(schedule: Schedule<ScheduleConfig>, run: Run): Promise<string> {
  // ECharts takes a moment to load: only those who ask for a picture wait for it.
  const [{ chartSvg }, { lineChart }] = await Promise.all([
    import("../../report/chart.js"),
    import("../../report/line-chart.js"),
  ]);
  const points = curveOf(schedule, run);
  const { name } = schedule.config;
  const [first, end] = [points[0][1], points[points.length - 1][1]].map(shortened);
  const chart = lineChart({
    id: "learning-rate",
    title: `Learning rate: ${name}`,
    description:
      `The learning rate of the ${name} schedule over ${plural(run.epochs, "epoch")} of ${plural(run.stepsPerEpoch, "step")}: ` +
      `${first} at the first step, ${end} at the last. ${scheduleDefinitions[name].equation}.`,
    xLabel: "Epoch",
    yLabel: "Learning rate",
    yMin: 0,
    series: [{ name, points }],
  });
  return chartSvg(chart);
}

const fileKinds = { ".csv": csvOf, ".svg": svgOf };

/** Takes a file's kind from its ending, before anything is drawn. */
function fileKind(path: string): (schedule: Schedule<ScheduleConfig>, run: Run) => string | Promise<string> {
  const ending = extname(path).toLowerCase();
  if (ending === ".csv" || ending === ".svg") return fileKinds[ending];
  throw new UsageError(
    `--out ${path} ends in ${ending === "" ? "no ending" : `"${ending}"`}: expected a file that ends in .svg or .csv.`,
  );
}

/**
 * Draws a schedule's curve over a run, and writes it as a picture or a table where asked to.
 *
 * @throws UsageError on a schedule, length or ending that can't be. @throws HeddleError when the file is there
 * already or can't be written
 */
export async function scheduleCommand(options: ScheduleCommandOptions, out: CommandOutput): Promise<void> {
  const { epochs = 50, batchSize = 128, trainImages = 48_000, width = 80, overwrite = false } = options;
  const schedule = createSchedule(options.schedule);
  const render = options.out === undefined ? undefined : fileKind(options.out);
  const run = {
    epochs: wholeNumber("--epochs", epochs),
    stepsPerEpoch: Math.ceil(
      wholeNumber("The number of images", trainImages) / wholeNumber("--batch-size", batchSize),
    ),
  };

  const { name, ...values } = schedule.config;
  if (schedule.followsValidation && options.out !== undefined) {
    throw new UsageError(
      `--out: ${name} follows the validation figures of a training's epochs, so its curve can't be drawn ahead. A run's report draws the rates that it had.`,
    );
  }
  if (render === csvOf && run.epochs * run.stepsPerEpoch > mostRows) {
    throw new UsageError(
      `--out ${options.out}: ${counted(run.epochs)} epochs of ${plural(run.stepsPerEpoch, "step")} are ${counted(run.epochs * run.stepsPerEpoch)} rows: expected ${counted(mostRows)} at most. Give fewer --epochs, or larger batches by --batch-size.`,
    );
  }
  const points = curveOf(schedule, run);
  const rateAt = (step: number) => shortened(schedule.learningRate({ step, ...run }));
  const last = epochs * run.stepsPerEpoch - 1;
  out.stdout(`${name}: ${scheduleDefinitions[name].equation}`);
  out.stdout(
    Object.entries(values)
      .map(([key, value]) => `${key} ${value}`)
      .join(", "),
  );
  if (schedule.followsValidation) {
    out.stdout(
      `It follows the validation figures of a training's epochs, so it can't be drawn ahead. First step ${shortened(schedule.learningRate({ step: 0, ...run }))}.`,
    );
    return;
  }
  out.stdout(`${plural(epochs, "epoch")} of ${plural(run.stepsPerEpoch, "step")} (batches of ${batchSize})`);
  out.stdout(
    `First step ${rateAt(0)}, halfway ${rateAt(Math.floor((last + 1) / 2))}, last step ${rateAt(last)}`,
  );
  out.stdout("");
  const curve = drawCurve(points, { xLabel: "epoch", yLabel: "learning rate", yFrom: 0, width });
  for (const line of curve.split("\n")) out.stdout(line);

  if (options.out !== undefined && render !== undefined) {
    const replaced = existsSync(options.out);
    refuseExisting(options.out, { overwrite, usual: "schedule.svg" });
    await writeFileWhole(options.out, await render(schedule, run));
    out.stderr(`${replaced ? "Replaced" : "Wrote"} ${options.out}`);
  }
}
