import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { encodeImages } from "../../core/data/testing/encode-idx.js";
import { encodeNpy } from "../../testing/encode-npy.js";
import { loadSmall } from "../../testing/load-small.js";
import {
  cifarBatch,
  csvOf,
  emnist,
  idxSet,
  meta,
  mnist,
  npz,
  npzOf,
  type SmallFiles,
  tarOf,
  ten,
  test,
  train,
  under,
  val,
  writeFiles,
} from "../../testing/small-sets.js";
import type { DataKindName } from "./kind-names.js";
import { readNpz } from "./kinds/npz.js";
import type { LoadOptions } from "./load.js";
import { temporaryFolder } from "./testing/small-fashion.js";

interface Loaded {
  readonly path?: string;
  readonly kind: DataKindName;
  readonly name?: string;
  readonly shape?: readonly number[];
  readonly classes?: readonly string[];
  /** Images that train, validate and test. */
  readonly counts?: readonly [number, number | undefined, number];
  readonly options?: LoadOptions;
  readonly notice?: RegExp;
}

const shares: Loaded["counts"] = [9, undefined, 3];

const places: readonly [string, SmallFiles, Loaded][] = [
  ["MNIST's names", mnist, { kind: "idx" }],
  [
    "names with dots",
    idxSet(
      "train-images.idx3-ubyte.gz",
      "train-labels.idx1-ubyte",
      "t10k-images.idx3-ubyte",
      "t10k-labels.idx1-ubyte",
    ),
    { kind: "idx" },
  ],
  ["torchvision's folders", under("MNIST/raw/", mnist), { kind: "idx" }],
  [
    "each file once more in a folder of its name",
    {
      ...idxSet(
        "train-images.idx3-ubyte",
        "train-labels.idx1-ubyte",
        "t10k-images.idx3-ubyte",
        "t10k-labels.idx1-ubyte",
      ),
      ...Object.fromEntries(Object.entries(mnist).map(([name, content]) => [`${name}/${name}`, content])),
    },
    { kind: "idx" },
  ],
  [
    "IDX files to train with alone",
    Object.fromEntries(Object.entries(mnist).slice(0, 2)),
    { kind: "idx", counts: shares, notice: /no part to test on: 3 of its 12 images/ },
  ],
  [
    "EMNIST's letters",
    emnist("letters"),
    { kind: "idx", classes: ["Aa", "Bb", "Cc"], notice: /on their side: they are turned upright/ },
  ],
  [
    "EMNIST with its mapping",
    { ...emnist("balanced"), "emnist-balanced-mapping.txt": "0 48\n1 90\n2 97\n" },
    { kind: "idx", classes: ["0", "Z", "a"] },
  ],
  [
    "one of several of EMNIST's divisions",
    { ...emnist("letters"), ...emnist("digits") },
    { path: "emnist-letters", name: "emnist-letters", kind: "idx", classes: ["Aa", "Bb", "Cc"] },
  ],
  [
    "Kuzushiji's names beside",
    { ...mnist, "kmnist_classmap.csv": "index,codepoint,char\n0,U+304A,お\n1,U+304D,き\n2,U+3059,す\n" },
    { kind: "idx", classes: ["お", "き", "す"] },
  ],
  ["an .npz file", { "mnist.npz": npz }, { path: "mnist.npz", name: "mnist", kind: "npz" }],
  ["a folder with it", { "mnist.npz": npz }, { kind: "npz" }],
  [
    "MedMNIST's names",
    {
      "m.npz": npzOf({
        train_images: train.x,
        train_labels: encodeNpy([12, 1], train.y.slice(-12)),
        val_images: val.x,
        val_labels: val.y,
        test_images: test.x,
        test_labels: test.y,
      }),
    },
    { path: "m.npz", kind: "npz", counts: [12, 3, 6] },
  ],
  [
    "a validation part and no test part",
    { "m.npz": npzOf({ x_train: train.x, y_train: train.y, x_val: val.x, y_val: val.y }) },
    {
      path: "m.npz",
      kind: "npz",
      counts: [12, undefined, 3],
      notice: /its validation part is what is judged/,
    },
  ],
  [
    "an array a file",
    {
      "k49-train-imgs.npz": npzOf({ arr_0: train.x }),
      "k49-train-labels.npz": npzOf({ arr_0: train.y }),
      "k49-test-imgs.npz": npzOf({ arr_0: test.x }),
      "k49-test-labels.npz": npzOf({ arr_0: test.y }),
      "k49_classmap.csv": "index,codepoint,char\n0,U+304A,お\n1,U+304D,き\n2,U+3059,す\n",
    },
    { kind: "npz", classes: ["お", "き", "す"] },
  ],
  [".npy files", { "X.npy": train.x, "Y.npy": train.y }, { kind: "npz", counts: shares }],
  [
    "arrays whose channels come first by word alone",
    { "m.npz": npzOf({ x: encodeNpy([12, 3, 3, 3], new Uint8Array(12 * 27)), y: train.y }) },
    { path: "m.npz", kind: "npz", shape: [3, 3, 3], counts: shares, options: { layout: "NCHW" } },
  ],
  [
    "CIFAR-10 for Python",
    { ...ten, "batches.meta": Buffer.from(meta, "latin1") },
    {
      kind: "cifar",
      name: "cifar-10",
      shape: [32, 32, 3],
      classes: ["plane", "car", "2", "3", "4", "5", "6", "7", "8", "9"],
      counts: [40, undefined, 10],
      notice: /2 of CIFAR-10's 5 training batches are there: data_batch_1, data_batch_2/,
    },
  ],
  [
    "CIFAR-10's archive",
    { "cifar-10-python.tar.gz": gzipSync(tarOf(under("cifar-10-batches-py/", ten))) },
    {
      path: "cifar-10-python.tar.gz",
      kind: "cifar",
      name: "cifar-10",
      shape: [32, 32, 3],
      classes: "0123456789".split(""),
      counts: [40, undefined, 10],
    },
  ],
  [
    "a folder with CIFAR-10's folder and archive",
    {
      ...under("cifar-10-batches-bin/", {
        "data_batch_1.bin": cifarBatch(20, 1, 10),
        "test_batch.bin": cifarBatch(10, 1, 10),
        "batches.meta.txt": "plane\ncar\n\n",
      }),
      "cifar-10-binary.tar.gz": "not even looked at",
    },
    {
      kind: "cifar",
      name: "cifar-10",
      shape: [32, 32, 3],
      classes: ["plane", "car", "2", "3", "4", "5", "6", "7", "8", "9"],
      counts: [20, undefined, 10],
    },
  ],
  [
    "CIFAR-100's binary files",
    {
      "train.bin": cifarBatch(200, 2, 100),
      "test.bin": cifarBatch(100, 2, 100),
      "fine_label_names.txt": Array.from({ length: 100 }, (_, label) => `fine ${label}`).join("\n"),
    },
    {
      kind: "cifar",
      name: "cifar-100",
      shape: [32, 32, 3],
      classes: Array.from({ length: 100 }, (_, label) => `fine ${label}`),
      counts: [200, undefined, 100],
    },
  ],
  [
    "a CSV file",
    { "train.csv": csvOf(12) },
    { path: "train.csv", name: "train", kind: "pixel-csv", shape: [3, 3, 1], counts: shares },
  ],
  [
    "a CSV file of three channels",
    { "train.csv": csvOf(12) },
    {
      path: "train.csv",
      kind: "pixel-csv",
      shape: [1, 3, 3],
      counts: shares,
      options: { size: [1, 3], channels: 3 },
    },
  ],
  [
    "a pair of CSV files",
    {
      "fashion_train.csv": csvOf(12),
      "fashion_test.csv.gz": gzipSync(csvOf(6, false)),
      "notes.csv": "a,b\n1,2\n",
    },
    { kind: "pixel-csv", shape: [3, 3, 1] },
  ],
  [
    "a CSV file to predict beside",
    { "train.csv": csvOf(12), "test.csv": csvOf(6).replaceAll(/^[^,]*,/gm, "") },
    {
      kind: "pixel-csv",
      shape: [3, 3, 1],
      counts: shares,
      notice: /test\.csv has no column of labels.* left out/,
    },
  ],
  [
    "EMNIST's CSV files",
    {
      "emnist-letters-train.csv": csvOf(12, false).replaceAll(
        /^(\d),/gm,
        (_, label) => `${Number(label) + 1},`,
      ),
    },
    {
      kind: "pixel-csv",
      shape: [3, 3, 1],
      classes: ["Aa", "Bb", "Cc"],
      counts: shares,
      notice: /turned upright/,
    },
  ],
];

