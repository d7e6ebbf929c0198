import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError, UsageError } from "../errors.js";
import { checkData, checkImages, checkSet, imageBytes } from "./check-data.js";

const grey = [2, 2, 1];
const model = { inputShape: grey, classes: 3 };
const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const labels = Uint8Array.of(0, 2);
const train = { count: 2, images: pixels, labels };

const refused = (
  work: () => unknown,
  message: RegExp,
  kind: "UsageError" | "HeddleError" = "UsageError",
): void =>
  assert.throws(work, (error) => {
    assert.ok(error instanceof HeddleError);
    assert.equal(error instanceof UsageError, kind === "UsageError", String(error));
    assert.match(error.message, message);
    return true;
  });

describe("the bytes of images", () => {
  it("are those of a Uint8Array, a Buffer or a canvas, as they are", () => {
    for (const given of [pixels, Buffer.from(pixels), new Uint8ClampedArray(pixels)]) {
      const bytes = imageBytes("predict", given, grey);
      assert.deepEqual([bytes.length, bytes[7]], [8, 8]);
      assert.equal(bytes.buffer, given.buffer);
    }
    assert.equal(imageBytes("predict", new Uint8Array(0), grey).length, 0);
    assert.equal(imageBytes("predict", new Uint8Array(new SharedArrayBuffer(4)), grey).length, 4);
  });

  const byFloats = /become bytes by Uint8Array\.from\(values, \(value\) => Math\.round\(value \* 255\)\)\.$/;
  const wrong: readonly [unknown, RegExp][] = [
    [Float32Array.of(0, 0.5, 1, 0), byFloats],
    [
      Float64Array.of(0, 0.5, 1, 0),
      /^predict takes images as bytes, a Uint8Array of \[N, 2, 2, 1\], but got a Float64Array of 4\./,
    ],
    [[0, 0.5, 1, 0], byFloats],
    [[0, 128, 255, 0], /Numbers from 0 to 255 become bytes by Uint8Array\.from\(values\), those from 0 to 1/],
    [Int32Array.of(0, 1, 2, 3), /Numbers from 0 to 255 become bytes/],
    [Uint16Array.of(0, 1, 2, 300), /Numbers from 0 to 255 become bytes/],
    [[1n, 2n], /become bytes/],
    [pixels.buffer, /Wrap it: new Uint8Array\(buffer\)\.$/],
    [new DataView(pixels.buffer), /become bytes/],
    [train, /Give its images alone: set\.images\.$/],
    [{ train, test: train }, /dataset\.test\.images\.$/],
    [{ data: pixels, width: 2, height: 2 }, /Give its pixels, its data/],
    [undefined, /but got nothing\. Give the pixels/],
    [Promise.resolve(pixels), /a promise \(await it first\)/],
    [pixels.subarray(1), /^predict got 7 bytes; images of \[2, 2, 1\] have 4 each\.$/],
  ];
  for (const [given, message] of wrong) {
    it(`are not those of others: ${message.source.slice(0, 60)}`, () => {
      refused(() => imageBytes("predict", given, grey), message);
    });
  }

  it("are told from a canvas's red, green, blue and opacity", () => {
    const rgba = Uint8ClampedArray.from({ length: 16 }, (_, index) => (index % 4 === 3 ? 255 : index));
    refused(
      () => imageBytes("predict", rgba, grey),
      /as a canvas gives them: take one grey value of each pixel first/,
    );
    refused(() => imageBytes("predict", new Uint8Array(16), [2, 2, 3]), /take 3 values of each pixel first/);
    assert.equal(imageBytes("predict", rgba, [2, 2, 4]).length, 16);
    assert.equal(imageBytes("predict", new Uint8ClampedArray(16).fill(255), grey).length, 16);
  });
});

