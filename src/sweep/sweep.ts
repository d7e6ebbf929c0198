import { type Dataset, isInMemory } from "../core/data/dataset.js";
import { fashionMnist } from "../core/data/fashion-mnist.js";
import { messageOf } from "../core/errors.js";
import { checkValue } from "../core/options/index.js";
import { checkedDataset } from "../core/training/check-dataset.js";
import { arePictures } from "../node/data/are-pictures.js";
import type { LoadOptions } from "../node/data/load.js";
import { diskStore } from "../node/disk-store.js";
import { nodePlatform } from "../node/platform.js";
import { folderKind } from "../node/run-options.js";
import { readSettingsFile } from "../node/settings-file.js";
import { nodeStudyHost } from "../node/study-host.js";
import type { StopSignal } from "../run/host.js";
import { Stop } from "../study/stop.js";
import {
  checkPlace,
  planStudy,
  runStudy,
  type StudyData,
  type StudyEvent,
  type StudyHost,
  type StudyProgress,
  type StudyTrials,
} from "../study/study.js";
import { writeOutputs } from "./outputs.js";
import { plannedConfigurations, type SweepTrial, sweepPlan } from "./plan.js";
import { resultsOf, type SweepResults } from "./results.js";
import { trialsAtOnce } from "./shares.js";
import { specOfFile } from "./spec.js";
import type { SweepSpec } from "./sweep-spec.js";

/** What a sweep tells while it goes on. */
export type SweepEvent =
  | StudyEvent<SweepTrial>
  /** What its trials came to so far: at the beginning, and after each that ended. */
  | { readonly event: "results"; readonly results: SweepResults };

/** Which sweep, and where it is kept. */
export interface PlanSweepOptions {
  /** As `readSweepSpec` and `sweepSpec` give it. */
  readonly spec: SweepSpec;
  /** Where it is kept: one that doesn't exist, or that of a sweep which goes on. */
  readonly folder: string;
  /** What the specification's data names, where it is loaded already. Trials train at once where it is in memory. */
  readonly dataset?: Dataset | undefined;
  /** How data is found. */
  readonly loading?: LoadOptions | undefined;
  /** Stops after the current step of each trial. */
  readonly signal?: StopSignal | undefined;
}

/** How a sweep runs. */
export interface SweepOptions extends PlanSweepOptions {
  /** Of all trials together (default: one a processor). */
  readonly threads?: number | undefined;
  /** Trials that train at once (default: the specification's, or as many as there are threads and memory for). */
  readonly parallel?: number | undefined;
  /** Told what goes on: of trials that train at once no step. */
  readonly onEvent?: ((event: SweepEvent) => void) | undefined;
}

/** What a sweep came to. */
export interface SweepResult extends SweepResults {
  readonly folder: string;
  /** The trial that was stopped, or would have been next: the same call goes on. Undefined where none is left. */
  readonly stoppedAt?: SweepTrial;
  /** Whether that was because its minutes were over. */
  readonly outOfTime: boolean;
}

/**
 * Reads the specification of a sweep: YAML, of which JSON is a part.
 *
 * @throws HeddleError on the first thing that is wrong in it: the line, what was received, what was expected
 */
export const readSweepSpec = async (file: string): Promise<SweepSpec> =>
  specOfFile(await readSettingsFile(file));

/**
 * The plan of a sweep and where it stands in its folder, which is only read.
 *
 * @throws HeddleError where the folder can't be gone on with, or the data can't be loaded
 */
export async function planSweep(options: PlanSweepOptions): Promise<StudyProgress<SweepTrial>> {
  const host = nodeStudyHost({ loading: options.loading });
  const place = placeOf(options);
  await checkPlace(place, host);
  return planStudy({ ...place, plan: sweepPlan(options.spec), data: await dataOf(options, host) }, host);
}

