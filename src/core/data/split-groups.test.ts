import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createRandom } from "../random.js";
import { countLabels } from "./labels.js";
import { splitDataset } from "./split.js";

const counts = (part: Uint32Array, labels: Uint8Array, classes: number): number[] => [
  ...countLabels(
    Uint8Array.from(part, (image) => labels[image]),
    classes,
  ),
];

/** Labels of a few classes, and a group for each image, some of them across classes. */
const grouped = fc
  .array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 40 })), { minLength: 8, maxLength: 120 })
  .map((images) => ({
    // Every class has two images by themselves.
    labels: Uint8Array.from([0, 0, 1, 1, 2, 2, 3, 3, ...images.map(([label]) => label)]),
    groups: Uint32Array.from([50, 51, 52, 53, 54, 55, 56, 57, ...images.map(([, group]) => group)]),
  }));

describe("splitting groups", () => {
  it("parts none, loses no image, and leaves each class some in both parts", () => {
    fc.assert(
      fc.property(grouped, fc.integer({ min: 0, max: 100 }), ({ labels, groups }, seed) => {
        const { train, validation } = splitDataset(labels, 4, { seed, groups });
        assert.equal(new Set([...train, ...validation]).size, labels.length);
        const trains = new Set(Array.from(train, (image) => groups[image]));
        assert.ok(validation.every((image) => !trains.has(groups[image])));
        for (const part of [train, validation])
          assert.ok(counts(part, labels, 4).every((count) => count > 0));
        assert.deepEqual(splitDataset(labels, 4, { seed, groups }), { train, validation });
      }),
      { numRuns: 60 },
    );
  });

  it("comes as near to the share as pairs allow", () => {
    const labels = Uint8Array.from({ length: 400 }, (_, image) => (image >> 1) % 4);
    const groups = Uint32Array.from(labels, (_, image) => image >> 1);
    const { validation } = splitDataset(labels, 4, { seed: 1, groups });
    assert.deepEqual(counts(validation, labels, 4), [20, 20, 20, 20]);
  });

  it("comes near to the share where groups are of unlike sizes, whatever their order", () => {
    const sizes = [4, 1, 3, 15, 20, 7, 2, 30];
    const groups = Uint32Array.from(sizes.flatMap((size, group) => new Array(size).fill(group)));
    for (let seed = 0; seed < 20; seed++) {
      const { validation } = splitDataset(new Uint8Array(82), 1, { seed, groups });
      assert.ok(Math.abs(validation.length - 16) <= 1, `${validation.length} of 82 validate`);
    }
  });

  it("comes to an end where groups of many classes are thousands", () => {
    const [count, classes] = [3000, 100];
    const random = createRandom(7);
    const sizes = Array.from({ length: count }, () => 1 + Math.floor(random.uniform() ** 3 * 20));
    const groups = Uint32Array.from(sizes.flatMap((size, group) => new Array(size).fill(group)));
    const labels = Uint8Array.from(groups, () => Math.floor(random.uniform() * classes));
    const { validation } = splitDataset(labels, classes, { seed: 1, validationShare: 0.1, groups });
    const share = validation.length / labels.length;
    assert.ok(Math.abs(share - 0.1) < 0.03, `${share} of them validate`);
  });

  it("holds back the share of each class where groups have images of several", () => {
    const cases = [
      { images: 6_000, classes: 10, size: 3, within: 0.005 },
      { images: 5_000, classes: 10, size: 5, within: 0.01 },
      { images: 10_000, classes: 100, size: 5, within: 0.05 },
    ];
    for (const { images, classes, size, within } of cases) {
      const random = createRandom(3);
      const labels = Uint8Array.from({ length: images }, () => random.below(classes));
      const groups = Uint32Array.from(labels, (_, image) => Math.floor(image / size));
      const { validation } = splitDataset(labels, classes, { seed: 1, groups });
      const [held, all] = [counts(validation, labels, classes), countLabels(labels, classes)];
      const furthest = Math.max(...held.map((count, label) => Math.abs(count / all[label] - 0.2)));
      assert.ok(furthest <= within, `${classes} classes in groups of ${size}: ${furthest} beside a fifth`);
    }
  });

  it("takes the smaller of two groups that are larger than the share", () => {
    const labels = Uint8Array.from({ length: 60 }, (_, image) => (image < 20 ? 0 : 1));
    const groups = Uint32Array.from(labels, (_, image) => (image < 12 ? 0 : image < 20 ? 1 : image));
    const { validation } = splitDataset(labels, 2, { seed: 1, groups });
    assert.deepEqual(counts(validation, labels, 2), [8, 8]);
  });

  it("splits groups of one image as images without groups", () => {
    const labels = Uint8Array.from({ length: 300 }, (_, image) => (image * 5 + (image >> 3)) % 3);
    const groups = Uint32Array.from(labels, (_, image) => 1000 - image);
    const options = { seed: 5, limit: 150, validationShare: 0.3 };
    assert.deepEqual(splitDataset(labels, 3, { ...options, groups }), splitDataset(labels, 3, options));
  });

  it("refuses groups that are not one an image, or leave nothing to part", () => {
    const labels = Uint8Array.of(0, 0, 1, 1);
    assert.throws(() => splitDataset(labels, 2, { seed: 1, groups: new Uint32Array(3) }), {
      name: "UsageError",
      message: "splitDataset: groups has a length of 3; give a number for each of the 4 images.",
    });
    assert.throws(() => splitDataset(labels, 2, { seed: 1, groups: new Uint32Array(4) }), {
      name: "HeddleError",
      message: /^4 training images in 2 classes .* at least 2 of a class that may be parted/,
    });
  });
});
