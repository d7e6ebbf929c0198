import type { ImageSet } from "../../data/dataset.js";
import type { NamedTensor, Network, Prediction, StepResult, TrainStep } from "../../engine/network.js";
import type { Platform } from "../../platform.js";

/** What one call of `trainStep` was given, kept apart from buffers that are used again. */
export interface SeenStep extends Omit<TrainStep, "indices"> {
  readonly indices: readonly number[];
}

export interface FakeNetworkOptions {
  readonly classes?: number;
  /** Mean loss of a step, by the step's number over the run (default 1). */
  readonly loss?: (step: number) => number;
  /** Softmax outputs of an image, by how many epochs of validation came before. */
  readonly outputs?: (image: number, epoch: number) => readonly number[];
  /** Called at each step, before it counts as done. */
  readonly onStep?: (step: number) => void;
}

/** A network that computes nothing: it notes what it is told and answers as the test wants. */
export class FakeNetwork implements Network {
  readonly threads = 1;
  readonly relaxedSimd = false;
  readonly arenaBytes = 0;
  readonly parameterCount = 0;
  readonly classes: number;
  readonly steps: SeenStep[] = [];
  closed = false;
  readonly #options: FakeNetworkOptions;
  #stepsAtValidation = -1;
  #validations = 0;

  constructor(options: FakeNetworkOptions = {}) {
    this.#options = options;
    this.classes = options.classes ?? 2;
  }

  async setNormalization(): Promise<void> {}
  async loadImages(_set: ImageSet): Promise<void> {}

  async trainStep(step: TrainStep): Promise<StepResult> {
    this.#options.onStep?.(step.step);
    this.steps.push({ ...step, indices: [...step.indices] });
    const loss = this.#options.loss?.(step.step) ?? 1;
    return { lossSum: loss * step.indices.length, correct: step.indices.length >> 1 };
  }

  async predict(indices: Uint32Array): Promise<Prediction> {
    if (this.#stepsAtValidation !== this.steps.length) this.#validations++;
    this.#stepsAtValidation = this.steps.length;
    const uniform = Array.from({ length: this.classes }, () => 1 / this.classes);
    const rows = [...indices].flatMap(
      (image) => this.#options.outputs?.(image, this.#validations) ?? uniform,
    );
    return { probabilities: Float32Array.from(rows) };
  }

  async predictImages(): Promise<Prediction> {
    return { probabilities: new Float32Array(0) };
  }

  async readParameters(): Promise<NamedTensor[]> {
    return [];
  }
  async writeParameters(): Promise<void> {}
  async readOptimizerState(): Promise<NamedTensor[]> {
    return [];
  }
  async writeOptimizerState(): Promise<void> {}
  async close(): Promise<void> {
    this.closed = true;
  }
}

/** A platform whose clock goes on by a fixed time at each look. */
export function fakePlatform(millisecondsALook = 1): Platform & { readonly yields: () => number } {
  let now = 0;
  let yields = 0;
  return {
    cores: 1,
    sharedMemory: false,
    startWorker: () => {
      throw new Error("a fake platform has no workers");
    },
    now: () => {
      now += millisecondsALook;
      return now;
    },
    yield: async () => {
      yields++;
    },
    yields: () => yields,
  };
}