/**
 * Trains the trials of a sweep that are not done yet, several at once, each from where it stands. Each trial is a run
 * in `trials/<name>`; beside them lie `sweep.html`, which is written anew as they end, and `best.yaml`. A trial that
 * throws or diverges is set aside with its error, and the others go on. Nothing looks at the test images.
 *
 * A sweep that was stopped or killed and is called again goes on to the same end.
 *
 * @throws HeddleError on a folder that holds something else or is another process's, on damaged files, on a disk that
 * fails: what ended is kept
 */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const { spec, folder, signal, loading, onEvent } = options;
  const host = nodeStudyHost({ loading });
  const place = placeOf(options);
  // Before data is fetched, and anything made in a folder that isn't ours.
  await checkPlace(place, host);
  const data = await dataOf(options, host);
  const stop = new Stop(signal);
  let outOfTime = false;
  const timer =
    spec.budget.minutes === undefined
      ? undefined
      : setTimeout(() => {
          outOfTime = true;
          stop.stop();
        }, milliseconds(spec.budget.minutes));
  let known: StudyTrials<SweepTrial> | undefined;
  const tell = (event: StudyEvent<SweepTrial>): void => {
    if (event.event === "plan") known = event.trials;
    onEvent?.(event);
    if (!known || !["plan", "done", "failed"].includes(event.event)) return;
    onEvent?.({ event: "results", results: resultsOf(spec, known.records, known.failures) });
  };
  const write = async ({ records, failures }: StudyTrials<SweepTrial>): Promise<SweepResults> => {
    const results = resultsOf(spec, records, failures);
    // As it is called here: of images that a program gave, the specification says nothing.
    await writeOutputs(folder, { ...spec, data: { ...spec.data, name: data.name } }, results);
    return results;
  };
  const tellUnwritten = (error: unknown): void => {
    const reason = messageOf(error);
    onEvent?.({ event: "warning", message: `The page can't be written, and training goes on: ${reason}` });
  };
  let written = Number.NEGATIVE_INFINITY;
  const afterTrial = async (trials: StudyTrials<SweepTrial>): Promise<void> => {
    if (performance.now() - written < writeInterval) return;
    await write(trials).catch(tellUnwritten);
    written = performance.now();
  };
  let results: SweepResults | undefined;
  const keep = async (trials: StudyTrials<SweepTrial>): Promise<void> => {
    results = await write(trials);
  };
  try {
    const { stoppedAt, ...trials } = await runStudy<SweepTrial>(
      {
        ...place,
        plan: sweepPlan(spec),
        data,
        judging: { test: false },
        onFailure: "set aside",
        parallel: parallelOf(options, data.dataset),
        threads: options.threads,
        signal: stop,
        onEvent: tell,
        afterTrial,
        atEnd: keep,
        atStop: keep,
      },
      host,
    );
    return {
      ...(results ?? resultsOf(spec, trials.records, trials.failures)),
      folder,
      outOfTime: outOfTime && stoppedAt !== undefined,
      ...(stoppedAt && { stoppedAt }),
    };
  } finally {
    clearTimeout(timer);
    stop.release();
  }
}

/** Milliseconds between two writings of the page. */
const writeInterval = 5000;

/** The longest that a timer waits. */
const longest = 2 ** 31 - 1;

const milliseconds = (minutes: number): number => Math.min(minutes * 60_000, longest);

/** Trials of several settings under one name are refused one by one: a specification may grow. */
function placeOf({ folder }: PlanSweepOptions) {
  checkValue("sweep", "folder", folder, folderKind);
  return { study: diskStore(folder), kind: "sweep", about: {} };
}

async function dataOf({ spec, dataset, signal }: PlanSweepOptions, host: StudyHost): Promise<StudyData> {
  const { name = dataset?.name ?? fashionMnist, options: given, pictures } = spec.data;
  const isOfPictures = !dataset && pictures !== undefined && (await arePictures(name, given?.kind));
  const options = isOfPictures ? { ...pictures, ...given } : given;
  const loaded = dataset
    ? checkedDataset("sweep: dataset", dataset)
    : await host.loadData(name, { options, signal });
  return { dataset: loaded, name, ...(options && { options }) };
}

function parallelOf(
  { spec, threads = nodePlatform.cores, parallel, dataset: own }: SweepOptions,
  dataset: Dataset,
): number {
  // What reads a program's own images can't be handed to other threads.
  if (own && !isInMemory(own)) return 1;
  const given = parallel ?? spec.parallel;
  if (given !== undefined) return given;
  const configurations = plannedConfigurations(spec);
  const { imageShape, classNames } = dataset;
  const memory = nodePlatform.availableMemory?.();
  const room = { threads, memory, imageShape, classes: classNames.length };
  return trialsAtOnce(configurations, configurations.length * spec.seeds.length, room);
}
