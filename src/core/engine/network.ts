import type { ImageSet, Normalization } from "../data/dataset.js";
import type { Graph } from "../graph/index.js";
import type { Shape } from "../layers/layer.js";
import type { OptimizerConfig } from "../optimizers/optimizer.js";
import type { Platform } from "../platform.js";
import type { JobTimes } from "./step-timer.js";

/** A named float32 tensor: `C1.kernel`, [3, 3, 1, 32]. */
export interface NamedTensor {
  /** `<layer>.<tensor>`, such as `conv2d_1.kernel`. */
  readonly name: string;
  /** Its sizes; their product is the length of `data`. */
  readonly shape: Shape;
  /** In row-major order. */
  readonly data: Float32Array;
}

export interface NetworkOptions {
  readonly graph: Graph;
  /** Samples of a full training step; 0 plans for inference alone. */
  readonly trainBatchSize: number;
  /** Samples of a full inference step. */
  readonly inferenceBatchSize: number;
  /** How many images the arena can hold at once. */
  readonly imageCapacity: number;
  readonly optimizer?: OptimizerConfig;
  /** Share of the target spread evenly over all classes, 0 … 1 (default 0). */
  readonly labelSmoothing?: number;
  readonly threads: number;
  /** Plain multiply and add instead of the fused kind: the same bytes on every processor. */
  readonly portable?: boolean;
  /** False computes 3 × 3 convolutions directly rather than by Winograd's tiles (default true). */
  readonly winograd?: boolean;
  /** Longest wait for another thread, milliseconds, before the run ends with an error. */
  readonly waitLimit?: number;
  readonly platform: Platform;
}

/** What each image of a batch is turned into before it enters: made by data/augmentation. */
export interface BatchAugmentation {
  /**
   * 6 numbers an image, [a, b, c, d, e, f]: output pixel (x, y) reads input pixel
   * (a·x + b·y + c, d·x + e·y + f), bilinear, black outside.
   */
  readonly affine: Float32Array;
  /** 4 whole numbers an image, [left, top, width, height]: set to the mean pixel after the transform. */
  readonly erase: Int32Array;
}

export interface TrainStep {
  /** Which of the loaded images, in order; 1 … trainBatchSize of them. */
  readonly indices: Uint32Array;
  /** Counts steps from 0 over the whole training: seeds dropout. */
  readonly step: number;
  /** Counts steps from 0 since the optimizer's own start: corrects Adam's bias. */
  readonly optimizerStep: number;
  readonly seed: number;
  readonly learningRate: number;
  readonly augmentation?: BatchAugmentation;
}

export interface StepResult {
  /** Sum over the batch of the cross-entropy, natural logarithm. */
  readonly lossSum: number;
  readonly correct: number;
}

export interface Prediction {
  /** Softmax outputs, [indices.length, classes]. */
  readonly probabilities: Float32Array;
}

/**
 * A model made ready to run: memory planned, kernels emitted, threads parked. Calls are done one after the other,
 * in the order they are made, so that none ever sees half of another. What rejects one changes nothing but where
 * `trainStep` says so.
 */
export interface Network {
  readonly threads: number;
  readonly relaxedSimd: boolean;
  /** Bytes of the arena: weights, optimizer state, activations, gradients and images. */
  readonly arenaBytes: number;
  readonly parameterCount: number;
  readonly classes: number;
  /** How pixels enter from now on (at first as p / 255). @throws UsageError unless it has a number for each channel. */
  setNormalization(normalization: Normalization): Promise<void>;
  /** Replaces the images that indices refer to. @throws HeddleError when there are more than planned, or they don't fit. */
  loadImages(set: ImageSet): Promise<void>;
  /**
   * Forward, backward and the optimizer. Until it is done the indices and the augmentation must stay as they are.
   * @throws HeddleError when a thread fails: then the weights may be half those of before and half those of after.
   */
  trainStep(step: TrainStep): Promise<StepResult>;
  /**
   * Forward without dropout over any number of loaded images, all by the same weights; many let the event loop turn in
   * between.
   */
  predict(indices: Uint32Array): Promise<Prediction>;
  /**
   * The same of any number of images as bytes, [N, H, W, C], which must stay as they are until it is done; the loaded ones
   * stay. @throws UsageError unless they are whole images
   */
  predictImages(images: Uint8Array): Promise<Prediction>;
  /** @throws HeddleError where a step that failed may have changed some and not others. */
  readParameters(): Promise<NamedTensor[]>;
  /** @throws HeddleError on a missing, unknown or wrongly shaped tensor. */
  writeParameters(tensors: readonly NamedTensor[]): Promise<void>;
  /** The optimizer's state, one flat vector a slot, laid out as this network keeps it. */
  readOptimizerState(): Promise<NamedTensor[]>;
  writeOptimizerState(tensors: readonly NamedTensor[]): Promise<void>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** A network that keeps account of what the threads of each step spend their time on. */
export interface TimedNetwork extends Network {
  /** The jobs of the last step, in the order of the plan; call it after every step, or times add up. */
  takeTimes(kind: "train" | "infer"): readonly JobTimes[];
}
