import { thumbnailsOf } from "../data/duplicates/thumbnails.js";
import { pickImages } from "../data/pick-images.js";
import type { Graph } from "../graph/index.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";
import { type ModelName, modelDefinitions } from "../models/index.js";
import type { Platform } from "../platform.js";
import { oneCycle } from "../schedules/index.js";
import { throwIfStopped, type WorkSignal } from "../stop.js";
import type { TrainEvent } from "../training/events.js";
import { Model } from "../training/model.js";
import type { FoldRound, PredictFold } from "./cross-validate.js";
import type { Pooled } from "./pooled.js";

/** A training of one fold, told as it goes on. */
export interface FoldEvent {
  readonly event: "fold";
  /** From 0. */
  readonly fold: number;
  readonly folds: number;
  /** Of its training. */
  readonly training: TrainEvent;
}

export interface NetworkFoldsOptions {
  /** One of the library's models; a new one is trained on each fold. */
  readonly model: ModelName;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly platform: Platform;
  readonly threads?: number;
  readonly signal?: WorkSignal;
  readonly onEvent?: (event: FoldEvent) => void;
}

/** Pixels of a side at most that a quick look needs: what is larger is made as small. */
const largestSide = 40;

/** The least that the paper's plain CNN takes something from. */
const leastSide = 8;

/** Images that a fold's training should see in all, and the epochs at least and at most that come of it. */
const imagesSeen = 200_000;
const [fewestEpochs, mostEpochs] = [4, 30];

/** A quick model for images of this size: the paper's plain CNN wherever something is left behind its pool. */
export function quickModel([height, width]: Shape): ModelName {
  return Math.min(height, width) >= leastSide ? "cnn" : "mobileNetSmall";
}

/** Photos are few and of things that face either way, so that a model would learn them by heart. */
const variedPhotos = { flip: true, shift: 2 };

/** As many epochs as show a model enough images, of few and of many. */
export const quickEpochs = (images: number): number =>
  Math.max(fewestEpochs, Math.min(mostEpochs, Math.round(imagesSeen / Math.max(1, images))));

/**
 * Trains a new network on each fold's images, with Adam at a rate that rises and falls, and predicts those held out. Larger
 * images are made as small as 40 pixels a side first; those of three channels are varied by mirror images and shifts.
 */
export function networkFolds(pool: Pooled, options: NetworkFoldsOptions): PredictFold {
  const { model: name, epochs, batchSize, learningRate, seed, platform, threads, signal, onEvent } = options;
  const { count, labels, classNames } = pool;
  const { pixels: images, shape } = thumbnailsOf(pool.images, count, pool.shape, largestSide);
  const size = shapeSize(shape);
  const augmentation = shape[2] === 3 ? variedPhotos : undefined;
  const pick = (indices: Uint32Array): Uint8Array => pickImages(images, size, indices);
  return async ({ fold, folds, train, held }: FoldRound) => {
    throwIfStopped(signal);
    const graph: Graph = modelDefinitions[name].graph(shape, classNames.length);
    const model = new Model(graph, { name, seed: seed + fold, platform });
    try {
      model.compile({ optimizer: "adam", schedule: oneCycle({ learningRate }), threads });
      const data = {
        imageShape: shape,
        classNames,
        train: { images: pick(train), labels: Uint32Array.from(train, (image) => labels[image]) },
      };
      const fit = {
        epochs,
        batchSize: Math.min(batchSize, train.length),
        validationShare: 0,
        augmentation,
        signal,
      };
      for await (const training of model.fitEvents(data, fit))
        onEvent?.({ event: "fold", fold, folds, training });
      throwIfStopped(signal);
      return await model.predict(pick(held));
    } finally {
      await model.dispose();
    }
  };
}
