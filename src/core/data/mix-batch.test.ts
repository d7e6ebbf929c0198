import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../random.js";
import { type BatchMixing, beta, mixAnswers, mixBatch } from "./mix-batch.js";

const shape = [12, 20, 3];
const place = { seed: 3, epoch: 1, batch: 0 };

/** Those of many batches. */
const many = (config: Parameters<typeof mixBatch>[0], count = 8): BatchMixing[] =>
  Array.from({ length: 400 }, (_, batch) => mixBatch(config, shape, count, { ...place, batch }));

describe("how a batch is mixed", () => {
  it("follows from seed, epoch and the batch's number alone", () => {
    const draw = (change: object) => mixBatch({ mixup: 1, cutmix: 1 }, shape, 8, { ...place, ...change });
    assert.deepEqual(draw({}), draw({}));
    for (const change of [{ seed: 4 }, { epoch: 2 }, { batch: 1 }])
      assert.notDeepEqual(draw(change), draw({}));
  });

  it("gives each image one partner of the batch, and each is one's partner", () => {
    for (const { partners } of many({ mixup: 1 }))
      assert.deepEqual([...partners].sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual([...mixBatch({ cutmix: 1 }, shape, 1, place).partners], [0]);
  });

  it("cuts a box within the image, and shares by the area that is left", () => {
    for (const { share, box } of many({ cutmix: 1 })) {
      const [left, top, width, height] = box!;
      assert.ok(left >= 0 && top >= 0 && left + width <= 20 && top + height <= 12);
      assert.equal(share, Math.fround(1 - (width * height) / 240));
    }
  });

  it("blends by mixup, and does both to a half of the batches each", () => {
    assert.ok(many({ mixup: 1 }).every(({ box, share }) => !box && share >= 0 && share <= 1));
    const pasted = many({ mixup: 1, cutmix: 1 }).filter(({ box }) => box).length;
    assert.ok(pasted > 160 && pasted < 240, `${pasted} of 400`);
  });

  it("draws from Beta(α, α): a mean of a half, a variance of 1 / (8 α + 4)", () => {
    for (const alpha of [0.05, 0.2, 1, 4]) {
      const random = createRandom(1);
      const draws = Array.from({ length: 20_000 }, () => beta(alpha, random));
      const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
      const variance = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length;
      assert.ok(draws.every((each) => each >= 0 && each <= 1));
      assert.ok(Math.abs(mean - 0.5) < 0.012, `mean ${mean} of ${alpha}`);
      assert.ok(Math.abs(variance * (8 * alpha + 4) - 1) < 0.04, `variance ${variance} of ${alpha}`);
    }
    assert.ok(Number.isFinite(beta(1e-300, createRandom(2))));
  });
});

describe("what mixed images should give", () => {
  const mixing: BatchMixing = { partners: Uint32Array.of(1, 0, 2), share: 0.75 };
  const labels = Uint8Array.of(0, 2, 1);

  it("is a mean of both targets, and the class of the greater share", () => {
    const mixed = mixAnswers({ labels }, mixing, 3);
    assert.deepEqual([...mixed.targets], [0.75, 0, 0.25, 0.25, 0, 0.75, 0, 1, 0]);
    assert.deepEqual([...mixed.labels], [0, 2, 1]);
    const soft = Float32Array.of(0.5, 0.5, 0, 0, 0, 1, 0, 1, 0);
    assert.deepEqual(
      [...mixAnswers({ labels, targets: soft }, mixing, 3).targets.slice(0, 3)],
      [0.375, 0.375, 0.25],
    );
  });

  it("counts each target by its own image's weight", () => {
    const weights = Float32Array.of(1, 0, 3);
    const mixed = mixAnswers({ labels, weights }, mixing, 3);
    assert.deepEqual([...mixed.weights!], [0.75, 0.25, 3]);
    assert.deepEqual([...mixed.targets.slice(0, 6)], [1, 0, 0, 1, 0, 0], "the other weighs nothing");
    assert.deepEqual([...mixed.labels], [0, 2, 1], "the greater share's class is the right one all the same");
    const heavy = mixAnswers({ labels, weights: Float32Array.of(0.2, 2, 1) }, { ...mixing, share: 0.625 }, 3);
    assert.deepEqual([...heavy.labels], [0, 2, 1]);
    const none = mixAnswers({ labels, weights: new Float32Array(3) }, mixing, 3);
    const teacher = Float32Array.of(0, 1, 0, 0, 1, 0, 0, 1, 0);
    assert.deepEqual([...mixAnswers({ labels, targets: teacher }, mixing, 3, true).labels], [0, 2, 1]);
    assert.deepEqual([...none.weights!], [0, 0, 0]);
    assert.ok(none.targets.every(Number.isFinite));
  });
});
