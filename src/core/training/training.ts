import type { Network } from "../engine/network.js";
import { UsageError } from "../errors.js";
import type { Checkpoint } from "../formats/checkpoint-file.js";
import type { Platform } from "../platform.js";
import type { ValidationFigures } from "../schedules/improvement.js";
import type { Architecture } from "./architecture.js";
import { checkCheckpoint, type FitSettings, fitSettings, stateOf } from "./checkpoint.js";
import type { CompiledOptions } from "./compile.js";
import { distilledTargets } from "./distillation.js";
import type { EndEvent, TrainEvent } from "./events.js";
import { Interruption } from "./interruption.js";
import { type JudgedEpoch, trainLoop } from "./loop.js";
import { measureImages } from "./measure-images.js";
import { isPlain } from "./normalization-tensors.js";
import { type FitPlan, followsValidation } from "./plan-fit.js";
import type { BestEpoch, OngoingPosition } from "./position.js";
import type { Ending, OngoingTraining, Session, StateInUse } from "./session.js";
import { allFinite, contentsOf, type LearnedState, uncalibrated } from "./state.js";
import { movingTensors } from "./weight-average.js";
import { unwhitened, type WhitenedKernel, whitened } from "./whitening.js";

/** What a first fit works out from the images that train. */
interface WantedOfImages {
  readonly normalization: boolean;
  readonly kernels: readonly WhitenedKernel[];
}

/** What a training is given. */
export interface TrainingSetup {
  readonly architecture: Architecture;
  readonly seed: number;
  readonly compiled: CompiledOptions;
  readonly plan: FitPlan;
  readonly platform: Platform;
}

/**
 * One `fit`. The network is ahead of the model's state while it goes on; at each epoch's end the state is read from
 * it, and the last such one is what the model falls back to where training diverges or a thread fails amid a step.
 */
export class Training implements OngoingTraining {
  network: Network | undefined;
  /** As it was before, or at the end of the last whole epoch. */
  #whole: LearnedState;
  /** Its optimizer's tensors, where nobody else has been shown them: the next epoch's may be written over them. */
  #spare: LearnedState["optimizer"];
  /** The last whole state, with the normalization and the class names that this training uses. */
  #inUse: LearnedState;
  #position: OngoingPosition;
  #epochsBefore = 0;
  #best: BestEpoch | undefined;
  /** What this fit's epochs came to where they validated. */
  #validation: ValidationFigures[] = [];
  readonly #followsValidation: boolean;
  /** The best epoch's, where they are wanted at the end. */
  #bestWeights: Pick<LearnedState, "weights" | "average"> | undefined;
  /** Where an average is kept: the steps in it, less those that the training had done. */
  #averageSteps = 0;
  readonly #interruption: Interruption;
  /** What was read from the network: it may still hold the same. */
  readonly #read = new WeakSet<LearnedState>();
  /** What the network held before it was lent, until it holds that again. */
  #lent: LearnedState | undefined;
  #settled = false;
  #failure: { readonly error: unknown } | undefined;
  #settings: FitSettings | undefined;
  #betweenEpochs = false;

