import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { chainOf } from "../graph/index.js";
import { optimizerState, optimizerStep } from "../kernels/reference/optimizers.js";
import { wideTilings } from "../kernels/tiling.js";
import { conv2d, dense, dropout, flatten, type Layer, maxPool2d } from "../layers/index.js";
import { adam, adamw, muon, muonMatrices, type OptimizerConfig, rmsprop, sgd } from "../optimizers/index.js";
import { createTrial, type Trial, type TrialNetwork, upTo } from "./testing/trial.js";

const batch = 4;

const cases: readonly [string, OptimizerConfig, readonly string[]][] = [
  ["sgd", sgd(), []],
  ["sgd with weight decay", sgd({ weightDecay: 0.05 }), []],
  ["sgd with momentum", sgd({ momentum: 0.9 }), ["velocity"]],
  [
    "sgd with Nesterov's momentum and decay",
    sgd({ momentum: 0.8, nesterov: true, weightDecay: 0.02 }),
    ["velocity"],
  ],
  ["adam", adam(), ["firstMoment", "secondMoment"]],
  ["adam of other decays", adam({ beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }), ["firstMoment", "secondMoment"]],
  ["adamw", adamw({ weightDecay: 0.1 }), ["firstMoment", "secondMoment"]],
  ["rmsprop", rmsprop(), ["meanSquare"]],
  ["muon", muon({ iterations: 3, weightDecay: 0.1 }), ["firstMoment", "secondMoment"]],
  [
    "muon of other settings",
    muon({ momentum: 0.8, nesterov: false, iterations: 2, weightDecay: 0, adamShare: 0.5 }),
    ["firstMoment", "secondMoment"],
  ],
  ["rmsprop with momentum", rmsprop({ rho: 0.8, momentum: 0.9, epsilon: 1e-5 }), ["meanSquare", "velocity"]],
];

const layers: readonly Layer[] = [
  conv2d({ filters: 5, kernelSize: 3, activation: "tanh" }),
  maxPool2d(),
  dropout(0.25),
  flatten(),
  dense({ units: 7, activation: "tanh" }),
  dense({ units: 10 }),
];
const inputShape = [9, 9, 2];
const matrices = muonMatrices(chainOf(layers, inputShape));

const learningRates = [0.01, 0.02, 0.005, 0.01, 0.03];

async function step({ network }: { network: TrialNetwork }, at: number): Promise<void> {
  await network.trainStep({
    indices: upTo(batch),
    step: at,
    optimizerStep: at,
    seed: 3,
    learningRate: learningRates[at],
  });
}

const bytesOf = async ({ network }: Trial): Promise<Buffer> =>
  Buffer.concat(
    [...(await network.readParameters()), ...(await network.readOptimizerState())].map(
      ({ data }) => new Uint8Array(data.buffer),
    ),
  );

async function withTrials<T>(
  count: number,
  optimizer: OptimizerConfig,
  check: (...trials: Trial[]) => T | Promise<T>,
): Promise<T> {
  const trials = await Promise.all(
    // Every other one in wide tiles: they move the weights alike.
    Array.from({ length: count }, (_, index) =>
      createTrial({
        tiling: index % 2 === 1 ? wideTilings[0] : undefined,
        layers,
        inputShape,
        batch,
        optimizer,
        threads: 2,
        platform: nodePlatform,
      }),
    ),
  );
  try {
    return await check(...trials);
  } finally {
    await Promise.all(trials.map(({ network }) => network.close()));
  }
}

for (const [name, optimizer, slots] of cases) {
  describe(`${name} in the engine`, () => {
    it("moves every weight as its twin, given the same gradients", () =>
      withTrials(1, optimizer, async ({ network, weights }) => {
        const twins = new Map(
          [...weights].map(([tensor, values]) => {
            return [
              tensor,
              { values: Float64Array.from(values), state: optimizerState(values.length) },
            ] as const;
          }),
        );
        for (const [at, learningRate] of learningRates.entries()) {
          await step({ network }, at);
          for (const { name: tensor, data } of network.readGradients()) {
            const { values, state } = twins.get(tensor)!;
            const gradient = Float64Array.from(data);
            optimizerStep(optimizer, values, gradient, state, at, learningRate, matrices.get(tensor));
          }
          for (const { name: tensor, data } of await network.readParameters()) {
            const { values } = twins.get(tensor)!;
            data.forEach((value, index) => {
              const difference = Math.abs(value - values[index]);
              assert.ok(difference < 2e-6, `step ${at}, ${tensor}[${index}]: ${value}, not ${values[index]}`);
            });
          }
        }
      }));

    it("goes on from its saved state byte for byte", () =>
      withTrials(3, optimizer, async (whole, resumed, without) => {
        for (const at of [0, 1, 2]) await step(whole, at);
        const weights = await whole.network.readParameters();
        const state = await whole.network.readOptimizerState();
        const names = slots.flatMap((slot) => weights.map((tensor) => `${slot}/${tensor.name}`));
        assert.deepEqual(
          state.map((tensor) => tensor.name),
          names,
        );
        await resumed.network.writeParameters(weights);
        await resumed.network.writeOptimizerState(state);
        await without.network.writeParameters(weights);
        for (const trial of [whole, resumed, without]) for (const at of [3, 4]) await step(trial, at);
        const expected = await bytesOf(whole);
        assert.ok((await bytesOf(resumed)).equals(expected));
        assert.equal((await bytesOf(without)).equals(expected), slots.length === 0, "the state matters");
      }));
  });
}

describe("a saved optimizer state", () => {
  it("of another optimizer is refused", () =>
    withTrials(1, adam(), async ({ network }) => {
      const renamed = (await network.readOptimizerState()).map((tensor) => ({
        ...tensor,
        name: `velocity/${tensor.name}`,
      }));
      await assert.rejects(network.writeOptimizerState(renamed), {
        name: "HeddleError",
        message: /optimizer's firstMoment tensors lack "conv2d_1\.kernel"; they hold nothing/,
      });
    }));
});
