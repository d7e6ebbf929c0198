import { HeddleError, UsageError } from "../../core/errors.js";
import type { ExplainOptions, HeatMaps } from "../../core/explain/explain-options.js";
import type { Checkpoint } from "../../core/formats/checkpoint-file.js";
import type { NodeConfig } from "../../core/graph/index.js";
import type { Shape } from "../../core/layers/layer.js";
import type { CalibrateOptions, Calibration } from "../../core/metrics/calibrate.js";
import type { Evaluation } from "../../core/metrics/evaluation.js";
import type { LabelsEvaluation } from "../../core/metrics/labels-evaluation.js";
import type { NamedTensor } from "../../core/named-tensor.js";
import type { ImagesWithTargets, LabelledImages, TrainingData } from "../../core/training/check-data.js";
import type { FitSettings } from "../../core/training/checkpoint.js";
import type { Classification, ClassifyOptions } from "../../core/training/classify.js";
import type { CompileOptions } from "../../core/training/compile.js";
import type { TrainEvent } from "../../core/training/events.js";
import type { FitEventsOptions } from "../../core/training/fit.js";
import type { Model } from "../../core/training/model.js";
import type { ModelOptions } from "../../core/training/model-options.js";
import type { PredictOptions } from "../../core/training/predict-options.js";
import type { WeightsOptions } from "../../core/training/weights-option.js";

/** How a page's model begins: as `ModelOptions`, but where it runs is its worker's own. */
export type WebModelOptions = Omit<ModelOptions, "platform" | "createNetwork">;

/** What a model is made of: a graph's config, or a model file's bytes. */
export type Origin =
  | { readonly layers: readonly NodeConfig[]; readonly inputShape: Shape }
  | { readonly file: Uint8Array; readonly sourceName: string };

/** What the worker made of it. */
export interface Description {
  readonly name: string;
  readonly seed: number;
  readonly layers: readonly NodeConfig[];
  readonly inputShape: Shape;
}

/** What a page's model tells of itself without asking its worker. */
export type Facts = Pick<
  Model,
  "loss" | "normalization" | "classNames" | "preparation" | "calibration" | "epochsDone"
>;

/** What a page may ask a worker to do. `start` comes first, and once. */
export interface Calls {
  start(origin: Origin, options: WebModelOptions): Description;
  compile(options: CompileOptions): void;
  fitSettings(data: TrainingData, options: FitEventsOptions): FitSettings;
  /** Its events are sent while it goes on. */
  fit(data: TrainingData, options: FitEventsOptions): void;
  predict(images: Uint8Array, options: PredictOptions): Float32Array;
  evaluate(set: LabelledImages | ImagesWithTargets, options: PredictOptions): Evaluation | LabelsEvaluation;
  classifyImages(images: Uint8Array, options: ClassifyOptions): Classification[];
  explain(images: Uint8Array, options: ExplainOptions & WeightsOptions): HeatMaps;
  calibrate(set: LabelledImages, options: CalibrateOptions & WeightsOptions): Calibration;
  getWeights(options: WeightsOptions): NamedTensor[];
  setWeights(tensors: readonly NamedTensor[]): void;
  reset(): void;
  toBytes(options: WeightsOptions): Uint8Array<ArrayBuffer>;
  checkpoint(): Checkpoint;
  dispose(): void;
}

export type CallName = keyof Calls;

/** From the page. All of one call carry its number. */
export type Request =
  | {
      [Name in CallName]: { kind: "call"; call: number; name: Name; args: Parameters<Calls[Name]> };
    }[CallName]
  /** The last event has been dealt with. */
  | { readonly kind: "next"; readonly call: number }
  /** A `fit` ends after its step, as its signal asks for; or without another event, as its reader has left. */
  | { readonly kind: "abort" | "leave"; readonly call: number };

/** To the page. */
export type Reply =
  /** The worker lives as long as it holds the lock, where pages have locks. */
  | { readonly kind: "ready"; readonly lock: string | undefined }
  /** They have changed: told before what comes of the call that changed them. */
  | { readonly kind: "facts"; readonly facts: Facts }
  | { readonly kind: "event"; readonly call: number; readonly event: TrainEvent }
  | { readonly kind: "done"; readonly call: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly call: number; readonly error: SentError };

/** One end of the line between a page and a worker. */
export interface Port<Sent, Heard> {
  postMessage(message: Sent, transfer: ArrayBuffer[]): void;
  addEventListener(type: "message", listener: (event: { readonly data: Heard }) => void): void;
}

/** An error as it crosses: messages carry no classes. */
export interface SentError {
  readonly kind: "usage" | "failure" | "other";
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** What calls of a model get from its `dispose` on. */
export const disposedError = (): UsageError =>
  new UsageError(
    "This model was disposed of: its worker is gone. Start another, from the bytes of this one if need be.",
  );

export function sentError(error: unknown): SentError {
  const kind = error instanceof UsageError ? "usage" : error instanceof HeddleError ? "failure" : "other";
  if (!(error instanceof Error)) return { kind, name: "Error", message: String(error), stack: undefined };
  const { name, message, stack } = error;
  return { kind, name, message, stack };
}

export function receivedError({ kind, name, message, stack }: SentError): Error {
  if (kind === "usage") return new UsageError(message);
  if (kind === "failure") return new HeddleError(message);
  return Object.assign(new Error(message), { name, stack });
}
