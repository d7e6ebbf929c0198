import { basename } from "node:path";
import { assembleDataset, type DataPart, type PartName } from "../../../core/data/assemble.js";
import { emnistDivision, emnistNames, transposed } from "../../../core/data/emnist.js";
import { firstLine, parsePixelCsv, pixelColumns } from "../../../core/data/formats/pixel-csv.js";
import { channelsLast, type ImageForm, shapeOfPixels } from "../../../core/data/image-array.js";
import { HeddleError } from "../../../core/errors.js";
import { sha256 } from "../checksum.js";
import { type DataKind, imageForm, partWords, severalFiles } from "../data-kind.js";
import { folderOf, type Place, partOfName } from "../place.js";
import { readAnyFile, readHead } from "../read-file.js";
import type { DataSource } from "../source.js";

export const pixelCsvKind: DataKind = {
  name: "pixel-csv",
  meaning: "CSV of a label and all pixels of an image a row, as Kaggle has it",
  told: "a header such as label,pixel0,pixel1, or rows of numbers alone; one file, or a folder with files named train and test, packed by gzip or not",
  example: "fashion-mnist_train.csv",
  reads: ["size", "channels", "layout"],
  looksLike: async (place) => (await pixelFiles(place)).length > 0,
  load: async (place, options) => {
    const { onProgress } = options;
    const onNotice = (message: string): void => onProgress?.({ type: "notice", message });
    const found: Partial<Record<PartName, DataPart>> = {};
    const sources: DataSource[] = [];
    for (const [part, file] of await chooseFiles(place)) {
      const path = place.pathOf(file);
      const read = await readPart(path, imageForm(options));
      if (read.part) found[part] = read.part;
      else if (part === "train")
        throw new HeddleError(`${path} has no column of labels: expected one named label.`);
      else onNotice(`${path} has no column of labels, so nothing can be judged on it: it is left out.`);
      if (read.part) {
        sources.push({
          file: basename(path),
          path,
          origin: place.isFolder ? "folder" : "file",
          sha256: read.sha256,
        });
      }
    }
    const division = found.train && emnistDivision(basename(found.train.imagesFrom));
    if (division === undefined) {
      return { dataset: assembleDataset(place.name, found, { ...options, onNotice }), sources };
    }
    onNotice("EMNIST's images lie on their side: they are turned upright.");
    const upright = Object.fromEntries(
      Object.entries(found).map(([part, read]) => [
        part,
        { ...read, images: transposed(read.images, read.shape) },
      ]),
    );
    const names = emnistNames(division);
    const nameOf = (label: number | string): string | undefined => names[Number(label)] || undefined;
    return { dataset: assembleDataset(place.name, upright, { ...options, nameOf, onNotice }), sources };
  },
};

const csvName = /\.(csv|txt)(\.gz)?$/i;

/** The files of pixels of a place; the folder's own, not those of folders in it. */
async function pixelFiles(place: Place): Promise<readonly string[]> {
  const candidates = place.isFolder
    ? place.files.filter((file) => csvName.test(file) && folderOf(file) === "")
    : place.files;
  const found: string[] = [];
  for (const file of candidates.slice(0, mostFiles)) {
    if (await isPixelFile(place.pathOf(file))) found.push(file);
  }
  return found;
}

/** A folder of tables has few; one of other things is not opened file by file. */
const mostFiles = 50;

async function isPixelFile(path: string): Promise<boolean> {
  const head = await readHead(path);
  const line = firstLine(head) ?? cutLine(head);
  return pixelColumns(line) !== undefined;
}

/** A line longer than what was read, without the cell that it was cut off in. */
function cutLine(head: Uint8Array): string {
  const end = head.lastIndexOf(0x2c);
  return Buffer.from(head.subarray(0, Math.max(0, end))).toString("latin1");
}

async function chooseFiles(place: Place): Promise<ReadonlyMap<PartName, string>> {
  if (!place.isFolder) return new Map([["train", place.files[0]]]);
  const files = await pixelFiles(place);
  if (files.length === 0) {
    throw new HeddleError(
      `${place.path} holds no CSV of pixels: expected files such as train.csv, with a header such as label,pixel0,pixel1.`,
    );
  }
  const chosen = new Map<PartName, string>();
  for (const part of ["train", "validation", "test"] as const) {
    const ofPart = files.filter((file) => (partOfName(basename(file)) ?? "train") === part);
    if (ofPart.length > 1) severalFiles(place, `${partWords[part]} images`, ofPart);
    if (ofPart.length === 1) chosen.set(part, ofPart[0]);
  }
  return chosen;
}

async function readPart(
  path: string,
  form: ImageForm,
): Promise<{ part: DataPart | undefined; sha256: string }> {
  const bytes = await readAnyFile(path);
  const { pixels, width, labels } = parsePixelCsv(bytes, path);
  const sum = await sha256(bytes);
  if (!labels) return { part: undefined, sha256: sum };
  const shape = shapeOfPixels(width, path, form);
  const images = channelsLast(pixels, labels.length, shape, form.layout);
  return { part: { shape, images, labels, imagesFrom: path, labelsFrom: path }, sha256: sum };
}
