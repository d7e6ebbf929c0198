import assert from "node:assert/strict";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import type { FileRole } from "../../../core/data/fashion-mnist.js";
import { encodeIdx, encodeImages, encodeLabels } from "../../../core/data/testing/encode-idx.js";
import { HeddleError, UsageError } from "../../../core/errors.js";
import { loadDataset } from "../load.js";
import {
  isolatedSources,
  nameOf,
  smallContents,
  temporaryFolder,
  writeFour,
} from "../testing/small-fashion.js";

/** Three classes of 6×5 in three channels: no part of it is Fashion-MNIST's. */
const custom: Readonly<Record<FileRole, Uint8Array>> = {
  trainImages: encodeImages(30, 6, 5, 3),
  trainLabels: encodeLabels(30, 3),
  testImages: encodeImages(9, 6, 5, 3),
  testLabels: encodeLabels(9, 3),
};

const trainImagesFile = `${nameOf("trainImages")}.gz`;

function load(folder: string) {
  return loadDataset(folder, { sources: isolatedSources(folder) });
}

async function refused(folder: string, message: RegExp): Promise<void> {
  await assert.rejects(load(folder), (error) => {
    assert.ok(error instanceof HeddleError, String(error));
    assert.ok(!(error instanceof UsageError));
    assert.match(error.message, message);
    return true;
  });
}

describe("a data folder", () => {
  it("is read gzipped", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, custom);
    const { dataset, sources } = await load(folder);
    assert.deepEqual(dataset.imageShape, [6, 5, 3]);
    assert.deepEqual(dataset.classNames, ["0", "1", "2"]);
    assert.deepEqual(
      Buffer.from(dataset.train.images as Uint8Array),
      Buffer.from(custom.trainImages.subarray(20)),
    );
    assert.deepEqual(
      sources.map(({ file, origin }) => `${file} ${origin}`),
      [
        "train-images-idx3-ubyte.gz folder",
        "train-labels-idx1-ubyte.gz folder",
        "t10k-images-idx3-ubyte.gz folder",
        "t10k-labels-idx1-ubyte.gz folder",
      ],
    );
    assert.equal(sources[0].path, join(folder, "train-images-idx3-ubyte.gz"));
  });

  it("is read under the other names in use, plain or gzip without its ending", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFile(join(folder, "train-images-idx4-ubyte"), custom.trainImages);
    await writeFile(join(folder, "train-labels.idx1-ubyte"), custom.trainLabels);
    await writeFile(join(folder, "test-images-idx4-ubyte"), gzipSync(custom.testImages));
    await writeFile(join(folder, "test-labels-idx1-ubyte.gz"), gzipSync(custom.testLabels));
    const { dataset } = await load(folder);
    assert.equal(dataset.train.count, 30);
    assert.equal(dataset.test.count, 9);
  });

  it("takes the plain file where both are there", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, custom);
    await writeFour(folder, { trainLabels: custom.trainLabels }, false);
    const { sources } = await load(folder);
    assert.equal(sources[1].file, nameOf("trainLabels"));
  });

  it("is known as Fashion-MNIST by its content", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, smallContents, false);
    const { dataset } = await load(folder);
    assert.equal(dataset.name, "fashion-mnist");
    assert.equal(dataset.classNames[9], "Ankle boot");
  });
});

