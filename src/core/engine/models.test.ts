import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { isPaperModel } from "../../reproduction/paper/paper.js";
import { bilstm, dense, type Layer, reshape, type Shape } from "../layers/index.js";
import { type ModelName, modelDefinitions, modelNames } from "../models/index.js";
import { createTrial, distance, gradientFaults, predictionFaults, upTo } from "./testing/trial.js";

const inputShape: Shape = [28, 28, 1];
/** Those that are made for images of 224 pixels, and have the weights for it. */
const large: readonly ModelName[] = ["mobileNetV2", "efficientNetLite0", "resNet18"];
/**
 * Of so many ReLUs one likely reads a zero but for rounding, and its gradient is there in one precision alone; and the
 * large ones normalize over two numbers here.
 */
const deep: readonly ModelName[] = ["resNet32", "resNet56", ...large];
/** Deep stacks of tiles larger than two by two add up three times the rounding of the smallest (docs/engine.md). */
const toleranceFor = (name: ModelName): number => (isPaperModel(name) ? 1e-5 : 3e-5);

/** The twins of deep models take seconds for large images. */
const sizesFor = (name: ModelName): { readonly shape: Shape; readonly batch: number } =>
  isPaperModel(name)
    ? { shape: inputShape, batch: 7 }
    : large.includes(name)
      ? { shape: [17, 18, 3], batch: 2 }
      : { shape: [9, 10, 3], batch: 7 };

describe("the library's models in the engine", () => {
  for (const name of modelNames) {
    it(`${name} agrees with its twin, dropout and label smoothing on`, async () => {
      const { shape, batch } = sizesFor(name);
      const trial = await createTrial({
        graph: modelDefinitions[name].graph(shape, 10),
        batch,
        labelSmoothing: 0.1,
        threads: 2,
        platform: nodePlatform,
      });
      try {
        const tolerance = toleranceFor(name);
        assert.deepEqual(await predictionFaults(trial, upTo(trial.count), tolerance), []);
        if (!deep.includes(name))
          assert.deepEqual(await gradientFaults(trial, upTo(batch), 2, tolerance), []);
      } finally {
        await trial.network.close();
      }
    });
  }
});

interface Digest {
  readonly norm: number;
  readonly sum: number;
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

interface Fixture {
  readonly count: number;
  readonly loss: number;
  readonly logits: readonly (readonly number[])[];
  readonly parameters: Readonly<Record<string, Digest>>;
}

/**
 * PyTorch computed the fixtures in double precision, the engine computes in single: sums of a few hundred
 * products are off by some 1e-7 of the tensor's norm.
 */
const tolerance = 5e-6;

async function assertFixture(
  layers: readonly Layer[],
  shape: Shape,
  file: string,
  portable: boolean,
): Promise<void> {
  const fixture = JSON.parse(readFileSync(`src/core/kernels/reference/fixtures/${file}`, "utf8")) as Fixture;
  const { count, loss, logits, parameters } = fixture;
  const options = { layers, inputShape: shape, batch: count, images: count, threads: 2, portable };
  const { network } = await createTrial({ ...options, platform: nodePlatform });
  try {
    assert.equal(network.relaxedSimd, !portable, "the arithmetic asked for");
    const result = await network.trainStep({
      indices: upTo(count),
      step: 0,
      optimizerStep: 0,
      seed: 0,
      learningRate: 0,
    });
    assert.ok(
      Math.abs(result.lossSum / count - loss) < tolerance,
      `loss ${result.lossSum / count}, not ${loss}`,
    );

    const { probabilities } = await network.predict(upTo(count));
    const expected = logits.flatMap((row) => {
      const powers = row.map(Math.exp);
      const sum = powers.reduce((total, power) => total + power, 0);
      return powers.map((power) => power / sum);
    });
    assert.ok(distance(probabilities, expected).error < tolerance);

    const gradients = network.readGradients();
    assert.deepEqual(new Set(gradients.map(({ name }) => name)), new Set(Object.keys(parameters)));
    for (const { name, data } of gradients) {
      const { norm, sum, indices, values } = parameters[name];
      const norms = distance(data, data).norm;
      assert.ok(Math.abs(norms - norm) <= tolerance * norm, `norm of ${name}: ${norms}, not ${norm}`);
      const total = data.reduce((before, value) => before + value, 0);
      assert.ok(Math.abs(total - sum) <= tolerance * norm * Math.sqrt(data.length), `sum of ${name}`);
      indices.forEach((index, entry) => {
        const difference = Math.abs(data[index] - values[entry]);
        assert.ok(difference <= tolerance * norm, `${name}[${index}]: ${data[index]}, not ${values[entry]}`);
      });
    }
  } finally {
    await network.close();
  }
}

for (const portable of [false, true]) {
  describe(`the engine's ${portable ? "portable" : "relaxed"} arithmetic against PyTorch`, () => {
    it("has the Proposed CNN's gradient", () => {
      const layers = modelDefinitions.proposed
        .layers(inputShape, 10)
        .filter(({ type }) => type !== "dropout");
      return assertFixture(layers, inputShape, "proposed-gradient.json", portable);
    });

    it("has the gradient of stacked bidirectional LSTMs", () => {
      const layers = [
        reshape({ targetShape: [5, 4] }),
        bilstm({ name: "first", units: 3, returnSequences: true }),
        bilstm({ name: "second", units: 2 }),
        dense({ name: "output", units: 10 }),
      ];
      return assertFixture(layers, [5, 4, 1], "recurrent-gradient.json", portable);
    });
  });
}
