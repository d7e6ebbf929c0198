import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform as platform } from "../../node/platform.js";
import { narrowTiling, wideTilings } from "../kernels/tiling.js";
import { tilesOf, transformedWeightBytes, winogradShape } from "../kernels/winograd.js";
import { averagePool2d, bilstm, conv2d, dense, flatten, gru, reshape } from "../layers/index.js";
import { createNetwork } from "./create.js";
import { createTrial, distance, gradientFaults, predictionFaults, upTo } from "./testing/trial.js";

/** As `gradientFaults` makes it. */
const firstStep = { step: 0, optimizerStep: 0, seed: 5, learningRate: 0 };

/** The gradients of a convolution by large tiles with what stands around it, and probabilities. */
async function computed(size: readonly [number, number], threads: number, winograd: boolean, wide = false) {
  const layers = [
    conv2d({ filters: 264, kernelSize: 1 }),
    conv2d({ filters: 512, kernelSize: 3, padding: "same" }),
    averagePool2d(),
    flatten(),
    dense({ units: 3 }),
  ];
  const { network } = await createTrial({
    layers,
    inputShape: [...size, 2],
    batch: 2,
    threads,
    tiling: wide ? wideTilings[0] : narrowTiling,
    create: (options) => createNetwork({ ...options, winograd }),
    platform,
  });
  try {
    const { probabilities } = await network.predict(upTo(2));
    await network.trainStep({ ...firstStep, indices: upTo(2) });
    return [{ name: "probabilities", data: probabilities }, ...network.readGradients()];
  } finally {
    await network.close();
  }
}

describe("a convolution whose transformed weights are more than eight megabytes", () => {
  it("is what it is directly, and the same by every tiling and number of threads", async () => {
    const size = [2, 24] as const;
    const grid = (channels: number) => ({ height: size[0], width: size[1], pitch: size[1], channels });
    const shape = winogradShape({
      input: grid(264),
      output: grid(512),
      kernelSize: [3, 3],
      strides: [1, 1],
      padding: [1, 1],
    });
    // So that one sample's tiles are enough, and the shares of its gradient too large for the chain before.
    assert.ok(shape && tilesOf(shape) >= 12 && transformedWeightBytes(shape) > 8 * 1024 ** 2);
    const directly = await computed(size, 1, false);
    const byTiles = await computed(size, 1, true);
    const bytesDiffer = byTiles.map(({ name, data }, index) => {
      const { error, norm } = distance(data, directly[index].data);
      assert.ok(error <= 1e-5 * norm, `${name}: off by ${error} of ${norm}`);
      return error > 0;
    });
    assert.ok(bytesDiffer.includes(true), "computed in another way");
    assert.deepEqual(await computed(size, 3, true, true), byTiles);
  });
});

describe("recurrent layers whose weights don't stay in the second cache", () => {
  it("agree with their twins, and are the same by every tiling and number of threads", async () => {
    const layers = [
      reshape({ targetShape: [2, 5] }),
      bilstm({ units: 179, returnSequences: true }),
      gru({ units: 99 }),
      dense({ units: 3 }),
    ];
    const gradients = [];
    for (const [threads, tiling] of [
      [1, narrowTiling],
      [3, wideTilings[0]],
    ] as const) {
      const options = { layers, inputShape: [2, 5, 1], batch: 4, threads, tiling, platform };
      const trial = await createTrial(options);
      try {
        assert.deepEqual(await predictionFaults(trial, upTo(2)), []);
        if (threads === 1) assert.deepEqual(await gradientFaults(trial, upTo(4), 0), []);
        else await trial.network.trainStep({ ...firstStep, indices: upTo(4) });
        gradients.push(trial.network.readGradients());
      } finally {
        await trial.network.close();
      }
    }
    assert.deepEqual(gradients[1], gradients[0]);
  });
});
