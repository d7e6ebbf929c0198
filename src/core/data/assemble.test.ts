import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError, UsageError } from "../errors.js";
import { type AssembleOptions, assembleDataset, type DataPart, type DataParts } from "./assemble.js";
import { countLabels } from "./labels.js";

const shape = [4, 5, 1];

/** Images of which each begins with its number. */
function part(name: string, labels: DataPart["labels"], changed: Partial<DataPart> = {}): DataPart {
  const images = new Uint8Array(labels.length * 20);
  for (let image = 0; image < labels.length; image++) images[20 * image] = image;
  return { shape, images, labels, imagesFrom: `${name}-images`, labelsFrom: `${name}-labels`, ...changed };
}

const cycle = (count: number, classes: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, image) => image % classes);

const train = part("train", cycle(12, 3));
const test = part("test", cycle(6, 3));

function assemble(parts: DataParts, options: AssembleOptions = {}) {
  const notices: string[] = [];
  const onNotice = (message: string): void => void notices.push(message);
  return { dataset: assembleDataset("small", parts, { ...options, onNotice }), notices };
}

describe("assembling a data set", () => {
  it("counts classes from the training labels and names them as they are written", () => {
    const { dataset, notices } = assemble({ train, test });
    assert.equal(dataset.name, "small");
    assert.deepEqual(dataset.imageShape, shape);
    assert.deepEqual(dataset.classNames, ["0", "1", "2"]);
    assert.equal(dataset.train.images, train.images);
    assert.equal(dataset.test.labels, test.labels);
    assert.deepEqual(notices, []);
  });

  it("counts labels that begin at 1, skip numbers or are words from 0, and says so", () => {
    const skipping = assemble({
      train: part("train", Float64Array.of(7, 1, 7, 10, 1, 10)),
      test: part("test", Float64Array.of(10)),
    });
    assert.deepEqual(skipping.dataset.classNames, ["1", "7", "10"]);
    assert.deepEqual([...skipping.dataset.train.labels], [1, 0, 1, 2, 0, 2]);
    assert.deepEqual([...skipping.dataset.test.labels], [2]);
    assert.match(
      skipping.notices[0],
      /3 classes are written as labels from 1 to 10; they are counted from 0/,
    );
    const words = assemble({ train: part("train", ["b", "a", "b", "a"]), test: part("test", ["b"]) });
    assert.deepEqual(words.dataset.classNames, ["a", "b"]);
    assert.deepEqual([...words.dataset.train.labels], [1, 0, 1, 0]);
  });

  it("sorts labels that are written as numbers by their worth", () => {
    const { dataset } = assemble({ train: part("train", ["10", "2", "10", "2"]) });
    assert.deepEqual(dataset.classNames, ["2", "10"]);
  });

  it("takes names by label, and the label where there is none", () => {
    const { dataset } = assemble({ train, test }, { nameOf: (label) => ["a", "b"][Number(label)] });
    assert.deepEqual(dataset.classNames, ["a", "b", "2"]);
  });

  it("keeps a validation part beside a test part, and judges it where there is none", () => {
    const validation = part("val", cycle(3, 3));
    const both = assemble({ train, validation, test }).dataset;
    assert.equal(both.validation?.count, 3);
    assert.equal(both.test.count, 6);
    const { dataset, notices } = assemble({ train, validation });
    assert.equal(dataset.validation, undefined);
    assert.equal(dataset.test.count, 3);
    assert.match(notices[0], /no part to test on: its validation part is what is judged/);
  });

  it("keeps a share of each class for the test where nothing else is there, the same for the same seed", () => {
    const all = part("train", cycle(60, 3));
    const { dataset, notices } = assemble({ train: all });
    assert.deepEqual([...countLabels(dataset.test.labels, 3)], [4, 4, 4]);
    assert.equal(dataset.train.count, 48);
    assert.match(notices[0], /12 of its 60 images, 20 % of each class by the seed 1, are kept for the test/);
    for (const { images, labels } of [dataset.train, dataset.test]) {
      labels.forEach((label, place) => {
        assert.equal((images as Uint8Array)[20 * place] % 3, label);
      });
    }
    assert.deepEqual(assemble({ train: all }).dataset, dataset);
    assert.notDeepEqual(assemble({ train: all }, { testSeed: 2 }).dataset.test, dataset.test);
    assert.equal(assemble({ train: all }, { testShare: 0.5 }).dataset.test.count, 30);
  });

  const bad: readonly [string, DataParts, RegExp][] = [
    ["no training images", { test }, /^small has no training images/],
    [
      "fewer labels than images",
      { train: part("train", cycle(11, 3), { images: train.images }), test },
      /^train-labels holds fewer labels than there are images: 11 labels, but train-images holds 12 images/,
    ],
    [
      "more labels than images",
      { train, test: part("test", cycle(7, 3), { images: test.images }) },
      /^test-labels holds more labels .*7 labels/,
    ],
    [
      "images of two sizes",
      { train, test: { ...test, shape: [5, 4, 1] } },
      /test-images holds images of 5×4×1, but train-images of 4×5×1/,
    ],
    [
      "a test label no training image has",
      { train, test: part("test", Uint8Array.of(0, 1, 2, 3, 0, 1)) },
      /^test-labels: label 3 \(of image 3\) is none of the 3 classes .* expected 0 to 2/,
    ],
    [
      "a training label that stands alone",
      { train: part("train", Uint8Array.of(0, 1, 2, 0, 1, 2, 0, 200, 2)), test },
      /^train-labels: label 200 \(of image 7\) stands alone: expected at least 2 training images/,
    ],
    [
      "labels that are none",
      {
        train: part(
          "train",
          Uint32Array.from({ length: 9 }, (_, image) => image),
        ),
        test,
      },
      /9 labels in 9 images: are they labels at all/,
    ],
    ["a single class", { train: part("train", cycle(12, 1)), test }, /every label is 0: expected at least 2/],
    ["no image at all", { train: part("train", []), test }, /^train-images holds no image/],
  ];
  for (const [what, parts, message] of bad) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => assemble(parts),
        (error) => {
          assert.ok(error instanceof HeddleError);
          assert.match(error.message, message);
          assert.ok(!(error instanceof UsageError));
          return true;
        },
      );
    });
  }
});