  /** @throws HeddleError when the checkpoint that it goes on from is another's. */
  constructor(
    private readonly session: Session,
    private readonly setup: TrainingSetup,
  ) {
    this.#whole = session.state;
    this.#inUse = session.state;
    this.#position = { ...session.state.position };
    this.#followsValidation = followsValidation(setup.plan, setup.compiled.schedule);
    const { resume, signal } = setup.plan.options;
    this.#interruption = new Interruption(signal);
    if (resume) checkCheckpoint(resume, { graph: setup.architecture.graph, settings: this.#fitSettings() });
  }

  /** Trains, an event at a time, and leaves the model as it should be however it ends. */
  async *events(): AsyncGenerator<TrainEvent> {
    const { session } = this;
    try {
      const network = await this.#ready();
      for await (const event of this.#loop(network)) {
        if (event.event === "end") {
          const { reason } = event;
          await session.inTurn(() => this.settle(reason === "diverged" ? "diverged" : "ended"));
          yield reason === "diverged" ? this.#withWhatIsKept(event) : event;
        } else {
          this.#betweenEpochs = event.event === "epoch";
          yield event;
          this.#betweenEpochs = false;
        }
      }
    } finally {
      await session.inTurn(() => this.settle("ended"));
    }
  }

  stop(): void {
    this.#interruption.stop();
  }

  async read(network = this.network!): Promise<LearnedState> {
    if (this.#lent) return this.#lent;
    const weights = await network.readParameters();
    return this.#asRead(weights, await network.readOptimizerState(), await this.#readAverage(network));
  }

  get hasAverage(): boolean {
    return this.#stepsAveraged > 0;
  }

  /** Of an average that is kept. */
  get #stepsAveraged(): number {
    const { weightAverage } = this.setup.compiled;
    return weightAverage ? this.#averageSteps + this.#position.stepsDone : 0;
  }

  async #readAverage(network: Network): Promise<LearnedState["average"]> {
    const steps = this.#stepsAveraged;
    return steps > 0 ? { steps, tensors: await network.readAverage() } : undefined;
  }

  #asRead(
    weights: LearnedState["weights"],
    optimizer: LearnedState["optimizer"],
    average: LearnedState["average"],
  ): LearnedState {
    const state = { ...this.#inUse, weights, optimizer, average, position: { ...this.#position } };
    this.#read.add(state);
    return state;
  }

  /** Within a turn: work with the network as it was at some moment; then it is again as it is now. */
  async lend<Result>(moment: LearnedState, work: (network: Network) => Promise<Result>): Promise<Result> {
    const network = this.network!;
    if (this.#read.has(moment) && moment.position.stepsDone === this.#position.stepsDone)
      return work(network);
    this.#lent = await this.read();
    try {
      await hold(network, moment);
      return await work(network);
    } finally {
      await hold(network, this.#lent);
      this.#lent = undefined;
    }
  }

  get inUse(): StateInUse {
    return this.#inUse;
  }

  get epochsDone(): number {
    return this.#whole.position.epochsDone;
  }

  checkpoint(): Checkpoint {
    if (!this.#betweenEpochs || !this.#best) throw noEpochEnded();
    const { optimizer = [], average, position } = this.#whole;
    this.#spare = undefined;
    return {
      model: contentsOf(this.setup.architecture, this.#whole, this.setup.compiled.loss),
      optimizerState: optimizer,
      ...(average && { average }),
      bestTensors: this.#bestWeights?.weights,
      ...(this.#bestWeights?.average && { bestAverage: this.#bestWeights.average }),
      position: {
        ...position,
        epochsBefore: this.#epochsBefore,
        best: this.#best,
        ...(this.#followsValidation && { validation: [...this.#validation] }),
      },
      settings: this.#fitSettings(),
    };
  }

  async fail(error: unknown): Promise<void> {
    if (!this.network) return;
    this.#failure = { error };
    await this.settle("failed");
  }

  async settle(ending: Ending): Promise<void> {
    if (this.#settled) return;
    this.#settled = true;
    const { session, network } = this;
    if (!network) return this.#leave();
    let state: LearnedState | undefined;
    try {
      if (ending !== "diverged") state = await this.#afterLastStep(network);
    } catch (error) {
      // A failed network gives nothing that may be torn.
      if (ending !== "failed") throw error;
    } finally {
      const kept = state ?? this.#whole;
      session.state = this.#bestWeights ? { ...kept, ...this.#bestWeights } : kept;
      this.#leave();
      // What is no number may stand in places of the network that are never written from outside.
      if (!state) await session.cache.close().catch(() => undefined);
    }
  }

  #leave(): void {
    this.network = undefined;
    if (this.session.training === this) this.session.training = undefined;
  }

  /** Nothing where its numbers are none. */
  async #afterLastStep(network: Network): Promise<LearnedState | undefined> {
    const { cache } = this.session;
    const moved = this.#position.stepsDone > this.#whole.position.stepsDone;
    const state = moved ? await this.read(network) : this.#whole;
    // The step that spoils weights has a good loss: only the next one's shows it.
    if (moved && !allFinite(state.weights)) return undefined;
    // Before its first step the network has what was measured of the images, and nothing else has that.
    const hasBegun = moved || state.position.stepsDone > this.#inUse.position.stepsDone;
    cache.holds(hasBegun ? state : this.#inUse);
    return state;
  }

  /** The network, ready for the first step. */
  async #ready(): Promise<Network> {
    const { session } = this;
    const { planned, wanted } = await session.inTurn(() => session.guarded(() => this.#prepare()));
    if (!wanted) return planned;
    // A source may take its time: nobody else waits for it.
    const { architecture, plan, platform } = this.setup;
    const { data, split } = plan;
    const measured = await measureImages(
      data.train.images,
      split.train,
      { ...wanted, moments: wanted.kernels.map(({ moments }) => moments) },
      architecture,
      platform,
      this.#interruption,
    );
    return session.inTurn(() =>
      session.guarded(async () => {
        if (!measured || this.#settled) return planned;
        const { normalization = this.#inUse.normalization } = measured;
        const weights = whitened(this.#inUse.weights, wanted.kernels, normalization);
        this.#inUse = { ...this.#inUse, weights, normalization };
        return this.#takeNetwork();
      }),
    );
  }

  /** Makes the network, and takes it where nothing is wanted of the images before. */
  async #prepare(): Promise<{ readonly planned: Network; readonly wanted?: WantedOfImages }> {
    const { session, setup } = this;
    const { plan, compiled, architecture } = setup;
    const { resume, normalization } = plan.options;
    const stepsPerEpoch = Math.ceil(plan.split.train.length / plan.batchSize);
    const before = resume ? stateOf(resume, stepsPerEpoch) : session.state;
    const { classNames = before.classNames, preparation = before.preparation } = plan.data;
    const average = this.#goesOnWith(before.average);
    this.#whole = before;
    this.#inUse = { ...uncalibrated(before), classNames, ...(preparation && { preparation }), average };
    this.#position = { ...before.position };
    this.#averageSteps = (average?.steps ?? 0) - before.position.stepsDone;
    this.#epochsBefore = resume ? (resume.position.epochsBefore ?? 0) : before.position.epochsDone;
    this.#best = resume?.position.best;
    this.#validation = [...(resume?.position.validation ?? [])];
    if (plan.options.restoreBestWeights && resume?.bestTensors) {
      this.#bestWeights = { weights: resume.bestTensors, average: resume.bestAverage };
    }
    if (typeof normalization === "object" && !resume) this.#inUse = { ...this.#inUse, normalization };
    const wanted: WantedOfImages = {
      normalization:
        normalization === "measure" || (isPlain(before.normalization) && normalization === undefined),
      kernels: unwhitened(architecture.graph, before.weights),
    };
    if (resume || !(wanted.normalization || wanted.kernels.length > 0))
      return { planned: await this.#takeNetwork() };
    // Where there is no memory for it, that is known before a source is read.
    const planned = await session.cache.holding(this.#inUse, compiled, plan.batchSize, plan.needs);
    return { planned, wanted };
  }

  /** An average that is there before, where one is kept of the same tensors. */
  #goesOnWith(average: LearnedState["average"]): LearnedState["average"] {
    const { architecture, compiled } = this.setup;
    if (!average || !compiled.weightAverage) return undefined;
    const moving = movingTensors(architecture.graph, compiled.parameterGroups);
    const same = (tensors: readonly { readonly name: string }[]) => tensors.map(({ name }) => name).join();
    return same(average.tensors) === same(moving) ? average : undefined;
  }

  async #takeNetwork(): Promise<Network> {
    const { cache } = this.session;
    const { compiled, plan } = this.setup;
    const network = await cache.holding(this.#inUse, compiled, plan.batchSize, plan.needs);
    cache.goesAhead();
    this.network = network;
    return network;
  }

  #loop(network: Network): AsyncGenerator<TrainEvent> {
    const { architecture, compiled, plan, platform, seed } = this.setup;
    const { session } = this;
    return trainLoop(network, {
      split: plan.split,
      images: plan.data.train.images,
      labels: plan.data.train.labels,
      targets: plan.data.train.targets,
      loss: compiled.loss,
      validates: plan.data.validation,
      weights: plan.weights,
      ...(plan.teaching && {
        taught: distilledTargets(plan.teaching, plan.data.train.labels, compiled.labelSmoothing),
      }),
      imageShape: architecture.inputShape,
      epochs: this.#epochsBefore + plan.epochs,
      batchSize: plan.batchSize,
      schedule: compiled.schedule,
      seed,
      augmentation: plan.options.augmentation,
      platform,
      ...(compiled.weightAverage && {
        average: { ...compiled.weightAverage, steps: this.#stepsAveraged },
      }),
      interruption: this.#interruption,
      position: this.#position,
      best: this.#best,
      earlyStopping: plan.options.earlyStopping,
      validation: this.#validation,
      turn: (work) =>
        session.inTurn(async () => {
          if (this.#failure) throw this.#failure.error;
          return this.#settled ? undefined : session.guarded(work);
        }),
      keep: (epoch) => this.#keep(network, epoch),
    });
  }

  async #keep(network: Network, { record, best }: JudgedEpoch): Promise<boolean> {
    const weights = await network.readParameters();
    if (!allFinite(weights)) return false;
    const optimizer = await network.readOptimizerState(this.#spare);
    this.#spare = optimizer;
    const average = await this.#readAverage(network);
    const state = this.#asRead(weights, optimizer, average);
    const { epoch, validationAccuracy, validationLoss } = record;
    this.#whole = { ...state, position: { ...state.position, epochsDone: epoch } };
    if (best) this.#best = { epoch, validationAccuracy, validationLoss };
    if (best && this.setup.plan.options.restoreBestWeights) this.#bestWeights = { weights, average };
    return true;
  }

  #withWhatIsKept(event: EndEvent): EndEvent {
    const { epochsDone } = this.#whole.position;
    const kept = this.#bestWeights
      ? `those of its best epoch, ${event.bestEpoch}`
      : epochsDone > this.#epochsBefore
        ? `those of epoch ${epochsDone}, the last whole one`
        : "those from before";
    return { ...event, message: `${event.message} The model's weights are ${kept}.` };
  }

  #fitSettings(): FitSettings {
    const { session, setup } = this;
    this.#settings ??= fitSettings({ ...setup, fusedMultiplyAdd: session.cache.fuses(setup.compiled) });
    return this.#settings;
  }
}

async function hold(network: Network, { weights, normalization }: LearnedState): Promise<void> {
  await network.writeParameters(weights);
  await network.setNormalization(normalization);
}

/** What `checkpoint` says at any moment but one. */
export function noEpochEnded(): UsageError {
  return new UsageError(
    "checkpoint was called when no epoch had just ended; call it at an epoch event of fitEvents, or in onEpoch.",
  );
}
