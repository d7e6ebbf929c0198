import { constants } from "node:buffer";
import { totalmem } from "node:os";
import type { Dataset, ImageSet, Labels } from "../../core/data/dataset.js";
import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { HeddleError } from "../../core/errors.js";
import type { ResolvedOptions } from "../../core/options/index.js";
import { mebibytes, plural } from "../../core/words.js";
import { cacheFolder } from "../data/cache.js";
import { groupsOfContents, groupsOfImages } from "./duplicate-groups.js";
import { checkSkipped, type GatheredPicture, gatherPictures } from "./gather-pictures.js";
import { type LabelConflict, labelConflicts, warnOfLeaks } from "./label-conflicts.js";
import { imageBytesOf, imagesFromStore, imagesInMemory, type PartSource } from "./part-images.js";
import { DiskPictureStore, memoryStore, type PictureStore } from "./picture-cache.js";
import type { PictureFile, SkippedFile } from "./picture-files.js";
import type { pictureOptions } from "./picture-options.js";
import { classesOf, partsOf, takeTest } from "./picture-parts.js";
import { digestOf } from "./picture-segment.js";
import { decoderVersion } from "./sharp-decoder.js";

/** A data set made of picture files, and which image is which file. */
export interface PictureDataset extends Dataset {
  /** How its pictures became images: `preparePicture` does the same with another. */
  readonly preparation: PicturePreparation;
  /** The folder that paths start from. */
  readonly root: string;
  /** Of each part, the file of each image, from the root, with slashes. */
  readonly files: {
    readonly train: readonly string[];
    readonly validation?: readonly string[];
    readonly test: readonly string[];
  };
  /** Files that were left out, and why. */
  readonly skipped: readonly SkippedFile[];
  /** Files of one content under several labels. */
  readonly conflicts: readonly LabelConflict[];
}

/** Whether a data set is made of picture files. */
export const isPictureDataset = (dataset: Dataset): dataset is PictureDataset =>
  "files" in dataset && "skipped" in dataset && "conflicts" in dataset;

/** What a folder or a list names. */
export interface FoundPictures {
  readonly name: string;
  readonly root: string;
  readonly files: readonly PictureFile[];
  /** Left out before any is read. */
  readonly skipped: readonly SkippedFile[];
}

const ignore = (): void => undefined;

type Settings = ResolvedOptions<typeof pictureOptions>;

/** Decodes what was found, or reads it from the cache, and parts it. */
export async function pictureDataset(found: FoundPictures, settings: Settings): Promise<PictureDataset> {
  const { name, root } = found;
  const { onProgress = ignore, signal, skipShare } = settings;
  const { size, channels, resize, background } = settings;
  const preparation: PicturePreparation = { size, channels, resize, background };
  const store = await storeFor(found, settings, preparation);
  const source: PartSource = { root, preparation, store };
  try {
    const gathered = await gatherPictures(found.files, {
      ...source,
      verify: settings.verify,
      onProgress,
      signal,
    });
    const skipped = [...found.skipped, ...gathered.skipped];
    checkSkipped(name, skipped, found.files.length + found.skipped.length, skipShare, onProgress);
    const { pictures } = gathered;
    const classNames = classesOf(name, pictures);
    const given = partsOf(name, pictures, settings.testShare, onProgress);
    const conflicts = labelConflicts(name, pictures, onProgress);
    warnOfLeaks(name, given, onProgress);
    const making: Making = { name, source, classNames, settings, limit: memoryLimit(settings.memoryLimit) };
    // Where `validation` is given, or nothing trains, nothing is split any more.
    const isSplit = given.validation === undefined && given.train.length > 0;
    const groups = isSplit ? await groupsOf(given.train, making) : undefined;
    const { train, test, trainGroups } = given.test
      ? { train: given.train, test: given.test, trainGroups: groups }
      : withTest(given.train, groups!, making, name);
    return {
      name,
      imageShape: [...size, channels],
      classNames,
      preparation,
      root,
      train: { ...(await imageSet(train, making)), ...(trainGroups && { groups: trainGroups }) },
      ...(given.validation && { validation: await imageSet(given.validation, making) }),
      test: await imageSet(test, making),
      files: {
        train: pathsOf(train),
        ...(given.validation && { validation: pathsOf(given.validation) }),
        test: pathsOf(test),
      },
      skipped,
      conflicts,
    };
  } finally {
    await store.close();
  }
}

/** What sets of images are made with. */
interface Making {
  readonly name: string;
  readonly source: PartSource;
  readonly classNames: readonly string[];
  readonly settings: Settings;
  /** Bytes that the images of a part may take in memory. */
  readonly limit: number;
}

