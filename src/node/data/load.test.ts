import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { encodeImages, encodeLabels } from "../../core/data/testing/encode-idx.js";
import { HeddleError, UsageError } from "../../core/errors.js";
import { encodeNpy } from "../../testing/encode-npy.js";
import {
  cifarBatch,
  cifarPickle,
  csvOf,
  idxSet,
  npzOf,
  type SmallFiles,
  smallArrays,
  tarOf,
  writeFiles,
} from "../../testing/small-sets.js";
import type { DataKindName } from "./kind-names.js";
import { readNpz } from "./kinds/npz.js";
import { type LoadOptions, loadDataset } from "./load.js";
import { isolatedSources, temporaryFolder } from "./testing/small-fashion.js";

const [train, val, test] = [smallArrays(12), smallArrays(3), smallArrays(6)];
const npz = npzOf({ x_train: train.x, y_train: train.y, x_test: test.x, y_test: test.y });
const mnist = idxSet(
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
);
const under = (folder: string, files: SmallFiles): SmallFiles =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [folder + name, content]));
const emnist = (division: string): SmallFiles =>
  idxSet(
    `emnist-${division}-train-images-idx3-ubyte.gz`,
    `emnist-${division}-train-labels-idx1-ubyte.gz`,
    `emnist-${division}-test-images-idx3-ubyte.gz`,
    `emnist-${division}-test-labels-idx1-ubyte.gz`,
    division === "letters" ? 1 : 0,
  );
const ten = {
  data_batch_1: cifarPickle(20, 10),
  data_batch_2: cifarPickle(20, 10),
  test_batch: cifarPickle(10, 10),
};
const meta = "\x80\x02}U\x0blabel_names](U\x05planeU\x03cares.";

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

async function load(
  context: Parameters<typeof temporaryFolder>[0],
  files: SmallFiles,
  { path = "", options = {} }: { path?: string; options?: LoadOptions },
) {
  const folder = join(await temporaryFolder(context), "small");
  await mkdir(folder);
  await writeFiles(folder, files);
  const notices: string[] = [];
  const onProgress: LoadOptions["onProgress"] = (progress) => {
    if ("message" in progress) notices.push(progress.message);
  };
  const loaded = await loadDataset(path === "" ? folder : join(folder, path), {
    sources: isolatedSources(folder),
    onProgress,
    ...options,
  });
  return { ...loaded, notices, folder };
}

describe("a data set is loaded of", () => {
  for (const [what, files, expected] of places) {
    it(what, async (context) => {
      const { dataset, kind, notices, sources } = await load(context, files, expected);
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
      load(context, files, {}),
      /could be several kinds of data: idx \(.*\) or npz \(.*\)\. Say which kind/,
    );
    for (const kind of ["idx", "npz"] as const) {
      const loaded = await load(context, files, { options: { kind } });
      assert.equal(loaded.kind, kind);
      assert.deepEqual(loaded.notices, []);
    }
  });

  it("EMNIST, upright", async (context) => {
    const { dataset } = await load(context, emnist("digits"), {});
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

describe("a data set is refused of", () => {
  const bad: readonly [string, SmallFiles, RegExp, { path?: string; options?: LoadOptions }?][] = [
    ["an empty folder", {}, /small is a folder without files\. Expected one of:\n {2}fashion-mnist/],
    [
      "a folder of other things",
      { "readme.md": "x", "a\nb": "" },
      /holds "a\\nb" and "readme\.md"\. Expected/,
    ],
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
      await assert.rejects(load(context, files, where), (error) => {
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
