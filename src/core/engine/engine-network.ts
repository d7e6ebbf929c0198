import type { ImageSet, Normalization } from "../data/dataset.js";
import { plainNormalization } from "../data/normalization.js";
import { HeddleError, UsageError } from "../errors.js";
import { normalizationNumbers } from "../kernels/gather.js";
import { stateNames, stepNumbers } from "../kernels/optimizer.js";
import { lossPartsBytes } from "../kernels/softmax.js";
import { shapeSize } from "../layers/shape.js";
import { streamKey } from "../random.js";
import { control } from "./control.js";
import { allocateMemory } from "./memory.js";
import type {
  NamedTensor,
  NetworkOptions,
  Prediction,
  StepResult,
  TimedNetwork,
  TrainStep,
} from "./network.js";
import type { ParameterStore } from "./parameters.js";
import { type NetworkPlan, ownBytes } from "./plan.js";
import { buildProgram, type Program } from "./program.js";
import { checkImages, checkNormalization } from "./refusals.js";
import { type JobTimes, takeJobTimes } from "./step-timer.js";
import { Team } from "./team.js";

interface Loaded {
  readonly program: Program;
  readonly id: number;
}

/** The arena, the programs over it and the threads that run them. */
export class EngineNetwork implements TimedNetwork {
  readonly #trainers = new Map<number, Loaded>();
  #predictor: Loaded | undefined;
  #imageCount = 0;
  #weightsChanged = true;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #floats: Float32Array;

  readonly store: ParameterStore;
  readonly base: NetworkPlan["base"];
  readonly arenaBytes: number;
  readonly classes: number;
  /** Where the next program's tables begin. */
  #own: number;

  private constructor(
    readonly options: NetworkOptions,
    plan: NetworkPlan,
    readonly team: Team,
  ) {
    this.store = plan.store;
    this.base = plan.base;
    this.arenaBytes = plan.arenaBytes;
    this.classes = plan.classes;
    this.#own = plan.own;
    const { buffer } = team.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#floats = new Float32Array(buffer);
  }

  /** Makes room as planned, starts the threads and gives them the programs. */
  static async start(options: NetworkOptions, plan: NetworkPlan): Promise<EngineNetwork> {
    const { platform } = options;
    const { shared, threads, waitLimit } = plan.base;
    const largestBatch = Math.max(options.trainBatchSize, options.inferenceBatchSize);
    const memory = allocateMemory(
      plan.arenaBytes,
      shared,
      `Use a smaller batch size (now ${largestBatch}), fewer or smaller images, or a smaller model.`,
      platform.availableMemory?.(),
    );
    const network = new EngineNetwork(options, plan, await Team.start(platform, memory, threads, waitLimit));
    await network.setNormalization(plainNormalization(options.graph.inputShape[2]));
    const { trainer, predictor } = plan;
    if (trainer) network.#trainers.set(trainer.batch, network.#load(trainer));
    if (predictor) network.#predictor = network.#load(predictor);
    return network;
  }

  get threads(): number {
    return this.base.threads;
  }

  get relaxedSimd(): boolean {
    return this.base.arithmetic.relaxed;
  }