const pathsOf = (pictures: readonly GatheredPicture[]): readonly string[] => pictures.map(({ path }) => path);

const fits = (
  pictures: readonly GatheredPicture[],
  { source, limit }: { readonly source: Pick<PartSource, "preparation">; readonly limit: number },
): boolean => pictures.length * imageBytesOf(source.preparation) <= limit;

async function imageSet(pictures: readonly GatheredPicture[], making: Making): Promise<ImageSet> {
  const { source, classNames, settings } = making;
  const contents = pictures.map(({ content }) => content);
  const fingerprint = digestOf(Buffer.from(JSON.stringify([source.preparation, contents])));
  const { preparation } = source;
  const labels = labelsOf(pictures, classNames);
  const set = { count: pictures.length, labels, fingerprint, preparation, classNames };
  const paths = pathsOf(pictures);
  return fits(pictures, making)
    ? { ...set, images: await imagesInMemory(paths, source, settings.signal) }
    : { ...set, images: imagesFromStore(paths, source) };
}

function labelsOf(pictures: readonly GatheredPicture[], classNames: readonly string[]): Labels {
  const numbers = new Map(classNames.map((label, number) => [label, number]));
  const labels = pictures.map(({ label }) => numbers.get(label)!);
  if (classNames.length <= 2 ** 8) return Uint8Array.from(labels);
  return classNames.length <= 2 ** 16 ? Uint16Array.from(labels) : Uint32Array.from(labels);
}

/** What near-duplicates are looked for in: of one size whatever the images are, so that parts are the same for any. */
const thumbnail: PicturePreparation = { size: [64, 64], channels: 3, resize: "stretch", background: 255 };

/** Near-duplicates; where not even small images are in memory, those of the same content alone. */
async function groupsOf(pictures: readonly GatheredPicture[], making: Making): Promise<Uint32Array> {
  const { root } = making.source;
  const { onProgress = ignore, signal, verify } = making.settings;
  const contents = pictures.map(({ content }) => content);
  const small = { ...making, source: { root, preparation: thumbnail } };
  if (!fits(pictures, small)) return groupsOfContents(contents);
  const store = await storeFor({ name: making.name, root, files: pictures }, making.settings, thumbnail);
  const source: PartSource = { root, preparation: thumbnail, store };
  try {
    const images = async (): Promise<Uint8Array> => {
      await gatherPictures(pictures, { ...source, verify, onProgress, signal });
      return imagesInMemory(pathsOf(pictures), source, signal);
    };
    const folder = store instanceof DiskPictureStore ? store.folder : undefined;
    return await groupsOfImages(images, [...thumbnail.size, thumbnail.channels], contents, {
      folder,
      onProgress,
      signal,
    });
  } finally {
    await store.close();
  }
}

/** Keeps some of the pictures to test with. */
function withTest(
  pictures: readonly GatheredPicture[],
  groups: Uint32Array,
  { classNames, settings }: Making,
  name: string,
): {
  readonly train: readonly GatheredPicture[];
  readonly test: readonly GatheredPicture[];
  readonly trainGroups: Uint32Array;
} {
  const labels = labelsOf(pictures, classNames);
  const split = takeTest(name, { labels, classNames, groups }, settings, settings.onProgress ?? ignore);
  const picked = (indices: Uint32Array): GatheredPicture[] => Array.from(indices, (index) => pictures[index]);
  return {
    train: picked(split.train),
    test: picked(split.test),
    trainGroups: split.train.map((index) => groups[index]),
  };
}

/** What a typed array can hold everywhere, and what of the machine's memory one part may take. */
function memoryLimit(given: number | undefined): number {
  const constrained = process.constrainedMemory();
  const memory = constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
  return Math.min(given ?? memory / 4, constants.MAX_LENGTH);
}

async function storeFor(
  { name, root, files }: Pick<FoundPictures, "name" | "root" | "files">,
  { cacheFolder: folder = cacheFolder(), memoryLimit: given }: Settings,
  preparation: PicturePreparation,
): Promise<PictureStore> {
  const imageBytes = imageBytesOf(preparation);
  if (folder !== false) {
    const settings = { version: 1, root, preparation, decoder: await decoderVersion() };
    return DiskPictureStore.open(folder, settings, imageBytes);
  }
  const bytes = files.length * imageBytes;
  const limit = memoryLimit(given);
  if (bytes > limit) {
    throw new HeddleError(
      `${name}: ${plural(files.length, "picture")} of ${imageBytes} bytes are ${mebibytes(bytes)}, more than the ${mebibytes(limit)} that may be in memory (memoryLimit). Let them be kept in a cacheFolder, from which they can be read as they are wanted, or choose a smaller size.`,
    );
  }
  return memoryStore();
}
