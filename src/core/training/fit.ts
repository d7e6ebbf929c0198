import { type AugmentationOptions, augmentationKind } from "../data/augmentation.js";
import type { Normalization } from "../data/dataset.js";
import { usualValidationShare } from "../data/split.js";
import { UsageError } from "../errors.js";
import { type Checkpoint, checkedCheckpoint } from "../formats/checkpoint-file.js";
import {
  choice,
  either,
  flag,
  listOf,
  number,
  type OptionKind,
  type OptionTable,
  optionsOf,
  type ResolvedOptions,
  refusal,
  resolveOptions,
  share,
  wholeNumber,
} from "../options/index.js";
import { workSignalKind } from "../stop.js";
import { callbackNames, type FitCallbacks, tell } from "./callbacks.js";
import { type DistillationOptions, distillationKind } from "./distillation.js";
import { type EarlyStoppingOptions, earlyStoppingKind } from "./early-stopping.js";
import type { EndEvent, EpochRecord, TrainEvent } from "./events.js";
import {
  type ClassWeights,
  classWeightsKind,
  type SampleWeights,
  sampleWeightsKind,
} from "./image-weights.js";
import type { SignalLike } from "./interruption.js";
import { isList } from "./read-parts.js";

/** How long `fitEvents` trains and on which images. All may be left out. */
export interface FitEventsOptions {
  /** Passes over the training part, beside those of earlier fits (default 1). */
  readonly epochs?: number | undefined;
  /**
   * Images a step, at most as many as train (default 128, or all of them where fewer train); an epoch's last
   * batch may be smaller.
   */
  readonly batchSize?: number | undefined;
  /**
   * Share of each class held back to validate with, 0 ≤ share < 1 (default 0.2): with soft targets by the class of the
   * greatest; of all images together where they have several labels. Not beside a `validation` part of the data, which
   * validates as a whole.
   */
  readonly validationShare?: number | undefined;
  /** Decides which images validate, and which a limit takes, apart from the model's seed (default 1). */
  readonly splitSeed?: number | undefined;
  /** Takes only this many training images, evenly per class, before the split (default: all). */
  readonly limit?: number | undefined;
  /**
   * How training images are varied: `{ flip: true, shift: 2 }` or `"flip,shift=2"`, and mixed with each other:
   * `{ mixup: 0.2, cutmix: 1 }` (default: not at all).
   */
  readonly augmentation?: string | AugmentationOptions | undefined;
  /**
   * "measure": the mean and the deviation of each channel are measured anew on the training part, which a source is
   * asked for once more. "keep": they stay, be they those of p / 255. Or what they are to be, one of each a channel, in
   * units of 0 … 1: `{ mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }`. Default: measured where they
   * are those of p / 255, as a new model's, else kept: they belong to the weights.
   */
  readonly normalization?: "measure" | "keep" | Normalization | undefined;
  /**
   * What the loss of each image is multiplied by in training, by its class: a weight for each, or "balanced", n /
   * (classes · images of the class) of the n that train (default: nothing). A step's loss and gradient are still
   * divided by the number of its images, as in Keras, and not by the sum of their weights, as in PyTorch: so what an
   * image adds to a gradient does not depend on which others are in its batch, and the steps of an epoch add up to
   * the gradient of the weighted loss of all. Weights far from 1 on average act like another learning rate. The
   * training loss that is told has them; validation never has. Of soft targets an image's weight is the mean of the
   * classes' weights, each by its probability; where images have several labels there are none. A mixed image counts
   * each of its two targets by the weight of the image that it came from.
   */
  readonly classWeights?: ClassWeights | undefined;
  /** The same for each training image, those that validate included, beside `classWeights` (default: nothing). */
  readonly sampleWeights?: SampleWeights | undefined;
  /**
   * Has a teacher's probabilities of each training image stand in a part of its label: `{ probabilities, weight: 0.5 }`
   * (default: nothing does). Validation and training accuracy are by the labels.
   */
  readonly distillation?: DistillationOptions | undefined;
  /**
   * Stops after so many epochs of this fit without an improvement on the images that validate:
   * `{ patience: 5 }`, and where wanted how much counts as one and of which figure (default: at the last epoch).
   * That figure then says which epoch is the best one, too.
   */
  readonly earlyStopping?: EarlyStoppingOptions | undefined;
  /**
   * Ends with the weights of this fit's best epoch instead of the last one's, however it ends (default false). The
   * best is that of the highest validation accuracy, or of what `earlyStopping` monitors. A next fit goes on from
   * them, with the optimizer as it was left. Where an average of the weights is kept, its figures say which is the best,
   * and it is that epoch's too.
   */
  readonly restoreBestWeights?: boolean | undefined;
  /**
   * An AbortSignal, or anything like it. Stops after the current step, or at once where images are waited for; the
   * weights stay as they are then.
   */
  readonly signal?: SignalLike | undefined;
  /**
   * Goes on from what `model.checkpoint()` gave, to the same bytes as without a stop. Model, data and all
   * settings but the number of threads must be those of the fit that it came from.
   */
  readonly resume?: Checkpoint | undefined;
}

