import { type BatchAugmentation, colourChanges } from "../data/batch-augmentation.js";
import type { Normalization } from "../data/dataset.js";
import { plainNormalization } from "../data/normalization.js";
import { takenAway } from "../data/taken-away.js";
import { HeddleError, UsageError } from "../errors.js";
import { augmentationBits } from "../kernels/augmented-gather.js";
import { normalizationNumbers } from "../kernels/gather.js";
import { mixingWords } from "../kernels/mix.js";
import { stateNames, stepNumbers } from "../kernels/optimizer.js";
import { shapeSize } from "../layers/shape.js";
import type { NamedTensor } from "../named-tensor.js";
import { streamKey } from "../random.js";
import { control } from "./control.js";
import type {
  NetworkOptions,
  Prediction,
  StepResult,
  TimedNetwork,
  TrainStep,
  WeightsKind,
} from "./network.js";
import { targetBytes } from "./nodes/loss.js";
import type { ParameterStore } from "./plan/parameters.js";
import type { NetworkPlan } from "./program/plan.js";
import type { Program } from "./program/program.js";
import { Programs } from "./program/programs.js";
import { memoryRemedy } from "./program/remedy.js";
import { checkMixing, checkNormalization, checkStep, checkTargets, checkWeights } from "./refusals.js";
import { stepResult } from "./step-result.js";
import { type JobTimes, takeJobTimes } from "./step-timer.js";
import { closeWhenLost, forget } from "./threads/lost.js";
import { allocateMemory } from "./threads/memory.js";
import { Team } from "./threads/team.js";
import { WeightAverage } from "./weight-average.js";

/** Milliseconds of forward passes after which signals and timers get their turn. */
const turnLength = 25;

/** The arena, the programs over it and the threads that run them. */
export class EngineNetwork implements TimedNetwork {
  readonly #programs: Programs;
  readonly #average: WeightAverage;
  #weightsChanged = true;
  /** Whether a step that failed may have changed some weights and not others. */
  #torn = false;
  /** Settled when everything asked for so far is done. */
  #last: Promise<unknown> = Promise.resolve();

  readonly store: ParameterStore;
  readonly base: NetworkPlan["base"];
  readonly classes: number;

  private constructor(
    readonly options: NetworkOptions,
    readonly plan: NetworkPlan,
    readonly team: Team,
  ) {
    this.store = plan.store;
    this.base = plan.base;
    this.classes = plan.classes;
    this.#programs = new Programs(plan, team.memory, team);
    this.#average = new WeightAverage(plan.store, plan.base.places, team.memory);
    this.#writeNormalization(plainNormalization(options.graph.inputShape[2]));
    closeWhenLost(this, team);
  }

  /** Makes room as planned, starts the threads and gives them the programs. */
  static async start(options: NetworkOptions, plan: NetworkPlan): Promise<EngineNetwork> {
    const { platform, waitLimit = 60_000 } = options;
    const { shared, threads } = plan.base;
    const remedy = (): string => memoryRemedy(options, plan);
    const memory = allocateMemory(plan.arenaBytes, shared, remedy, platform.availableMemory?.());
    const team = await Team.start(platform, memory, threads, waitLimit);
    try {
      return new EngineNetwork(options, plan, team);
    } catch (error) {
      await team.close();
      throw error;
    }
  }

  get arenaBytes(): number {
    return this.team.memory.size;
  }

  get threads(): number {
    return this.base.threads;
  }

  get relaxedSimd(): boolean {
    return this.base.arithmetic.relaxed;
  }

  get vectorBits(): 128 | 256 {
    return this.base.tiling.pairs ? 256 : 128;
  }

  get parameterCount(): number {
    return this.store.trained.reduce((sum, { shape }) => sum + shapeSize(shape), 0);
  }

