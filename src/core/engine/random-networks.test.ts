import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { nodePlatform } from "../../node/platform.js";
import {
  type ActivationName,
  activation as activate,
  averagePool2d,
  bilstm,
  conv2d,
  dense,
  dropout,
  flatten,
  type Layer,
  lstm,
  maxPool2d,
  reshape,
  type Shape,
} from "../layers/index.js";
import { createTrial, gradientFaults, predictionFaults, upTo } from "./testing/trial.js";

const small = fc.integer({ min: 1, max: 3 });
const pair = fc.tuple(small, small);
const activation = fc.constantFrom<ActivationName>("linear", "relu", "tanh", "sigmoid");

const convolution = fc
  .record({
    filters: fc.integer({ min: 1, max: 9 }),
    kernelSize: pair,
    strides: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    padding: fc.constantFrom("valid" as const, "same" as const),
    activation,
  })
  .map((options): Layer => conv2d(options));
const pool = fc
  .record({ average: fc.boolean(), poolSize: pair, strides: pair })
  .map(({ average, ...options }): Layer => (average ? averagePool2d(options) : maxPool2d(options)));
const drop = fc.constantFrom(0, 0.25, 0.5).map((rate): Layer => dropout(rate));
const stack = fc.array(
  fc.oneof({ weight: 3, arbitrary: convolution }, { weight: 2, arbitrary: pool }, drop),
  {
    maxLength: 5,
  },
);
const tail = fc.array(
  fc.oneof(
    fc.record({ units: fc.integer({ min: 1, max: 13 }), activation }).map((options): Layer => dense(options)),
    drop,
  ),
  { maxLength: 2 },
);

/** What is left when layers that don't fit what comes before them are taken out. */
function fitting(layers: readonly Layer[], inputShape: Shape): Layer[] {
  let shape = inputShape;
  return layers.filter((layer) => {
    try {
      shape = layer.outputShape(shape);
      return true;
    } catch {
      return false;
    }
  });
}

const sequence = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .record({ both: fc.boolean(), units: fc.integer({ min: 1, max: 9 }) })
        .map(({ both, units }): Layer => (both ? bilstm : lstm)({ units, returnSequences: true })),
    },
    activation.map((name): Layer => activate(name)),
    drop,
  ),
  { maxLength: 3 },
);

async function assertAgrees(layers: readonly Layer[], inputShape: Shape, batch: number): Promise<void> {
  const trial = await createTrial({ layers, inputShape, batch, platform: nodePlatform });
  try {
    assert.deepEqual(await predictionFaults(trial, upTo(trial.count)), []);
    assert.deepEqual(await gradientFaults(trial, upTo(batch), 1), []);
  } finally {
    await trial.network.close();
  }
}

const size = fc.integer({ min: 1, max: 9 });
const batches = fc.integer({ min: 1, max: 13 });
const classCounts = fc.integer({ min: 2, max: 11 });

describe("random networks have their twin's probabilities, loss and gradient", () => {
  it("of convolutions, pools and dense layers", async () => {
    const property = fc.asyncProperty(
      fc.tuple(size, size, small),
      stack,
      tail,
      classCounts,
      batches,
      (inputShape, first, last, classes, batch) =>
        assertAgrees(
          [...fitting(first, inputShape), flatten(), ...last, dense({ units: classes })],
          inputShape,
          batch,
        ),
    );
    await fc.assert(property, { numRuns: 25, seed: 20230122 });
  });

  it("of recurrent layers", async () => {
    const property = fc.asyncProperty(
      fc.tuple(size, size, fc.constant(1)),
      sequence,
      fc.boolean(),
      classCounts,
      batches,
      (inputShape, first, last, classes, batch) => {
        const read = last ? [lstm({ units: classes + 1 })] : [flatten()];
        const steps = reshape({ targetShape: inputShape.slice(0, 2) });
        return assertAgrees([steps, ...first, ...read, dense({ units: classes })], inputShape, batch);
      },
    );
    await fc.assert(property, { numRuns: 15, seed: 20230122 });
  });
});
