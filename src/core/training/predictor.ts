import type { ImageSet } from "../data/dataset.js";
import { type ImageReader, readImages, readStream } from "../data/image-reader.js";
import type { ImageSource, ImageSourceWithTargets } from "../data/image-source.js";
import type { ImageStream, ImagesInOrder } from "../data/image-stream.js";
import { labelsKind } from "../data/labels.js";
import { takenAway } from "../data/taken-away.js";
import { checkTargets } from "../data/targets.js";
import type { Views } from "../data/views.js";
import type { WeightsKind } from "../engine/network.js";
import { UsageError } from "../errors.js";
import { joinFloats } from "../join-floats.js";
import { checkValue } from "../options/index.js";
import type { Platform } from "../platform.js";
import type { Architecture } from "./architecture.js";
import { type CheckedImages, imageBytes, imagesInOrder, isStream, type Judging } from "./check-data.js";
import type { CompiledOptions } from "./compile.js";
import { imagesAtOnce } from "./images-at-once.js";
import type { ResolvedPredictOptions } from "./predict-options.js";
import { predictViews } from "./predict-views.js";
import { readParts } from "./read-parts.js";
import type { AskedWeights, Predict, Session, StateInUse } from "./session.js";
import type { LearnedState } from "./state.js";

/** What `predict` takes. */
export type ImagesToPredict =
  | Uint8Array
  | Uint8ClampedArray
  | ImageStream
  | Pick<ImageSource | ImageSet, "images" | "labels">
  | Pick<ImageSourceWithTargets, "images" | "targets">;

/** What images are taken for, and what is known of that at the same moment. */
export interface Predicted extends Pick<StateInUse, "classNames" | "calibration"> {
  /** Softmax outputs, or sigmoids: [N, classes]. */
  readonly probabilities: Float32Array;
  /** What the model had at that moment; while a training goes on, as its last whole epoch left it. */
  readonly state: LearnedState;
}

/** What a call asks for, and which one it is. */
type Asked = AskedWeights & ResolvedPredictOptions;

/** Of images in memory: "calibrated" are the views that the calibration of these weights was found for, if any. */
type AskedInMemory = AskedWeights & { readonly views: Asked["views"] | "calibrated" };

/** Images of a prediction between two turns of the event loop. */
const predictionChunk = 1024;

/** Predicts by what a model knows at the moment of a call. */
export class Predictor {
  constructor(
    private readonly session: Session,
    private readonly architecture: Architecture,
    private readonly platform: Platform,
  ) {}

  /** @throws UsageError or HeddleError on what are no images, or are gone before they were predicted */
  given(
    images: ImagesToPredict,
    compiled: CompiledOptions,
    options: ResolvedPredictOptions,
  ): Promise<Predicted> {
    const asked = { ...options, owner: "predict" };
    if (isStream(images)) {
      const reader = (): ImageReader => readStream(images, this.#options("predict's images"));
      return this.#coming("predict's images", reader, asked, compiled);
    }
    const parts = readParts<ImageSource | ImageSourceWithTargets>(
      "predict",
      images,
      "images",
      "labels",
      "targets",
    );
    const source = imagesInOrder(images, parts.images);
    if (!source) {
      const isSet = ArrayBuffer.isView(parts.images) && (parts.labels ?? parts.targets) !== undefined;
      const bytes = imageBytes("predict", isSet ? parts.images : images, this.architecture.inputShape);
      return this.#inMemory(bytes, asked, compiled);
    }
    const { classes } = this.architecture;
    const count =
      parts.targets === undefined
        ? checkValue("predict", "labels", parts.labels, labelsKind).length
        : checkTargets("predict", parts.targets, { classes }).length / classes;
    return this.#ofSource("predict's images", source, count, asked, compiled);
  }

  /** The same of images in memory, over the views that the calibration of these weights was found for. */
  meant(images: Uint8Array, compiled: CompiledOptions, weights: WeightsKind): Promise<Predicted> {
    return this.#inMemory(images, { weights, views: "calibrated", owner: "classifyImages" }, compiled);
  }

  checked(
    { images, count }: CheckedImages,
    compiled: CompiledOptions,
    options: ResolvedPredictOptions & { readonly owner: Judging },
  ): Promise<Predicted> {
    if (images instanceof Uint8Array) return this.#inMemory(images, options, compiled);
    return this.#ofSource(`${options.owner}.images`, images, count, options, compiled);
  }

  #options(place: string) {
    const { inputShape: imageShape, imageSize } = this.architecture;
    return { place, imageShape, batch: imagesAtOnce(imageSize), platform: this.platform };
  }

