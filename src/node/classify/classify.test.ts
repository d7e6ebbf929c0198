import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { preparationFor } from "../../core/data/pictures/usual-preparation.js";
import { UsageError } from "../../core/errors.js";
import { dense, flatten } from "../../core/layers/index.js";
import { pngOf } from "../../report/picture.js";
import { type NodeModel, sequential } from "../node-model.js";
import { PictureError } from "../pictures/picture-error.js";

const grey = (level: number): Uint8Array => pngOf(new Uint8Array(25).fill(level), [5, 5, 1]);

describe("a picture's class", () => {
  let folder: string;
  let model: NodeModel;
  /** Two classes, of which the second has the light images. */
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-classify-"));
    model = sequential([flatten(), dense({ name: "D", units: 3 })], { inputShape: [2, 2, 1] });
    model.compile({ threads: 1 });
    const kernel = Float32Array.from({ length: 12 }, (_, at) => [-0.5, 0.5, -2][at % 3]);
    await model.setWeights([
      { name: "D.kernel", shape: [4, 3], data: kernel },
      { name: "D.bias", shape: [3], data: Float32Array.of(1, -1, 0) },
    ]);
    await writeFile(join(folder, "light.png"), grey(255));
  });
  after(async () => {
    await model.dispose();
    await rm(folder, { recursive: true });
  });

  it("is that of its file or of its bytes", async () => {
    for (const input of [join(folder, "light.png"), grey(255)]) {
      const { predictions, unsure, image } = await model.classify(input, { topK: 2 });
      assert.deepEqual(
        predictions.map(({ className, label }) => [className, label]),
        [
          ["1", 1],
          ["0", 0],
        ],
      );
      assert.equal(predictions[0].probability, (await model.predict(image))[1]);
      assert.deepEqual([...image], [255, 255, 255, 255]);
      assert.equal(unsure, false);
    }
    const { predictions } = await model.classify(grey(255), { invert: true });
    assert.equal(predictions[0].className, "0");
    assert.equal(predictions.length, 3);
  });

  it("comes in the order of the pictures, with the errors of those that can't be used", async () => {
    const inputs = [
      grey(255),
      new Uint8Array(3),
      join(folder, "none.png"),
      ...Array(70).fill(grey(0)),
      grey(255),
    ];
    const seen: unknown[] = [];
    for await (const picture of model.classify(inputs)) {
      assert.equal(picture.input, inputs[seen.length]);
      if (!picture.error) seen.push(picture.predictions[0].label);
      else seen.push(picture.error instanceof PictureError && picture.error.reason);
    }
    const unread = "it is no picture that can be read, expected JPEG, PNG, WebP or AVIF";
    assert.deepEqual(seen, [1, unread, "it does not exist", ...Array(70).fill(0), 1]);
  });

  it("is told apart by its error, whichever part is read", async () => {
    for await (const { predictions, image, unsure, error } of model.classify([grey(255), new Uint8Array(3)]))
      assert.deepEqual(
        [predictions, image, unsure].map((part) => part === undefined),
        Array(3).fill(error !== undefined),
      );
  });

  it("is named where it can't be used, and may be of so many pixels", async () => {
    await assert.rejects(model.classify("none.png"), {
      name: "PictureError",
      message: "none.png can't be used: it does not exist.",
    });
    await assert.rejects(
      model.classify("https://example.org/a.png"),
      /a\.png can't be used: it does not exist, and nothing is fetched\.$/,
    );
    await assert.rejects(model.classify(grey(1), { maxPixels: 24 }), /pixels/);
    assert.ok(await model.classify(grey(1), { maxPixels: 25 }));
    assert.throws(() => model.classify(new ArrayBuffer(8) as never), /Wrap it: new Uint8Array\(buffer\)\.$/);
  });

  it("has the probability of the calibration, and says where that doesn't reach", async () => {
    const images = Uint8Array.from({ length: 40 * 4 }, (_, at) => (at % 8 < 4 ? 120 : 135));
    const labels = Uint8Array.from({ length: 40 }, (_, image) => (image < 20 ? image % 2 : 2));
    const found = await model.calibrate({ images, labels }, { goal: 0.9 });
    assert.ok(found.temperature > 1, "half of them are wrong");
    assert.deepEqual(model.calibration, found);
    const { predictions, unsure } = await model.classify(grey(255));
    const raw = await model.predict(new Uint8Array(4).fill(255));
    assert.ok(predictions[0].probability < raw[1]);
    assert.equal(unsure, true);
    await model.setWeights(await model.getWeights());
    assert.equal(model.calibration, undefined, "other weights are calibrated anew");
  });

  it("is refused of what is no picture, and of options that aren't known", async () => {
    await assert.rejects(model.classify(new Uint8Array(3)), /The picture can't be used: it is no picture/);
    assert.throws(() => model.classify(7 as never), {
      name: "UsageError",
      message: "classify takes a picture's path or bytes, or a list of them, but got 7.",
    });
    assert.throws(
      () => model.classify([], { top: 3 } as never),
      /classify has no option "top"\. Did you mean topK/,
    );
    const among = model.classify(["a.png", 7 as never]);
    await assert.rejects(
      (async () => {
        for await (const _ of among);
      })(),
      UsageError,
    );
  });

  it("is prepared as the model says, or as its images ask for", () => {
    const own = { size: [4, 6], channels: 3, resize: "crop", background: 9 } as const;
    assert.equal(preparationFor({ inputShape: [4, 6, 3], preparation: own }), own);
    const usual = { size: [28, 28], channels: 1, resize: "fit", background: 255 };
    assert.deepEqual(preparationFor({ inputShape: [28, 28, 1] }), usual);
    assert.throws(
      () => preparationFor({ inputShape: [28, 28, 4] }),
      /which no picture becomes: expected 1 channel/,
    );
  });
});
