import type { BatchAugmentation } from "../data/batch-augmentation.js";
import type { Labels, Normalization } from "../data/dataset.js";
import type { BatchMixing } from "../data/mix-batch.js";
import type { Graph } from "../graph/index.js";
import type { DistilledLoss } from "../kernels/softmax.js";
import type { LossName } from "../loss.js";
import type { NamedTensor } from "../named-tensor.js";
import type { OptimizerConfig } from "../optimizers/optimizer.js";
import type { ResolvedGroup } from "../optimizers/parameter-groups.js";
import type { Platform } from "../platform.js";
import type { JobTimes } from "./step-timer.js";

/** What a network is made of, and for. */
export interface NetworkOptions {
  /** What is computed; the output is logits, [N, classes]. */
  readonly graph: Graph;
  /** Samples of a full training step; 0 plans for inference alone. */
  readonly trainBatchSize: number;
  /** Samples of a full inference step. */
  readonly inferenceBatchSize: number;
  /** How weights move; none for inference alone. */
  readonly optimizer?: OptimizerConfig | undefined;
  /** Tensors that move otherwise, or not at all (default: none). */
  readonly parameterGroups?: readonly ResolvedGroup[] | undefined;
  /** Share of the target spread evenly over all classes, 0 … 1 (default 0). */
  readonly labelSmoothing?: number | undefined;
  /** The gradients' global norm is scaled down to it where it is greater (default: never). */
  readonly clipNorm?: number | undefined;
  /** Whether an average of the weights is kept (default false): what training moves, trained or a running statistic. */
  readonly averages?: boolean | undefined;
  /** What is made small, and what outputs are made of logits (default "crossEntropy"). */
  readonly loss?: LossName | undefined;
  /** What predictions are: probabilities (default), or what the graph gives as it is, be it logits or features. */
  readonly outputs?: "probabilities" | "logits" | undefined;
  /** Whether each step gives the targets of its images, which binary cross-entropy is trained with (default false). */
  readonly targets?: boolean | undefined;
  /**
   * Where there are targets, of a cross-entropy without label smoothing: the part of the loss that is of logits divided by a
   * temperature (default: none). The targets are then those of both parts together: see `DistilledLoss`.
   */
  readonly distillation?: DistilledLoss | undefined;
  /** Whether each step gives the weights of its images (default false). */
  readonly weighted?: boolean | undefined;
  /** Whether steps may mix the images of their batch (default false). */
  readonly mixes?: boolean | undefined;
  /** Threads to compute on, the calling one among them: any number gives the same bytes. */
  readonly threads: number;
  /** Plain multiply and add instead of the fused kind: the same bytes on every processor. */
  readonly portable?: boolean | undefined;
  /**
   * Asks the platform to have its runtime join pairs of 128-bit vector operations, in the whole process, where it can
   * (default false).
   */
  readonly wideVectors?: boolean | undefined;
  /** False computes 3 × 3 and 5 × 5 convolutions directly rather than by Winograd's tiles (default true). */
  readonly winograd?: boolean | undefined;
  /** Longest wait for another thread, milliseconds, before the run ends with an error. */
  readonly waitLimit?: number | undefined;
  /** Where threads, clock and memory come from. */
  readonly platform: Platform;
}

/** What each step of a training gives beside images and labels. */
export type StepNeeds = Required<Pick<NetworkOptions, "weighted" | "targets" | "mixes">> &
  Pick<NetworkOptions, "distillation"> & {
    /** Whether the targets are smoothed already, whatever else is said of smoothing. */
    readonly smoothed?: true;
  };

/** What a step trains on. */
export interface TrainStep {
  /** 1 … trainBatchSize of them as bytes, [N, H, W, C]. */
  readonly images: Uint8Array;
  /** One an image: with `targets` no more than what counts as right. */
  readonly labels: Labels;
  /**
   * Where the network is made for `targets`: [N, classes], what each output should be. They stay within 0 … 1, and
   * those of an image add up to 1 in a cross-entropy without a distillation.
   */
  readonly targets?: Float32Array;
  /**
   * Where the network is `weighted`: what each image's loss and gradient are multiplied by. The gradient stays that of
   * the sum over the batch divided by the number of its images.
   */
  readonly weights?: Float32Array;
  /** Counts steps from 0 over the whole training: seeds dropout. */
  readonly step: number;
  /** Counts steps from 0 since the optimizer's own start: corrects Adam's bias. */
  readonly optimizerStep: number;
  /** The model's. */
  readonly seed: number;
  /** Of this step. */
  readonly learningRate: number;
  /**
   * Where the network `averages`: the share s of this step's weights, 0 < s ≤ 1, in average ← average + s · (weights −
   * average). With 1 the average begins anew.
   */
  readonly averageShare?: number;
  /** How each image is varied (default: not at all). */
  readonly augmentation?: BatchAugmentation;
  /** Where the network `mixes`: how each image is mixed with another of the batch (default: not at all). */
  readonly mixing?: BatchMixing;
}