  get parameterCount(): number {
    return this.store.packed.reduce(
      (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
      0,
    );
  }

  async setNormalization(normalization: Normalization): Promise<void> {
    checkNormalization(normalization, this.options.graph.inputShape[2]);
    this.#floats.set(normalizationNumbers(normalization), this.base.places.normalization / 4);
  }

  async loadImages(set: ImageSet): Promise<void> {
    const { imageCapacity } = this.options;
    if (set.count > imageCapacity)
      throw new HeddleError(
        `The network was planned for ${imageCapacity} images and was given ${set.count}. ` +
          "Make it with a larger imageCapacity.",
      );
    checkImages(set, this.#imageSize, this.classes);
    const { images, labels } = this.base.places;
    this.#bytes.set(set.images, images);
    this.#bytes.set(set.labels, labels);
    this.#imageCount = set.count;
  }

  async trainStep(step: TrainStep): Promise<StepResult> {
    const { optimizer, trainBatchSize } = this.options;
    const batch = step.indices.length;
    if (!optimizer || trainBatchSize === 0)
      throw new UsageError("This network was made for inference: it has no optimizer.");
    if (batch < 1 || batch > trainBatchSize)
      throw new UsageError(`A step takes 1 to ${trainBatchSize} images, received ${batch}.`);
    this.#setIndices(step.indices);
    const { program, id } = this.#trainer(batch);
    const words = this.#words;
    this.#floats.set(stepNumbers(optimizer, step.optimizerStep, step.learningRate), control.stepNumbers / 4);
    words[control.augmented / 4] = step.augmentation ? 1 : 0;
    if (step.augmentation) {
      const { affine, erase } = step.augmentation;
      this.#floats.set(affine.subarray(0, batch * 6), this.base.places.affine / 4);
      words.set(erase.subarray(0, batch * 4), this.base.places.erase / 4);
    }
    for (const { layerIndex, address } of program.dropoutKeys)
      words[address / 4] = streamKey(step.seed, step.step, layerIndex);
    this.team.run(id, true);
    this.#weightsChanged = true;
    return this.#lossOf(program, step.indices);
  }

  async predict(indices: Uint32Array): Promise<Prediction> {
    const probabilities = new Float32Array(indices.length * this.classes);
    const { batch } = this.#inference.program;
    for (let first = 0; first < indices.length; first += batch) {
      const part = indices.subarray(first, first + batch);
      this.#setIndices(part);
      probabilities.set(this.#infer(part.length), first * this.classes);
    }
    return { probabilities };
  }

  async predictImages(images: Uint8Array): Promise<Prediction> {
    const { batch } = this.#inference.program;
    const size = this.#imageSize;
    const { places } = this.base;
    const { imageCapacity } = this.options;
    const count = images.length / size;
    if (!Number.isInteger(count))
      throw new UsageError(
        `An image of this network has ${size} bytes; received ${images.length}. Give whole images.`,
      );
    const probabilities = new Float32Array(count * this.classes);
    for (let first = 0; first < count; first += batch) {
      const part = images.subarray(first * size, (first + batch) * size);
      this.#bytes.set(part, places.images + imageCapacity * size);
      const partCount = part.length / size;
      for (let sample = 0; sample < partCount; sample++)
        this.#words[places.indices / 4 + sample] = imageCapacity + sample;
      probabilities.set(this.#infer(partCount), first * this.classes);
    }
    return { probabilities };
  }

  async readParameters(): Promise<NamedTensor[]> {
    return this.store.read(this.#vector(this.base.places.parameters));
  }

  async writeParameters(tensors: readonly NamedTensor[]): Promise<void> {
    this.store.write(this.#vector(this.base.places.parameters), tensors, "weights");
    this.#weightsChanged = true;
  }

  async readOptimizerState(): Promise<NamedTensor[]> {
    return this.#stateVectors().flatMap(({ name, vector }) =>
      this.store.read(vector, `${name}/`, this.store.trained),
    );
  }

  async writeOptimizerState(tensors: readonly NamedTensor[]): Promise<void> {
    for (const { name, vector } of this.#stateVectors()) {
      const own = tensors.filter((tensor) => tensor.name.startsWith(`${name}/`));
      const bare = own.map((tensor) => ({ ...tensor, name: tensor.name.slice(name.length + 1) }));
      this.store.write(vector, bare, `optimizer's ${name} tensors`, this.store.trained);
    }
  }

  close(): Promise<void> {
    return this.team.close();
  }

  /** See TimedNetwork. */
  takeTimes(kind: "train" | "infer"): readonly JobTimes[] {
    const loaded = kind === "train" ? this.#trainers.get(this.options.trainBatchSize) : this.#predictor;
    const accounts = loaded?.program.accounts;
    if (!accounts) throw new UsageError(`This network keeps no account of what it does to ${kind}.`);
    return takeJobTimes(this.#words, accounts, this.threads);
  }

  /** The last training step's gradient: for tests. */
  readGradients(): NamedTensor[] {
    return this.store.read(this.#vector(this.base.places.gradients), "", this.store.trained);
  }

  #stateVectors(): { name: string; vector: Float32Array }[] {
    const { optimizer } = this.options;
    if (!optimizer) return [];
    return stateNames(optimizer).map((name, index) => ({
      name,
      vector: this.#vector(this.base.places.state[index]),
    }));
  }

  #vector(address: number): Float32Array {
    const { length, trainedLength } = this.store;
    const numbers = address === this.base.places.parameters ? length : trainedLength;
    return this.#floats.subarray(address / 4, address / 4 + numbers);
  }

  get #imageSize(): number {
    return shapeSize(this.options.graph.inputShape);
  }

  get #inference(): Loaded {
    if (this.#predictor) return this.#predictor;
    throw new UsageError("This network was made without inference: give it an inferenceBatchSize.");
  }

  /** Runs a forward pass over what the first `count` indices name; gives their probabilities. */
  #infer(count: number): Float32Array {
    const { classes } = this;
    const { program, id } = this.#inference;
    // What is left of the batch repeats its first image; nobody reads it.
    const at = this.base.places.indices / 4;
    this.#words.fill(this.#words[at], at + count, at + program.batch);
    this.team.run(id, this.#weightsChanged);
    this.#weightsChanged = false;
    const probabilities = new Float32Array(count * classes);
    for (let sample = 0; sample < count; sample++) {
      const from = (program.probabilities + sample * program.logitsBytes) / 4;
      probabilities.set(this.#floats.subarray(from, from + classes), sample * classes);
    }
    return probabilities;
  }

  #setIndices(indices: Uint32Array): void {
    const at = this.base.places.indices / 4;
    indices.forEach((index, sample) => {
      if (index >= this.#imageCount)
        throw new UsageError(`Image ${index} was asked for; ${this.#imageCount} are loaded.`);
      this.#words[at + sample] = index;
    });
  }

  #load(program: Program): Loaded {
    for (const { address, values } of program.tables) this.#words.set(values, address / 4);
    return { program, id: this.team.load(program.bytes) };
  }

  /** The program for a batch of this size: a smaller last batch gets one of its own when it first comes. */
  #trainer(batch: number): Loaded {
    const known = this.#trainers.get(batch);
    if (known) return known;
    const places = { ...this.base.places, own: this.#own };
    const program = buildProgram({ ...this.base, batch, training: true, places });
    if (program.ownEnd > this.base.places.own + ownBytes || program.workspaceEnd > this.arenaBytes)
      throw new HeddleError(
        `No room was planned for steps of ${batch} images; use fewer different batch sizes.`,
      );
    this.#own = program.ownEnd;
    const loaded = this.#load(program);
    this.#trainers.set(batch, loaded);
    return loaded;
  }

  /** −log softmax at the label, smoothed where asked, summed in double precision in sample order. */
  #lossOf(program: Program, indices: Uint32Array): StepResult {
    const { classes } = this;
    const smoothing = this.base.labelSmoothing;
    const floats = this.#floats;
    let lossSum = 0;
    let correct = 0;
    for (let sample = 0; sample < program.batch; sample++) {
      const parts = (program.lossParts + sample * lossPartsBytes) / 4;
      const logits = (program.logits + sample * program.logitsBytes) / 4;
      const target = (1 - smoothing) * floats[parts + 2] + smoothing * floats[parts + 3];
      lossSum += floats[parts] + Math.log(floats[parts + 1]) - target;
      let best = 0;
      for (let index = 1; index < classes; index++)
        if (floats[logits + index] > floats[logits + best]) best = index;
      if (best === this.#bytes[this.base.places.labels + indices[sample]]) correct++;
    }
    return { lossSum, correct };
  }
}
