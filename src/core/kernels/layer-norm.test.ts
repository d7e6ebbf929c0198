import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { createRandom } from "../random.js";
import { portableArithmetic } from "./arithmetic.js";
import { emitLayerNorm, emitLayerNormInputGradient, emitLayerNormSums } from "./layer-norm.js";
import { layerNormBackward, layerNormForward } from "./reference/layer-norm.js";
import { kernelBench } from "./testing/kernel-bench.js";

const epsilon = 1e-3;
const pixels = 3;

/** Where things lie, in numbers. */
const places = { x: 0, y: 1024, dy: 2048, dx: 3072, gamma: 4096, beta: 4352, dGamma: 4608, dBeta: 4864 };
const momentPlace = 5120;

describe("the layer norm kernels", () => {
  for (const width of [1, 2, 4, 7, 31, 32, 33, 36, 130]) {
    const channels = Math.ceil(width / 4) * 4;
    const shape = { pixels, channels, width };
    const random = createRandom(3, width);
    const drawn = (length: number) => Float32Array.from({ length }, () => random.normal());
    const [x, dy] = [drawn(pixels * width), drawn(pixels * width)];
    const [gamma, beta] = [drawn(width), drawn(width)];
    /** Padded rows, with a number in the padding. */
    const rows = (values: Float32Array, padding: number): Float32Array =>
      Float32Array.from({ length: (values.length / width) * channels }, (_, at) =>
        at % channels < width ? values[Math.floor(at / channels) * width + (at % channels)] : padding,
      );
    const forward = kernelBench(portableArithmetic, (emitter) => emitLayerNorm(emitter, shape, epsilon));
    const assertNear = (at: number, wanted: Float64Array, floats: Float32Array): void => {
      const padded = rows(Float32Array.from(wanted), 0);
      padded.forEach((value, index) => {
        assert.ok(
          Math.abs(floats[at + index] - value) < 2e-5,
          `${index}: ${floats[at + index]}, not ${value}`,
        );
      });
    };

    it(`do what their twins do over ${width} channels, and leave the padding out`, () => {
      const { floats, run } = forward;
      floats.set(rows(x, 100), places.x);
      floats.set(rows(gamma, 0), places.gamma);
      floats.set(rows(beta, 0), places.beta);
      floats.fill(7, places.y, places.dy);
      const bytes = (place: number): number => place * 4;
      const moments = bytes(momentPlace);
      run({
        x: bytes(places.x),
        y: bytes(places.y),
        gamma: bytes(places.gamma),
        beta: bytes(places.beta),
        moments,
      });
      const wide = [x, gamma, beta, dy].map((values) => Float64Array.from(values));
      assertNear(places.y, layerNormForward(epsilon, wide[0], wide[1], wide[2]), floats);
      const twin = layerNormBackward(epsilon, wide[0], wide[1], wide[3]);

      const back = kernelBench(portableArithmetic, (emitter) => emitLayerNormInputGradient(emitter, shape));
      back.floats.set(floats);
      back.floats.set(rows(dy, 0), places.dy);
      back.floats.fill(7, places.dx, places.gamma);
      const common = { gradient: bytes(places.dy), x: bytes(places.x), moments };
      back.run({ ...common, gamma: bytes(places.gamma), to: bytes(places.dx) });
      assertNear(places.dx, twin.input, back.floats);

      const sums = kernelBench(portableArithmetic, (emitter) => emitLayerNormSums(emitter, shape));
      sums.floats.set(back.floats);
      sums.floats.fill(0, places.dGamma, momentPlace);
      const targets = { gammaGradient: bytes(places.dGamma), betaGradient: bytes(places.dBeta) };
      sums.run({ ...common, ...targets });
      sums.run({ ...common, ...targets });
      assertNear(
        places.dGamma,
        twin.gamma.map((value) => 2 * value),
        sums.floats,
      );
      assertNear(
        places.dBeta,
        twin.beta.map((value) => 2 * value),
        sums.floats,
      );
    });
  }
});
