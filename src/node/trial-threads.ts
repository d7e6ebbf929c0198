import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type Dataset, type ImageSet, isInMemory } from "../core/data/dataset.js";
import { HeddleError } from "../core/errors.js";
import { graphConfig, type NodeConfig } from "../core/graph/index.js";
import type { TrainEvent } from "../core/training/events.js";
import { standsOnBody } from "../run/body-model.js";
import { resolveRunSettings } from "../run/run-settings.js";
import { StoreError } from "../run/store.js";
import type { Judging, Trainer, TrainersWork, TrialPlan } from "../study/study.js";
import { type DecidedVectors, decidedVectors } from "./vector-width.js";

/** What a thread is begun with. */
export interface TrialThreadData {
  /** The study's. */
  readonly folder: string;
  /** Left out where its images aren't in memory: then it is loaded by its name. */
  readonly dataset?: Dataset;
  readonly data: string;
  readonly dataOptions?: Readonly<Record<string, unknown>>;
  readonly judging: Judging;
  readonly keepsWeights: boolean;
  /** As this thread has them. */
  readonly vectors?: DecidedVectors;
}

/** What a thread is told. */
export type TrialOrder =
  | {
      readonly order: "train";
      /** Its settings are data: of the model there are its name and its graph. */
      readonly trial: Omit<TrialPlan, "settings"> & { readonly settings: object };
      readonly model: { readonly name: string; readonly layers: readonly NodeConfig[] };
      readonly inputShape: readonly number[];
      readonly threads: number;
    }
  | { readonly order: "stop" };

/** What a thread tells. */
export type TrialReport =
  | { readonly report: "training"; readonly event: TrainEvent }
  | { readonly report: "checkpoint"; readonly from: { epochsDone: number; passedOver: readonly string[] } }
  | { readonly report: "warning"; readonly message: string }
  | { readonly report: "ended"; readonly trained: boolean }
  /** `of` says what failed: what the trial asks for, the place that all are kept in, or something unexpected. */
  | { readonly report: "failed"; readonly message: string; readonly of: keyof typeof failures };

const failures = { trial: HeddleError, place: StoreError, program: Error };

/** Threads that train trials beside each other. All of them end with the process, however that ends. */
export async function trialThreads(work: TrainersWork): Promise<readonly Trainer[]> {
  const { study, data, judging, keepsWeights, count } = work;
  const dataset = isInMemory(data.dataset) ? shared(data.dataset) : undefined;
  const begin: TrialThreadData = {
    folder: study.where,
    ...(dataset && { dataset }),
    data: data.name,
    ...(data.options && { dataOptions: data.options }),
    judging,
    keepsWeights,
    vectors: decidedVectors(),
  };
  return Array.from({ length: count }, () => new TrialThread(begin, work));
}

/** The same data over memory that all threads see. */
function shared(dataset: Dataset): Dataset {
  const share = <Part extends ImageSet | undefined>(part: Part): Part => {
    if (!part || typeof part.images === "function") return part;
    const images = new Uint8Array(new SharedArrayBuffer(part.images.byteLength));
    images.set(part.images);
    return { ...part, images };
  };
  const { train, validation, test } = dataset;
  return {
    ...dataset,
    train: share(train),
    test: share(test),
    ...(validation && { validation: share(validation) }),
  };
}

class TrialThread implements Trainer {
  readonly #begin: TrialThreadData;
  readonly #work: TrainersWork;
  #worker: Worker | undefined;

  constructor(begin: TrialThreadData, work: TrainersWork) {
    this.#begin = begin;
    this.#work = work;
  }

  async train(...[trial, listener, threads]: Parameters<Trainer["train"]>): Promise<boolean> {
    const { signal, data } = this.#work;
    const order = await orderOf(trial, data.dataset, threads);
    // One that broke down has made room for another.
    this.#worker ??= new Worker(new URL("./trial-worker.js", import.meta.url), { workerData: this.#begin });
    const worker = this.#worker;
    const stop = (): void => worker.postMessage({ order: "stop" } satisfies TrialOrder);
    return new Promise<boolean>((resolve, reject) => {
      const settle = (end: () => void): void => {
        worker.off("message", onReport).off("error", onError).off("exit", onExit);
        signal?.removeEventListener("abort", stop);
        end();
      };
      const onReport = (report: TrialReport): void => {
        if (report.report === "training") listener.onTraining?.(report.event);
        else if (report.report === "checkpoint") listener.onCheckpoint?.(report.from);
        else if (report.report === "warning") listener.onWarning?.(report.message);
        else if (report.report === "ended") settle(() => resolve(report.trained));
        else settle(() => reject(new failures[report.of](report.message)));
      };
      const onError = (error: unknown): void => {
        this.#worker = undefined;
        settle(() => reject(error));
      };
      const onExit = (code: number): void => {
        this.#worker = undefined;
        settle(() => reject(new HeddleError(`The thread of ${trial.id} ended with code ${code}.`)));
      };
      worker.on("message", onReport).on("error", onError).on("exit", onExit);
      worker.postMessage(order);
      if (signal?.aborted) stop();
      else signal?.addEventListener("abort", stop, { once: true });
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (!worker) return;
    const ended = once(worker, "exit");
    await worker.terminate();
    await ended;
  }
}

async function orderOf(
  { settings, ...trial }: TrialPlan,
  { imageShape, classNames }: Dataset,
  threads: number,
): Promise<TrialOrder> {
  const { plan } = await resolveRunSettings({ ...settings, data: "images" });
  if (standsOnBody(plan.model)) {
    throw new HeddleError(
      `The trial ${trial.id} stands on a body, and such trials run one after another: one at a time (parallel 1).`,
    );
  }
  const { name } = plan.model;
  const layers = graphConfig(plan.model.graph(imageShape, classNames.length));
  return {
    order: "train",
    trial: {
      ...trial,
      settings: { ...plan.training, ...(settings.teacher && { teacher: settings.teacher }) },
    },
    model: { name, layers },
    inputShape: imageShape,
    threads,
  };
}
