import {
  assembleDataset,
  type DataPart,
  type DataParts,
  type PartName,
} from "../../../core/data/assemble.js";
import {
  emnistDivision,
  emnistNames,
  parseClassMap,
  parseEmnistMapping,
  transposed,
} from "../../../core/data/emnist.js";
import {
  type FileRole,
  fashionMnist,
  fashionMnistClassNames,
  type PublishedFile,
  roleNames,
} from "../../../core/data/fashion-mnist.js";
import { parseIdxImages, parseIdxLabels } from "../../../core/data/idx.js";
import { HeddleError } from "../../../core/errors.js";
import { sha256 } from "../checksum.js";
import { type DataKind, partWords, severalFiles } from "../data-kind.js";
import { fashionMnistSources } from "../fashion-mnist.js";
import { fileName, folderOf, type Place } from "../place.js";
import { readAnyFile, readDataFile } from "../read-file.js";
import type { FoundFile } from "../source.js";
import { type IdxFile, idxFiles, usualIdxName } from "./idx-names.js";

export const idxKind: DataKind = {
  name: "idx",
  meaning: "IDX files, as MNIST, KMNIST and EMNIST have them",
  told: "files such as train-images-idx3-ubyte and train-labels-idx1-ubyte, packed by gzip or not",
  example: "mnist/",
  reads: [],
  looksLike: (place) => place.isFolder && idxFiles(place).length > 0,
  load: async (place, options) => {
    const group = chooseGroup(place);
    const found = await readGroup(place, group);
    const published = isPublished(found, fashionMnistSources(options.sources).files);
    const { onProgress } = options;
    const name = published ? fashionMnist : place.name;
    const division = emnistDivision(fileName(group[0].file)) ?? emnistDivision(place.name);
    const nameOf = published
      ? (label: number | string) => fashionMnistClassNames[Number(label)]
      : await classNames(place, group, division);
    const onNotice = (message: string): void => onProgress?.({ type: "notice", message });
    if (division) onNotice("EMNIST's images lie on their side: they are turned upright.");
    const parts = partsOf(found, division !== undefined);
    const dataset = assembleDataset(name, parts, { ...options, nameOf, onNotice });
    const sources = Object.values(found).map(({ bytes: _, ...source }) => source);
    return { dataset, sources };
  },
};

/** By part and what it holds: `train images`. */
type FoundIdx = Readonly<Record<string, FoundFile>>;

const parts: readonly PartName[] = ["train", "validation", "test"];

function chooseGroup(place: Place): readonly IdxFile[] {
  const groups = new Map<string, IdxFile[]>();
  for (const file of place.isFolder ? idxFiles(place) : []) {
    groups.set(file.group, [...(groups.get(file.group) ?? []), file]);
  }
  const [first, ...others] = groups.values();
  if (!first) {
    throw new HeddleError(
      `${place.path} holds no IDX files: expected a folder with files such as ${usualIdxName("train", "images")} and ${usualIdxName("train", "labels")}, packed by gzip or not.`,
    );
  }
  if (others.length === 0) return first;
  const paths = [...groups.keys()].map((group) => place.pathOf(group.replace(/[-_.]$/, "")));
  throw new HeddleError(
    `${place.path} holds IDX files of ${paths.length} data sets: name one of them, ${paths.join(", ")}.`,
  );
}

async function readGroup(place: Place, group: readonly IdxFile[]): Promise<FoundIdx> {
  const found: Record<string, FoundFile> = {};
  for (const part of parts) {
    const ofPart = group.filter((file) => file.part === part);
    // Without training files there is nothing to learn from; without others they are done without.
    if (ofPart.length === 0 && part !== "train") continue;
    for (const what of ["images", "labels"] as const) {
      const files = ofPart.filter((file) => file.what === what).map(({ file }) => file);
      found[`${part} ${what}`] = await readOne(place, part, what, files);
    }
  }
  return found;
}

