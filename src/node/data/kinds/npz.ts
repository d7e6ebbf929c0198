import { basename } from "node:path";
import {
  assembleDataset,
  type DataPart,
  type DataParts,
  type PartName,
} from "../../../core/data/assemble.js";
import { parseClassMap } from "../../../core/data/emnist.js";
import { isNpy, parseNpy } from "../../../core/data/formats/npy.js";
import type { NumpyArray } from "../../../core/data/formats/numpy-array.js";
import { isZip, readZipDirectory, type ZipEntry } from "../../../core/data/formats/zip-directory.js";
import { type ImageForm, imagesOfArray, labelsOfArray } from "../../../core/data/image-array.js";
import { HeddleError } from "../../../core/errors.js";
import { checkValue, text } from "../../../core/options/index.js";
import { listed } from "../../../core/words.js";
import { sha256 } from "../checksum.js";
import { type DataKind, imageForm, partWords, severalFiles } from "../data-kind.js";
import { folderOf, type Place } from "../place.js";
import { readAnyFile, readHead } from "../read-file.js";
import type { DataSource } from "../source.js";
import { unzip } from "../zip.js";
import { arrayName, arrayRole } from "./array-names.js";

export const npzKind: DataKind = {
  name: "npz",
  meaning: "NumPy arrays, as np.savez and np.save write them",
  told: "arrays named x_train, y_train, x_test, y_test, or train_images, train_labels and so on, in one .npz file or in a folder of .npz and .npy files",
  example: "mnist.npz",
  reads: ["size", "channels", "layout"],
  looksLike: async (place) => {
    if (place.isFolder) return arrayFiles(place).some((file) => roleOfFile(file) !== undefined);
    const head = await readHead(place.path);
    return (
      isNpy(head) || (isZip(head) && /\.npy/.test(Buffer.from(head.subarray(0, 4096)).toString("latin1")))
    );
  },
  load: async (place, options) => {
    const { arrays, sources } = await openArrays(place);
    const parts = await partsOf(place, arrays, imageForm(options));
    const names = await classMap(place);
    const nameOf = names && ((label: number | string) => names.get(String(label)));
    const { onProgress } = options;
    const onNotice = (message: string): void => onProgress?.({ type: "notice", message });
    return { dataset: assembleDataset(place.name, parts, { ...options, nameOf, onNotice }), sources };
  },
};

/**
 * Reads all arrays of an .npz file, by their names; of an .npy file, its one as `arr_0`.
 *
 * @throws UsageError where the path is none
 * @throws HeddleError where it is damaged, holds Python objects, or says sizes that it doesn't have
 */
export async function readNpz(path: string): Promise<ReadonlyMap<string, NumpyArray>> {
  checkValue("readNpz", "path", path, text(/^[^\0]+$/u, "the path of an .npz file"));
  const bytes = await readAnyFile(path);
  const arrays = new Map<string, NumpyArray>();
  for (const { name, read } of entriesOf(bytes, path)) arrays.set(name, await read());
  return arrays;
}

/** An array that is read when it is wanted. */
interface NamedArray {
  readonly name: string;
  /** What errors call it by. */
  readonly from: string;
  readonly read: () => Promise<NumpyArray>;
}

/** Files of arrays in a folder itself, not in folders of it. */
const arrayFiles = (place: Place): readonly string[] =>
  place.files.filter((file) => /\.(npz|npy)$/i.test(file) && folderOf(file) === "");

/** By its name where that speaks of a part, or of images or labels; an .npz file may hold both. */
const roleOfFile = (file: string): unknown =>
  arrayRole(basename(file)) ?? (/\.npz$/i.test(file) || undefined);

