import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { viewImages, viewsOf } from "../data/views.js";
import { UsageError } from "../errors.js";
import type { Model } from "./model.js";
import type { PredictOptions } from "./predict-options.js";
import { tinyData, tinyFit, tinyModels, tinyShape } from "./testing/tiny-model.js";
import { sourcesOf } from "./testing/tiny-sources.js";

const tinyModel = tinyModels(nodePlatform);
const { test } = tinyData;
const views = { flip: true, shift: 1 };

async function withTrained<Result>(
  threads: number,
  work: (model: Model) => Promise<Result>,
): Promise<Result> {
  const model = tinyModel({ threads });
  try {
    await model.fit(tinyData, { ...tinyFit, epochs: 1 });
    return await work(model);
  } finally {
    await model.dispose();
  }
}

describe("predictions over views", () => {
  it("are the weighted means of those of each view, by any threads", async () => {
    const [one, three] = await Promise.all(
      [1, 3].map((threads) => withTrained(threads, (model) => model.predict(test.images, { views }))),
    );
    assert.deepEqual(one, three);
    await withTrained(2, async (model) => {
      const sums = new Float64Array(one.length);
      for (const view of viewsOf(views)) {
        const seen = new Uint8Array(test.images.length);
        viewImages(test.images, tinyShape, view, seen);
        const probabilities = await model.predict(seen);
        probabilities.forEach((probability, at) => {
          sums[at] += view.weight * probability;
        });
      }
      assert.deepEqual(one, Float32Array.from(sums));
      const plain = await model.predict(test.images);
      assert.notDeepEqual(one, plain);
      assert.deepEqual(await model.predict(test.images, { views: "none" }), plain);
      const expected = await model.evaluate(test, { views: "flip,shift=1" });
      const right = test.labels.filter((label, image) => {
        const row = [...one.subarray(image * 3, image * 3 + 3)];
        return row.indexOf(Math.max(...row)) === label;
      });
      assert.equal(expected.accuracy, right.length / test.count);
    });
  });

  it("are the same of images that come by and by, beside a fit too", async () => {
    await withTrained(2, async (model) => {
      const expected = await model.predict(test.images, { views });
      for (const source of Object.values(sourcesOf(test, nodePlatform.yield))) {
        const order = Uint32Array.from(test.labels, (_, index) => index);
        assert.deepEqual(await model.predict(source, { views }), expected);
        assert.deepEqual(await model.predict(source.images(order), { views }), expected);
        assert.deepEqual(
          await model.evaluate({ ...source, images: source.images }, { views }),
          await model.evaluate(test, { views }),
        );
      }
      for await (const event of model.fitEvents(tinyData, tinyFit)) {
        if (event.event !== "start") continue;
        assert.deepEqual(await model.predict(test.images, { views }), expected);
      }
    });
  });

  it("are none of no images", async () => {
    assert.equal((await withTrained(1, (model) => model.predict(new Uint8Array(0), { views }))).length, 0);
  });

  it("refuse images that are taken away between two views", async () => {
    await withTrained(1, async (model) => {
      const images = test.images.slice();
      const predicted = model.predict(images, { views });
      structuredClone(images, { transfer: [images.buffer] });
      await assert.rejects(predicted, {
        name: "UsageError",
        message: /^predict's images were taken away before they were all read/,
      });
    });
  });

  const wrong: readonly [unknown, RegExp][] = [
    [{ view: views }, /^predict has no option "view"\. Did you mean views\? Its options: views/],
    [{ batchSize: 32 }, /^predict has no option "batchSize"\. Images are taken together as is soonest/],
    [{ views: {} }, /^predict: The views are none beside the image itself/],
    [{ views: { flips: true } }, /^predict: views has no option "flips"\. Did you mean flip\?/],
    [{ views: true }, /^predict: views takes an object of options \(flip, shift\), but got true/],
    [7, /^predict takes an object of options/],
  ];
  for (const [options, message] of wrong) {
    it(`refuse ${JSON.stringify(options)}`, async () => {
      const model = tinyModel();
      await assert.rejects(
        model.predict(test.images, options as PredictOptions),
        (error) => error instanceof UsageError && message.test(error.message),
      );
      const ofEvaluate = new RegExp(message.source.replace("^predict", "^evaluate"));
      await assert.rejects(model.evaluate(test, options as PredictOptions), { message: ofEvaluate });
    });
  }

  it("refuse shifts that leave the image", async () => {
    await assert.rejects(tinyModel().predict(test.images, { views: { shift: 6 } }), {
      name: "HeddleError",
      message: /shift images of 6×6 by 6, .* reach 5 pixels; shift by at most that/,
    });
  });
});