/** The same for `fit`. */
export interface FitOptions extends FitEventsOptions {
  /** Told what goes on, one after the other, and waited for: `[{ onEpoch: ({ epoch }) => console.log(epoch) }]`. */
  readonly callbacks?: readonly FitCallbacks[] | undefined;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const checkpointWords = "what model.checkpoint() or decodeCheckpoint gave";

const checkpointKind: OptionKind<Checkpoint> = {
  expected: checkpointWords,
  read: (value) =>
    isObject(value)
      ? checkedCheckpoint("The checkpoint to resume", value as Checkpoint)
      : refusal(checkpointWords, value),
};

const normalizationKind: OptionKind<Normalization> = {
  expected: "an object with a mean and a deviation of each channel",
  read: optionsOf({
    mean: { meaning: "of each channel, in units of 0 … 1", kind: listOf(number()) },
    deviation: { meaning: "of each channel, above 0", kind: listOf(number({ above: 0 })) },
  } satisfies OptionTable<Normalization>).read,
};

export const fitOptions = {
  epochs: { meaning: "passes over the training part", kind: wholeNumber({ from: 1 }), default: 1 },
  batchSize: {
    meaning: "images a step",
    kind: wholeNumber({ from: 1 }),
    otherwise: "128, or all of them where fewer train",
  },
  validationShare: {
    meaning: "share of each class held back to validate with",
    kind: share(),
    otherwise: `${usualValidationShare}, or none where a part of its own validates`,
  },
  splitSeed: { meaning: "decides which images validate", kind: wholeNumber(), default: 1 },
  limit: {
    meaning: "takes only this many training images, evenly per class",
    kind: wholeNumber({ from: 1 }),
    otherwise: "all",
  },
  augmentation: {
    meaning: "how training images are varied",
    kind: augmentationKind,
    otherwise: "not at all",
  },
  normalization: {
    meaning: "whether the mean and the deviation of each channel are measured anew",
    kind: either(choice(["measure", "keep"]), normalizationKind),
    otherwise: "measured once",
  },
  classWeights: {
    meaning: "what the loss of each class's images is multiplied by in training",
    kind: classWeightsKind,
    otherwise: "nothing",
  },
  sampleWeights: {
    meaning: "what the loss of each image is multiplied by in training",
    kind: sampleWeightsKind,
    otherwise: "nothing",
  },
  distillation: {
    meaning: "a teacher's probabilities, and their share of the loss",
    kind: distillationKind,
    otherwise: "labels alone",
  },
  earlyStopping: {
    meaning: "stops after epochs without an improvement",
    kind: earlyStoppingKind,
    otherwise: "at the last epoch",
  },
  restoreBestWeights: {
    meaning: "ends with the best epoch's weights instead of the last one's",
    kind: flag(),
    default: false,
  },
  signal: { meaning: "stops after the current step", kind: workSignalKind, otherwise: "nothing does" },
  resume: { meaning: "a checkpoint to go on from", kind: checkpointKind, otherwise: "none" },
} satisfies OptionTable<FitEventsOptions>;

export type ResolvedFitOptions = ResolvedOptions<typeof fitOptions>;

/** What belongs elsewhere, and what other libraries tell `fit`. */
const elsewhere = {
  callbacks: "Give them to fit; fitEvents gives events in their place.",
  learningRate: "Give it to compile.",
  optimizer: "Give it to compile.",
  schedule: "Give it to compile.",
  threads: "Give it to compile.",
  seed: "Give it to the model.",
  validationData:
    "Give the data a validation part, fit({ train, validation }), or validationShare, the part of train that validates.",
  shuffle: "Images are always taken in a new order each epoch; the model's seed decides which.",
  classWeight: "Give classWeights.",
  sampleWeight: "Give sampleWeights.",
  patience: "Give earlyStopping: { patience: 5 }.",
  verbose: "It prints nothing; callbacks are told what goes on.",
};

/**
 * Fills in defaults.
 *
 * @param besides names of options that somebody else reads
 * @throws UsageError on an unknown option, or a value that is not allowed
 */
export function resolveFitOptions(
  given: FitEventsOptions,
  besides: readonly string[] = [],
): ResolvedFitOptions {
  if (ArrayBuffer.isView(given) || isList(given)) {
    throw new UsageError(
      "fit takes images and labels together: fit({ train: { images, labels } }, { epochs: 5 }).",
    );
  }
  const inCallbacks = "callbacks: [{ onEpoch: (event) => console.log(event) }]";
  const called = besides.includes("callbacks")
    ? `Give it in ${inCallbacks}.`
    : `Give it to fit, in ${inCallbacks}; fitEvents gives events in their place.`;
  const ofCallbacks = Object.fromEntries(callbackNames.map((name) => [name, called]));
  return resolveOptions("fit", given, fitOptions, { elsewhere: { ...elsewhere, ...ofCallbacks }, besides });
}

/** What a whole `fit` did. */
export interface History {
  /** Those of this fit, counted over the whole training. */
  readonly epochs: readonly EpochRecord[];
  /** How it ended. */
  readonly end: EndEvent;
}

/** Reads a run's events to its end, telling callbacks. */
export async function collectHistory(
  events: AsyncIterable<TrainEvent>,
  callbacks: readonly FitCallbacks[],
): Promise<History> {
  const epochs: EpochRecord[] = [];
  let last: EndEvent | undefined;
  for await (const event of events) {
    for (const callback of callbacks) await tell(callback, event);
    if (event.event === "epoch") {
      const { event: _, best: __, ...record } = event;
      epochs.push(record);
    }
    if (event.event === "end") last = event;
  }
  if (!last) throw new Error("The training loop ended without an end event.");
  return { epochs, end: last };
}
