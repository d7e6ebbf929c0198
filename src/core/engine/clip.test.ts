import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { clipByGlobalNorm } from "../kernels/reference/clip.js";
import { type Tiling, wideTilings } from "../kernels/tiling.js";
import { batchNorm, conv2d, dense, flatten } from "../layers/index.js";
import { adam, muon, sgd } from "../optimizers/index.js";
import { createTrial, type TrialNetwork, type TrialOptions, upTo } from "./testing/trial.js";

const batch = 5;
// Wide enough that its gradients are several shares.
const layers = [
  conv2d({ filters: 9, kernelSize: 3, activation: "tanh" }),
  batchNorm(),
  flatten(),
  dense({ units: 70, activation: "tanh" }),
  dense({ units: 7 }),
];

async function withNetwork<T>(
  options: Partial<Pick<TrialOptions, "layers" | "clipNorm" | "threads" | "tiling" | "optimizer">>,
  work: (network: TrialNetwork) => Promise<T>,
): Promise<T> {
  const { network } = await createTrial({
    layers,
    inputShape: [8, 8, 2],
    batch,
    platform: nodePlatform,
    ...options,
  });
  try {
    return await work(network);
  } finally {
    await network.close();
  }
}

const step = (network: TrialNetwork, at: number, learningRate = 0.01) =>
  network.trainStep({ indices: upTo(batch), step: at, optimizerStep: at, seed: 3, learningRate });

const valuesOf = (network: TrialNetwork) =>
  network.readGradients().map(({ data }) => Float64Array.from(data));

/** The gradients of a first step. */
const gradientsOf = (options: Parameters<typeof withNetwork>[0]) =>
  withNetwork(options, async (network) => {
    await step(network, 0);
    return valuesOf(network);
  });

const normOf = (gradients: readonly Float64Array[]): number =>
  clipByGlobalNorm([...gradients], Number.POSITIVE_INFINITY);

describe("clipping by the global norm", () => {
  it("is the twin's, of all gradients together", async () => {
    const plain = await gradientsOf({});
    const norm = normOf(plain);
    for (const clipNorm of [norm * 0.999, norm / 3, 1e-6]) {
      const expected = plain.map((values) => values.slice());
      assert.equal(clipByGlobalNorm(expected, clipNorm), norm);
      const clipped = await gradientsOf({ clipNorm });
      assert.ok(Math.abs(normOf(clipped) / clipNorm - 1) < 1e-6);
      clipped.forEach((values, tensor) => {
        values.forEach((value, at) => {
          assert.ok(Math.abs(value - expected[tensor][at]) <= 1e-6 * clipNorm);
        });
      });
    }
  });

  it("adds up larger shares where all would be more than 256", async () => {
    const wide = [
      flatten(),
      dense({ units: 1456, activation: "tanh" }),
      dense({ units: 1456 }),
      dense({ units: 7 }),
    ];
    const clipped = await gradientsOf({ layers: wide, clipNorm: 1e-3, optimizer: sgd() });
    assert.ok(clipped.reduce((sum, { length }) => sum + length, 0) * 4 > 256 * 32 * 1024);
    assert.ok(Math.abs(normOf(clipped) / 1e-3 - 1) < 1e-6);
  });

  for (const optimizer of [sgd({ momentum: 0.9, weightDecay: 0.01 }), adam(), muon()]) {
    it(`gives ${optimizer.name} the same bytes on 1, 2 and 3 threads, in any tiles, and changes none where it is loose`, async () => {
      const trained = (clipNorm?: number, threads = 1, tiling?: Tiling) =>
        withNetwork({ clipNorm, threads, tiling, optimizer }, async (network) => {
          for (let at = 0; at < 3; at++) await step(network, at);
          return Buffer.concat(
            (await network.readParameters()).map(({ data }) => new Uint8Array(data.buffer)),
          );
        });
      const [plain, loose, clipped] = [await trained(), await trained(1e9), await trained(0.01)];
      assert.ok(loose.equals(plain));
      assert.ok(!clipped.equals(plain));
      assert.ok((await trained(0.01, 2)).equals(clipped));
      assert.ok((await trained(0.01, 3, wideTilings[1])).equals(clipped));
    });
  }
});