  #ofSource(
    place: string,
    source: ImagesInOrder,
    count: number,
    asked: Asked,
    compiled: CompiledOptions,
  ): Promise<Predicted> {
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    return this.#coming(place, () => readImages(source, order, this.#options(place)), asked, compiled);
  }

  #inMemory(images: Uint8Array, asked: AskedInMemory, compiled: CompiledOptions): Promise<Predicted> {
    const { session } = this;
    const count = images.length / this.architecture.imageSize;
    return session.inTurn(async () => {
      const { state } = session;
      const { classNames, calibration } = session.inUse;
      if (count === 0) {
        if (asked.weights === "average") await session.current(asked);
        return { probabilities: new Float32Array(0), classNames, calibration, state };
      }
      const found = calibration?.of === asked.weights ? calibration.found : undefined;
      const views = asked.views === "calibrated" ? found?.views : asked.views;
      const probabilities = await session.withNetwork(asked, compiled, (predict) =>
        this.#inChunks(predict, images, count, views),
      );
      return { probabilities, classNames, calibration, state };
    });
  }

  /** Lets timers and signals through in between. @param count of the images when they were handed in */
  async #inChunks(
    predict: Predict,
    images: Uint8Array,
    count: number,
    views: Views | undefined,
  ): Promise<Float32Array> {
    const { imageSize, classes, inputShape } = this.architecture;
    // A view of them takes memory of its own.
    const chunk = views ? imagesAtOnce(imageSize) : predictionChunk;
    const probabilities = new Float32Array(count * classes);
    for (let first = 0; first < count; first += chunk) {
      if (images.length !== count * imageSize) throw takenAway("predict's images", "read");
      const part = images.subarray(first * imageSize, (first + chunk) * imageSize);
      probabilities.set(await predictViews(predict, part, inputShape, views), first * classes);
      if (first + chunk < count) await this.platform.yield();
    }
    return probabilities;
  }

  /** Images that come by and by: while they are waited for others have their turns. */
  #coming(
    place: string,
    read: () => ImageReader,
    asked: Asked,
    compiled: CompiledOptions,
  ): Promise<Predicted> {
    const { session } = this;
    const { inputShape } = this.architecture;
    const { views } = asked;
    return session.waiting(async (interruption) => {
      const { moment, state } = await session.inTurn(async () => {
        const { state } = session;
        return { moment: await session.current(asked), state };
      });
      const reader = read();
      const parts: Float32Array[] = [];
      try {
        for (;;) {
          const images = await interruption.orStopped(reader.next());
          if (images?.length === 0) {
            const { classNames, calibration } = moment;
            return { probabilities: joinFloats(parts), classNames, calibration, state };
          }
          const part =
            images &&
            (await session.inTurn(async () => {
              if (interruption.aborted) return undefined;
              return session.withNetworkOf(moment, compiled, (network) =>
                predictViews((part) => network.predict(part), images, inputShape, views),
              );
            }));
          if (!part) throw disposedMeanwhile(place);
          parts.push(part);
        }
      } finally {
        await reader.close();
      }
    });
  }
}

function disposedMeanwhile(place: string): UsageError {
  return new UsageError(`The model was disposed before ${place} had all come. Dispose it when they have.`);
}
