import type { Labels } from "../data/dataset.js";
import { dealFolds } from "../data/folds.js";
import { checkLabelRange, classesKind, labelsKind } from "../data/labels.js";
import { pickImages } from "../data/pick-images.js";
import { checkGroups, groupsKind } from "../data/split.js";
import type { CreateNetwork } from "../engine/network.js";
import { HeddleError, UsageError } from "../errors.js";
import { dense } from "../layers/dense.js";
import { dropout } from "../layers/dropout.js";
import { flatten } from "../layers/flatten.js";
import { evaluate } from "../metrics/evaluation.js";
import type { NamedTensor } from "../named-tensor.js";
import { adamw } from "../optimizers/index.js";
import {
  listOf,
  number,
  type OptionTable,
  optionsOf,
  type ResolvedOptions,
  resolveOptions,
  share,
  wholeNumber,
} from "../options/index.js";
import type { Platform } from "../platform.js";
import { cosineDecay } from "../schedules/index.js";
import { throwIfStopped, type WorkSignal } from "../stop.js";
import { type ClassWeights, classWeightsKind } from "../training/image-weights.js";
import { sequential } from "../training/model.js";
import { type FeatureTable, quantized, unquantized } from "./feature-table.js";
import type { Features } from "./features.js";
import { featuresKind } from "./features-kind.js";
import { listenerOption, placeOptions } from "./options.js";

/** What a head is trained on, and how. */
export interface HeadTraining {
  readonly features: Features;
  /** [N]. */
  readonly labels: Labels;
  readonly classes: number;
  /** [N]: images of one number are never parted. */
  readonly groups?: Uint32Array | undefined;
  readonly classWeights?: ClassWeights | undefined;
  readonly seed: number;
  readonly platform: Platform;
  readonly createNetwork?: CreateNetwork | undefined;
  readonly threads?: number | undefined;
  readonly portable?: boolean | undefined;
  /**
   * What is cross-validated (default: weight decays of 0.3 to 10, each with and without dropout). Of an empty list
   * nothing is: it trains with a weight decay of 3 and a dropout of 0.5.
   */
  readonly choices?: readonly HeadSettings[] | undefined;
  /** Told how many trainings of how many are done. */
  readonly onProgress?: ((done: number, count: number) => void) | undefined;
  readonly signal?: WorkSignal | undefined;
}

/** How strongly a head is held back from learning its images by heart. */
export interface HeadSettings {
  /** As AdamW has it, 0 … 300: what is beyond takes more from a weight in a step than there is of it. */
  readonly weightDecay: number;
  /** Share of the features that is dropped, 0 ≤ share < 1. */
  readonly dropoutRate: number;
}

export const headSettingsKind = listOf(
  optionsOf({
    weightDecay: { meaning: "pulls the head's weights to zero", kind: number({ from: 0, to: 300 }) },
    dropoutRate: { meaning: "share of the features that is dropped", kind: share() },
  } satisfies OptionTable<HeadSettings>),
);

/** What one choice of settings came to on images that it was not trained on. */
export interface HeadTrial extends HeadSettings {
  readonly accuracy: number;
  readonly loss: number;
}

/** A dense layer over a body's features. */
export interface TrainedHead {
  /** [features, classes]. */
  readonly kernel: NamedTensor;
  /** [classes]. */
  readonly bias: NamedTensor;
  /** The settings that it was trained with: those of the least loss. */
  readonly settings: HeadSettings;
  /** Every choice, cross-validated; none where there are too few images for that, or it was given none. */
  readonly trials: readonly HeadTrial[];
}

const usualChoices: readonly HeadSettings[] = [0.3, 1, 3, 10].flatMap((weightDecay) =>
  [0, 0.5].map((dropoutRate) => ({ weightDecay, dropoutRate })),
);

/** Where nothing is validated. */
const usual: HeadSettings = { weightDecay: 3, dropoutRate: 0.5 };

const folds = 4;
const batchSize = 128;
const learningRate = 3e-3;

const headTraining = {
  features: { meaning: "what it is trained on", kind: featuresKind },
  labels: { meaning: "the class of each image", kind: labelsKind },
  classes: { meaning: "how many classes are told apart", kind: classesKind },
  groups: {
    meaning: "a number an image: those of one number are never parted",
    kind: groupsKind,
    otherwise: "each is by itself",
  },
  classWeights: {
    meaning: "what the loss of each image is multiplied by, by its class",
    kind: classWeightsKind,
    otherwise: "nothing",
  },
  seed: { meaning: "decides folds, first weights and order", kind: wholeNumber() },
  choices: { meaning: "what is cross-validated", kind: headSettingsKind, default: usualChoices },
  onProgress: listenerOption<NonNullable<HeadTraining["onProgress"]>>(),
  ...placeOptions,
} satisfies OptionTable<HeadTraining>;

type ResolvedTraining = ResolvedOptions<typeof headTraining>;

/** Passes over the features: twenty, or more where that makes too few steps. */
const epochsFor = (images: number): number => Math.max(20, Math.ceil(250 / Math.ceil(images / batchSize)));

