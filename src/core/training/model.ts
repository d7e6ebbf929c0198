import type { Normalization } from "../data/dataset.js";
import type { PicturePreparation } from "../data/picture-preparation.js";
import { checkViews } from "../data/views.js";
import { createNetwork } from "../engine/create.js";
import type { CreateNetwork } from "../engine/network.js";
import { UsageError } from "../errors.js";
import { type ExplainOptions, explainImages, explainOptions, type HeatMaps } from "../explain/index.js";
import type { Checkpoint } from "../formats/checkpoint-file.js";
import { encodeModel } from "../formats/model-file.js";
import { chainOf, type Graph, graphOf } from "../graph/index.js";
import type { Layer, Shape } from "../layers/layer.js";
import type { Value } from "../layers/value.js";
import type { LossName } from "../loss.js";
import {
  type CalibrateOptions,
  type Calibration,
  calibrate,
  calibrateOptions,
} from "../metrics/calibrate.js";
import { type Evaluation, evaluate } from "../metrics/evaluation.js";
import { evaluateLabels, type LabelsEvaluation } from "../metrics/labels-evaluation.js";
import { predictionsOf } from "../metrics/predictions.js";
import { softCrossEntropy } from "../metrics/soft-losses.js";
import type { NamedTensor } from "../named-tensor.js";
import { resolveOptions } from "../options/index.js";
import type { Platform } from "../platform.js";
import { Architecture } from "./architecture.js";
import { checkCallbacks } from "./callbacks.js";
import {
  checkSet,
  type ImagesToJudge,
  imageBytes,
  type TargetsToJudge,
  type TrainingData,
} from "./check-data.js";
import { canonical, type FitSettings, fitSettings } from "./checkpoint.js";
import { type Classification, type ClassifyOptions, classificationsOf, classifyOptions } from "./classify.js";
import { type CompiledOptions, type CompileOptions, resolveCompileOptions } from "./compile.js";
import type { TrainEvent } from "./events.js";
import { collectHistory, type FitEventsOptions, type FitOptions, type History } from "./fit.js";
import {
  type ChainOptions,
  type ModelOptions,
  resolveChainOptions,
  resolveModelOptions,
} from "./model-options.js";
import { NetworkCache } from "./network-cache.js";
import { recognized } from "./normalization-tensors.js";
import { planFit } from "./plan-fit.js";
import { type PredictOptions, predictOptions, resolvePredictOptions } from "./predict-options.js";
import { type ImagesToPredict, Predictor } from "./predictor.js";
import { readParts } from "./read-parts.js";
import { Session } from "./session.js";
import {
  contentsOf,
  copyWeights,
  givenLoss,
  givenState,
  initialState,
  predictsAs,
  uncalibrated,
} from "./state.js";
import { noEpochEnded, Training } from "./training.js";
import { checkFinite, readWeights } from "./weights.js";
import { type WeightsOptions, weightsKind, weightsOptions } from "./weights-option.js";

/**
 * A classifier: a graph of layers, its weights, and the threads that run it. Its last layer gives one logit a
 * class; what is made of them is the model's own: softmax and cross-entropy, or, where it is compiled so, a sigmoid and
 * a binary cross-entropy for each label.
 *
 * Its methods may be called at any time, several at once, and beside a `fit`: each waits for its turn and works with
 * the weights of one moment, between two steps of training. What would change a training that goes on is refused.
 *
 * Threads start with the first `fit`, `predict` or `evaluate` and rest in between; `dispose` ends them.
 */
export class Model {
  /** For people, and the names of runs. */
  readonly name: string;
  /** What it computes, node by node. */
  readonly graph: Graph;
  /** [H, W, C] of the images. */
  readonly inputShape: Shape;
  /** Those of its graph, in order. */
  readonly layers: readonly Layer[];
  /** How many it tells apart. */
  readonly classes: number;
  /** Decides first weights, order of images, dropout and augmentation. */
  readonly seed: number;
  readonly #architecture: Architecture;
  readonly #platform: Platform;
  readonly #session: Session;
  readonly #predictor: Predictor;
  readonly #createNetwork: CreateNetwork;
  #compiled: CompiledOptions;

