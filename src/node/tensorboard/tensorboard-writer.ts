import { appendFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Dataset } from "../../core/data/dataset.js";
import { HeddleError } from "../../core/errors.js";
import { murmur3 } from "../../core/formats/murmur3.js";
import { checkValue, functionKind, type OptionTable, resolveOptions } from "../../core/options/index.js";
import { canonical } from "../../core/training/checkpoint.js";
import type { EpochRecord } from "../../core/training/events.js";
import { eventFileStart, eventRecord, type SummaryValue } from "../../export/tensorboard/event-file.js";
import { epochValues, judgedValues, settingsValue } from "../../export/tensorboard/run-summaries.js";
import type { TrainRunResult } from "../../run/follow-run.js";
import type { RunConfig } from "../../run/run-config.js";
import type { OnRunEvent } from "../../run/run-options.js";
import { writeError } from "../file-errors.js";
import { makeFoldersSync } from "../make-folders.js";
import { folderKind } from "../run-options.js";

/** How event files are written. */
export interface TensorBoardOptions {
  /**
   * Told when a file can't be written, once: then nothing more is, and training goes on. Left out, that is thrown, and
   * ends it.
   */
  readonly onWarning?: ((message: string) => void) | undefined;
}

const tensorBoardOptions = {
  onWarning: {
    meaning: "told when a file can't be written",
    kind: functionKind(),
    otherwise: "it is thrown",
  },
} satisfies OptionTable<TensorBoardOptions>;

/** Writes what TensorBoard shows of runs. */
export interface TensorBoardWriter {
  /** To be told of a run's events: `trainRun({ …, onEvent: board.onEvent })`. */
  readonly onEvent: OnRunEvent;
  /**
   * Adds how good a run's best weights are on the test images, with the confusion matrix and the worst mistakes as
   * pictures; nothing where it was not judged.
   *
   * @param result of a run whose events it was told
   */
  finish(result: TrainRunResult): Promise<void>;
}

interface OpenRun {
  readonly file: string;
  readonly dataset: Dataset;
}

/** Ours, with a mark of the run that they are of, so that nobody else's are ever taken away. */
const ownFile = /^events\.out\.tfevents\.\d+\.\d+(?:\.(?<mark>[0-9a-f]+))?\.heddle$/u;

/**
 * Event files for TensorBoard below a folder, in one of each run's name, or with a number behind it where that has another
 * run's: losses, accuracies, learning rates and times over the epochs. A run that goes on has all its epochs again, each
 * once, in a new file that takes the place of those before.
 *
 * @example
 * const board = tensorboardWriter("board");
 * await board.finish(await trainRun({ model, data, epochs: 5, onEvent: board.onEvent }));
 * @throws UsageError on an option that is not allowed. @throws HeddleError where the folder can't be made
 */
export function tensorboardWriter(directory: string, options: TensorBoardOptions = {}): TensorBoardWriter {
  checkValue("tensorboardWriter", "directory", directory, folderKind);
  const { onWarning } = resolveOptions("tensorboardWriter", options, tensorBoardOptions);
  attempt(directory, () => makeFoldersSync(directory));
  /** By their folders: one writer may be told of several. */
  const runs = new Map<string, OpenRun>();
  let failed = false;

  const guarded = (work: () => void): void => {
    if (failed) return;
    try {
      work();
    } catch (error) {
      if (!onWarning || !(error instanceof HeddleError)) throw error;
      failed = true;
      onWarning(`${error.message} Nothing more is written for TensorBoard.`);
    }
  };

  const begin: OnRunEvent = (_, { folder, config, dataset, history }) => {
    const name = basename(resolve(folder));
    const mark = markOf(config);
    const { place, before } = placeFor(join(directory, name), mark);
    const records = [eventFileStart(now()), record(0, [settingsValue(name, config)])];
    records.push(...withTimes(history).map(({ epoch, at }) => record(epoch.epoch, epochValues(epoch), at)));
    const file = newFile(place, { before, mark }, Buffer.concat(records));
    runs.set(folder, { file, dataset });
    for (const old of before) attempt(place, () => rmSync(join(place, old), { force: true }));
  };

  return {
    onEvent: (event, run) => {
      if (event.event === "start") guarded(() => begin(event, run));
      const open = runs.get(run.folder);
      if (event.event === "epoch" && open)
        guarded(() => append(open.file, record(event.epoch, epochValues(event))));
    },
    finish: async ({ folder, end, evaluation, predictions }) => {
      const open = runs.get(folder);
      runs.delete(folder);
      if (failed || !open || !evaluation || !predictions) return;
      const judged = { name: basename(folder), evaluation, predictions };
      const values = await judgedValues(judged, open.dataset);
      guarded(() => append(open.file, record(end.bestEpoch, values)));
    },
  };
}

/** Seconds since 1970. */
const now = (): number => Date.now() / 1000;

const record = (step: number, values: readonly SummaryValue[], wallTime = now()): Uint8Array =>
  eventRecord({ wallTime, step, values });

/** Epochs of before, with the moments of their ends as if they had just gone by. */
function withTimes(history: readonly EpochRecord[]): { readonly epoch: EpochRecord; readonly at: number }[] {
  let left = history.reduce((sum, { seconds }) => sum + seconds, 0);
  const from = now();
  return history.map((epoch) => {
    left -= epoch.seconds;
    return { epoch, at: from - left };
  });
}

/** Of a run's settings and data: the same of one that goes on, wherever its folder is. */
const markOf = (config: RunConfig): string =>
  murmur3(new TextEncoder().encode(canonical(config))).slice(0, 12);

/** The first of the folders of a name in which no other run has its files, and those that this one has there. */
function placeFor(
  wanted: string,
  mark: string,
): { readonly place: string; readonly before: readonly string[] } {
  for (let number = 1; ; number++) {
    const place = number === 1 ? wanted : `${wanted}-${number}`;
    const before = attempt(place, () => {
      makeFoldersSync(place);
      return readdirSync(place).filter((file) => ownFile.test(file));
    });
    // Files without a mark are an earlier heddle's, which had one folder a name.
    if (before.every((file) => (ownFile.exec(file)?.groups?.mark ?? mark) === mark)) return { place, before };
  }
}

/** Behind all files of before in the order of their names, which is that in which they are read. */
function newFile(
  place: string,
  { before, mark }: { readonly before: readonly string[]; readonly mark: string },
  content: Uint8Array,
): string {
  const start = `events.out.tfevents.${String(Math.floor(now())).padStart(10, "0")}.`;
  const same = before.filter((name) => name.startsWith(start)).map((name) => Number(name.split(".")[4]));
  const file = join(place, `${start}${String(Math.max(0, ...same) + 1).padStart(4, "0")}.${mark}.heddle`);
  attempt(file, () => writeFileSync(file, content, { flag: "wx" }));
  return file;
}

/** A record at once: a reader never waits for the rest of one for long. */
const append = (file: string, content: Uint8Array): void =>
  attempt(file, () => appendFileSync(file, content));

function attempt<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw writeError(path, cause);
  }
}
