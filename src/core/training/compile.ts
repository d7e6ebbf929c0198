import { UsageError } from "../errors.js";
import type { Graph } from "../graph/index.js";
import { type LossName, lossNames, usualLoss } from "../loss.js";
import { type OptimizerName, type OptimizerSpec, optimizerKind } from "../optimizers/index.js";
import { checkGroups, type ParameterGroup, parameterGroupsKind } from "../optimizers/parameter-groups.js";
import {
  choice,
  flag,
  number,
  type OptionTable,
  type ResolvedOptions,
  resolveOptions,
  share,
  wholeNumber,
} from "../options/index.js";
import type { Platform } from "../platform.js";
import { fixedRate } from "../schedules/fixed-rate.js";
import { type Schedule, type ScheduleConfig, type ScheduleName, scheduleKind } from "../schedules/index.js";
import { type WeightAverageOptions, weightAverageKind } from "./weight-average.js";

/** How the next `fit` trains, and on how many threads everything runs. */
export interface CompileOptions {
  /** A name or a factory's result, such as `sgd({ momentum: 0.9 })` (default `adam()`). */
  readonly optimizer?: OptimizerName | OptimizerSpec | undefined;
  /** A fixed learning rate (default 0.001); `schedule` takes its place. */
  readonly learningRate?: number | undefined;
  /** A learning rate for each step, such as `dynamicDecay({ learningRate: 0.001 })`. */
  readonly schedule?: Schedule | ScheduleName | ScheduleConfig | undefined;
  /**
   * "crossEntropy" over softmax, of images of one class or of the classes' probabilities; "binaryCrossEntropy" over
   * sigmoids, the mean over the labels, of images of any number of labels (default: the model's own, "crossEntropy" at
   * first). The model's outputs follow it, and its file remembers it.
   */
  readonly loss?: LossName | undefined;
  /**
   * Share of the target spread evenly over all classes, 0 ≤ share < 1 (default 0): soft targets t become (1 − share) · t
   * + share / classes. In a binary cross-entropy each target becomes (1 − share) · t + share / 2.
   */
  readonly labelSmoothing?: number | undefined;
  /**
   * The norm of all gradients together at which they are clipped (Pascanu et al. 2013): where ‖g‖ is greater, every
   * gradient is multiplied by clipNorm / ‖g‖ before the optimizer sees it (default: never). Of the mean loss over the
   * batch, weight decay not counted; Muon looks at directions alone, so of its matrices it changes their momentum only.
   */
  readonly clipNorm?: number | undefined;
  /**
   * Tensors that are trained otherwise than the others, or not at all, by their names (default: none are). The first
   * group that matches a tensor is its own: `[{ match: "conv2d_1.*", frozen: true }, { match: "*.bias", learningRateFactor: 2 }]`.
   */
  readonly parameterGroups?: readonly ParameterGroup[] | undefined;
  /**
   * Keeps a moving average of all that training moves, running statistics too, behind each step: { decay: 0.999 }
   * (default: none; Polyak and Juditsky 1992, freed of its bias as Adam's moments are). `predict`, `evaluate`, `save`
   * and others take it with `{ weights: "average" }`. Where one is kept, the images that validate are judged with it: so
   * the validation figures, the early stop and the best epoch are the average's.
   *
   * A next `fit` goes on with it. It is given up when weights change without it: by `setWeights`, `reset`, a `fit` that
   * keeps none; and begins anew where other tensors are frozen than before.
   */
  readonly weightAverage?: WeightAverageOptions | undefined;
  /** Threads that compute, 1 … 256 (default: one a processor). They never change a result. */
  readonly threads?: number | undefined;
  /** Plain multiply and add instead of the fused kind: the same bytes on every processor (default false). */
  readonly portable?: boolean | undefined;
  /**
   * Has the runtime join pairs of 128-bit vector operations into 256-bit ones (default false): V8's experimental pass,
   * for Node 24 to 26 on x64 with AVX2, switched on for the whole process and for good, since it is a flag of V8. It is
   * tried first: where kernels give other bits with it or are no faster, and where there is none, everything stays at
   * 128. No result depends on it. `heddle` commands ask for it by themselves.
   */
  readonly wideVectors?: boolean | undefined;
}