async function openArrays(
  place: Place,
): Promise<{ arrays: readonly NamedArray[]; sources: readonly DataSource[] }> {
  const files = place.isFolder ? arrayFiles(place) : place.files;
  if (files.length === 0) {
    throw new HeddleError(`${place.path} holds no NumPy arrays: expected files that end in .npz or .npy.`);
  }
  const arrays: NamedArray[] = [];
  const sources: DataSource[] = [];
  for (const file of files) {
    const path = place.pathOf(file);
    const bytes = await readAnyFile(path);
    sources.push({
      file: basename(path),
      path,
      origin: place.isFolder ? "folder" : "file",
      sha256: await sha256(bytes),
    });
    arrays.push(...entriesOf(bytes, path).map((entry) => ({ ...entry, name: arrayName(file, entry.name) })));
  }
  return { arrays, sources };
}

function entriesOf(bytes: Uint8Array, path: string): NamedArray[] {
  if (isNpy(bytes)) {
    return [{ name: "arr_0", from: path, read: async () => parseNpy(bytes, path) }];
  }
  if (!isZip(bytes)) {
    throw new HeddleError(
      `${path} holds no NumPy arrays: it begins like neither an .npz nor an .npy file. Save it with np.savez or np.save.`,
    );
  }
  return readZipDirectory(bytes, path)
    .filter(({ name }) => name.endsWith(".npy"))
    .map((entry) => {
      const name = entry.name.slice(0, -".npy".length);
      return { name, from: `${name} in ${path}`, read: () => readArray(entry, `${name} in ${path}`) };
    });
}

const readArray = async (entry: ZipEntry, from: string): Promise<NumpyArray> =>
  parseNpy(await unzip(entry, from), from);

async function partsOf(place: Place, arrays: readonly NamedArray[], form: ImageForm): Promise<DataParts> {
  const roles = new Map<string, NamedArray[]>();
  for (const array of arrays) {
    const role = arrayRole(array.name);
    if (!role) continue;
    const key = `${role.part ?? ""} ${role.what}`;
    roles.set(key, [...(roles.get(key) ?? []), array]);
  }
  const one = (part: PartName | undefined, what: string): NamedArray | undefined => {
    const found = roles.get(`${part ?? ""} ${what}`) ?? [];
    if (found.length > 1)
      severalFiles(
        place,
        `${part ? partWords[part] : "its"} ${what}`,
        found.map(({ name }) => name),
      );
    return found[0];
  };
  const partOf = async (part: PartName | undefined): Promise<DataPart | undefined> => {
    const images = one(part, "images");
    const labels = one(part, "labels");
    if (!images && !labels) return undefined;
    if (!images || !labels) {
      const missing = images ? "labels" : "images";
      throw new HeddleError(
        `${(images ?? labels)?.from} has no ${missing} beside it: expected an array ${part ? `${images ? "y" : "x"}_${part === "validation" ? "val" : part}` : images ? "y" : "x"}. There are ${namesOf(arrays)}.`,
      );
    }
    const read = imagesOfArray(await images.read(), images.from, form);
    return {
      shape: read.shape,
      images: read.images,
      labels: labelsOfArray(await labels.read(), labels.from),
      imagesFrom: images.from,
      labelsFrom: labels.from,
    };
  };
  // Arrays that name no part are all that there is, unless others do.
  const train = (await partOf("train")) ?? (await partOf(undefined));
  if (!train) {
    throw new HeddleError(
      `${place.path} holds no arrays x_train and y_train: there are ${namesOf(arrays)}. Save them under these names: np.savez(file, x_train=…, y_train=…, x_test=…, y_test=…).`,
    );
  }
  return { train, validation: await partOf("validation"), test: await partOf("test") };
}

const mostNames = 20;

const namesOf = (arrays: readonly NamedArray[]): string =>
  arrays.length === 0
    ? "none"
    : listed([
        ...arrays.slice(0, mostNames).map(({ name }) => name),
        ...(arrays.length > mostNames ? [`${arrays.length - mostNames} more`] : []),
      ]);

/** What Kuzushiji's table beside the arrays calls its classes. */
async function classMap(place: Place): Promise<ReadonlyMap<string, string> | undefined> {
  const file = place.isFolder ? place.files.find((name) => /^[^/]*classmap\.csv$/i.test(name)) : undefined;
  if (file === undefined) return undefined;
  return parseClassMap(Buffer.from(await readAnyFile(place.pathOf(file))).toString("utf8"));
}
