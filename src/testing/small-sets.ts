import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { encodeImages, encodeLabels } from "../core/data/testing/encode-idx.js";
import { encodeNpy } from "./encode-npy.js";
import { encodeZip } from "./encode-zip.js";

/** Contents by path. */
export type SmallFiles = Readonly<Record<string, Uint8Array | string>>;

export async function writeFiles(folder: string, files: SmallFiles): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

const cycle = (count: number, first: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, image) => first + (image % 3));

/** Images [count, 4, 4] and labels of three classes, as np.save writes them. */
export const smallArrays = (count: number): { readonly x: Uint8Array; readonly y: Uint8Array } => ({
  x: encodeNpy(
    [count, 4, 4],
    Uint8Array.from({ length: 16 * count }, (_, place) => place),
  ),
  y: encodeNpy([count], cycle(count, 0)),
});

/** The parts of an .npz file by the names of its arrays: `{ x_train: …, y_train: … }`. */
export const npzOf = (arrays: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  encodeZip(Object.entries(arrays).map(([name, bytes]) => ({ name: `${name}.npy`, bytes, deflate: true })));

/** IDX files of 4 × 4, 12 to train and 6 to test on, under any names. */
export const idxSet = (
  trainImages: string,
  trainLabels: string,
  testImages: string,
  testLabels: string,
  firstLabel = 0,
): SmallFiles => {
  const labels = (count: number): Uint8Array =>
    encodeLabels(count, 3).map((byte, place) => byte + (place >= 8 ? firstLabel : 0));
  const packed = (name: string, bytes: Uint8Array): Uint8Array =>
    name.endsWith(".gz") ? gzipSync(bytes) : bytes;
  return {
    [trainImages]: packed(trainImages, encodeImages(12, 4, 4)),
    [trainLabels]: packed(trainLabels, labels(12)),
    [testImages]: packed(testImages, encodeImages(6, 4, 4)),
    [testLabels]: packed(testLabels, labels(6)),
  };
};

/** A CSV of pixels of 3 × 3 in three classes. */
export const csvOf = (rows: number, header = true): string =>
  [
    ...(header ? ["label,pixel1,pixel2,pixel3,pixel4,pixel5,pixel6,pixel7,pixel8,pixel9"] : []),
    ...Array.from({ length: rows }, (_, row) => [row % 3, ...Array(9).fill(row)].join(",")),
    "",
  ].join("\n");

/** A batch of CIFAR in the binary kind, `labels` bytes before each image. */
export function cifarBatch(count: number, labelBytes: 1 | 2, classes: number): Uint8Array {
  const record = labelBytes + 3072;
  return Uint8Array.from({ length: count * record }, (_, place) =>
    place % record < labelBytes ? Math.floor(place / record) % classes : place & 0xff,
  );
}

/** The same for Python, protocol 2. */
export function cifarPickle(count: number, classes: number): Uint8Array {
  const text = (value: string): string => `U${String.fromCharCode(value.length)}${value}`;
  const dtype = `cnumpy\ndtype\n${text("u1")}K\x00K\x01\x87R(K\x03${text("|")}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb`;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(count * 3072);
  const pixels = Buffer.from(Uint8Array.from({ length: count * 3072 }, (_, place) => place));
  const labels = Array.from({ length: count }, (_, image) => `K${String.fromCharCode(image % classes)}`).join(
    "",
  );
  const head = `\x80\x02}(${text(classes === 10 ? "labels" : "fine_labels")}](${labels}e${text("data")}cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85${text("b")}\x87R(K\x01K${String.fromCharCode(count)}M\x00\x0c\x86${dtype}\x89T`;
  return Buffer.concat([Buffer.from(head, "latin1"), length, pixels, Buffer.from("tbu.", "latin1")]);
}

/** A tar archive as POSIX has it. */
export function tarOf(files: SmallFiles): Uint8Array {
  const pieces = Object.entries(files).flatMap(([name, content]) => {
    const bytes = Buffer.from(content as string);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(bytes.length.toString(8).padStart(11, "0"), 124);
    header.write("0", 156);
    header.write("ustar\x0000", 257);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...pieces, Buffer.alloc(1024)]);
}

export const [train, val, test] = [smallArrays(12), smallArrays(3), smallArrays(6)];
export const npz = npzOf({ x_train: train.x, y_train: train.y, x_test: test.x, y_test: test.y });
export const mnist = idxSet(
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
);
export const under = (folder: string, files: SmallFiles): SmallFiles =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [folder + name, content]));
export const emnist = (division: string): SmallFiles =>
  idxSet(
    `emnist-${division}-train-images-idx3-ubyte.gz`,
    `emnist-${division}-train-labels-idx1-ubyte.gz`,
    `emnist-${division}-test-images-idx3-ubyte.gz`,
    `emnist-${division}-test-labels-idx1-ubyte.gz`,
    division === "letters" ? 1 : 0,
  );
export const ten = {
  data_batch_1: cifarPickle(20, 10),
  data_batch_2: cifarPickle(20, 10),
  test_batch: cifarPickle(10, 10),
};
export const meta = "\x80\x02}U\x0blabel_names](U\x05planeU\x03cares.";