/** What a step came to. */
export interface StepResult {
  /** Sum over the batch of the loss, natural logarithm, each times its image's weight. */
  readonly lossSum: number;
  /**
   * Images whose greatest probability is their label's; in a binary cross-entropy the sum over images of the share of
   * their labels that are on the right side of ½.
   */
  readonly correct: number;
}

/** Which of a network's weights: those that are trained, or their average. */
export type WeightsKind = "trained" | "average";

/** What a network says of images. */
export interface Prediction {
  /** Softmax outputs, or sigmoids where the loss is a binary cross-entropy, or logits, as asked for: [N, classes]. */
  readonly probabilities: Float32Array;
}

/**
 * A model made ready to run: memory planned, kernels emitted, threads parked. Calls are done one after the other,
 * in the order they are made, so that none ever sees half of another. What rejects one changes nothing but where
 * `trainStep` says so.
 */
export interface Network {
  /** As many as compute, the calling one among them. */
  readonly threads: number;
  /** Whether multiply and add are fused. */
  readonly relaxedSimd: boolean;
  /** Bits of the vectors that its kernels are laid out for. */
  readonly vectorBits: 128 | 256;
  /** Bytes of the arena: weights, optimizer state, activations, gradients and the images of a step. */
  readonly arenaBytes: number;
  /** Numbers that are trained. */
  readonly parameterCount: number;
  /** Probabilities of an image. */
  readonly classes: number;
  /** How pixels enter from now on (at first as p / 255). @throws UsageError unless it has a number for each channel. */
  setNormalization(normalization: Normalization): Promise<void>;
  /**
   * Forward, backward and the optimizer. Until it is done images, labels and augmentation must stay as they are.
   * @throws UsageError on images or labels that can't be a step's.
   * @throws HeddleError when a thread fails: then the weights may be half those of before and half those of after.
   */
  trainStep(step: TrainStep): Promise<StepResult>;
  /**
   * Forward without dropout over any number of images as bytes, [N, H, W, C], which must stay as they are until it is
   * done; all by the same weights. Many let the event loop turn in between.
   * @param weights default: the trained ones
   * @throws UsageError unless they are whole images, and on an average that is not kept
   */
  predict(images: Uint8Array, weights?: WeightsKind): Promise<Prediction>;
  /** @throws HeddleError where a step that failed may have changed some and not others. */
  readParameters(): Promise<NamedTensor[]>;
  /** @throws HeddleError on a missing, unknown or wrongly shaped tensor. */
  writeParameters(tensors: readonly NamedTensor[]): Promise<void>;
  /**
   * The optimizer's state, a tensor a slot and parameter; into the data of an earlier one, where that is not wanted
   * any more.
   * @throws HeddleError where a step that failed may have changed some and not others.
   */
  readOptimizerState(into?: readonly NamedTensor[]): Promise<NamedTensor[]>;
  writeOptimizerState(tensors: readonly NamedTensor[]): Promise<void>;
  /**
   * The average, a tensor for each that training moves; of a network that `averages` alone.
   * @throws HeddleError where a step that failed may have changed some and not others.
   */
  readAverage(): Promise<NamedTensor[]>;
  writeAverage(tensors: readonly NamedTensor[]): Promise<void>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** Makes a graph ready to run. */
export interface CreateNetwork {
  (options: NetworkOptions): Promise<Network>;
  /**
   * Whether its networks fuse multiply and add unless they are portable (left out: as this library's own do). A
   * checkpoint notes it, and goes on only where the answer is the same.
   */
  fusesMultiplyAdd?(): boolean;
}

/** A network that keeps account of what the threads of each step spend their time on. */
export interface TimedNetwork extends Network {
  /** The jobs of the last step, in the order of the plan; call it after every step, or times add up. */
  takeTimes(kind: "train" | "infer"): readonly JobTimes[];
}
