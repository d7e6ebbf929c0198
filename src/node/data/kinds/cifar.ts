import { assembleDataset, type DataPart } from "../../../core/data/assemble.js";
import {
  type CifarBatch,
  type CifarClasses,
  cifarNamesOfPickle,
  cifarOfPickle,
  cifarShape,
  joinBatches,
  parseCifarBinary,
} from "../../../core/data/formats/cifar.js";
import { parsePickle } from "../../../core/data/formats/pickle.js";
import { firstTarName, isTar, readTar } from "../../../core/data/formats/tar.js";
import { HeddleError } from "../../../core/errors.js";
import { listed } from "../../../core/words.js";
import { sha256 } from "../checksum.js";
import type { DataKind } from "../data-kind.js";
import { fileName, folderOf, type Place } from "../place.js";
import { readAnyFile, readHead } from "../read-file.js";
import type { DataSource } from "../source.js";

export const cifarKind: DataKind = {
  name: "cifar",
  meaning: "CIFAR-10 and CIFAR-100 as they are published, binary or for Python",
  told: "files such as data_batch_1 or data_batch_1.bin, or train and meta, in a folder or in the archive cifar-10-python.tar.gz",
  example: "cifar-10-batches-py/",
  reads: [],
  looksLike: async (place) => {
    if (place.isFolder) return batchGroups(place.files).size > 0 || archivesOf(place).length > 0;
    const head = await readHead(place.path);
    return isTar(head) && /cifar/i.test(firstTarName(head) + place.name);
  },
  load: async (place, { onProgress, ...options }) => {
    const { group, sources, read } = await chooseGroup(place);
    const { classes, isBinary, train, test, meta } = group;
    const partOf = async (files: readonly string[]): Promise<DataPart | undefined> => {
      if (files.length === 0) return undefined;
      const batches: CifarBatch[] = [];
      for (const file of files)
        batches.push(readBatch(await read(file), classes, isBinary, place.pathOf(file)));
      const from = listed(files.map((file) => place.pathOf(file)));
      return { shape: cifarShape, ...joinBatches(batches), imagesFrom: from, labelsFrom: from };
    };
    const parts = { train: await partOf(train), test: await partOf(test) };
    const names =
      meta === undefined ? undefined : readNames(await read(meta), classes, isBinary, place.pathOf(meta));
    const nameOf = names && ((label: number | string) => names[Number(label)]);
    const onNotice = (message: string): void => onProgress?.({ type: "notice", message });
    if (classes === 10 && train.length !== 5) {
      onNotice(
        `${train.length} of CIFAR-10's 5 training batches are there: ${train.map(fileName).join(", ")}.`,
      );
    }
    const dataset = assembleDataset(`cifar-${classes}`, parts, { ...options, nameOf, onNotice });
    return { dataset, sources };
  },
};

/** The files of one data set. */
interface BatchGroup {
  readonly classes: CifarClasses;
  readonly isBinary: boolean;
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** What names the classes. */
  readonly meta: string | undefined;
}

/** By folder, and whether they are binary. */
function batchGroups(files: readonly string[]): ReadonlyMap<string, BatchGroup> {
  const groups = new Map<string, BatchGroup>();
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const folder = folderOf(file);
    const names = folders.get(folder);
    if (names) names.push(file);
    else folders.set(folder, [file]);
  }
  for (const [folder, names] of folders) {
    const find = (pattern: RegExp): readonly string[] => names.filter((file) => pattern.test(fileName(file)));
    for (const isBinary of [false, true]) {
      const ending = isBinary ? "\\.bin" : "";
      const ten = find(new RegExp(`^data_batch_\\d+${ending}$`));
      const tenTest = find(new RegExp(`^test_batch${ending}$`));
      const key = folder + ending;
      if (ten.length + tenTest.length > 0) {
        const [meta] = find(isBinary ? /^batches\.meta\.txt$/ : /^batches\.meta$/);
        groups.set(`${key} 10`, { classes: 10, isBinary, train: ten, test: tenTest, meta });
      }
      // Plain names: what names the classes beside them says what they are.
      const [meta] = find(isBinary ? /^fine_label_names\.txt$/ : /^meta$/);
      const train = find(new RegExp(`^train${ending}$`));
      if (meta !== undefined && train.length > 0) {
        groups.set(`${key} 100`, {
          classes: 100,
          isBinary,
          train,
          test: find(new RegExp(`^test${ending}$`)),
          meta,
        });
      }
    }
  }
  return groups;
}

const archivesOf = (place: Place): readonly string[] =>
  place.files.filter((file) => /^cifar-100?-(python|binary)\.(tar|tar\.gz|tgz)$/i.test(fileName(file)));

interface ChosenGroup {
  readonly group: BatchGroup;
  readonly sources: readonly DataSource[];
  readonly read: (file: string) => Promise<Uint8Array>;
}

async function chooseGroup(place: Place): Promise<ChosenGroup> {
  const unpacked = place.isFolder ? batchGroups(place.files) : new Map<string, BatchGroup>();
  if (unpacked.size > 0) {
    const group = onlyGroup(place, unpacked);
    const contents = new Map<string, Uint8Array>();
    const sources: DataSource[] = [];
    for (const file of [...group.train, ...group.test, ...(group.meta === undefined ? [] : [group.meta])]) {
      const path = place.pathOf(file);
      const bytes = await readAnyFile(path);
      contents.set(file, bytes);
      sources.push({ file: fileName(file), path, origin: "folder", sha256: await sha256(bytes) });
    }
    return { group, sources, read: async (file) => contents.get(file)! };
  }
  const archives = place.isFolder ? archivesOf(place) : place.files;
  if (archives.length === 0) {
    throw new HeddleError(
      `${place.path} holds no batch of CIFAR: expected a folder with data_batch_1 to data_batch_5 and test_batch (.bin or not), or with train, test and meta.`,
    );
  }
  if (archives.length > 1) {
    throw new HeddleError(`${place.path} holds ${listed(archives)}: name one of them.`);
  }
  const path = place.pathOf(archives[0]);
  const bytes = await readAnyFile(path);
  const contents = new Map(readTar(bytes, path).map(({ name, bytes: content }) => [name, content]));
  const group = onlyGroup(place, batchGroups([...contents.keys()]));
  const source: DataSource = {
    file: fileName(archives[0]),
    path,
    origin: place.isFolder ? "folder" : "file",
    sha256: await sha256(bytes),
  };
  return { group, sources: [source], read: async (file) => contents.get(file)! };
}

function onlyGroup(place: Place, groups: ReadonlyMap<string, BatchGroup>): BatchGroup {
  const [first, ...others] = groups.values();
  if (!first) throw new HeddleError(`${place.path} is an archive without a batch of CIFAR in it.`);
  if (others.length === 0) return first;
  const found = [...groups.values()].map(({ train, test }) => place.pathOf([...train, ...test][0]));
  throw new HeddleError(
    `${place.path} holds batches of CIFAR of more than one kind: ${listed(found)}. Name the folder of one of them, and keep one kind in it.`,
  );
}

const readBatch = (bytes: Uint8Array, classes: CifarClasses, isBinary: boolean, path: string): CifarBatch =>
  isBinary ? parseCifarBinary(bytes, classes, path) : cifarOfPickle(parsePickle(bytes, path), classes, path);

function readNames(
  bytes: Uint8Array,
  classes: CifarClasses,
  isBinary: boolean,
  path: string,
): readonly string[] | undefined {
  if (!isBinary) return cifarNamesOfPickle(parsePickle(bytes, path), classes);
  return Buffer.from(bytes)
    .toString("utf8")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
}
