import type { Dataset, ImageSet, Normalization, Split } from "../data/dataset.js";
import { computeNormalization, plainNormalization } from "../data/normalization.js";
import { createNetwork } from "../engine/create.js";
import type { NamedTensor, Network, NetworkOptions } from "../engine/network.js";
import { UsageError } from "../errors.js";
import type { BestEpoch, Checkpoint } from "../formats/checkpoint-file.js";
import { encodeModel, type ModelContents } from "../formats/model-file.js";
import { chainOf, classesOf, type Graph, graphConfig, graphOf } from "../graph/index.js";
import type { Layer, Shape } from "../layers/layer.js";
import { shapeSize, shapeText } from "../layers/shape.js";
import type { Value } from "../layers/value.js";
import { type Evaluation, evaluate } from "../metrics/evaluation.js";
import { summarize } from "../models/summary.js";
import type { Platform } from "../platform.js";
import { checkCheckpoint, type FitSettings, fitSettings } from "./checkpoint.js";
import { type CompiledOptions, type CompileOptions, resolveCompileOptions } from "./compile.js";
import type { TrainEvent } from "./events.js";
import { collectHistory, type FitCallbacks, type FitOptions, type History } from "./fit.js";
import { trainLoop } from "./loop.js";
import { planFit } from "./plan-fit.js";
import { summaryText } from "./summary-text.js";
import { checkTensors, initialWeights } from "./weights.js";

/** What a model knows beside its layers. */
export interface ModelState {
  readonly weights: readonly NamedTensor[];
  readonly normalization: Normalization;
  readonly classNames: readonly string[];
}

export interface ModelOptions {
  /** For people (default "model"). */
  readonly name?: string;
  /** Decides first weights, order of images, dropout and augmentation: same seed, same bytes (default 1). */
  readonly seed?: number;
  /** Trained already: from a file, say. */
  readonly state?: ModelState;
  readonly platform: Platform;
  /** Makes the layers ready to run (default: on the engine's threads). */
  readonly createNetwork?: (options: NetworkOptions) => Promise<Network>;
}

/** Images of a prediction between two turns of the event loop. */
const predictionChunk = 1024;
const inferenceBatchSize = 128;

/**
 * A classifier: a list of layers, its weights, and the threads that run it. Its last layer gives one logit a
 * class; softmax and cross-entropy are the model's own.
 *
 * Threads start with the first `fit`, `predict` or `evaluate` and rest in between; `dispose` ends them.
 */
export class Model {
  readonly name: string;
  readonly graph: Graph;
  /** [H, W, C] of the images. */
  readonly inputShape: Shape;
  readonly layers: readonly Layer[];
  readonly classes: number;
  readonly seed: number;
  #compiled: CompiledOptions;
  #weights: readonly NamedTensor[];
  #normalization: Normalization;
  #classNames: readonly string[];
  readonly #platform: Platform;
  readonly #createNetwork: (options: NetworkOptions) => Promise<Network>;
  #network: Network | undefined;
  #fitting = false;
  #takeCheckpoint: (() => Promise<Checkpoint>) | undefined;

  /** @throws HeddleError when the layers don't fit the input shape or each other. */
  constructor(graph: Graph, options: ModelOptions) {
    const { name = "model", seed = 1, state, platform } = options;
    const { inputShape } = graph;
    this.name = name;
    this.graph = graph;
    this.inputShape = inputShape;
    this.layers = graph.nodes.map(({ layer }) => layer);
    this.seed = seed;
    this.classes = classesOf(graph);
    this.#platform = platform;
    this.#createNetwork = options.createNetwork ?? createNetwork;
    this.#compiled = resolveCompileOptions({}, platform);
    this.#weights = state?.weights ?? initialWeights(graph, seed);
    this.#normalization = state?.normalization ?? plainNormalization(inputShape[inputShape.length - 1]);
    this.#classNames = state?.classNames ?? Array.from({ length: this.classes }, (_, index) => String(index));
  }

  /** How pixels enter: measured on the training part by `fit`. */
  get normalization(): Normalization {
    return this.#normalization;
  }

  get classNames(): readonly string[] {
    return this.#classNames;
  }

