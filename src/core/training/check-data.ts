import type { Dataset, Labels } from "../data/dataset.js";
import type { Images } from "../data/image-reader.js";
import { fingerprintKind } from "../data/image-source.js";
import { type ImageStream, type ImagesInOrder, imagesOf } from "../data/image-stream.js";
import {
  checkPreparation,
  type PicturePreparation,
  preparationDifference,
  preparedShape,
} from "../data/picture-preparation.js";
import { checkGroups, groupsKind } from "../data/split.js";
import type { TargetsOf } from "../data/targets.js";
import { HeddleError, UsageError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize, shapeText } from "../layers/shape.js";
import { checkValue, listOf, quoted, received, shape, text, wrapWords } from "../options/index.js";
import { kindOf } from "../options/received.js";
import { plainCopy } from "../plain-copy.js";
import { type Answers, checkAnswers, checkLabels } from "./answers.js";
import { hasPart, isList, readParts } from "./read-parts.js";

/**
 * Images: as bytes, [N, H, W, C] in row-major order, as any `ImageSet` has them; or a source, such
 * as `imageSource` makes one, of which no more is in memory than is worked with.
 */
interface ImagesWithAnswers {
  /** How many (default: as there are labels, or rows of targets). */
  readonly count?: number | undefined;
  /** [N, H, W, C] as bytes 0 to 255, or a source that gives them part by part. */
  readonly images: Uint8Array | Uint8ClampedArray | ImagesInOrder;
  /** See `ImageSource`. */
  readonly fingerprint?: string | undefined;
  /** [N]: images of one number, such as near-duplicates, train together or validate together. */
  readonly groups?: Uint32Array | undefined;
  /** How pictures became these images: `evaluate` and `calibrate` hold it against the model's. */
  readonly preparation?: PicturePreparation | undefined;
  /** What the classes are called: `evaluate` and `calibrate` hold it against the model's. */
  readonly classNames?: readonly string[] | undefined;
}

/** Images with the class of each. */
export interface LabelledImages extends ImagesWithAnswers {
  /** [N], each below the number of classes. */
  readonly labels: Labels;
  /** Not beside labels. */
  readonly targets?: undefined;
}

/** Images with what the model should say of each. */
export interface ImagesWithTargets extends ImagesWithAnswers {
  /**
   * [N, classes], each 0 … 1. Of a cross-entropy the probabilities of the classes, as another model gives them: an
   * image's add up to 1, within 0.001, and are divided by their sum. Of a binary cross-entropy 1 for each label that an
   * image has and 0 for the others, or anything between.
   */
  readonly targets: Float32Array;
  /** Not beside targets. */
  readonly labels?: undefined;
}

/** What `evaluate` takes: images may come as they come, in the order of their labels, since it reads them once. */
export interface ImagesToJudge extends Omit<LabelledImages, "images"> {
  readonly images: LabelledImages["images"] | ImageStream;
}

/** The same with targets in place of labels. */
export interface TargetsToJudge extends Omit<ImagesWithTargets, "images"> {
  readonly images: LabelledImages["images"] | ImageStream;
}

/** What `fit` reads of a data set: any `Dataset` is one. */
export interface TrainingData {
  /** For messages. */
  readonly name?: string | undefined;
  /** [H, W, C] of every image (default: the model's). */
  readonly imageShape?: Shape | undefined;
  /** One a class (default: the model's). */
  readonly classNames?: readonly string[] | undefined;
  /** How pictures became its images, where they were of any size: the model keeps it. */
  readonly preparation?: PicturePreparation | undefined;
  /** Images that train, and where there is no `validation` a part of them that validates. */
  readonly train: LabelledImages | ImagesWithTargets;
  /** Images that validate, all of them: then all of `train` train. With labels or targets as those have. */
  readonly validation?: LabelledImages | ImagesWithTargets | undefined;
  /** Not looked at. */
  readonly test?: unknown;
}

/** What images are held against. */
interface ImagesOf extends TargetsOf {
  /** [H, W, C]. */
  readonly inputShape: Shape;
}

/** What images to judge are held against: what the model knows of those that it was trained on. */
interface JudgedBy extends ImagesOf {
  readonly preparation?: PicturePreparation | undefined;
  readonly classNames?: readonly string[] | undefined;
}

/** Images and labels that fit each other and a model. */
export interface CheckedImages extends Answers {
  readonly count: number;
  readonly images: Images;
  /** Where there is one. */
  readonly fingerprint?: string;
  readonly groups?: Uint32Array;
}

export interface CheckedData {
  readonly classNames: readonly string[] | undefined;
  readonly preparation?: PicturePreparation;
  readonly train: CheckedImages;
  readonly validation?: CheckedImages;
}

