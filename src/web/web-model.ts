/// <reference lib="esnext.disposable" preserve="true" />

import type { Normalization } from "../core/data/dataset.js";
import type { PicturePreparation } from "../core/data/picture-preparation.js";
import { type ExplainOptions, explainOptions, type HeatMaps } from "../core/explain/explain-options.js";
import type { Checkpoint } from "../core/formats/checkpoint-file.js";
import type { Graph } from "../core/graph/index.js";
import type { Layer, Shape } from "../core/layers/layer.js";
import type { LossName } from "../core/loss.js";
import { type CalibrateOptions, type Calibration, calibrateOptions } from "../core/metrics/calibrate.js";
import type { Evaluation } from "../core/metrics/evaluation.js";
import type { LabelsEvaluation } from "../core/metrics/labels-evaluation.js";
import type { NamedTensor } from "../core/named-tensor.js";
import { resolveOptions } from "../core/options/index.js";
import { Architecture } from "../core/training/architecture.js";
import { checkCallbacks } from "../core/training/callbacks.js";
import {
  checkData,
  checkSet,
  imageBytes,
  type LabelledImages,
  type TrainingData,
} from "../core/training/check-data.js";
import type { FitSettings } from "../core/training/checkpoint.js";
import { type Classification, type ClassifyOptions, classifyOptions } from "../core/training/classify.js";
import { type CompileOptions, resolveCompileOptions } from "../core/training/compile.js";
import type { TrainEvent } from "../core/training/events.js";
import {
  collectHistory,
  type FitEventsOptions,
  type FitOptions,
  type History,
  resolveFitOptions,
} from "../core/training/fit.js";
import {
  type PredictOptions,
  predictOptions,
  resolvePredictOptions,
} from "../core/training/predict-options.js";
import { readParts } from "../core/training/read-parts.js";
import { type WeightsOptions, weightsKind, weightsOptions } from "../core/training/weights-option.js";
import {
  copiedImages,
  type ImagesWithTargetsInMemory,
  type LabelledImagesInMemory,
  type TrainingDataInMemory,
} from "./copied-images.js";
import type { Link } from "./link.js";
import { remoteFit } from "./remote-fit.js";
import { sentSchedule } from "./sent-schedule.js";
import { browserPlatform } from "./worker/platform.js";
import { type Description, disposedError, type Facts } from "./worker/protocol.js";

/**
 * A model that lives in a worker, so that the page stays free while it computes. Its methods are those of `Model`,
 * with the same meaning: they may be called at any time, several at once and beside a `fit`.
 *
 * What is given to them is copied; what they give is the page's own. Each throws a HeddleError once the worker has
 * ended.
 */
export class WebModel {
  readonly name: string;
  readonly seed: number;
  readonly graph: Graph;
  /** [H, W, C] of the images. */
  readonly inputShape: Shape;
  readonly layers: readonly Layer[];
  readonly classes: number;
  readonly #architecture: Architecture;
  readonly #link: Link;
  readonly #endWorker: () => Promise<void>;
  #disposing: Promise<void> | undefined;

  /** @internal `startModel` and `openModel` make models. */
  constructor(graph: Graph, { name, seed }: Description, link: Link, endWorker: () => Promise<void>) {
    this.#architecture = new Architecture(graph);
    this.name = name;
    this.seed = seed;
    this.graph = graph;
    this.inputShape = graph.inputShape;
    this.layers = this.#architecture.layers;
    this.classes = this.#architecture.classes;
    this.#link = link;
    this.#endWorker = endWorker;
  }

  /** What it is trained for, as `Model.loss` says it. Like all that follow, as of the newest answer or event. */
  get loss(): LossName {
    return this.#facts.loss;
  }

  /** How pixels enter. */
  get normalization(): Normalization {
    return this.#facts.normalization;
  }

  /** Those of the data of the last `fit`, or of its file; before, "0", "1", … */
  get classNames(): readonly string[] {
    return this.#facts.classNames;
  }

  /** How pictures become the images that it takes: as the data of the last `fit` that said so, or its file. */
  get preparation(): PicturePreparation | undefined {
    return this.#facts.preparation;
  }

  /** What makes its probabilities mean something, as `calibrate` or its file left it, until its weights change. */
  get calibration(): Calibration | undefined {
    return this.#facts.calibration;
  }

  /** Whole epochs of all its fits. */
  get epochsDone(): number {
    return this.#facts.epochsDone;
  }

