import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { writeTinyData } from "../testing/tiny.js";
import { fashionMnistData, loadReproductionData } from "./data.js";

describe("the data of a reproduction", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeTinyData(join(folder, "dots"));
  });
  after(() => rm(folder, { recursive: true }));

  it("is the paper's 48,000 images without a look at them, or 800 of a quick run", () => {
    const { limit, trainImages } = fashionMnistData(false);
    assert.deepEqual([limit, trainImages], [null, 48_000]);
    const quick = fashionMnistData(true);
    assert.deepEqual([quick.limit, quick.trainImages], [1000, 800]);
  });

  it("is named by its folder, whole or as much as there is of it for a quick run", async () => {
    const whole = await loadReproductionData(join(folder, "dots"), false);
    assert.deepEqual(
      [whole.dataset.name, whole.limit, whole.trainImages, whole.classes, whole.imageShape],
      ["dots", null, 128, 4, [12, 12, 1]],
    );
    const quick = await loadReproductionData(join(folder, "dots"), true);
    assert.deepEqual([quick.limit, quick.trainImages], [160, 128]);
  });
});