  setNormalization(normalization: Normalization): Promise<void> {
    return this.#inTurn(() => {
      checkNormalization(normalization, this.options.graph.inputShape[2]);
      this.#writeNormalization(normalization);
    });
  }

  trainStep(step: TrainStep): Promise<StepResult> {
    return this.#inTurn(async () => {
      const { optimizer, trainBatchSize } = this.options;
      const batch = step.labels.length;
      if (!optimizer || trainBatchSize === 0)
        throw new UsageError("This network was made for inference: it has no optimizer.");
      if (batch < 1 || batch > trainBatchSize)
        throw new UsageError(`A step takes 1 to ${trainBatchSize} images, received ${batch}.`);
      checkStep(step, this.#imageSize, this.classes);
      checkWeights(step, this.base.weighted);
      checkTargets(step, this.base, this.classes);
      checkMixing(step, this.base.mixes);
      // First: memory may grow for it, and then there are other views of it.
      const { program, id } = this.#programs.trainer(batch);
      this.#hold("trained");
      this.#average.begin(step.averageShare);
      const { places } = this.base;
      const words = this.#words;
      this.#bytes.set(step.images, places.images);
      words.set(step.labels, places.labels / 4);
      if (step.targets) this.#writeTargets(step.targets);
      if (step.weights) this.#floats.set(step.weights, places.weights / 4);
      for (const { config, learningRateFactor, numbers } of this.base.rules)
        this.#floats.set(
          stepNumbers(config, step.optimizerStep, step.learningRate * learningRateFactor),
          numbers.address / 4,
        );
      this.#writeAugmentation(step.augmentation, batch);
      if (this.base.mixes) words.set(mixingWords(step.mixing), places.mixing / 4);
      for (const { layerIndex, address } of program.dropoutKeys)
        words[address / 4] = streamKey(step.seed, step.step, layerIndex);
      try {
        await this.team.run(id, true);
      } catch (error) {
        this.#torn ||= this.team.reached >= program.updatesFrom;
        throw error;
      }
      this.#weightsChanged = true;
      // The given ones may be gone by now.
      const labels = words.subarray(places.labels / 4, places.labels / 4 + batch);
      const weights = step.weights && this.#floats.subarray(places.weights / 4, places.weights / 4 + batch);
      const { targets } = step;
      return stepResult(program, { labels, targets, weights }, this.team.memory, this.plan);
    });
  }

  predict(images: Uint8Array, weights: WeightsKind = "trained"): Promise<Prediction> {
    return this.#inTurn(async () => {
      const size = this.#imageSize;
      const total = images.length / size;
      if (!Number.isInteger(total))
        throw new UsageError(
          `An image of this network has ${size} bytes; received ${images.length}. Give whole images.`,
        );
      this.#hold(weights);
      const probabilities = new Float32Array(total * this.classes);
      const { platform } = this.options;
      let turnEnds = platform.now() + turnLength;
      for (let first = 0; first < total; ) {
        if (platform.now() >= turnEnds) {
          await platform.yield();
          this.team.checkOpen();
          turnEnds = platform.now() + turnLength;
        }
        // Looked at each time: others have their turns in between.
        if (images.length !== total * size) throw takenAway("The images", "predicted");
        const { program, id } = this.#programs.predictor(total - first);
        const count = Math.min(program.batch, total - first);
        // What is left of the batch are images of before: nobody reads what comes of them.
        this.#bytes.set(images.subarray(first * size, (first + count) * size), this.base.places.images);
        await this.team.run(id, this.#weightsChanged);
        this.#weightsChanged = false;
        this.#readProbabilities(program, probabilities.subarray(first * this.classes), count);
        first += count;
      }
      return { probabilities };
    });
  }

  readParameters(): Promise<NamedTensor[]> {
    return this.#inTurn(() => {
      this.#checkWhole();
      this.#hold("trained");
      return this.store.read(this.#vector(this.base.places.parameters));
    });
  }

  writeParameters(tensors: readonly NamedTensor[]): Promise<void> {
    return this.#inTurn(() => {
      this.#hold("trained");
      this.store.write(this.#vector(this.base.places.parameters), tensors, "weights");
      this.#weightsChanged = true;
    });
  }

  readOptimizerState(into?: readonly NamedTensor[]): Promise<NamedTensor[]> {
    return this.#inTurn(() => {
      this.#checkWhole();
      return this.#stateVectors().flatMap(({ name, vector }) =>
        this.store.read(vector, `${name}/`, this.store.trained, into),
      );
    });
  }

  writeOptimizerState(tensors: readonly NamedTensor[]): Promise<void> {
    return this.#inTurn(() => {
      for (const { name, vector } of this.#stateVectors()) {
        const own = tensors.filter((tensor) => tensor.name.startsWith(`${name}/`));
        const bare = own.map((tensor) => ({ ...tensor, name: tensor.name.slice(name.length + 1) }));
        this.store.write(vector, bare, `optimizer's ${name} tensors`, this.store.trained);
      }
    });
  }

  readAverage(): Promise<NamedTensor[]> {
    return this.#inTurn(() => {
      this.#checkWhole();
      this.#hold("trained");
      return this.#average.read();
    });
  }

  writeAverage(tensors: readonly NamedTensor[]): Promise<void> {
    return this.#inTurn(() => {
      this.#hold("trained");
      this.#average.write(tensors);
    });
  }

  close(): Promise<void> {
    forget(this);
    return this.team.close(this.#last);
  }

  /** See TimedNetwork. */
  takeTimes(kind: "train" | "infer"): readonly JobTimes[] {
    const program = this.#programs.full(kind)?.program;
    if (!program?.accounts) throw new UsageError(`This network keeps no account of what it does to ${kind}.`);
    return takeJobTimes(this.#words, program.accounts, program.threads);
  }

  /** The last training step's gradient: for tests. */
  readGradients(): NamedTensor[] {
    return this.store.read(this.#vector(this.base.places.gradients), "", this.store.trained);
  }

  /** Has these weights where programs read them; what was made of others is made anew. */
  #hold(weights: WeightsKind): void {
    if (this.#average.hold(weights)) this.#weightsChanged = true;
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

  get #bytes(): Uint8Array {
    return this.team.memory.bytes;
  }

  get #words(): Int32Array {
    return this.team.memory.words;
  }

  get #floats(): Float32Array {
    return this.team.memory.floats;
  }

  /** Does work when all that was asked for before is done: a long step lets the event loop turn in its midst. */
  #inTurn<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const turn = this.#last.then(() => {
      this.team.checkOpen();
      return work();
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  #checkWhole(): void {
    if (this.#torn)
      throw new HeddleError(
        "A thread failed while a step changed the weights: some are new and some are old. Go on from a copy made before.",
      );
  }

  #writeNormalization(normalization: Normalization): void {
    this.#floats.set(normalizationNumbers(normalization), this.base.places.normalization / 4);
  }

  #writeTargets(targets: Float32Array): void {
    const { classes } = this;
    const stride = targetBytes(classes) / 4;
    for (let sample = 0; sample * classes < targets.length; sample++) {
      const row = targets.subarray(sample * classes, (sample + 1) * classes);
      this.#floats.set(row, this.base.places.targets / 4 + sample * stride);
    }
  }

  #writeAugmentation(augmentation: BatchAugmentation | undefined, batch: number): void {
    const { places } = this.base;
    this.#words[control.augmented / 4] = augmentationBits(augmentation);
    if (!augmentation) return;
    const { affine, erase, crop, colour } = augmentation;
    this.#floats.set(affine.subarray(0, batch * 6), places.affine / 4);
    this.#words.set(erase.subarray(0, batch * 4), places.erase / 4);
    if (crop) this.#floats.set(crop.subarray(0, batch * 4), places.crop / 4);
    if (colour) this.#floats.set(colour.subarray(0, batch * 2 * colourChanges), places.colour / 4);
  }

  #readProbabilities(program: Program, into: Float32Array, count: number): void {
    const { classes } = this;
    for (let sample = 0; sample < count; sample++) {
      const from = (program.probabilities + sample * program.logitsBytes) / 4;
      into.set(this.#floats.subarray(from, from + classes), sample * classes);
    }
  }
}
