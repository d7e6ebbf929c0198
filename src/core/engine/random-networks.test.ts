import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { nodePlatform } from "../../node/platform.js";
import { chainOf, type Graph } from "../graph/index.js";
import { narrowTiling, type Tiling, wideTilings } from "../kernels/tiling.js";
import { dense, flatten, gru, lstm, reshape } from "../layers/index.js";
import {
  back,
  branching,
  classCounts,
  convolution,
  fitting,
  largePool,
  sequence,
  size,
  small,
  stack,
  step,
  tail,
} from "./testing/random-graphs.js";
import { createTrial, gradientFaults, predictionFaults, upTo } from "./testing/trial.js";

/** How a network runs, which changes nothing of what it is. */
interface Running {
  readonly batch: number;
  readonly tiling: Tiling;
}

async function assertAgrees(graph: Graph, { batch, tiling }: Running, tolerance?: number): Promise<void> {
  const trial = await createTrial({ graph, batch, tiling, platform: nodePlatform });
  try {
    assert.deepEqual(await predictionFaults(trial, upTo(trial.count)), []);
    assert.deepEqual(await gradientFaults(trial, upTo(batch), 1, tolerance), []);
  } finally {
    await trial.network.close();
  }
}

const tilings = fc.constantFrom(narrowTiling, ...wideTilings);
const runningOf = (batches: fc.Arbitrary<number>): fc.Arbitrary<Running> =>
  fc.record({ batch: batches, tiling: tilings });
const running = runningOf(fc.integer({ min: 1, max: 13 }));

describe("random networks have their twin's probabilities, loss and gradient", () => {
  it("of convolutions, pools and dense layers", async () => {
    const property = fc.asyncProperty(
      fc.tuple(size, size, small),
      stack,
      tail,
      classCounts,
      running,
      (inputShape, first, last, classes, running) =>
        assertAgrees(
          chainOf([...fitting(first, inputShape), flatten(), ...last, dense({ units: classes })], inputShape),
          running,
        ),
    );
    await fc.assert(property, { numRuns: 25, seed: 20230122 });
  });

  it("of large windows", async () => {
    const wide = fc.integer({ min: 21, max: 42 });
    const property = fc.asyncProperty(
      fc.tuple(wide, wide, small),
      fc.tuple(convolution, largePool),
      tail,
      classCounts,
      runningOf(fc.integer({ min: 1, max: 3 })),
      (inputShape, first, last, classes, running) =>
        assertAgrees(
          chainOf([...fitting(first, inputShape), flatten(), ...last, dense({ units: classes })], inputShape),
          running,
        ),
    );
    await fc.assert(property, { numRuns: 15, seed: 20230122 });
  });

  it("of recurrent layers", async () => {
    const property = fc.asyncProperty(
      fc.tuple(size, size, fc.constant(1)),
      sequence,
      fc.constantFrom(lstm, gru, undefined),
      classCounts,
      running,
      (inputShape, first, last, classes, running) => {
        const read = last ? [last({ units: classes + 1 })] : [flatten()];
        const steps = reshape({ targetShape: inputShape.slice(0, 2) });
        const layers = [steps, ...first, ...read, dense({ units: classes })];
        return assertAgrees(chainOf(layers, inputShape), running);
      },
    );
    await fc.assert(property, { numRuns: 15, seed: 20230122 });
  });

  it("of branches that meet again", async () => {
    const property = fc.asyncProperty(
      fc.tuple(
        fc.integer({ min: 3, max: 9 }),
        fc.integer({ min: 3, max: 9 }),
        fc.constantFrom(1, 2, 3, 4, 4),
      ),
      fc.integer({ min: 1, max: 17 }),
      fc.array(step, { minLength: 1, maxLength: 9 }),
      classCounts,
      fc.array(back, { maxLength: 4 }),
      running,
      (inputShape, channels, steps, classes, ends, running) =>
        // A bias before a normalization has a gradient of sums that cancel.
        assertAgrees(branching(inputShape, channels, steps, classes, ends), running, 1e-4),
    );
    await fc.assert(property, { numRuns: 60, seed: 20230122 });
  });
});
