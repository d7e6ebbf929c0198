import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform as platform } from "../../node/platform.js";
import { HeddleError } from "../errors.js";
import { trainHead } from "./head.js";

const choices = [
  { weightDecay: 10, dropoutRate: 0.5 },
  { weightDecay: 1, dropoutRate: 0 },
];

const isHeddleError = (message: RegExp) => (error: unknown) =>
  error instanceof HeddleError && message.test(error.message);

describe("a head", () => {
  /** Features of which the fourth alone says the class. */
  function features(count: number) {
    const plain = Float32Array.from({ length: count * 5 }, (_, at) => {
      const [image, feature] = [Math.floor(at / 5), at % 5];
      return feature === 3 ? 4 * (image % 2) - 1 : Math.sin(at * 12.9898);
    });
    return { size: 5, plain };
  }

  it("tells classes apart by the features themselves, not by their bytes", async () => {
    const count = 60;
    const given = features(count);
    const labels = Uint8Array.from({ length: count }, (_, image) => image % 2);
    const ticks: number[] = [];
    const { kernel, bias, trials, settings } = await trainHead({
      features: given,
      labels,
      classes: 2,
      seed: 1,
      platform,
      threads: 1,
      choices,
      onProgress: (done) => ticks.push(done),
    });
    assert.equal(ticks.length, trials.length * 4 + 1);
    assert.equal(trials.length, 2);
    const least = Math.min(...trials.map(({ loss }) => loss));
    assert.deepEqual(
      settings,
      trials
        .filter(({ loss }) => loss === least)
        .map(({ weightDecay, dropoutRate }) => ({ weightDecay, dropoutRate }))[0],
    );
    for (let image = 0; image < count; image++) {
      const logits = [0, 1].map((label) => {
        let sum = bias.data[label];
        for (let at = 0; at < 5; at++) sum += given.plain[image * 5 + at] * kernel.data[at * 2 + label];
        return sum;
      });
      assert.equal(logits[1] > logits[0], labels[image] === 1, `${logits}`);
    }
  });

  it("learns nothing of a feature that never varies", async () => {
    const { plain } = features(60);
    const with7 = plain.map((value, at) => (at % 5 === 1 ? 7 : value));
    const labels = Uint8Array.from({ length: 60 }, (_, image) => image % 2);
    const asked = { labels, classes: 2, seed: 1, platform, threads: 1, choices: [] };
    const { kernel, bias } = await trainHead({ ...asked, features: { size: 5, plain: with7 } });
    assert.deepEqual([...kernel.data.subarray(2, 4)], [0, 0]);
    assert.ok(kernel.data.subarray(4).every((value) => value !== 0) && bias.data.every(Number.isFinite));
  });

  it("is refused on what doesn't fit, and on features that are no numbers", async () => {
    const labels = Uint8Array.of(0, 1, 1);
    const right = { labels, features: features(3), classes: 2, seed: 1, platform, threads: 1 };
    const broken = { size: 5, plain: features(3).plain.with(7, Number.NaN) };
    for (const [wrong, message] of [
      [{ labels: labels.subarray(1) }, /15 features and 2 labels; give 5 features an image/],
      [{ features: { ...right.features, mirrored: new Float32Array(3) } }, /3 features and 3 labels/],
      [{ classes: 1 }, /label 1 \(of image 1\) is out of range/],
      [{ groups: new Uint32Array(2) }, /groups has a length of 2/],
      [{ choices: [{ weightDecay: 1e12, dropoutRate: 0 }] }, /weightDecay must be a number from 0 to 300/],
      [{ features: broken }, /Feature 2 of image 1 is NaN/],
    ] as const)
      await assert.rejects(trainHead({ ...right, ...wrong }), isHeddleError(message));
  });

  it("is trained without a choice where there are too few images to validate on", async () => {
    const labels = Uint8Array.of(0, 1, 1);
    const asked = { labels, classes: 2, seed: 1, platform, threads: 1 };
    const { trials } = await trainHead({ ...asked, features: features(3) });
    assert.deepEqual(trials, []);
  });
});