/**
 * The bytes of whole images, [N, H, W, C].
 *
 * @param place says whose they are: `predict`, `fit: train.images`
 * @throws UsageError on anything else, saying how to convert it.
 */
export function imageBytes(place: string, given: unknown, inputShape: Shape): Uint8Array {
  const kind = ArrayBuffer.isView(given) ? kindOf(given) : "";
  if (kind !== "Uint8Array" && kind !== "Uint8ClampedArray") {
    throw new UsageError(
      `${place} takes images as bytes, a Uint8Array of [N, ${inputShape.join(", ")}], but got ${received(given)}. ${conversion(given, kind)}`,
    );
  }
  const size = shapeSize(inputShape);
  const bytes = bytesThere(place, given as Uint8Array);
  const { byteLength } = bytes;
  if (byteLength % size === 0 && !(kind === "Uint8ClampedArray" && isOpaqueRgba(bytes, inputShape)))
    return bytes;
  throw new UsageError(
    `${place} got ${byteLength} bytes; images of ${shapeText(inputShape)} have ${size} each.${rgbaHint(byteLength, inputShape)}`,
  );
}

/** A view of their own of the same bytes. @throws UsageError where their memory is gone */
export function bytesThere(place: string, { buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (cause) {
    throw new UsageError(
      `${place} have no memory any more: it was transferred, or has grown elsewhere. Give a view of the new memory, or a copy.`,
      { cause },
    );
  }
}

function conversion(given: unknown, kind: string): string {
  if (isList(given) && given.some(isList))
    return "Lists of lists become bytes by Uint8Array.from(values.flat(Infinity)), where they hold numbers from 0 to 255.";
  if (
    kind.startsWith("Float") ||
    (isList(given) && given.some((value) => typeof value === "number" && value % 1 !== 0))
  ) {
    return "Numbers from 0 to 1 become bytes by Uint8Array.from(values, (value) => Math.round(value * 255)).";
  }
  if (kind !== "" || isList(given)) {
    return "Numbers from 0 to 255 become bytes by Uint8Array.from(values), those from 0 to 1 by Uint8Array.from(values, (value) => Math.round(value * 255)).";
  }
  if (typeof given !== "object" || given === null)
    return "Give the pixels, 0 to 255, one image after the other.";
  const wrap = wrapWords(given);
  if (wrap) return wrap;
  if (hasPart(given, "images")) return "Give its images alone: set.images.";
  if (hasPart(given, "train") || hasPart(given, "test"))
    return "Give the images of one of its sets: dataset.test.images.";
  if (hasPart(given, "data")) return "Give its pixels, its data, with the channels that the model takes.";
  return "Give the pixels, 0 to 255, one image after the other.";
}

/** Of a canvas, that is, if every fourth byte of whole pictures is full opacity and not all are. */
function isOpaqueRgba(bytes: Uint8Array, [height, width, channels]: Shape): boolean {
  if (channels === 4 || bytes.length === 0 || bytes.length % (height * width * 4) !== 0) return false;
  return (
    bytes.every((value, index) => index % 4 !== 3 || value === 255) && bytes.some((value) => value !== 255)
  );
}

function rgbaHint(length: number, [height, width, channels]: Shape): string {
  if (channels === 4 || length === 0 || length % (height * width * 4) !== 0) return "";
  return (
    ` They look like pictures of red, green, blue and opacity, as a canvas gives them: take ` +
    `${channels === 1 ? "one grey value of each pixel" : `${channels} values of each pixel`} first.`
  );
}

/** Whether it gives images one after the other: a list of numbers is none. */
export function isStream(given: unknown): given is ImageStream {
  if (isList(given)) return given.length > 0 && given.every(ArrayBuffer.isView);
  if (typeof given !== "object" || ArrayBuffer.isView(given)) return false;
  return hasPart(given, Symbol.asyncIterator) || hasPart(given, Symbol.iterator);
}

/** What a source gives in an order, where this is one. */
export function imagesInOrder(source: unknown, images: unknown): ImagesInOrder | undefined {
  return typeof images === "function" ? imagesOf(source, images as ImagesInOrder) : undefined;
}

/** @param place says whose they are: `evaluate`, `fit: train` @throws UsageError or HeddleError on what can't be labelled images of this model */
export function checkImages(place: string, given: unknown, model: ImagesOf): CheckedImages {
  const { inputShape } = model;
  const parts = readParts<ImagesToJudge | TargetsToJudge>(
    place,
    given,
    "count",
    "images",
    "labels",
    "targets",
    "fingerprint",
    "groups",
  );
  const { count, images: givenImages } = parts;
  const streamed = imagesInOrder(given, givenImages) ?? onlyOnce(place, givenImages);
  const images = streamed ?? imageBytes(`${place}.images`, givenImages, inputShape);
  const there = streamed ? undefined : images.length / shapeSize(inputShape);
  const answers = checkAnswers(place, parts, model, there);
  const { length } = answers.labels;
  const held = there ?? length;
  const [one, many] = answers.targets ? ["row of targets", "rows of targets"] : ["label", "labels"];
  if (held !== length) {
    const each = streamed || length < 2 ? 0 : images.length / length;
    const otherSize =
      each > 0 && Number.isInteger(each)
        ? ` If its images have ${each} bytes each, they are of another size: prepare them for the model, as imageFolder(path, model.preparation) does.`
        : "";
    throw new HeddleError(
      `${place} has ${held} images of ${shapeText(inputShape)} and ${length} ${many}; give one ${one} an image.${otherSize}`,
    );
  }
  if (count !== undefined && count !== held) {
    const counted = streamed ? `${held} ${many}` : `${held} images and as many ${many}`;
    throw new HeddleError(
      `${place} says that its count is ${received(count)}, but it has ${counted}. Leave the count out, or take parts of both.`,
    );
  }
  if (!answers.targets) checkLabels(place, answers.labels, model.classes);
  const groups =
    parts.groups === undefined ? undefined : checkValue(place, "groups", parts.groups, groupsKind);
  if (groups) checkGroups(place, groups, held);
  const checked = { count: held, images, ...answers, ...(groups && { groups: plainCopy(groups) }) };
  if (parts.fingerprint === undefined) return checked;
  return { ...checked, fingerprint: checkValue(place, "fingerprint", parts.fingerprint, fingerprintKind) };
}

/** A stream, where this is one, as what gives its images in their own order. */
function onlyOnce(place: string, images: unknown): ImagesInOrder | undefined {
  if (!isStream(images)) return undefined;
  if (place in judgedSets) return () => images;
  throw new UsageError(
    `${place}.images can be gone through only once, but fit takes images again and again, each time in another order. Give a function that gives them in an order, images: (order) => …, such as imageSource makes one.`,
  );
}

/** What takes labelled images to judge, and of which part of a data set. */
const judgedSets = { evaluate: "test", calibrate: "validation" } as const;

export type Judging = keyof typeof judgedSets;

/** Labelled images to judge. @throws UsageError or HeddleError as `checkImages` does, or on none */
export function checkSet(owner: Judging, given: unknown, model: JudgedBy): CheckedImages {
  const example = `${owner}({ images, labels }), or ${owner}(dataset.${judgedSets[owner]})`;
  if (typeof given !== "object" || given === null || ArrayBuffer.isView(given) || isList(given)) {
    throw new UsageError(
      `${owner} takes one set of labelled images, ${example}, but got ${received(given)}.`,
    );
  }
  if (!hasPart(given, "images") && (hasPart(given, "train") || hasPart(given, "test"))) {
    throw new UsageError(
      `${owner} takes one set of labelled images, but got a whole data set. ${partOf(owner, given, model)}`,
    );
  }
  const set = checkImages(owner, given, model);
  refuseOthers(owner, readParts<ImagesToJudge>(owner, given, "preparation", "classNames"), model);
  if (set.count > 0) return set;
  throw new UsageError(`${owner} got no image to judge; give at least one, with its label.`);
}

/** @throws UsageError on pictures that became images in another way, or whose labels count other classes */
function refuseOthers(
  owner: Judging,
  { preparation, classNames }: Pick<ImagesToJudge, "preparation" | "classNames">,
  model: JudgedBy,
): void {
  const prepared = preparation && model.preparation && preparationDifference(preparation, model.preparation);
  if (prepared) {
    throw new UsageError(
      `${owner} got pictures that were prepared otherwise than the model's: ${prepared}. Load them by imageFolder(path, model.preparation).`,
    );
  }
  const { classNames: own = [] } = model;
  const isNamed = own.some((name, label) => name !== String(label));
  if (!isNamed || !Array.isArray(classNames)) return;
  const other = classNames.findIndex((name, label) => name !== own[label]);
  if (other < 0) return;
  throw new UsageError(
    `${owner} got labels of other classes than the model's: class ${other} is ${quoted(String(classNames[other]))}, and the model's is ${quoted(own[other] ?? "")}. Name and order the classes as the model's classNames are.`,
  );
}

/** Which images of a whole data set are to be judged: none that trained. */
function partOf(owner: Judging, given: object, { classes }: ImagesOf): string {
  const wanted = judgedSets[owner];
  const parts = readParts<Record<"train" | "validation" | "test", unknown>>(
    owner,
    given,
    "train",
    "validation",
    "test",
  );
  const found = parts[wanted] ? wanted : parts.validation && "validation";
  if (found) return `Give its ${found} set: ${owner}(dataset.${found}).`;
  const held = `, such as those that fit held back, subset(train, splitDataset(train.labels, ${classes}, { seed: 1, groups: train.groups }).validation)`;
  return `It has no ${wanted} set: give images that didn't train${hasPart(parts.train, "labels") ? held : ""}.`;
}

/** Data to train on. @throws UsageError or HeddleError on what can't be that, or doesn't fit the model */
export function checkData(given: unknown, model: ImagesOf): CheckedData {
  const example = "fit({ train: { images, labels } }, { epochs: 5 })";
  if (typeof given !== "object" || given === null || ArrayBuffer.isView(given) || isList(given)) {
    throw new UsageError(`fit takes a data set, ${example}, but got ${received(given)}.`);
  }
  const { name, imageShape, classNames, preparation, train, validation } = readParts<TrainingData>(
    "fit: the data set",
    given,
    "name",
    "imageShape",
    "classNames",
    "preparation",
    "train",
    "validation",
  );
  if (typeof train !== "object" || train === null) {
    throw new UsageError(
      `fit takes a data set with a training set, ${example}, but its train is ${received(train)}.${trainHint(given, example)}`,
    );
  }
  const named = checkFits(
    typeof name === "string" ? quoted(name).slice(1, -1) : "the data set",
    imageShape,
    classNames,
    preparation,
    model,
  );
  const trains = checkImages("fit: train", train, model);
  return {
    classNames: named,
    ...(preparation !== undefined && { preparation: checkPrepared(preparation, model) }),
    train: trains,
    ...(validation !== undefined && { validation: checkValidation(validation, trains, model) }),
  };
}

function trainHint(given: object, example: string): string {
  if (hasPart(given, "images")) return ` That looks like its training set alone: ${example}.`;
  if (hasPart(given, "dataset")) return " That looks like what loadDataset gives: take its dataset.";
  return hasPart(given, "then") ? " That is a promise: await it first." : "";
}

function checkPrepared(given: unknown, { inputShape }: ImagesOf): PicturePreparation {
  const preparation = checkPreparation("fit", given);
  const shape = preparedShape(preparation);
  if (shape.join() === inputShape.join()) return preparation;
  throw new UsageError(
    `fit: preparation makes images of ${shapeText(shape)}, but the model takes images of ${shapeText(inputShape)}. Give the one that its images were made by.`,
  );
}

function checkValidation(given: unknown, train: CheckedImages, model: ImagesOf): CheckedImages {
  if (typeof given !== "object" || given === null) {
    throw new UsageError(
      `fit takes images that validate with their labels, validation: { images, labels }, but got ${received(given)}.`,
    );
  }
  const validation = checkImages("fit: validation", given, model);
  if (validation.count === 0) {
    throw new UsageError(
      "fit: validation has no images. Give some, or leave it out, and a part of those that train validates.",
    );
  }
  const [its, theirs] = [validation, train].map(({ targets }) => (targets ? "targets" : "labels"));
  if (its === theirs) return validation;
  throw new UsageError(`fit: validation has ${its}, but train has ${theirs}; give both the same.`);
}

const shapeKind = shape(["height", "width", "channels"]);
const namesKind = listOf(text(/^/u), { from: 1, what: "a list of names, one a class" });

function checkFits(
  name: string,
  imageShape: Shape | undefined,
  classNames: readonly string[] | undefined,
  preparation: PicturePreparation | undefined,
  model: ImagesOf,
): readonly string[] | undefined {
  const its = {
    name,
    preparation,
    ...(imageShape !== undefined && { imageShape: checkValue("fit", "imageShape", imageShape, shapeKind) }),
    ...(classNames !== undefined && { classNames: checkValue("fit", "classNames", classNames, namesKind) }),
  };
  const unfit = misfit(its, model);
  if (unfit) throw new HeddleError(`The model ${unfit.what}. ${unfit.mend}`);
  return its.classNames;
}

/** What images and classes don't fit a model, `takes images of …, but …`, and how the model would fit them. */
export function misfit(
  { name, imageShape, classNames, preparation }: Pick<Dataset, "name"> & Partial<Dataset>,
  { inputShape, classes }: ImagesOf,
): { readonly what: string; readonly mend: string } | undefined {
  const [ours, theirs] = [inputShape, imageShape ?? inputShape].map(shapeText);
  if (ours !== theirs) {
    const [height, width, channels] = inputShape;
    const isPicture = preparation && (channels === 1 || channels === 3);
    const orPrepare = `, or have pictures prepared with size [${height}, ${width}] and channels ${channels}`;
    return {
      what: `takes images of ${ours}, but those of ${name} are ${theirs}`,
      mend: `Build the model with inputShape ${theirs}${isPicture ? orPrepare : ""}.`,
    };
  }
  const count = classNames?.length ?? classes;
  if (count === classes) return undefined;
  return {
    what: `tells ${classes} classes apart, but ${name} has ${count}`,
    mend: `Give the last layer ${count} units.`,
  };
}
