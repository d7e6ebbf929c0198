import type { Network, Prediction, StepResult, TrainStep } from "../../engine/network.js";
import type { NamedTensor } from "../../named-tensor.js";
import type { Platform } from "../../platform.js";

/** Images of [2, 2, 1] whose four bytes say which they are. */
export function numberedImages(count: number): Uint8Array {
  return new Uint8Array(Uint32Array.from({ length: count }, (_, index) => index).buffer);
}

const indicesOf = (images: Uint8Array): number[] => [...new Uint32Array(images.slice().buffer)];

/** What one call of `trainStep` was given, kept apart from buffers that are used again. */
export interface SeenStep extends Omit<TrainStep, "images"> {
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
  readonly vectorBits = 128;
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

  async trainStep({ images, ...step }: TrainStep): Promise<StepResult> {
    this.#options.onStep?.(step.step);
    const indices = indicesOf(images);
    this.steps.push({ ...step, indices });
    const loss = this.#options.loss?.(step.step) ?? 1;
    return { lossSum: loss * indices.length, correct: indices.length >> 1 };
  }

  async predict(images: Uint8Array): Promise<Prediction> {
    if (this.#stepsAtValidation !== this.steps.length) this.#validations++;
    this.#stepsAtValidation = this.steps.length;
    const uniform = Array.from({ length: this.classes }, () => 1 / this.classes);
    const rows = indicesOf(images).flatMap(
      (image) => this.#options.outputs?.(image, this.#validations) ?? uniform,
    );
    return { probabilities: Float32Array.from(rows) };
  }

  async readParameters(): Promise<NamedTensor[]> {
    return [];
  }
  async writeParameters(): Promise<void> {}
  async readOptimizerState(): Promise<NamedTensor[]> {
    return [];
  }
  async writeOptimizerState(): Promise<void> {}
  async readAverage(): Promise<NamedTensor[]> {
    return [];
  }
  async writeAverage(): Promise<void> {}
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
