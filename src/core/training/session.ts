import type { Network, Prediction, WeightsKind } from "../engine/network.js";
import { UsageError } from "../errors.js";
import type { Checkpoint } from "../formats/checkpoint-file.js";
import type { Platform } from "../platform.js";
import { LoopWatch } from "../turns.js";
import type { CompiledOptions } from "./compile.js";
import { Interruption } from "./interruption.js";
import type { NetworkCache } from "./network-cache.js";
import { type LearnedState, stateWith } from "./state.js";
import { noAverage } from "./weight-average.js";
import { WorkQueue } from "./work-queue.js";

/**
 * How a training ends: "ended" in good order, at its end or earlier; "diverged", with weights that nobody wants;
 * "failed", with a network that may be torn between two steps.
 */
export type Ending = "ended" | "diverged" | "failed";

/** Which weights somebody is asked for. */
export interface AskedWeights {
  readonly weights: WeightsKind;
  /** Who is asked, for errors. */
  readonly owner: string;
}

/** A forward pass over some images. */
export type Predict = (images: Uint8Array) => Promise<Prediction>;

/** What anybody may ask of a model at any moment. */
export type StateInUse = Pick<LearnedState, "normalization" | "classNames" | "preparation" | "calibration">;

/** A training, as those see it that wait for it or break in. */
export interface OngoingTraining {
  /** From when it is ready until it is settled. */
  readonly network: Network | undefined;
  /** Whether it keeps an average of the weights, and has made a step. */
  readonly hasAverage: boolean;
  /** How pixels enter, and what classes are called, while it goes on. */
  readonly inUse: StateInUse;
  /** Whole epochs so far, those of fits before among them. */
  readonly epochsDone: number;
  /** Asks it to end after what it does just now. */
  stop(): void;
  /** Within a turn: what it has learned at this moment. */
  read(): Promise<LearnedState>;
  /** Within a turn: work with the network as it was at some moment; then it is again as it is now. */
  lend<Result>(moment: LearnedState, work: (network: Network) => Promise<Result>): Promise<Result>;
  /** All there is of it at an epoch's event. @throws UsageError at any other moment */
  checkpoint(): Checkpoint;
  /** Within a turn: the network has failed. What it can still give whole is kept. */
  fail(error: unknown): Promise<void>;
  /** Within a turn: hands what was learned to the model, once. */
  settle(ending: Ending): Promise<void>;
}

/**
 * What a model has learned, the network that is a copy of it, and the training that is ahead of both. All that
 * looks at them or changes them does so in turns, in the order of the calls: so each sees one whole state.
 */
export class Session {
  /** The one going on: from its first event until it is settled. Between, what it has learned is its own. */
  training: OngoingTraining | undefined;
  readonly #queue = new WorkQueue();
  readonly #watch: LoopWatch;
  /** Those that wait for images to predict. */
  readonly #waiting = new Set<Interruption>();

  constructor(
    /** As the last whole epoch, or the last call that changed it, left it. */
    public state: LearnedState,
    readonly cache: NetworkCache,
    platform: Pick<Platform, "now" | "yield">,
  ) {
    this.#watch = new LoopWatch(platform);
  }

  /** How pixels enter, and what classes are called, at this moment. */
  get inUse(): StateInUse {
    const { training } = this;
    return training?.network ? training.inUse : this.state;
  }

  /** Whole epochs of all fits up to this moment. */
  get epochsDone(): number {
    const { training } = this;
    return training?.network ? training.epochsDone : this.state.position.epochsDone;
  }

  /** @throws UsageError while a training goes on */
  refuseWhileTraining(call: string): void {
    if (!this.training) return;
    throw new UsageError(
      `${call} was called while fit is going on. Wait for its end; or end it first, by its signal, by leaving the loop over its events, or by dispose.`,
    );
  }

  /** Does work when all that was asked for before is done. Calls without end let timers and signals through. */
  inTurn<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    return this.#queue.run(async () => {
      await this.#watch.pass();
      return work();
    });
  }

  /**
   * Within a turn: predicts with the weights of this moment. What fails is the network, which is
   * given up, and the next turn makes another; what a caller gets wrong is a UsageError and leaves it as it is.
   */
  withNetwork<Result>(
    { weights, owner }: AskedWeights,
    compiled: CompiledOptions,
    work: (predict: Predict) => Promise<Result>,
  ): Promise<Result> {
    return this.guarded(async () => {
      const { training } = this;
      if (training?.network) {
        const { network } = training;
        if (weights === "average" && !training.hasAverage) throw noAverage(owner);
        return work((images) => network.predict(images, weights));
      }
      const network = await this.cache.holding(stateWith(weights, this.state, owner), compiled);
      return work((images) => network.predict(images));
    });
  }

  /** The same with a network that holds what the model knew at some moment. */
  withNetworkOf<Result>(
    moment: LearnedState,
    compiled: CompiledOptions,
    work: (network: Network) => Promise<Result>,
  ): Promise<Result> {
    return this.guarded(async () => {
      const { training } = this;
      if (training?.network) return training.lend(moment, work);
      return work(await this.cache.holding(moment, compiled));
    });
  }

  /** Work that waits for somebody's images, outside of any turn: interrupted when the model is disposed. */
  async waiting<Result>(work: (interruption: Interruption) => Promise<Result>): Promise<Result> {
    const interruption = new Interruption();
    this.#waiting.add(interruption);
    try {
      return await work(interruption);
    } finally {
      this.#waiting.delete(interruption);
    }
  }

  /** Within a turn: what the model knows at this moment, with these weights. @throws UsageError where no average is kept */
  async current({ weights, owner }: AskedWeights): Promise<LearnedState> {
    const { training } = this;
    const state = training?.network ? await this.guarded(() => training.read()) : this.state;
    return stateWith(weights, state, owner);
  }

  /** Within a turn: work with the network, which is given up when it fails. */
  async guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof UsageError) throw error;
      await this.training?.fail(error);
      // What it dies of is in the error already.
      await this.cache.close().catch(() => undefined);
      throw error;
    }
  }

  /** Ends the training that goes on, as its signal would, and what waits for images; gives back memory and threads. */
  async dispose(): Promise<void> {
    const { training } = this;
    training?.stop();
    for (const interruption of this.#waiting) interruption.stop();
    await this.inTurn(async () => {
      await training?.settle("ended");
      await this.cache.close();
    });
  }
}