describe("labelled images", () => {
  it("are counted by their labels", () => {
    assert.deepEqual(checkImages("evaluate", { images: pixels, labels }, model), train);
  });

  const wrong: readonly [unknown, RegExp, "UsageError" | "HeddleError"][] = [
    [{ labels }, /^evaluate\.images takes images as bytes, .*, but got nothing/, "UsageError"],
    [
      { images: pixels },
      /^evaluate: labels must be a Uint8Array or Uint16Array or Uint32Array, but is nothing/,
      "UsageError",
    ],
    [{ images: pixels, labels: [0, 1] }, /but is \[0, 1\]\. Make one with Uint8Array\.from/, "UsageError"],
    [{ images: pixels, labels: Int8Array.of(0, -1) }, /but is an? Int8Array of 2/, "UsageError"],
    [
      { images: pixels, labels: Uint8Array.of(0) },
      /^evaluate has 2 images of \[2, 2, 1\] and 1 labels; give one label an image/,
      "HeddleError",
    ],
    [
      { images: new Uint8Array(32), labels },
      /^evaluate has 8 images of \[2, 2, 1\] and 2 labels; give one label an image\. If its images have 16 bytes each, they are of another size/,
      "HeddleError",
    ],
    [{ ...train, count: 3 }, /its count is 3, but it has 2 images and as many labels/, "HeddleError"],
    [{ ...train, count: "2" }, /its count is "2"/, "HeddleError"],
    [
      { ...train, labels: Uint16Array.of(0, 300) },
      /label 300 \(of image 1\) is out of range: expected 0 to 2, the 3 classes/,
      "HeddleError",
    ],
  ];
  for (const [given, message, kind] of wrong) {
    it(`are refused: ${message.source.slice(0, 60)}`, () =>
      refused(() => checkSet("evaluate", given, model), message, kind));
  }

  it("are prepared as the model's were, and of its classes, where both say so", () => {
    const preparation = { size: [2, 2], channels: 1, resize: "crop", background: 255 } as const;
    const own = { ...model, preparation, classNames: ["a", "b", "c"] };
    const set = { ...train, preparation, classNames: ["a", "b", "c"] };
    assert.equal(checkSet("evaluate", set, own).count, 2);
    assert.equal(checkSet("evaluate", train, own).count, 2);
    const unnamed = { ...own, classNames: ["0", "1", "2"] };
    assert.equal(checkSet("evaluate", set, unnamed).count, 2);
    const stretched = { ...preparation, resize: "stretch", background: 0 } as const;
    refused(
      () => checkSet("evaluate", { ...set, preparation: stretched }, own),
      /prepared otherwise than the model's: resize stretch, not crop; background 0, not 255\. Load them by/,
    );
    refused(
      () => checkSet("calibrate", { ...set, classNames: ["a", "c", "b"] }, own),
      /^calibrate got labels of other classes than the model's: class 1 is "c", and the model's is "b"/,
    );
  });

  it("are one set, of one image or more, to be judged", () => {
    refused(
      () => checkSet("evaluate", { train, test: train }, model),
      /got a whole data set\. Give its test set: evaluate\(dataset\.test\)/,
    );
    refused(
      () => checkSet("evaluate", pixels, model),
      /takes one set of labelled images, evaluate\({ images, labels }\).*but got a Uint8Array of 8/,
    );
    refused(
      () => checkSet("evaluate", { images: new Uint8Array(0), labels: new Uint8Array(0) }, model),
      /got no image to judge/,
    );
    refused(
      () => checkSet("calibrate", { train, validation: train, test: train }, model),
      /^calibrate takes one set .*Give its validation set: calibrate\(dataset\.validation\)\.$/,
    );
  });
});

describe("data to train on", () => {
  it("needs a training set alone, and takes a whole data set", () => {
    assert.deepEqual(checkData({ train }, model), { classNames: undefined, train });
    const classNames = ["a", "b", ""];
    const data = { name: "four", imageShape: grey, classNames, train, test: train };
    assert.deepEqual(checkData(data, model), { classNames, train });
  });

  const wrong: readonly [unknown, RegExp, "UsageError" | "HeddleError"][] = [
    [
      undefined,
      /^fit takes a data set, fit\({ train: { images, labels } }, { epochs: 5 }\), but got nothing/,
      "UsageError",
    ],
    [pixels, /but got a Uint8Array of 8/, "UsageError"],
    [train, /its train is nothing\. That looks like its training set alone/, "UsageError"],
    [
      { dataset: { train } },
      /its train is nothing\. That looks like what loadDataset gives: take its dataset\./,
      "UsageError",
    ],
    [Promise.resolve({ train }), /its train is nothing\. That is a promise: await it first\./, "UsageError"],
    [
      { train: { images: pixels, targets: new Float32Array(4) } },
      /^fit: train has 2 targets an image, but the model tells 3 classes apart; give 3 an image\.$/,
      "HeddleError",
    ],
    [
      {
        train,
        name: "photos",
        imageShape: [8, 8, 3],
        preparation: { size: [8, 8], channels: 3, resize: "crop", background: 255 },
      },
      /Build the model with inputShape \[8, 8, 3\], or have pictures prepared with size \[2, 2\] and channels 1\.$/,
      "HeddleError",
    ],
    [
      { train: { ...train, images: Float32Array.from(pixels) } },
      /^fit: train\.images takes images as bytes/,
      "UsageError",
    ],
    [{ train, imageShape: [2, 2] }, /^fit: imageShape must be \[height, width, channels\]/, "UsageError"],
    [{ train, classNames: "abc" }, /^fit: classNames must be a list of names, one a class/, "UsageError"],
    [
      { train, name: "x\n", imageShape: [1, 4, 1] },
      /takes images of \[2, 2, 1\], but those of x\\n are \[1, 4, 1\]/,
      "HeddleError",
    ],
    [
      { train, classNames: ["a", "b"] },
      /tells 3 classes apart, but the data set has 2\. Give the last layer 2 units/,
      "HeddleError",
    ],
  ];
  for (const [given, message, kind] of wrong) {
    it(`is refused: ${message.source.slice(0, 60)}`, () =>
      refused(() => checkData(given, model), message, kind));
  }
});