describe("a bad data folder", () => {
  it("that is missing", async (context) => {
    const folder = join(await temporaryFolder(context), "nowhere");
    await refused(
      folder,
      /nowhere can't be read: it does not exist\. Looked for it at .*nowhere; expected the path of a file or a folder, or fashion-mnist\./,
    );
  });

  it("that is a slip of Fashion-MNIST's name", async () => {
    for (const name of ["fashion-mnits", "Fashion-MNIST", "fashion_mnist"]) {
      await refused(
        name,
        new RegExp(
          `^${name} can't be read: it does not exist\\. Did you mean "fashion-mnist"\\? Looked for it at`,
        ),
      );
    }
  });

  it("that is a file", async (context) => {
    const folder = join(await temporaryFolder(context), "file");
    await writeFile(folder, "");
    await refused(folder, /file is no file of a data set that heddle knows\. Expected one of/);
  });

  const isRoot = process.getuid?.() === 0 || process.platform === "win32";
  it("that may not be read", { skip: isRoot && "permissions do not bind this user" }, async (context) => {
    const folder = join(await temporaryFolder(context), "closed");
    await mkdir(folder);
    await chmod(folder, 0);
    await refused(folder, /closed can't be read: permission denied/);
  });

  it("of which a folder may not be read", {
    skip: isRoot && "permissions do not bind this user",
  }, async (context) => {
    const folder = join(await temporaryFolder(context), "open");
    await mkdir(join(folder, "raw"), { recursive: true });
    await chmod(join(folder, "raw"), 0);
    await refused(folder, /open[/\\]raw can't be read: permission denied/);
  });

  it("with a file missing", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, { ...custom, testLabels: undefined });
    await refused(
      folder,
      /holds no test labels: expected a file t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz/,
    );
  });

  it("with two files for one part, unless they are the same", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, custom);
    const other = join(folder, "test-labels-idx1-ubyte");
    await writeFile(other, custom.testLabels);
    assert.equal((await load(folder)).dataset.test.count, 9);
    await writeFile(other, custom.trainLabels);
    await refused(folder, /holds test labels under more than one name: .*Keep one/);
  });

  it("with a folder in a file's place", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, { ...custom, trainImages: undefined });
    await mkdir(join(folder, trainImagesFile));
    await refused(folder, /holds no training images: expected a file train-images-idx3-ubyte or/);
  });

  const spoilt: readonly [string, (gzip: Buffer) => Uint8Array, RegExp][] = [
    ["an empty file", () => new Uint8Array(0), /train-images-idx3-ubyte.gz is empty/],
    [
      "a truncated gzip file",
      (gzip) => gzip.subarray(0, gzip.length / 2),
      /train-images-idx3-ubyte.gz is truncated: its gzip data ends too early/,
    ],
    [
      "a file that is not gzip",
      () => custom.trainImages,
      /train-images-idx3-ubyte.gz is not gzip, .* 00 00 08 04, expected 1f 8b/,
    ],
    [
      "a flipped bit in its gzip checksum",
      (gzip) => flipBit(gzip, gzip.length - 8),
      /train-images-idx3-ubyte.gz is damaged: its gzip checksum \(CRC\) does not match/,
    ],
    [
      "a flipped bit in its gzip header",
      (gzip) => flipBit(gzip, 2),
      /train-images-idx3-ubyte.gz is damaged gzip \(unknown compression method\)/,
    ],
    [
      "a truncated content",
      () => gzipSync(custom.trainImages.subarray(0, -7)),
      /train-images-idx3-ubyte.gz is truncated: its header says 30×6×5×3, 2700 bytes, and 2693 follow/,
    ],
    [
      "an empty content",
      () => gzipSync(new Uint8Array(0)),
      /train-images-idx3-ubyte.gz is empty: expected IDX images/,
    ],
    [
      "a wrong magic number",
      () => gzipSync(encodeIdx([1, 1, 1], [0], 0x0903)),
      /train-images-idx3-ubyte.gz has the wrong magic number 0x00000903/,
    ],
    [
      "labels where images should be",
      () => gzipSync(custom.trainLabels),
      /train-images-idx3-ubyte.gz holds labels where images should be/,
    ],
    [
      "a content that goes on and on",
      () => gzipSync(Buffer.concat([custom.trainImages, Buffer.alloc(64e6)])),
      /train-images-idx3-ubyte.gz is damaged or something else: it unpacks to more than the 2720 bytes/,
    ],
    [
      "nothing but zeros in great number",
      () => gzipSync(Buffer.alloc(64e6)),
      /train-images-idx3-ubyte.gz is damaged, or no IDX file: what it unpacks to doesn't begin/,
    ],
    [
      "a header that asks for terabytes",
      () => gzipSync(encodeIdx([2 ** 20, 2 ** 10, 2 ** 10], [])),
      /train-images-idx3-ubyte.gz says that it unpacks to 1099511627792 bytes: expected at most 2147483647/,
    ],
    [
      "more images than labels",
      () => gzipSync(encodeImages(31, 6, 5, 3)),
      /train-labels-idx1-ubyte.gz holds fewer labels than there are images: 30 labels, but .* 31 images/,
    ],
  ];
  for (const [what, spoil, message] of spoilt) {
    it(`with ${what}`, async (context) => {
      const folder = await temporaryFolder(context);
      await writeFour(folder, custom);
      const path = join(folder, trainImagesFile);
      await writeFile(path, spoil(await readFile(path)));
      await refused(folder, message);
    });
  }

  it("with a bit flipped anywhere in gzip data", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, custom);
    const path = join(folder, trainImagesFile);
    const gzip = await readFile(path);
    for (let position = 10; position < gzip.length; position += 97) {
      await writeFile(path, flipBit(gzip, position));
      await refused(folder, /train-images-idx3-ubyte.gz is (damaged|truncated)/);
    }
  });

  it("with a label out of range", async (context) => {
    const folder = await temporaryFolder(context);
    const labels = custom.testLabels.slice();
    labels[8 + 4] = 3;
    await writeFour(folder, { ...custom, testLabels: labels });
    await refused(
      folder,
      /t10k-labels-idx1-ubyte.gz: label 3 \(of image 4\) is none of the 3 classes .* expected 0 to 2/,
    );
  });

  it("with a damaged copy of Fashion-MNIST", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, { ...smallContents, testImages: flipBit(smallContents.testImages, 500) }, false);
    await refused(
      folder,
      /t10k-images-idx3-ubyte is not Fashion-MNIST's test images, though train-images-idx3-ubyte beside it is .* has the SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}/,
    );
  });

  it("with Fashion-MNIST's files under each other's names", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, smallContents);
    const [train, test] = [nameOf("trainLabels"), nameOf("testLabels")].map((name) =>
      join(folder, `${name}.gz`),
    );
    await rename(train, `${train}.held`);
    await rename(test, train);
    await rename(`${train}.held`, test);
    await refused(
      folder,
      /train-labels-idx1-ubyte.gz is not Fashion-MNIST's training labels, .* holds its test labels instead/,
    );
  });

  it("with one of Fashion-MNIST's files among another set's", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, { ...custom, testLabels: smallContents.testLabels });
    await refused(
      folder,
      /train-images-idx3-ubyte.gz is not Fashion-MNIST's training images, though t10k-labels/,
    );
  });
});

function flipBit(bytes: Uint8Array, position: number): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[position] ^= 1 << (position % 8);
  return flipped;
}
