import { arithmeticVersion } from "../../core/arithmetic.js";
import type { Dataset } from "../../core/data/dataset.js";
import { fashionMnist } from "../../core/data/fashion-mnist.js";
import { messageOf } from "../../core/errors.js";
import { checkValue } from "../../core/options/index.js";
import type { Platform } from "../../core/platform.js";
import type { LoadOptions } from "../../node/data/load.js";
import { diskStore } from "../../node/disk-store.js";
import { folderKind } from "../../node/run-options.js";
import { nodeStudyHost } from "../../node/study-host.js";
import type { Store } from "../../run/store.js";
import {
  checkPlace,
  planStudy,
  runStudy,
  type StudyEvent,
  type StudyOptions,
  type StudyProgress,
} from "../../study/study.js";
import { isOwnFile } from "../folder/own-files.js";
import { arithmeticSince } from "../paper/arithmetic.js";
import { isPaperModel } from "../paper/paper.js";
import { checkSeeds, planLengths, planTrials } from "../plan/plan.js";
import { protocol as ownProtocol } from "../plan/protocol.js";
import type { TrialPlan } from "../plan/trial.js";
import type { PlanOptions } from "../plan/trial-entry.js";
import { fashionMnistData, loadReproductionData, type ReproductionData } from "./data.js";

/** What a reproduction tells while it goes on. */
export type ReproductionEvent = StudyEvent<TrialPlan>;

export type ReproductionProgress = StudyProgress<TrialPlan>;

/** A plan as it is asked for; what is left out has its default. */
export type RequestedPlan = Pick<PlanOptions, "part"> & Partial<Omit<PlanOptions, "limit">>;

export interface ReproductionOptions {
  /** Where results are kept. */
  readonly folder: string;
  /** What to run. */
  readonly plan: RequestedPlan;
  /** "fashion-mnist" (default) or a folder. */
  readonly data?: string;
  /** Everything small: few images, and few epochs and one seed where no others are asked for. It is no reproduction. */
  readonly quick?: boolean;
  readonly loading?: LoadOptions;
}

export interface ReproduceOptions extends ReproductionOptions {
  /** Of all trials together (default: one a processor). */
  readonly threads?: number;
  /** Trials that train at once, each on its share of the threads (default 1): nothing but their times depends on it. */
  readonly parallel?: number;
  /** Of trials one at a time; those that train at once are Node's own threads' (default: Node's). */
  readonly platform?: Platform;
  /** Stops after the current step. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ReproductionEvent) => void;
  /** Makes tables, figures and the page of the trials kept; called at the end, and after each trial but of a quick run. */
  readonly writeOutputs?: (folder: string, options: { readonly dataset: Dataset }) => Promise<void>;
}

/** What a reproduction came to. */
export interface ReproductionResult {
  readonly progress: ReproductionProgress;
  /** The trial that was stopped, or would have been next; undefined where all are done. */
  readonly stoppedAt?: TrialPlan;
}

/** Of a reproduction's study. */
export const reproductionKind = "reproduction";

/**
 * The plan of a reproduction and where it stands in a folder, which is only read. Fashion-MNIST is not fetched for it.
 *
 * @throws HeddleError where the folder can't be gone on with. @throws UsageError on seeds that repeat.
 */
export async function planReproduction(options: ReproductionOptions): Promise<ReproductionProgress> {
  const { folder, data = fashionMnist, quick = false, loading } = options;
  const study = diskStore(folder);
  const host = nodeStudyHost();
  if (data === fashionMnist) {
    const images = fashionMnistData(quick);
    return planStudy({ ...studyOptions(study, options, images), images }, host);
  }
  await checkPlace(placeOf(study, options), host);
  const { dataset, ...images } = await loadReproductionData(data, quick, loading);
  return planStudy({ ...studyOptions(study, options, images), data: { dataset, name: data } }, host);
}

/**
 * Runs the trials of a reproduction that are not done yet, each from where it stands, and keeps them.
 *
 * @throws HeddleError on a folder that holds something else or is another process's, on damaged files, on a disk that
 * fails: the trials that ended are kept, and the same call goes on. @throws UsageError on seeds that repeat.
 */
export async function reproduce(options: ReproduceOptions): Promise<ReproductionResult> {
  const { folder, data = fashionMnist, quick = false, loading, platform, signal, onEvent } = options;
  const study = diskStore(folder);
  const host = nodeStudyHost({ platform });
  // Before the data is fetched, and anything made in a folder that isn't ours.
  await checkPlace(placeOf(study, options), host);
  const { dataset, ...images } = await loadReproductionData(data, quick, { signal, ...loading });
  const planned = studyOptions(study, options, images);
  // One after the other: of trials that end at once the later page has both.
  let written: Promise<unknown> = Promise.resolve();
  const writeOutputs = (): Promise<void> => {
    const writing = written.then(() => options.writeOutputs?.(folder, { dataset }));
    written = writing.catch(() => undefined);
    return writing;
  };
  const tellUnwritten = (error: unknown): void => {
    const reason = messageOf(error);
    onEvent?.({ event: "warning", message: `The page can't be made, and training goes on: ${reason}` });
  };
  const { progress, stoppedAt } = await runStudy(
    {
      ...planned,
      data: { dataset, name: data },
      judging: { test: true, train: true },
      threads: options.threads,
      parallel: options.parallel,
      signal,
      onEvent,
      // A page that can't be drawn, for whatever reason, does not stop the training: at the end its failure is one.
      afterTrial: async () => (quick ? undefined : writeOutputs().catch(tellUnwritten)),
      atEnd: writeOutputs,
    },
    host,
  );
  return { progress, stoppedAt };
}

function placeOf(study: Store, { folder, plan, quick = false }: ReproductionOptions) {
  checkValue("reproduce", "folder", folder, folderKind);
  if (plan.seeds) checkSeeds(plan.seeds);
  const { name, settings } = plan.protocol ?? ownProtocol;
  return {
    study,
    kind: reproductionKind,
    about: { quick, protocol: { name, settings } },
    isOwn: (file: string, files: readonly string[]) => isOwnFile(folder, file, files),
  };
}

function studyOptions(
  study: Store,
  options: ReproductionOptions,
  images: ReproductionData,
): StudyOptions<TrialPlan> & { readonly images: ReproductionData } {
  const wanted = planOptions(options.plan, images);
  return {
    ...placeOf(study, options),
    images,
    plan: (records) => planTrials(wanted, records),
    // Of the seeds that are kept too: one table holds them all.
    whole: (records) => {
      const kept = [...records.values()].map(({ config }) => config.seed);
      const seeds = [...new Set([...wanted.seeds, ...kept])].sort((a, b) => a - b);
      return planTrials({ ...wanted, part: "all", seeds }, records);
    },
    arithmeticSince: ({ model }) => (isPaperModel(model) ? arithmeticSince[model] : arithmeticVersion),
  };
}

/** Seeds in order, however they were given: the lowest runs what one seed is enough for. */
export function planOptions(requested: RequestedPlan, { limit }: ReproductionData): PlanOptions {
  const defaults = planLengths[limit === null ? "whole" : "quick"];
  const { epochs = defaults.epochs, seeds = defaults.seeds } = requested;
  const inOrder = [...seeds].sort((a, b) => a - b);
  return { ...defaults, ...requested, epochs, seeds: inOrder, limit };
}