export const maximumThreads = 256;

const classifies = "Models classify: give labels, or targets from 0 to 1.";

export const compileOptions = {
  optimizer: { meaning: "how weights move along their gradients", kind: optimizerKind, default: "adam" },
  learningRate: {
    meaning: "a fixed learning rate",
    kind: number({ above: 0 }),
    otherwise: "the schedule's, or 0.001",
  },
  schedule: { meaning: "a learning rate for each step", kind: scheduleKind, otherwise: "a fixed rate" },
  loss: {
    meaning: "what is made small, and with it what the outputs are",
    kind: choice(lossNames, {
      mse: classifies,
      meanSquaredError: classifies,
      nll: 'Give "crossEntropy": it takes the softmax of logits itself.',
    }),
    otherwise: 'the model\'s own, "crossEntropy" at first',
  },
  labelSmoothing: {
    meaning: "share of the target spread evenly over all classes",
    kind: share(),
    default: 0,
  },
  clipNorm: {
    meaning: "the norm of all gradients together at which they are clipped",
    kind: number({ above: 0 }),
    otherwise: "never",
  },
  parameterGroups: {
    meaning: "tensors that are trained otherwise, or not at all, by their names",
    kind: parameterGroupsKind,
    otherwise: "none are",
  },
  weightAverage: {
    meaning: "keeps a moving average of the weights",
    kind: weightAverageKind,
    otherwise: "none is kept",
  },
  threads: {
    meaning: "threads that compute; they never change a result",
    kind: wholeNumber({ from: 1, to: maximumThreads }),
    otherwise: "one a processor",
  },
  portable: {
    meaning: "plain multiply and add: the same bytes on every processor",
    kind: flag(),
    default: false,
  },
  wideVectors: {
    meaning: "has V8 join pairs of 128-bit operations, in the whole process, where it can",
    kind: flag(),
    default: false,
  },
} satisfies OptionTable<CompileOptions>;

type Resolved = ResolvedOptions<typeof compileOptions>;

/** All of them settled; a learning rate is a schedule by now. */
export type CompiledOptions = {
  readonly [Name in Exclude<keyof Resolved, "learningRate" | Open>]: NonNullable<Resolved[Name]>;
} & Partial<Pick<Resolved, Open>>;

type Open = "clipNorm" | "parameterGroups" | "weightAverage";

/** What other libraries tell `compile`. */
const elsewhere = {
  clipnorm: "Give clipNorm, the norm of all gradients together.",
  trainable: 'Freeze tensors by their names: parameterGroups: [{ match: "conv2d_1.*", frozen: true }].',
  ema: "Give weightAverage: { decay: 0.999 }.",
  metrics: "Loss and accuracy are always measured, and evaluate gives the rest.",
  epochs: "Give it to fit.",
  batchSize: "Give it to fit.",
  seed: "Give it to the model.",
};

/**
 * Fills in defaults.
 *
 * @param graph whose tensors the parameter groups name
 * @param loss the model's so far
 * @throws UsageError on an unknown option, a value that is not allowed, or groups that don't fit the model
 */
export function resolveCompileOptions(
  given: CompileOptions,
  platform: Platform,
  graph: Graph,
  loss: LossName = usualLoss,
): CompiledOptions {
  const {
    learningRate,
    parameterGroups = [],
    ...resolved
  } = resolveOptions("compile", given, compileOptions, { elsewhere });
  if (resolved.schedule && learningRate !== undefined) {
    throw new UsageError("compile got both a learningRate and a schedule; give the rate to the schedule.");
  }
  checkGroups("compile", parameterGroups, graph, resolved.optimizer);
  return {
    ...resolved,
    ...(parameterGroups.length > 0 && { parameterGroups }),
    loss: resolved.loss ?? loss,
    schedule: resolved.schedule ?? fixedRate(learningRate),
    threads: resolved.threads ?? Math.min(platform.cores, maximumThreads),
  };
}
