import { type ModelName, modelNames } from "../models/index.js";
import {
  choice,
  flag,
  functionKind,
  kindOfValue,
  number,
  type OptionTable,
  wholeNumber,
} from "../options/index.js";
import type { Platform } from "../platform.js";
import { type WorkSignal, workSignalKind } from "../stop.js";
import { maximumThreads } from "../training/compile.js";
import type { Features } from "../transfer/features.js";
import { featuresKind } from "../transfer/features-kind.js";
import type { PredictFold } from "./cross-validate.js";
import type { HeadEvent } from "./head-folds.js";
import type { FoldEvent } from "./predict-folds.js";

/** What an audit tells while it goes on. */
export type AuditEvent =
  | { readonly event: "duplicates"; readonly done: number; readonly count: number }
  | FoldEvent
  | HeadEvent;

/** How a data set is looked over; each may be left out but the platform. */
export interface AuditOptions {
  /** Parts that the images are shared out over, each predicted by what learned from the others (default 5). */
  readonly folds?: number | undefined;
  /** What learns: one of the library's models (default: a quick one for images of this size). */
  readonly model?: ModelName | undefined;
  /** Passes over the images in each fold (default: as many as show it some 200,000 images, 4 … 30). */
  readonly epochs?: number | undefined;
  /** Images a step (default 128). */
  readonly batchSize?: number | undefined;
  /** Highest learning rate of Adam, over a rise and a fall (default 0.002). */
  readonly learningRate?: number | undefined;
  /** Decides folds, first weights and the order of images: the same seed finds the same (default 1). */
  readonly seed?: number | undefined;
  /**
   * In the place of a model, what a body makes of all images, [N, size] part behind part as `datasetFeatures` gives them: a
   * dense layer learns on them in each fold. Of images of another size than those that are looked over, too.
   */
  readonly features?: Features | undefined;
  /** Anything else that learns, in the place of a model: of the pooled images, probabilities of those held out. */
  readonly predictFold?: PredictFold | undefined;
  /** Whether images that are another's mirror image are its duplicates (default true). */
  readonly mirrored?: boolean | undefined;
  /** Default: one a processor; it never changes a result. */
  readonly threads?: number | undefined;
  /** Where it runs: `nodePlatform`, or one of your own. */
  readonly platform: Platform;
  /** Stops the audit, which then throws its reason. */
  readonly signal?: WorkSignal | undefined;
  /** Told how far it is. */
  readonly onEvent?: ((event: AuditEvent) => void) | undefined;
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

export const auditOptions = {
  folds: {
    meaning: "parts of the images, each predicted by a model of the others",
    kind: wholeNumber({ from: 2, to: 100 }),
    default: 5,
  },
  model: {
    meaning: "what learns in each fold",
    kind: choice(modelNames),
    otherwise: "a quick one for images of this size",
  },
  epochs: {
    meaning: "passes over the images in each fold",
    kind: wholeNumber({ from: 1 }),
    otherwise: "as many as show it some 200,000 images, 4 to 30",
  },
  batchSize: { meaning: "images a step", kind: wholeNumber({ from: 1 }), default: 128 },
  learningRate: { meaning: "highest rate of Adam", kind: number({ above: 0 }), default: 0.002 },
  seed: { meaning: "decides folds, first weights and order", kind: wholeNumber(), default: 1 },
  features: {
    meaning: "what a body makes of all images",
    kind: featuresKind,
    otherwise: "a model learns from the images themselves",
  },
  predictFold: {
    meaning: "anything else that learns",
    kind: functionKind<PredictFold>(),
    otherwise: "a model",
  },
  mirrored: { meaning: "whether mirror images are duplicates", kind: flag(), default: true },
  threads: {
    meaning: "threads that compute",
    kind: wholeNumber({ from: 1, to: maximumThreads }),
    otherwise: "one a processor",
  },
  platform: {
    meaning: "where it runs",
    kind: kindOfValue<Platform>("a platform such as nodePlatform", isObject),
  },
  signal: {
    meaning: "stops the audit",
    kind: workSignalKind,
    otherwise: "nothing does",
  },
  onEvent: {
    meaning: "told what goes on",
    kind: functionKind<NonNullable<AuditOptions["onEvent"]>>(),
    otherwise: "nobody is",
  },
} satisfies OptionTable<AuditOptions>;