  /**
   * @throws UsageError on options that make no sense.
   * @throws HeddleError on a graph that ends in no classes, or is larger than memory.
   */
  constructor(graph: Graph, given: ModelOptions) {
    const options = resolveModelOptions(given);
    const { platform } = options;
    this.#architecture = new Architecture(graph, platform.availableMemory?.());
    this.#platform = platform;
    this.#compiled = resolveCompileOptions({}, platform, graph, givenLoss(options.state));
    this.name = options.name;
    this.seed = options.seed;
    this.graph = graph;
    this.inputShape = graph.inputShape;
    this.layers = this.#architecture.layers;
    this.classes = this.#architecture.classes;
    this.#createNetwork = options.createNetwork ?? createNetwork;
    const cache = new NetworkCache(this.#architecture, platform, this.#createNetwork);
    const state = options.state
      ? givenState(options.state, this.#architecture)
      : initialState(this.#architecture, this.seed);
    this.#session = new Session(state, cache, platform);
    this.#predictor = new Predictor(this.#session, this.#architecture, platform);
  }

  /** What it is trained for, which says what its outputs are: see `compile`. */
  get loss(): LossName {
    return this.#compiled.loss;
  }

  /** How pixels enter: measured on the training part by the first `fit`, and part of the weights from then on. */
  get normalization(): Normalization {
    return this.#session.inUse.normalization;
  }

  /** Those of the data of the last `fit`, or of its file; before, "0", "1", … */
  get classNames(): readonly string[] {
    return this.#session.inUse.classNames;
  }

  /** How pictures become the images that it takes: as the data of the last `fit` that said so, or its file. */
  get preparation(): PicturePreparation | undefined {
    return this.#session.inUse.preparation;
  }

  /**
   * What makes its probabilities mean something, of the weights that it was found for: as `calibrate` or its file left
   * it, until they change.
   */
  get calibration(): Calibration | undefined {
    return this.#session.inUse.calibration?.found;
  }

  /** Whole epochs of all its fits; at an epoch's event that one is among them. */
  get epochsDone(): number {
    return this.#session.epochsDone;
  }

  /** A table of the layers: output shape, parameters and multiply-adds of each. */
  summary(): string {
    return this.#architecture.summary(this.name);
  }

  /**
   * Sets how the next `fit` trains and on how many threads everything runs. With another optimizer than before, or
   * other settings or parameter groups of it, that one starts anew; the weights, their average and the epochs done stay.
   *
   * @throws UsageError on an unknown option, a value that is not allowed or parameter groups that don't fit the model,
   * and while `fit` goes on.
   */
  compile(options: CompileOptions): this {
    this.#session.refuseWhileTraining("compile");
    const compiled = resolveCompileOptions(options, this.#platform, this.graph, this.loss);
    const rules = ({ optimizer, parameterGroups }: CompiledOptions) =>
      canonical([optimizer, parameterGroups]);
    if (rules(compiled) !== rules(this.#compiled)) {
      const { state } = this.#session;
      const position = { ...state.position, optimizerSteps: 0 };
      this.#session.state = { ...state, optimizer: undefined, position };
    }
    if (compiled.loss !== this.loss) this.#session.state = uncalibrated(this.#session.state);
    this.#compiled = compiled;
    return this;
  }

  /**
   * Trains on a data set's training images, part of them held back to validate with unless the data has a `validation`
   * part of its own, and goes on where the last
   * `fit` ended: the next epochs, in their own order, with the optimizer as it was left. Under a constant learning
   * rate two fits of an epoch give the bytes of one of two; a schedule sees the whole training so far. `reset` comes
   * before a fresh start.
   *
   * Images in memory are read as they are trained on: they must stay as they are until it ends. A source's are gathered
   * while the step before is done, two batches at most; it gives the bytes that the same images in memory give. What a
   * source throws is the cause of the error that `fit` ends with. However it ends, the model has the weights after its last step, or the best
   * epoch's with `restoreBestWeights`; where training diverges, those of the last whole epoch (before the first one:
   * those from before the fit), and where a thread fails, those of the last step or epoch that is known to be whole.
   *
   * @throws UsageError on arguments that make no sense, and while another `fit` goes on.
   * @throws HeddleError when the data doesn't fit the model, or a thread fails.
   */
  async fit(data: TrainingData, options: FitOptions = {}): Promise<History> {
    const callbacks = checkCallbacks(
      readParts<{ callbacks: unknown }>("fit", options, "callbacks").callbacks,
    );
    return collectHistory(this.#train(data, options, ["callbacks"]), callbacks);
  }

  /**
   * The same, one event at a time: training goes on when the next one is asked for. Between two events the
   * model may be saved, evaluated or stopped (by leaving the loop).
   */
  fitEvents(data: TrainingData, options: FitEventsOptions = {}): AsyncGenerator<TrainEvent> {
    return this.#train(data, options, []);
  }

  /**
   * All there is of a `fit` at its epoch event, for `encodeCheckpoint` and later `fit`'s `resume`. The first one of
   * a `fit` reads the training images once more. Its arrays are those that the training works with: encode or copy them,
   * and write nothing into them.
   *
   * @throws UsageError at any other moment.
   */
  async checkpoint(): Promise<Checkpoint> {
    const { training } = this.#session;
    if (!training) throw noEpochEnded();
    return training.checkpoint();
  }

  /**
   * Everything beside the layers that decides what `fit` would compute: what a checkpoint's `settings` must be.
   *
   * @throws UsageError on options that make no sense. @throws HeddleError when the data doesn't fit the model.
   */
  fitSettings(data: TrainingData, options: FitEventsOptions = {}): FitSettings {
    const plan = planFit(this, data, options);
    const compiled = this.#compiled;
    const fusedMultiplyAdd = this.#session.cache.fuses(compiled);
    return fitSettings({ seed: this.seed, compiled, plan, fusedMultiplyAdd });
  }

  /**
   * Softmax outputs, or where the loss is binaryCrossEntropy the probability of each label by itself, a sigmoid's, which
   * from ½ on says that the image has it; [N, classes], of images as bytes 0 … 255, [N, H, W, C]: none give none. The bytes must stay as
   * they are until then; a set, such as `dataset.test`, is predicted as its images are. Of an iterable of images, also one that waits for them, or of a source, no more are in memory
   * than are worked with; all are predicted by the weights of the call.
   *
   * @param options such as `{ views: { flip: true } }`, for the mean over each image and its mirror image
   * @throws UsageError when they aren't bytes, or no whole images, saying how to convert them; on an unknown option; and
   * when the model is disposed before all have come.
   * @throws HeddleError when what an iterable gives isn't images, or it fails, which is the cause.
   */
  async predict(images: ImagesToPredict, options: PredictOptions = {}): Promise<Float32Array> {
    const resolved = resolvePredictOptions("predict", options, this.inputShape);
    return (await this.#predictor.given(images, this.#compiled, resolved)).probabilities;
  }

  /**
   * Judges the model on labelled images, such as `dataset.test`, or a source of them; or an iterable, in the order of
   * the labels.
   *
   * @param options as `predict` has them
   * @throws UsageError or HeddleError on what are none, or don't fit the model, on an unknown option, and where an average
   * is asked for that is not kept.
   */
  evaluate(set: ImagesToJudge, options?: PredictOptions): Promise<Evaluation>;
  /**
   * The same of images with targets. Of soft ones the loss is the cross-entropy with them, and all other figures take
   * the class of the greatest for the right one. Where the model's loss is binaryCrossEntropy, it is judged label by
   * label.
   *
   * @throws UsageError or HeddleError as for labels.
   */
  evaluate(
    set: ImagesToJudge | TargetsToJudge,
    options?: PredictOptions,
  ): Promise<Evaluation | LabelsEvaluation>;
  async evaluate(
    set: ImagesToJudge | TargetsToJudge,
    options: PredictOptions = {},
  ): Promise<Evaluation | LabelsEvaluation> {
    const { loss } = this;
    const owner = "evaluate";
    const checked = checkSet(owner, set, this);
    const asked = { ...resolvePredictOptions(owner, options, this.inputShape), owner } as const;
    const { probabilities, classNames } = await this.#predictor.checked(checked, this.#compiled, asked);
    const { labels, targets } = checked;
    if (targets && loss === "binaryCrossEntropy") return evaluateLabels(probabilities, targets, classNames);
    const evaluation = evaluate(probabilities, labels, classNames);
    if (!targets) return evaluation;
    return { ...evaluation, loss: softCrossEntropy({ probabilities, targets }, this.classes) };
  }

  /**
   * What it takes images for: of each the most probable classes with their names, and whether it is unsure. Probabilities are those of its
   * calibration, where it has one, over the views that it was found for.
   *
   * @param images as bytes 0 … 255, [N, H, W, C]
   * @throws UsageError when they are no bytes, or no whole images, and on an option that is not allowed.
   */
  async classifyImages(
    images: Uint8Array | Uint8ClampedArray,
    options: ClassifyOptions = {},
  ): Promise<Classification[]> {
    const { topK, weights } = resolveOptions("classifyImages", options, classifyOptions);
    const bytes = imageBytes("classifyImages", images, this.inputShape);
    const { probabilities, classNames, calibration } = await this.#predictor.meant(
      bytes,
      this.#compiled,
      weights,
    );
    const found = calibration?.of === weights ? calibration.found : undefined;
    return classificationsOf(probabilities, classNames, found, topK);
  }

  /**
   * Where in images it sees what it takes them for: a heat map of each, by Grad-CAM or by occlusion.
   *
   * @param images as bytes 0 … 255, [N, H, W, C], which must stay as they are until it is done
   * @param options which class and how, and which weights
   * @throws UsageError when they are no bytes, no whole images, or taken away meanwhile, and on an option that is not allowed.
   * @throws HeddleError on a class or a layer that isn't there, and where Grad-CAM is asked for of a model without
   * convolutions.
   */
  async explain(
    images: Uint8Array | Uint8ClampedArray,
    options: ExplainOptions & WeightsOptions = {},
  ): Promise<HeatMaps> {
    const table = { ...explainOptions, ...weightsOptions };
    const { weights, ...how } = resolveOptions("explain", options, table);
    const bytes = imageBytes("explain", images, this.inputShape);
    const count = bytes.length / this.#architecture.imageSize;
    const { threads, portable, loss } = this.#compiled;
    const session = this.#session;
    const { weights: tensors, normalization } = await session.inTurn(() =>
      session.current({ weights, owner: "explain" }),
    );
    const place = { threads, portable, platform: this.#platform, createNetwork: this.#createNetwork };
    return explainImages(
      { graph: this.graph, tensors, normalization, loss },
      { images: bytes, count },
      how,
      place,
    );
  }

  /**
   * Finds a temperature and a threshold of trust on labelled images that it didn't train on, such as those that
   * validate, and keeps both: `classify` uses them, and a file has them. `predict` and `evaluate` give the softmax as it is.
   *
   * @param options which weights, over which views, and the share of the images that aren't called unsure which shall be right
   * @throws UsageError as `evaluate`, on an option that is not allowed, of a model of binaryCrossEntropy, whose labels are each by
   * themselves, and while `fit` goes on.
   * @throws HeddleError when the images don't fit the model.
   */
  async calibrate(set: ImagesToJudge, options: CalibrateOptions & PredictOptions = {}): Promise<Calibration> {
    const session = this.#session;
    session.refuseWhileTraining("calibrate");
    const { goal, temperature, weights, views } = resolveOptions("calibrate", options, {
      ...calibrateOptions,
      ...predictOptions,
    });
    if (views) checkViews(views, this.inputShape);
    if (this.loss !== "crossEntropy") {
      throw new UsageError(
        `calibrate finds a temperature of a softmax, but this model's loss is ${this.loss}: its labels are each by themselves.`,
      );
    }
    const checked = checkSet("calibrate", set, this);
    const { probabilities, state: before } = await this.#predictor.checked(checked, this.#compiled, {
      weights,
      views,
      owner: "calibrate",
    });
    const predictions = predictionsOf(probabilities, checked.labels, this.classes);
    const found = { ...calibrate(predictions, { goal, temperature }), ...(views && { views }) };
    await session.inTurn(() => {
      // Other weights since are not those that it was found for, nor are another loss's outputs a softmax.
      if (this.loss !== "crossEntropy" || !predictsAs(session.state, before)) return;
      session.state = { ...session.state, calibration: { of: weights, found } };
    });
    return found;
  }

  /**
   * Copies of all weights, named `<layer>.<parameter>`, and of the normalization that belongs to them:
   * `normalization.scale` and `normalization.shift`, [C], of p · scale + shift for a byte p. Another model of these
   * layers predicts the same when its `setWeights` is given them.
   *
   * @throws UsageError where an average is asked for that is not kept.
   */
  async getWeights(options: WeightsOptions = {}): Promise<NamedTensor[]> {
    const session = this.#session;
    const asked = { weights: weightsKind("getWeights", options), owner: "getWeights" };
    return session.inTurn(async () => copyWeights(await session.current(asked)));
  }

  /**
   * Takes other weights, copied; without normalization tensors the model keeps its own. Optimizer and epochs done
   * stay as they are; an average of the weights is given up.
   *
   * @throws UsageError on what are no tensors, and while `fit` goes on.
   * @throws HeddleError on a missing, unknown or wrongly shaped one, or a number that isn't finite.
   */
  async setWeights(tensors: readonly NamedTensor[]): Promise<void> {
    const session = this.#session;
    session.refuseWhileTraining("setWeights");
    const given = readWeights(tensors, this.#architecture, "setWeights");
    checkFinite(given.weights, "setWeights");
    await session.inTurn(() => {
      const { average: _, ...state } = uncalibrated(session.state);
      const { weights, normalization = state.normalization } = given;
      session.state = { ...state, weights, normalization: recognized(normalization, state.normalization) };
    });
  }

  /**
   * Back to the start: first weights drawn from the seed, no normalization, no epochs done.
   *
   * @throws UsageError while `fit` goes on.
   */
  async reset(): Promise<void> {
    const session = this.#session;
    session.refuseWhileTraining("reset");
    await session.inTurn(() => {
      const { classNames, preparation } = session.state;
      const named = { classNames, ...(preparation && { preparation }) };
      session.state = { ...initialState(this.#architecture, this.seed), ...named };
    });
  }

  /**
   * The model as a safetensors file: weights, layers, input shape, normalization, class names, how pictures become its
   * images where it was trained on such, and the calibration where there is one of these weights.
   *
   * @throws UsageError where an average is asked for that is not kept.
   */
  async toBytes(options: WeightsOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const session = this.#session;
    const asked = { weights: weightsKind("toBytes", options), owner: "toBytes" };
    const { loss } = this;
    return session.inTurn(async () =>
      encodeModel(contentsOf(this.#architecture, await session.current(asked), loss, asked.weights)),
    );
  }

  /**
   * Gives back threads and memory, after what was asked for before. A `fit` that goes on ends as its signal would
   * end it; a `predict` or `evaluate` that waits for images is refused them. The model stays usable: the next call starts other threads.
   */
  dispose(): Promise<void> {
    return this.#session.dispose();
  }

  async *#train(
    data: TrainingData,
    options: FitEventsOptions,
    besides: readonly string[],
  ): AsyncGenerator<TrainEvent> {
    const session = this.#session;
    session.refuseWhileTraining("fit");
    if (this.#architecture.trained.length === 0) {
      throw new UsageError(
        "fit: no layer of the model has a tensor that is trained, so that it would learn nothing. Leave trainable: false out of some.",
      );
    }
    const training = new Training(session, {
      architecture: this.#architecture,
      seed: this.seed,
      compiled: this.#compiled,
      plan: planFit(this, data, options, besides),
      platform: this.#platform,
    });
    session.training = training;
    yield* training.events();
  }
}

/**
 * A model of layers that follow each other, as in Keras.
 *
 * @param given with [H, W, C] of the images
 * @throws UsageError on options that make no sense, and on what is no list of layers.
 * @throws HeddleError when the layers don't fit the input shape or each other, end in no classes, or are larger than
 * memory.
 */
export function sequential(layers: readonly Layer[], given: ChainOptions): Model {
  const { inputShape, ...options } = resolveChainOptions(given);
  return new Model(chainOf(layers, inputShape), options);
}

/**
 * The model between its images, `input(…)`, and what comes of them: one logit a class.
 *
 * @throws UsageError on options that make no sense, and when the output doesn't come of the input alone.
 * @throws HeddleError on an output that is no classes, or a graph larger than memory.
 */
export function model(from: Value, to: Value, options: ModelOptions): Model {
  return new Model(graphOf(from, to), options);
}
