import { preparationFor } from "../../core/data/pictures/usual-preparation.js";
import { HeddleError, UsageError } from "../../core/errors.js";
import { shapeSize } from "../../core/layers/shape.js";
import { flag, type OptionTable, received, resolveOptions, wholeNumber } from "../../core/options/index.js";
import { type Classification, type ClassifyOptions, classifyOptions } from "../../core/training/classify.js";
import { imagesAtOnce } from "../../core/training/images-at-once.js";
import type { Model } from "../../core/training/model.js";
import { readPicture } from "../pictures/gather-pictures.js";
import { PictureError } from "../pictures/picture-error.js";
import { mostPixels } from "../pictures/picture-format.js";
import { prepareWith } from "../pictures/prepare-picture.js";
import { loadSharp } from "../pictures/sharp-decoder.js";
import { usableProcessors } from "../processors.js";
import { workAhead } from "./ahead.js";
import { limit } from "./limit.js";

/** A picture's file by its path, or its content: JPEG, PNG, WebP or AVIF. */
export type PictureInput = string | Uint8Array;

export const isPictureInput = (given: unknown): given is PictureInput =>
  typeof given === "string" || given instanceof Uint8Array;

export const isIterable = (given: unknown): given is Iterable<unknown> | AsyncIterable<unknown> =>
  typeof given === "object" && given !== null && (Symbol.iterator in given || Symbol.asyncIterator in given);

/** How pictures are read and named. */
export interface ClassifyPictureOptions extends ClassifyOptions {
  /** Whether light and dark change places, as for garments on a dark ground where a photo has a light one (default false). */
  readonly invert?: boolean | undefined;
  /** Pixels that a picture may have: a server takes fewer than the usual 268,435,456. */
  readonly maxPixels?: number | undefined;
}

export const classifyPictureOptions = {
  ...classifyOptions,
  invert: { meaning: "whether light and dark change places", kind: flag(), default: false },
  maxPixels: {
    meaning: "pixels that a picture may have",
    kind: wholeNumber({ from: 1, to: mostPixels }),
    default: mostPixels,
  },
} satisfies OptionTable<ClassifyPictureOptions>;

/** What a model takes a picture for. */
export interface ClassifiedPicture extends Classification {
  /** What was given. */
  readonly input: PictureInput;
  /** What the model saw: its image, [H, W, C] as bytes. */
  readonly image: Uint8Array;
  readonly error?: undefined;
}

/** A picture that can't be used. */
export interface UnclassifiedPicture {
  readonly input: PictureInput;
  /** What is wrong with it. */
  readonly error: HeddleError;
  readonly image?: undefined;
  readonly predictions?: undefined;
  readonly unsure?: undefined;
}

/** Pictures that the engine takes together, at most. */
const mostTogether = 32;

/** How long a picture waits for others to be taken together with, milliseconds: many at once take far less time. */
const patience = 100;

/**
 * Names pictures as they come: decoded ahead, on as many threads as there are processors, and predicted together; results
 * in the pictures' order.
 *
 * @throws UsageError on options that are not allowed. @throws HeddleError where no picture becomes the model's images, or what gives them fails
 */
export function classifyPictures(
  model: Model,
  inputs: Iterable<PictureInput> | AsyncIterable<PictureInput>,
  options: ClassifyPictureOptions,
): AsyncGenerator<ClassifiedPicture | UnclassifiedPicture> {
  const { topK, weights, ...reading } = resolveOptions("classify", options, classifyPictureOptions);
  return classified(model, inputs, pictureReader(model, reading), { topK, weights });
}

async function* classified(
  model: Model,
  inputs: Iterable<PictureInput> | AsyncIterable<PictureInput>,
  read: (input: PictureInput) => Promise<Uint8Array>,
  options: ClassifyOptions,
): AsyncGenerator<ClassifiedPicture | UnclassifiedPicture> {
  const size = shapeSize(model.inputShape);
  const most = Math.min(mostTogether, imagesAtOnce(size));
  const decoders = usableProcessors() + 1;
  const room = 2 * Math.max(most, decoders);
  const inTurn = limit(decoders);
  const prepare = (input: PictureInput) =>
    inTurn(() => read(input)).catch((error: unknown) => {
      if (error instanceof HeddleError && !(error instanceof UsageError)) return error;
      throw error;
    });
  for await (const batch of workAhead(inputs, prepare, { room, most, patience })) {
    const images = batch.flatMap(({ result }) => (result instanceof HeddleError ? [] : [result]));
    const together = new Uint8Array(images.length * size);
    for (const [at, image] of images.entries()) together.set(image, at * size);
    const named = (await model.classifyImages(together, options)).values();
    for (const { item: input, result } of batch) {
      if (result instanceof HeddleError) yield { input, error: result };
      else yield { input, image: result, ...named.next().value! };
    }
  }
}

/** Names one picture. @throws PictureError where it can't be used, and as `classifyPictures` */
export async function classifyPicture(
  model: Model,
  input: PictureInput,
  options: ClassifyPictureOptions,
): Promise<ClassifiedPicture> {
  const { topK, weights, ...reading } = resolveOptions("classify", options, classifyPictureOptions);
  const image = await pictureReader(model, reading)(input);
  const [named] = await model.classifyImages(image, { topK, weights });
  return { input, image, ...named };
}

/** As much of a path as tells it: the address of a picture may be the picture. */
const shortName = (input: string): string => (input.length > 200 ? `${input.slice(0, 200)}…` : input);

/** Reads pictures as the model's images. */
function pictureReader(
  model: Model,
  { invert, maxPixels }: { readonly invert: boolean; readonly maxPixels: number },
): (input: PictureInput) => Promise<Uint8Array> {
  const preparation = preparationFor(model);
  return async (input) => {
    if (!isPictureInput(input)) {
      throw new UsageError(`classify takes pictures' paths or bytes, but got ${received(input)} among them.`);
    }
    try {
      const bytes = typeof input === "string" ? await readPicture(input) : input;
      const image = await prepareWith(await loadSharp(), bytes, preparation, maxPixels);
      return invert ? image.map((pixel) => 255 - pixel) : image;
    } catch (error) {
      throw typeof input === "string" && error instanceof PictureError ? error.of(shortName(input)) : error;
    }
  };
}