  /** A table of the layers: output shape, parameters and multiply-adds of each. */
  summary(): string {
    return summaryText(this.name, summarize(this.graph));
  }

  /**
   * Sets how the next `fit` trains and on how many threads everything runs.
   *
   * @throws UsageError on an unknown name or a number out of range.
   */
  compile(options: CompileOptions): this {
    this.#assertNotFitting("compile");
    this.#compiled = resolveCompileOptions(options, this.#platform);
    return this;
  }

  /**
   * Trains on a data set's training images, part of them held back to validate with. The optimizer starts
   * anew and the weights go on from where they are, unless both come from a checkpoint to resume.
   *
   * @throws UsageError on options that make no sense. @throws HeddleError when the data doesn't fit the model.
   */
  async fit(
    data: Dataset,
    options: FitOptions & { callbacks?: readonly FitCallbacks[] } = {},
  ): Promise<History> {
    return collectHistory(this.fitEvents(data, options), options.callbacks ?? []);
  }

  /**
   * The same, one event at a time: training goes on when the next one is asked for. Between two events the
   * model may be saved, evaluated or stopped (by leaving the loop).
   */
  async *fitEvents(data: Dataset, options: FitOptions = {}): AsyncGenerator<TrainEvent> {
    this.#assertNotFitting("fit");
    const { split, epochs, batchSize } = planFit(this, data, options);
    const { resume, restoreBestWeights = false } = options;
    let settings: FitSettings | undefined;
    if (resume) {
      settings = this.fitSettings(data, options);
      checkCheckpoint(resume, { graph: this.graph, settings });
    }
    this.#fitting = true;
    try {
      const network = await this.#prepareTraining(data, split, batchSize);
      if (resume) {
        await network.writeParameters(resume.model.tensors);
        await network.writeOptimizerState(resume.optimizerState);
      }
      let best: BestEpoch | undefined = resume?.position.best;
      let bestTensors = restoreBestWeights ? resume?.bestTensors : undefined;
      const events = trainLoop(network, {
        split,
        labels: data.train.labels,
        imageShape: this.inputShape,
        epochs,
        batchSize,
        schedule: this.#compiled.schedule,
        seed: this.seed,
        augmentation: options.augmentation,
        platform: this.#platform,
        signal: options.signal,
        resume: resume?.position,
      });
      for await (const event of events) {
        if (event.event === "epoch") {
          const { epoch, validationAccuracy, validationLoss } = event;
          if (event.best) best = { epoch, validationAccuracy, validationLoss };
          if (event.best && restoreBestWeights) bestTensors = await network.readParameters();
          const position = { epochsDone: epoch, best: best ?? event };
          this.#takeCheckpoint = async () => {
            settings ??= this.fitSettings(data, options);
            const optimizerState = await network.readOptimizerState();
            return { model: await this.#contents(), optimizerState, bestTensors, position, settings };
          };
        }
        if (event.event === "end" && event.reason === "finished" && bestTensors)
          await network.writeParameters(bestTensors);
        yield event;
        this.#takeCheckpoint = undefined;
      }
    } catch (error) {
      await this.#closeNetwork();
      throw error;
    } finally {
      this.#fitting = false;
      this.#takeCheckpoint = undefined;
    }
  }

