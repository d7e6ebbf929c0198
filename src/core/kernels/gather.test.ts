import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { FunctionReference } from "../wasm/index.js";
import { portableArithmetic } from "./arithmetic.js";
import { augmentationBits, emitAugmentedGather } from "./augmented-gather.js";
import type { Emitter } from "./emitter.js";
import { emitGather, type GatherShape, normalizationNumbers } from "./gather.js";
import { gatherImage, type ImageAugmentation } from "./reference/gather.js";
import { type KernelBench, kernelBench } from "./testing/kernel-bench.js";

const place = {
  normalization: 0,
  affine: 2048,
  erase: 2112,
  crop: 2176,
  colour: 2240,
  image: 4096,
  out: 65_536,
  how: 1,
};

/** Other numbers for each channel. */
const normalizationOf = ({ channels }: Image) => ({
  mean: Array.from({ length: channels }, (_, channel) => 0.3 + channel / 10),
  deviation: Array.from({ length: channels }, (_, channel) => 0.25 + channel / 20),
});

const identity = [1, 0, 0, 0, 1, 0];

interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Numbers a pixel in the network's input. */
  readonly outChannels: number;
}

function benchOf<Name extends string>(
  image: Image,
  emit: (emitter: Emitter, shape: GatherShape) => FunctionReference<Name>,
): KernelBench<Name> {
  const shape = { ...image, normalization: place.normalization };
  const bench = kernelBench(portableArithmetic, (emitter) => emit(emitter, shape));
  bench.floats.set(normalizationNumbers(normalizationOf(image)), place.normalization / 4);
  const size = image.height * image.width * image.channels;
  bench.bytes.set(
    Uint8Array.from({ length: size }, (_, at) => (at * 37 + 11) % 256),
    place.image,
  );
  bench.floats.fill(77, place.out / 4, place.out / 4 + size * 4 + 8);
  return bench;
}

/** Compares what lies at `out` with the twin's pixels, zeros behind their channels, and nothing after them. */
function assertPixels(
  bench: Pick<KernelBench<never>, "bytes" | "floats">,
  image: Image,
  augmentation: ImageAugmentation,
): void {
  const { height, width, channels, outChannels } = image;
  const bytes = bench.bytes.subarray(place.image, place.image + height * width * channels);
  const twin = gatherImage(bytes, [height, width, channels], augmentation, normalizationOf(image));
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < outChannels; channel++) {
      const actual = bench.floats[place.out / 4 + pixel * outChannels + channel];
      const expected = channel < channels ? twin[pixel * channels + channel] : 0;
      assert.ok(
        Math.abs(actual - expected) < 1e-4,
        `pixel ${pixel} channel ${channel}: ${actual}, not ${expected}`,
      );
    }
  }
  assert.equal(bench.floats[place.out / 4 + height * width * outChannels], 77, "nothing behind is touched");
}

const images: readonly Image[] = [
  { height: 28, width: 28, channels: 1, outChannels: 1 },
  { height: 5, width: 7, channels: 1, outChannels: 4 },
  { height: 5, width: 7, channels: 3, outChannels: 3 },
  { height: 6, width: 3, channels: 3, outChannels: 4 },
  { height: 3, width: 3, channels: 1, outChannels: 1 },
  { height: 1, width: 3, channels: 1, outChannels: 1 },
  { height: 2, width: 2, channels: 5, outChannels: 8 },
  { height: 2, width: 3, channels: 66, outChannels: 68 },
  { height: 3, width: 3, channels: 2, outChannels: 2 },
  { height: 1, width: 1, channels: 3, outChannels: 3 },
  { height: 3, width: 1, channels: 4, outChannels: 4 },
  { height: 3, width: 5, channels: 16, outChannels: 16 },
  { height: 5, width: 3, channels: 5, outChannels: 5 },
];

describe("gathering images", () => {
  for (const image of images) {
    const { height, width, channels, outChannels } = image;
    const name = `${height}×${width}×${channels} into ${outChannels}`;

    it(`normalizes ${name} channels`, () => {
      const bench = benchOf(image, emitGather);
      bench.run(place);
      assertPixels(bench, image, { affine: identity, erase: [0, 0, 0, 0] });
    });

    it(`agrees with the twin for any map and hole: ${name}`, () => {
      const bench = benchOf(image, emitAugmentedGather);
      const slope = fc.float({ min: -2, max: 2, noNaN: true });
      const offset = fc.float({ min: -20, max: 20, noNaN: true });
      const edge = fc.integer({ min: 0, max: 8 });
      const property = fc.property(
        fc.tuple(slope, slope, offset, slope, slope, offset),
        fc.tuple(edge, edge, edge, edge),
        (affine, erase) => {
          bench.floats.set(affine, place.affine / 4);
          bench.words.set(erase, place.erase / 4);
          bench.run(place);
          assertPixels(bench, image, { affine, erase });
        },
      );
      fc.assert(property, {
        numRuns: 40,
        seed: 7,
        examples: [
          [
            [-1, 0, width - 1, 0, 1, 0],
            [1, 1, 2, 1],
          ],
        ],
      });
    });

    it(`agrees with the twin for mirrored borders, crops and colours: ${name}`, () => {
      const bench = benchOf(image, emitAugmentedGather);
      const gentle = fc.float({ min: -1, max: 1, noNaN: true });
      const kinds = channels === 3 ? 4 : 2;
      const property = fc.property(
        fc.tuple(gentle, gentle, gentle, gentle),
        fc.boolean(),
        fc.boolean(),
        fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()),
        fc.array(fc.tuple(fc.integer({ min: 1, max: kinds }), fc.float({ min: 0, max: 2, noNaN: true })), {
          maxLength: 5,
        }),
        ([a, b, c, d], mirrored, cropped, part, changes) => {
          const reflect = mirrored && height > 1 && width > 1;
          const affine = [a, b, c * width, d, 1, c * height];
          const [wide, high] = [1 + (part[2] % width), 1 + (part[3] % height)];
          const crop = [part[0] % (width - wide + 1), part[1] % (height - high + 1), wide, high];
          const colour = [...changes, ...Array<[number, number]>(5).fill([0, 0])].slice(0, 5).flat();
          const coloured = channels === 1 || channels === 3;
          const erase = Int32Array.of(0, 0, 1, 1);
          const numbers = { affine, erase, crop, colour };
          for (const [key, values] of Object.entries({ affine, crop, colour }))
            bench.floats.set(values, place[key as keyof typeof numbers] / 4);
          bench.words.set(erase, place.erase / 4);
          const given = {
            affine: bench.floats.slice(place.affine / 4, place.affine / 4 + 6),
            erase,
            reflect,
            ...(cropped && { crop: Float32Array.from(crop) }),
            ...(coloured && { colour: bench.floats.slice(place.colour / 4, place.colour / 4 + 10) }),
          };
          bench.run({ ...place, how: augmentationBits(given) });
          assertPixels(bench, image, given);
        },
      );
      fc.assert(property, { numRuns: 60, seed: 11 });
    });

    it(`sets an erased pixel to exactly the mean: ${name}`, () => {
      const bench = benchOf(image, emitAugmentedGather);
      bench.floats.set(identity, place.affine / 4);
      bench.words.set([0, 0, width, height], place.erase / 4);
      bench.run(place);
      const values = bench.floats.subarray(place.out / 4, place.out / 4 + height * width * outChannels);
      assert.ok(values.every((value) => value === 0));
    });
  }
});
