import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { narrowTiling, wideTilings } from "../kernels/tiling.js";
import { conv2d, dense, flatten, layerTypes } from "../layers/index.js";
import { caseGraph, caseName, type LayerCase, layerCases } from "./testing/layer-cases.js";
import {
  createTrial,
  gradientFaults,
  learned,
  predictionFaults,
  type Trial,
  type TrialOptions,
  tensorsOf,
  upTo,
} from "./testing/trial.js";

/** Runs a check on a network, and closes it whatever happens. */
async function withTrial<T>(
  options: Omit<TrialOptions, "platform">,
  check: (trial: Trial) => Promise<T>,
): Promise<T> {
  const trial = await createTrial({ ...options, platform: nodePlatform });
  try {
    return await check(trial);
  } finally {
    await trial.network.close();
  }
}

/** The weights after three steps, the second one of a single image, and the predictions then. */
async function trained({ network, count }: Trial, batch: number): Promise<Float32Array[]> {
  for (let step = 0; step < 3; step++)
    await network.trainStep({
      indices: step === 1 ? Uint32Array.of(batch) : upTo(batch),
      step,
      optimizerStep: step,
      seed: 9,
      learningRate: 0.001,
    });
  const weights = (await network.readParameters()).map(({ data }) => data);
  return [...weights, (await network.predict(upTo(count))).probabilities];
}

const bytesOf = (tensors: readonly Float32Array[]): Buffer =>
  Buffer.concat(tensors.map((data) => new Uint8Array(data.buffer)));

describe("images of unlike weight", () => {
  const layers = [conv2d({ filters: 5, kernelSize: 3, activation: "relu" }), flatten(), dense({ units: 7 })];
  const options = { layers, inputShape: [6, 6, 2], batch: 5, labelSmoothing: 0.1 };
  const imageWeights = Float32Array.of(1, 0, 2.5, 0.1, 7, 3, 1);

  it("have the twin's loss and gradients, whatever the batch and the threads", async () => {
    const bytes: Buffer[] = [];
    for (const threads of [1, 2, 3]) {
      await withTrial({ ...options, imageWeights, threads }, async (trial) => {
        assert.deepEqual(await gradientFaults(trial, upTo(5), 3), []);
        assert.deepEqual(await gradientFaults(trial, Uint32Array.of(6, 2, 3), 4), [], "a smaller batch");
        bytes.push(bytesOf(await trained(trial, 5)));
      });
    }
    for (const each of bytes) assert.ok(each.equals(bytes[0]));
  });

  it("train as without weights where all are 1", async () => {
    const plain = await withTrial(options, (trial) => trained(trial, 5));
    const ones = { ...options, imageWeights: new Float32Array(7).fill(1) };
    assert.ok(bytesOf(plain).equals(bytesOf(await withTrial(ones, (trial) => trained(trial, 5)))));
  });

  it("are told only to a network that takes them, and each has one", async () => {
    const step = { step: 0, optimizerStep: 0, seed: 1, learningRate: 0.1, indices: upTo(2) };
    const message = (words: RegExp) => ({ name: "UsageError", message: words });
    await withTrial({ ...options, imageWeights: Float32Array.of(1, -1) }, async ({ network }) => {
      await assert.rejects(network.trainStep(step), message(/Image 1 of a step has weight -1: expected/));
    });
    await withTrial(options, async ({ network }) => {
      await assert.rejects(
        network.trainStep({ ...step, weights: Float32Array.of(1) }),
        message(/A step of 2 images has 0 weights in a network that isn't/),
      );
    });
  });
});

describe("every layer in the engine", () => {
  it("is among the cases", () => {
    const tested = new Set(
      layerCases.flatMap((each) => caseGraph(each).nodes.map(({ layer }) => layer.type)),
    );
    assert.deepEqual(tested, new Set(layerTypes));
  });

  layerCases.forEach((layerCase: LayerCase, index) => {
    const { batch = 3 } = layerCase;
    const graph = caseGraph(layerCase);
    it(`agrees with its twin: ${caseName(layerCase)}`, async () => {
      const options = { graph, batch };
      const alone = await withTrial(options, async (trial) => {
        const { network, reference, weights, count } = trial;
        assert.deepEqual([network.classes], reference.outputShape);
        assert.deepEqual(await network.readParameters(), tensorsOf(reference, weights), "loads and saves");
        const untouched = await network.readOptimizerState();
        assert.deepEqual(await predictionFaults(trial, upTo(count)), []);
        assert.deepEqual(await gradientFaults(trial, upTo(batch), 3), []);
        assert.deepEqual(await gradientFaults(trial, Uint32Array.of(batch), 4), [], "a batch of one");
        await network.writeParameters(tensorsOf(reference, weights));
        await network.writeOptimizerState(untouched);
        const bytes = await trained(trial, batch);
        // Weights of the padding, had they learned, would show now.
        assert.deepEqual(await gradientFaults(await learned(trial), upTo(batch), 5), [], "after three steps");
        return bytes;
      });
      const threads = index % 12 === 0 ? 7 : index % 5 === 0 ? 3 : 2;
      const wide = wideTilings[index % wideTilings.length];
      // Both at once, and now and then threads alone: making a network is what takes the time.
      for (const tiling of threads === 7 ? [wide, narrowTiling] : [wide]) {
        const more = { ...options, threads, tiling };
        const together = await withTrial(more, (trial) => trained(trial, batch));
        const how = `${threads} threads, ${tiling.pairs ? "wide" : "narrow"} tiles of ${tiling.rows} rows`;
        assert.ok(bytesOf(alone).equals(bytesOf(together)), `other bytes with ${how}`);
      }
    });
  });
});