  /**
   * All there is of a `fit` at its epoch event, for `encodeCheckpoint` and later `fit`'s `resume`.
   *
   * @throws UsageError at any other moment.
   */
  async checkpoint(): Promise<Checkpoint> {
    if (this.#takeCheckpoint) return this.#takeCheckpoint();
    throw new UsageError(
      "checkpoint was called when no epoch had just ended; call it at an epoch event of fitEvents, or in onEpoch.",
    );
  }

  /**
   * Everything beside the layers that decides what `fit` would compute: what a checkpoint's `settings` must be.
   *
   * @throws UsageError on options that make no sense. @throws HeddleError when the data doesn't fit the model.
   */
  fitSettings(data: Dataset, options: FitOptions = {}): FitSettings {
    const { epochs, batchSize } = planFit(this, data, options);
    return fitSettings(this.seed, this.#compiled, data, { ...options, epochs, batchSize });
  }

  /**
   * Softmax outputs, [N, classes], of images as bytes, [N, H, W, C].
   *
   * @throws UsageError when the bytes aren't whole images.
   */
  async predict(images: Uint8Array): Promise<Float32Array> {
    const size = shapeSize(this.inputShape);
    if (images.length % size !== 0) {
      throw new UsageError(
        `predict got ${images.length} bytes; images of ${shapeText(this.inputShape)} have ${size} each.`,
      );
    }
    const network = await this.#prepareInference();
    const count = images.length / size;
    const probabilities = new Float32Array(count * this.classes);
    for (let first = 0; first < count; first += predictionChunk) {
      const part = images.subarray(first * size, (first + predictionChunk) * size);
      probabilities.set((await network.predictImages(part)).probabilities, first * this.classes);
      if (first + predictionChunk < count) await this.#platform.yield();
    }
    return probabilities;
  }

  /** Judges the model on labelled images, such as `dataset.test`. */
  async evaluate(set: ImageSet): Promise<Evaluation> {
    return evaluate(await this.predict(set.images), set.labels, this.#classNames);
  }

  /** Copies of all weights, named `<layer>.<parameter>`. */
  async getWeights(): Promise<NamedTensor[]> {
    if (this.#network) return this.#network.readParameters();
    return this.#weights.map((tensor) => ({ ...tensor, data: tensor.data.slice() }));
  }

  /** @throws HeddleError on a missing, unknown or wrongly shaped tensor. */
  async setWeights(tensors: readonly NamedTensor[]): Promise<void> {
    checkTensors(tensors, this.#weights);
    this.#weights = tensors.map((tensor) => ({ ...tensor, data: tensor.data.slice() }));
    await this.#network?.writeParameters(this.#weights);
  }

  /** The model as a safetensors file: weights, layers, input shape, normalization and class names. */
  async toBytes(): Promise<Uint8Array> {
    return encodeModel(await this.#contents());
  }

  /** Ends the threads. The model stays usable: the next call starts others. */
  async dispose(): Promise<void> {
    if (this.#network) this.#weights = await this.#network.readParameters();
    await this.#closeNetwork();
  }

  async #contents(): Promise<ModelContents> {
    return {
      layers: graphConfig(this.graph),
      inputShape: this.inputShape,
      normalization: this.#normalization,
      classNames: this.#classNames,
      tensors: await this.getWeights(),
    };
  }

  async #prepareTraining(data: Dataset, split: Split, batchSize: number): Promise<Network> {
    const normalization = computeNormalization(data.train.images, this.inputShape, split.train);
    await this.dispose();
    this.#normalization = normalization;
    this.#classNames = data.classNames;
    const network = await this.#open(data.train.count, batchSize);
    await network.loadImages(data.train);
    return network;
  }

  async #prepareInference(): Promise<Network> {
    return this.#network ?? this.#open(0, 0);
  }

  async #open(imageCapacity: number, trainBatchSize: number): Promise<Network> {
    const { optimizer, labelSmoothing, threads, portable } = this.#compiled;
    const network = await this.#createNetwork({
      graph: this.graph,
      trainBatchSize,
      inferenceBatchSize,
      imageCapacity,
      optimizer,
      labelSmoothing,
      threads,
      portable,
      platform: this.#platform,
    });
    await network.writeParameters(this.#weights);
    await network.setNormalization(this.#normalization);
    this.#network = network;
    return network;
  }

  async #closeNetwork(): Promise<void> {
    const network = this.#network;
    this.#network = undefined;
    await network?.close();
  }

  #assertNotFitting(call: string): void {
    if (this.#fitting) {
      throw new UsageError(`${call} was called while fit is going on; wait for its end, or abort it first.`);
    }
  }
}

/** A model of layers that follow each other, as in Keras. @param options with [H, W, C] of the images */
export function sequential(
  layers: readonly Layer[],
  { inputShape, ...options }: ModelOptions & { readonly inputShape: Shape },
): Model {
  return new Model(chainOf(layers, inputShape), options);
}

/** The model between its images, `input(…)`, and what comes of them: one logit a class. */
export function model(from: Value, to: Value, options: ModelOptions): Model {
  return new Model(graphOf(from, to), options);
}
