import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { encodeLabels } from "../../core/data/testing/encode-idx.js";
import { HeddleError, UsageError } from "../../core/errors.js";
import { loadSmall } from "../../testing/load-small.js";
import {
  cifarBatch,
  cifarPickle,
  csvOf,
  emnist,
  mnist,
  npzOf,
  type SmallFiles,
  tarOf,
  ten,
  train,
  under,
} from "../../testing/small-sets.js";
import { readNpz } from "./kinds/npz.js";
import { type LoadOptions, loadDataset } from "./load.js";
import { temporaryFolder } from "./testing/small-fashion.js";

describe("a data set is refused of", () => {
  const bad: readonly [string, SmallFiles, RegExp, { path?: string; options?: LoadOptions }?][] = [
    ["an empty folder", {}, /small is a folder without files\. Expected one of:\n {2}fashion-mnist/],
    [
      "a folder of other things",
      { "readme.md": "x", "a\nb": "" },
      /holds "a\\nb" and "readme\.md"\. Expected/,
    ],
    [
      "pictures without a class",
      { "a.jpg": "x", "b.PNG": "y" },
      /small holds pictures and no folders of classes\. Expected a folder with a folder of pictures for each class/,
    ],
    [
      "a list of nothing",
      { "list.csv": "path,label\n" },
      /list\.csv lists no pictures: expected a header/,
      { path: "list.csv" },
    ],
    [
      "a list whose first row has no label",
      { "list.csv": "path,label\np/0.png,\n" },
      /list\.csv, line 2 has no label/,
      { path: "list.csv" },
    ],
    [
      "a list of another split",
      { "list.jsonl": '{"path":"p/0.png","label":"a","split":"trian"}\n' },
      /list\.jsonl, line 1: the split is "trian", expected train, validation or test/,
      { path: "list.jsonl" },
    ],
    [
      "parts without folders of classes",
      { "train/1.png": "x", "test/2.png": "x" },
      /small holds test and train with pictures, but train has no folders: expected train and others with a folder a class in each/,
    ],
    [
      "parts of which none trains",
      { "val/a/1.png": "x", "test/a/2.png": "x" },
      /small holds test and val with pictures, but none to train on: expected train and others/,
    ],
    [
      "a part under two names",
      { "train/a/1.png": "x", "val/a/1.png": "x", "valid/a/1.png": "x" },
      /small holds val and valid, which are one part\. Keep one of them/,
    ],
    ["a picture", { "a.jpg": "x" }, /a\.jpg is a picture\. Expected a folder with/, { path: "a.jpg" }],
    [
      "MATLAB's format",
      { "emnist-letters.mat": "MATLAB" },
      /emnist-letters\.mat is MATLAB's format, which heddle doesn't read\. Load it with scipy/,
      { path: "emnist-letters.mat" },
    ],
    ["Parquet", { "data/train-0.parquet": "PAR1" }, /train-0\.parquet is Parquet, .* a folder a class/],
    ["TensorFlow's records", { "a.tfrecord-00000-of-00001": "x" }, /is TensorFlow's records, .* tfds/],
    ["another pickle", { "data.pkl": "x" }, /is a pickle, .* A pickle may run anything/],
    ["another archive", { "photos.zip": "PK\x03\x04" }, /is an archive, .* Unpack it/],
    [
      "several of EMNIST's divisions",
      { ...emnist("letters"), ...emnist("digits") },
      /IDX files of 2 data sets: name one of them, .*small[/\\]emnist-digits, .*small[/\\]emnist-letters\./,
    ],
    [
      "no such prefix",
      emnist("letters"),
      /small[/\\]emnist-byclass can't be read: it does not exist/,
      { path: "emnist-byclass" },
    ],
    [
      "test images without labels",
      Object.fromEntries(Object.entries(mnist).slice(0, 3)),
      /holds no test labels: expected a file t10k-labels-idx1-ubyte/,
    ],
    [
      "test images alone",
      Object.fromEntries(Object.entries(mnist).slice(2)),
      /holds no training images: expected a file train-images-idx3-ubyte/,
    ],
    [
      "arrays of other names",
      { "m.npz": npzOf({ a: train.x, b: train.y }) },
      /holds no arrays x_train and y_train: there are a and b\. Save them under these names/,
      { path: "m.npz" },
    ],
    [
      "images without labels",
      { "m.npz": npzOf({ x_train: train.x }) },
      /x_train in .*m\.npz has no labels beside it: expected an array y_train/,
      { path: "m.npz" },
    ],
    [
      "one array under two names",
      { "m.npz": npzOf({ x_train: train.x, train_images: train.x, y_train: train.y }) },
      /holds training images under more than one name: x_train, train_images\. Keep one/,
      { path: "m.npz" },
    ],
    [
      "Kuzushiji's two sets in one folder",
      Object.fromEntries(
        ["kmnist", "k49"].flatMap((set) => [
          [`${set}-train-imgs.npz`, npzOf({ arr_0: train.x })],
          [`${set}-train-labels.npz`, npzOf({ arr_0: train.y })],
        ]),
      ),
      /Name one of them by what its files begin with, such as .*small[/\\]k49\./,
    ],
    [
      "an .npz file that is none",
      { "m.npz": "hello" },
      /m\.npz holds no NumPy arrays: it begins like neither/,
      { path: "m.npz", options: { kind: "npz" } },
    ],
    [
      "two kinds of CIFAR",
      { ...ten, ...under("b/", { "data_batch_1.bin": cifarBatch(20, 1, 10) }) },
      /batches of CIFAR of more than one kind/,
    ],
    [
      "CIFAR-10 and CIFAR-100 in one folder",
      {
        "data_batch_1.bin": cifarBatch(20, 1, 10),
        "test_batch.bin": cifarBatch(10, 1, 10),
        "train.bin": cifarBatch(200, 2, 100),
        "test.bin": cifarBatch(100, 2, 100),
        "fine_label_names.txt": "",
      },
      /batches of CIFAR of more than one kind: .*data_batch_1\.bin.*train\.bin/,
    ],
    [
      "an archive of something else",
      { "cifar.tar": tarOf({ "cifar/readme": "x" }) },
      /is an archive without a batch of CIFAR/,
      { path: "cifar.tar" },
    ],
    [
      "an archive cut off",
      { "cifar.tar": tarOf({ "cifar/data_batch_1": cifarPickle(2, 10) }).subarray(0, 3000) },
      /cifar\.tar is truncated or damaged: cifar\/data_batch_1 in it runs past its end/,
      { path: "cifar.tar" },
    ],
    [
      "a pickle that would run something",
      { data_batch_1: "cposix\nsystem\n(S'touch ran'\ntR." },
      /data_batch_1 names "posix\.system", which is never called/,
    ],
    [
      "two CSV files for one part",
      { "a_train.csv": csvOf(12), "b_train.csv": csvOf(12) },
      /training images under more than one name: a_train\.csv, b_train\.csv\. Name one of them .*small[/\\]a\./,
    ],
    [
      "a CSV file of other sizes",
      { "train.csv": csvOf(12), "test.csv": csvOf(6).replaceAll(/,[^,]*,[^,]*,[^,]*,[^,]*,[^,]*$/gm, "") },
      /test\.csv holds images of 2×2×1, but .*train\.csv of 3×3×1/,
    ],
    ["a kind that it is not", mnist, /small holds no batch of CIFAR/, { options: { kind: "cifar" } }],
    [
      "a CSV file given as another kind",
      { "train.csv": csvOf(12) },
      /train\.csv holds no IDX files: expected a folder/,
      { path: "train.csv", options: { kind: "idx" } },
    ],
    [
      "a name that stands for one that is fetched",
      mnist,
      /small is no fashion-mnist: name it fashion-mnist/,
      { options: { kind: "fashion-mnist" } },
    ],
    [
      "a CSV file that unpacks to gigabytes",
      {
        "train.csv.gz": gzipSync(
          Buffer.concat([Buffer.from("label,p0,p1,p2,p3\n"), Buffer.alloc(65 * 2 ** 20, "0,0,0,0,0\n")]),
        ),
      },
      /train\.csv\.gz unpacks to more than 67108864 bytes/,
    ],
  ];
  for (const [what, files, message, where = {}] of bad) {
    it(what, async (context) => {
      await assert.rejects(loadSmall(context, files, where), (error) => {
        assert.ok(error instanceof HeddleError, (error as Error).stack);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("options that can't be", async (context) => {
    const folder = await temporaryFolder(context);
    for (const [options, message] of [
      [{ kind: "imagenet" }, /^loadDataset: kind must be one of "fashion-mnist", "idx".*but is "imagenet"/],
      [{ kid: "idx" }, /has no option "kid"\. Did you mean kind\?/],
      [{ testShare: 0 }, /^loadDataset: testShare must be .* above 0/],
    ] as const) {
      await assert.rejects(loadDataset(folder, options as never), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        return true;
      });
    }
  });

  it("what is no file", { skip: !existsSync("/dev/null") && "there is no such thing here" }, async () => {
    await assert.rejects(loadDataset("/dev/null"), /dev\/null is neither a file nor a folder/);
  });

  it("Fashion-MNIST by its name as another kind", async () => {
    await assert.rejects(
      loadDataset("fashion-mnist", { kind: "idx" }),
      / fashion-mnist can't be read: it does not exist\. Looked for it at [^;]*; expected the path of a file or a folder\. For the data set of this name leave kind out\.$/,
    );
  });

  it("paths that are none", async () => {
    for (const path of [undefined, "", 3, "a\0b"]) {
      await assert.rejects(loadDataset(path as never), /^UsageError: loadDataset: data must be/);
      await assert.rejects(readNpz(path as never), /^UsageError: readNpz: path must be/);
    }
  });

  it("a caller who has told to stop", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFile(join(folder, "train-labels-idx1-ubyte"), encodeLabels(4, 2));
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(loadDataset(folder, { signal }), /enough/);
  });
});