/** The plain file where it is there packed too; several of one content are one. */
async function readOne(
  place: Place,
  part: PartName,
  what: IdxFile["what"],
  files: readonly string[],
): Promise<FoundFile> {
  const words = `${partWords[part]} ${what}`;
  if (files.length === 0) {
    const usual = usualIdxName(part, what);
    throw new HeddleError(
      `The data folder ${place.path} holds no ${words}: expected a file ${usual} or ${usual}.gz in it.`,
    );
  }
  const unpacked = files.filter(
    (file) => !files.includes(file.replace(/\.gz$/i, "")) || !/\.gz$/i.test(file),
  );
  const read = await Promise.all(
    unpacked.map(async (file): Promise<FoundFile> => {
      const path = place.pathOf(file);
      const bytes = await readDataFile(path);
      return { file: fileName(file), path, origin: "folder", sha256: await sha256(bytes), bytes };
    }),
  );
  if (new Set(read.map(({ sha256: sum }) => sum)).size > 1) severalFiles(place, words, unpacked);
  return read[0];
}

function partsOf(found: FoundIdx, areTransposed: boolean): DataParts {
  const partOf = (part: PartName): DataPart | undefined => {
    const images = found[`${part} images`];
    const labels = found[`${part} labels`];
    if (!images || !labels) return undefined;
    const parsed = parseIdxImages(images.bytes, images.path);
    return {
      shape: parsed.shape,
      images: areTransposed ? transposed(parsed.images, parsed.shape) : parsed.images,
      labels: parseIdxLabels(labels.bytes, labels.path),
      imagesFrom: images.path,
      labelsFrom: labels.path,
    };
  };
  return Object.fromEntries(parts.map((part) => [part, partOf(part)]));
}

/** What a mapping beside the files calls the classes, else what EMNIST does; undefined where nothing does. */
async function classNames(
  place: Place,
  [{ file, group }]: readonly IdxFile[],
  division: string | undefined,
): Promise<((label: number | string) => string | undefined) | undefined> {
  const folder = folderOf(file);
  const mapping = place.files.find(
    (other) =>
      other === `${group}mapping.txt` || (folderOf(other) === folder && /classmap\.csv$/i.test(other)),
  );
  if (mapping !== undefined) {
    const text = Buffer.from(await readAnyFile(place.pathOf(mapping))).toString("utf8");
    const names = mapping.endsWith(".txt") ? parseEmnistMapping(text) : parseClassMap(text);
    if (names) return (label) => names.get(String(label));
  }
  if (division === undefined) return undefined;
  const names = emnistNames(division);
  return (label) => names[Number(label)] || undefined;
}

const roleOfKey: Readonly<Record<string, FileRole>> = {
  "train images": "trainImages",
  "train labels": "trainLabels",
  "test images": "testImages",
  "test labels": "testLabels",
};

/**
 * Whether the contents are the published ones.
 * @throws HeddleError when some are and some are not: a damaged or mixed-up copy.
 */
function isPublished(found: FoundIdx, published: readonly PublishedFile[]): boolean {
  const roleOf = new Map(published.map((file) => [file.sha256, file.role]));
  const genuine = Object.values(found).find(({ sha256: sum }) => roleOf.has(sum));
  if (!genuine) return false;
  for (const [key, { path, sha256: sum }] of Object.entries(found)) {
    const expected = published.find(({ role }) => role === roleOfKey[key]);
    if (!expected || sum === expected.sha256) continue;
    const other = roleOf.get(sum);
    const content = other ? `holds its ${roleNames[other]} instead` : `has the SHA-256 ${sum}`;
    throw new HeddleError(
      `${path} is not Fashion-MNIST's ${roleNames[expected.role]}, though ${genuine.file} beside it is from Fashion-MNIST: it ${content}, expected ${expected.sha256}. It is damaged or from another data set: fetch or copy it again.`,
    );
  }
  return true;
}