describe("a data set is loaded of", () => {
  for (const [what, files, expected] of places) {
    it(what, async (context) => {
      const { dataset, kind, notices, sources } = await loadSmall(context, files, expected);
      const {
        name = "small",
        shape = [4, 4, 1],
        classes = ["0", "1", "2"],
        counts = [12, undefined, 6],
      } = expected;
      assert.equal(kind, expected.kind);
      if (!expected.path || expected.name) assert.equal(dataset.name, name);
      assert.deepEqual(dataset.imageShape, shape);
      assert.deepEqual(dataset.classNames, classes);
      assert.deepEqual([dataset.train.count, dataset.validation?.count, dataset.test.count], counts);
      assert.match(notices[0], new RegExp(` is read as ${kind}: `));
      if (expected.notice) assert.match(notices.join("\n"), expected.notice);
      for (const { path, sha256 } of sources) {
        assert.ok(existsSync(path), path);
        assert.match(sha256, /^[0-9a-f]{64}$/);
      }
    });
  }

  it("what a kind says it is, though it could be another", async (context) => {
    const files = { ...mnist, "mnist.npz": npz };
    await assert.rejects(
      loadSmall(context, files, {}),
      /could be several kinds of data: idx \(.*\) or npz \(.*\)\. Say which kind/,
    );
    for (const kind of ["idx", "npz"] as const) {
      const loaded = await loadSmall(context, files, { options: { kind } });
      assert.equal(loaded.kind, kind);
      assert.deepEqual(loaded.notices, []);
    }
  });

  it("EMNIST, upright", async (context) => {
    const { dataset } = await loadSmall(context, emnist("digits"), {});
    const asStored = encodeImages(12, 4, 4).subarray(16);
    const upright = dataset.train.images as Uint8Array;
    assert.deepEqual(
      [...upright.subarray(0, 4)],
      [0, 4, 8, 12].map((place) => asStored[place]),
    );
    assert.deepEqual([...upright.subarray(17, 18)], [asStored[16 + 4]]);
  });
});

describe("reading an .npz file", () => {
  it("gives its arrays by name, and the one of an .npy file", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFiles(folder, { "m.npz": npz, "x.npy": val.x });
    const arrays = await readNpz(join(folder, "m.npz"));
    assert.deepEqual([...arrays.keys()], ["x_train", "y_train", "x_test", "y_test"]);
    assert.deepEqual(arrays.get("x_test")?.shape, [6, 4, 4]);
    assert.deepEqual([...(await readNpz(join(folder, "x.npy"))).keys()], ["arr_0"]);
  });
});
