import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { nodePlatform } from "../../node/platform.js";
import type { Graph } from "../graph/index.js";
import { narrowTiling, type Tiling, wideTilings } from "../kernels/tiling.js";
import { branchingGraphs, chainGraphs, largeWindowGraphs, recurrentGraphs } from "./testing/random-graphs.js";
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
    await fc.assert(
      fc.asyncProperty(chainGraphs, running, (graph, how) => assertAgrees(graph, how)),
      {
        numRuns: 25,
        seed: 20230122,
      },
    );
  });

  it("of large windows", async () => {
    const few = runningOf(fc.integer({ min: 1, max: 3 }));
    await fc.assert(
      fc.asyncProperty(largeWindowGraphs, few, (graph, how) => assertAgrees(graph, how)),
      {
        numRuns: 15,
        seed: 20230122,
      },
    );
  });

  it("of recurrent layers", async () => {
    await fc.assert(
      fc.asyncProperty(recurrentGraphs, running, (graph, how) => assertAgrees(graph, how)),
      {
        numRuns: 15,
        seed: 20230122,
      },
    );
  });

  it("of branches that meet again", async () => {
    // A bias before a normalization has a gradient of sums that cancel.
    await fc.assert(
      fc.asyncProperty(branchingGraphs, running, (graph, how) => assertAgrees(graph, how, 1e-4)),
      {
        numRuns: 60,
        seed: 20230122,
      },
    );
  });
});