/**
 * Trains a dense layer on a body's features: each choice of weight decay and dropout is cross-validated over four parts,
 * and that of the least loss trains on all. Mirror images count as further images. Features enter as bytes, 256 steps
 * from the least to the greatest of each, so that a head is trained by all that trains images.
 *
 * @throws UsageError on an argument that is not allowed
 * @throws HeddleError on features or labels that don't fit each other or the classes, and on features that are no numbers
 */
export async function trainHead(given: HeadTraining): Promise<TrainedHead> {
  const training = checkedTraining(given);
  const { labels, classes, seed, groups, choices, onProgress, signal } = training;
  const table = quantized(training.features);
  const parts = dealFolds(labels, classes, { folds, seed, groups });
  const everything = Uint32Array.from(labels.keys());
  const partsOf = Array.from({ length: folds }, (_, fold) => ({
    train: everything.filter((image) => parts[image] !== fold),
    held: everything.filter((image) => parts[image] === fold),
  })).filter(({ train, held }) => train.length > 0 && held.length > 0);
  const asked = partsOf.length === folds ? choices : [];
  const count = asked.length * folds + 1;
  let done = 0;
  const tick = (): void => {
    throwIfStopped(signal);
    onProgress?.(++done, count);
  };
  const trials: HeadTrial[] = [];
  for (const settings of asked) {
    let [right, loss] = [0, 0];
    for (const { train, held } of partsOf) {
      const { accuracy, loss: mean } = await withHeadModel(
        training,
        table,
        settings,
        train,
        async (model) => {
          const images = pickImages(table.plain, table.size, held);
          return evaluate(await model.predict(images), pickLabels(labels, held), model.classNames);
        },
      );
      right += accuracy * held.length;
      loss += mean * held.length;
      tick();
    }
    trials.push({ ...settings, accuracy: right / labels.length, loss: loss / labels.length });
  }
  const best = trials.reduce<HeadTrial | undefined>(
    (best, trial) => (best && best.loss <= trial.loss ? best : trial),
    undefined,
  );
  const settings = best ? { weightDecay: best.weightDecay, dropoutRate: best.dropoutRate } : usual;
  const head = await withHeadModel(training, table, settings, everything, async (model) => ({
    weights: await model.getWeights(),
    normalization: model.normalization,
  }));
  tick();
  return { ...unquantized(head, table, classes), settings, trials };
}

function checkedTraining(given: HeadTraining): ResolvedTraining {
  const training = resolveOptions("trainHead", given, headTraining);
  const { features, labels, classes, groups } = training;
  const { length } = labels;
  if (length === 0)
    throw new UsageError("trainHead got no labels. Give the features and labels of some images.");
  for (const values of [features.plain, features.mirrored ?? features.plain]) {
    if (values.length !== length * features.size)
      throw new UsageError(
        `trainHead got ${values.length} features and ${length} labels; give ${features.size} features an image.`,
      );
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new HeddleError(
        `Feature ${wrong % features.size} of image ${Math.floor(wrong / features.size)} is ${values[wrong]}. Use a body whose weights have not diverged.`,
      );
  }
  checkLabelRange(labels, classes, "trainHead");
  if (groups) checkGroups("trainHead", groups, length);
  return training;
}

type HeadModel = ReturnType<typeof sequential>;

async function withHeadModel<Result>(
  {
    labels,
    classes,
    seed,
    classWeights,
    platform,
    createNetwork,
    threads,
    portable,
    signal,
  }: ResolvedTraining,
  table: FeatureTable,
  { weightDecay, dropoutRate }: HeadSettings,
  train: Uint32Array,
  work: (model: HeadModel) => Promise<Result>,
): Promise<Result> {
  const layers = [
    flatten(),
    ...(dropoutRate > 0 ? [dropout({ rate: dropoutRate })] : []),
    dense({ name: "head", units: classes }),
  ];
  const model = sequential(layers, { inputShape: [1, 1, table.size], seed, platform, createNetwork });
  model.compile({
    optimizer: adamw({ weightDecay }),
    schedule: cosineDecay({ learningRate }),
    threads,
    portable,
  });
  try {
    const views = table.mirrored ? [table.plain, table.mirrored] : [table.plain];
    const images = new Uint8Array(views.length * train.length * table.size);
    const own = pickLabels(labels, train);
    const repeated = new Uint32Array(views.length * own.length);
    for (const [index, view] of views.entries()) {
      const first = index * own.length;
      pickImages(view, table.size, train, images.subarray(first * table.size));
      repeated.set(own, first);
    }
    await model.fit(
      { train: { images, labels: repeated } },
      {
        epochs: epochsFor(repeated.length),
        batchSize: Math.min(batchSize, repeated.length),
        validationShare: 0,
        classWeights,
        signal,
      },
    );
    throwIfStopped(signal);
    return await work(model);
  } finally {
    await model.dispose();
  }
}

const pickLabels = (labels: Labels, which: Uint32Array): Uint32Array =>
  Uint32Array.from(which, (image) => labels[image]);