  get #facts(): Facts {
    return this.#link.facts!;
  }

  /** A table of the layers: output shape, parameters and multiply-adds of each. */
  summary(): string {
    return this.#architecture.summary(this.name);
  }

  /**
   * Sets how the next `fit` trains and on how many threads everything runs.
   *
   * @throws UsageError on an unknown option, a value that is not allowed or parameter groups that don't fit the model, on
   * a schedule that is a function of one's own, and while `fit` goes on.
   */
  async compile(options: CompileOptions): Promise<this> {
    const { schedule, loss: _, ...others } = resolveCompileOptions(options, browserPlatform, this.graph);
    // The worker knows the model's own, which stays where none is given.
    const { loss } = readParts<CompileOptions>("compile", options, "loss");
    await this.#link.call("compile", [{ ...others, loss, schedule: sentSchedule(schedule) }]);
    return this;
  }

  /**
   * Trains as `Model.fit` does. Callbacks are waited for, but for `onStep`, which is told of the newest step whenever
   * it has dealt with the one before: training doesn't wait for it.
   *
   * @throws UsageError on arguments that make no sense, and while another `fit` goes on.
   * @throws HeddleError when the data doesn't fit the model, or a thread fails.
   */
  async fit(data: TrainingDataInMemory, options: FitOptions = {}): Promise<History> {
    const callbacks = checkCallbacks(
      readParts<{ callbacks: unknown }>("fit", options, "callbacks").callbacks,
    );
    return collectHistory(this.#train(data, options, ["callbacks"]), callbacks);
  }

  /**
   * The same, one event at a time. At an epoch's event training waits until the next one is asked for: then the
   * model may be saved, evaluated, or stopped by leaving the loop. Of step events those are left out that come
   * while the page is busy with an earlier one.
   */
  fitEvents(data: TrainingDataInMemory, options: FitEventsOptions = {}): AsyncGenerator<TrainEvent> {
    return this.#train(data, options, []);
  }

  /**
   * All there is of a `fit` at its epoch event, for `encodeCheckpoint` and later `fit`'s `resume`.
   *
   * @throws UsageError at any other moment.
   */
  checkpoint(): Promise<Checkpoint> {
    return this.#link.call("checkpoint", []);
  }

  /**
   * What a checkpoint's `settings` must be, as `Model.fitSettings` says it.
   *
   * @throws UsageError or HeddleError as `fit` does on what makes no sense or doesn't fit the model.
   */
  async fitSettings(data: TrainingDataInMemory, options: FitEventsOptions = {}): Promise<FitSettings> {
    const { signal: _, ...resolved } = resolveFitOptions(options);
    const { sent, memory } = this.#sent(data);
    return this.#link.call("fitSettings", [sent, resolved], memory);
  }

  /**
   * Softmax outputs, or each label's probability where the loss is binaryCrossEntropy: [N, classes], of images as bytes
   * 0 … 255, [N, H, W, C].
   *
   * @param options as `Model.predict` has them
   * @throws UsageError when they aren't bytes, or no whole images, saying how to convert them, on an unknown
   * option, and where an average is asked for that is not kept.
   */
  async predict(images: Uint8Array | Uint8ClampedArray, options: PredictOptions = {}): Promise<Float32Array> {
    const resolved = resolvePredictOptions("predict", options, this.inputShape);
    const copy = imageBytes("predict", images, this.inputShape).slice();
    return this.#link.call("predict", [copy, resolved], [copy.buffer]);
  }

  /**
   * Judges the model on labelled images, such as `dataset.test`.
   *
   * @param options as `predict` has them
   * @throws UsageError or HeddleError on what are none, or don't fit the model, on an unknown option, and where an average
   * is asked for that is not kept.
   */
  evaluate(set: LabelledImagesInMemory, options?: PredictOptions): Promise<Evaluation>;
  /**
   * The same of images with targets, as `Model.evaluate` has it.
   *
   * @throws UsageError or HeddleError as for labels.
   */
  evaluate(
    set: LabelledImagesInMemory | ImagesWithTargetsInMemory,
    options?: PredictOptions,
  ): Promise<Evaluation | LabelsEvaluation>;
  async evaluate(
    set: LabelledImagesInMemory | ImagesWithTargetsInMemory,
    options: PredictOptions = {},
  ): Promise<Evaluation | LabelsEvaluation> {
    const checked = checkSet("evaluate", set, this.#shape);
    const resolved = resolvePredictOptions("evaluate", options, this.inputShape);
    const sent = copiedImages("evaluate", checked);
    return this.#link.call("evaluate", [sent, resolved], [sent.images.buffer]);
  }

  /**
   * What it takes images for, as `Model.classifyImages` says it.
   *
   * @throws UsageError when they are no bytes, or no whole images, and on an option that is not allowed.
   */
  async classifyImages(
    images: Uint8Array | Uint8ClampedArray,
    options: ClassifyOptions = {},
  ): Promise<Classification[]> {
    const resolved = resolveOptions("classifyImages", options, classifyOptions);
    const copy = imageBytes("classifyImages", images, this.inputShape).slice();
    return this.#link.call("classifyImages", [copy, resolved], [copy.buffer]);
  }

  /**
   * Where in images it sees what it takes them for, as `Model.explain` finds it.
   *
   * @throws UsageError when they are no bytes, or no whole images, and on an option that is not allowed.
   * @throws HeddleError on a class or a layer that isn't there, and where Grad-CAM is asked for of a model without
   * convolutions.
   */
  async explain(
    images: Uint8Array | Uint8ClampedArray,
    options: ExplainOptions & WeightsOptions = {},
  ): Promise<HeatMaps> {
    const resolved = resolveOptions("explain", options, { ...explainOptions, ...weightsOptions });
    const copy = imageBytes("explain", images, this.inputShape).slice();
    return this.#link.call("explain", [copy, resolved], [copy.buffer]);
  }

  /**
   * Finds a temperature and a threshold of trust, as `Model.calibrate` does; `toBytes` has them.
   *
   * @throws UsageError or HeddleError as that does.
   */
  async calibrate(
    set: LabelledImagesInMemory,
    options: CalibrateOptions & PredictOptions = {},
  ): Promise<Calibration> {
    const resolved = resolveOptions("calibrate", options, { ...calibrateOptions, ...predictOptions });
    const sent = copiedImages("calibrate", checkSet("calibrate", set, this.#shape));
    return this.#link.call("calibrate", [sent as LabelledImages, resolved], [sent.images.buffer]);
  }

  /**
   * Copies of all weights and of the normalization that belongs to them, as `Model.getWeights` gives them.
   *
   * @throws UsageError where an average is asked for that is not kept.
   */
  async getWeights(options: WeightsOptions = {}): Promise<NamedTensor[]> {
    return this.#link.call("getWeights", [{ weights: weightsKind("getWeights", options) }]);
  }

  /**
   * Takes other weights; an average of the weights is given up.
   *
   * @throws UsageError on what are no tensors, and while `fit` goes on.
   * @throws HeddleError on a missing, unknown or wrongly shaped one, or a number that isn't finite.
   */
  setWeights(tensors: readonly NamedTensor[]): Promise<void> {
    return this.#link.call("setWeights", [tensors]);
  }

  /**
   * Back to the start: first weights drawn from the seed, no normalization, no epochs done.
   *
   * @throws UsageError while `fit` goes on.
   */
  reset(): Promise<void> {
    return this.#link.call("reset", []);
  }

  /**
   * The model as a safetensors file, for a download or for `openModel`.
   *
   * @throws UsageError where an average is asked for that is not kept.
   */
  async toBytes(options: WeightsOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.#link.call("toBytes", [{ weights: weightsKind("toBytes", options) }]);
  }

  /**
   * Ends the worker and all of its threads, after what was asked for before; a `fit` that goes on ends as its
   * signal would end it. Unlike a `Model`, it can't be used any more.
   */
  dispose(): Promise<void> {
    this.#disposing ??= this.#dispose();
    return this.#disposing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async #dispose(): Promise<void> {
    try {
      // A worker that has died has nothing left to give back.
      await this.#link.call("dispose", []).catch(() => undefined);
    } finally {
      this.#link.end(disposedError());
      await this.#endWorker();
    }
  }

  async *#train(
    data: TrainingDataInMemory,
    options: FitEventsOptions,
    besides: readonly string[],
  ): AsyncGenerator<TrainEvent> {
    const resolved = resolveFitOptions(options, besides);
    const { sent, memory } = this.#sent(data);
    yield* remoteFit(this.#link, sent, resolved, memory);
  }

  /** Data as a worker is sent it, and the memory of its images, which goes there. */
  #sent(data: TrainingDataInMemory): { readonly sent: TrainingData; readonly memory: ArrayBuffer[] } {
    const { train: trains, validation: validates, ...named } = checkData(data, this.#shape);
    const train = copiedImages("fit: train", trains);
    const validation = validates && copiedImages("fit: validation", validates);
    const memory = [train, validation].flatMap((each) => (each ? [each.images.buffer] : []));
    return { sent: { ...named, train, ...(validation && { validation }) }, memory };
  }

  /** What images are checked against here: the loss may be another when the worker's turn comes. */
  get #shape(): { readonly inputShape: Shape; readonly classes: number } {
    return { inputShape: this.inputShape, classes: this.classes };
  }
}
