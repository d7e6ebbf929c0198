import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { chainOf } from "../graph/index.js";
import { optimizerState, optimizerStep } from "../kernels/reference/optimizers.js";
import { type Tiling, wideTilings } from "../kernels/tiling.js";
import { bilstm, conv2d, dense, flatten, gru, type Layer, lstm, reshape } from "../layers/index.js";
import { muon, muonMatrices } from "../optimizers/index.js";
import { createTrial, distance, type Trial, upTo } from "./testing/trial.js";

const batch = 6;

interface Case {
  readonly layers: readonly Layer[];
  readonly inputShape: readonly number[];
  /** What Muon takes, as [rows, columns]. */
  readonly taken: Readonly<Record<string, readonly [number, number]>>;
}

const cases: Record<string, Case> = {
  "tall and wide dense layers of odd sizes": {
    layers: [
      flatten(),
      dense({ units: 7, activation: "tanh", name: "in" }),
      dense({ units: 5, activation: "tanh", name: "down" }),
      dense({ units: 7, activation: "tanh", name: "up" }),
      dense({ units: 27, activation: "tanh", name: "wide" }),
      dense({ units: 10, activation: "tanh", name: "tall" }),
      dense({ units: 10, activation: "tanh", name: "square" }),
      dense({ units: 4, name: "out" }),
    ],
    inputShape: [6, 6, 1],
    taken: {
      "down.kernel": [7, 5],
      "up.kernel": [5, 7],
      "wide.kernel": [7, 27],
      "tall.kernel": [27, 10],
      "square.kernel": [10, 10],
    },
  },
  "convolutions, one of them by Winograd's tiles": {
    layers: [
      conv2d({ filters: 16, kernelSize: 3, activation: "relu", name: "first" }),
      conv2d({ filters: 16, kernelSize: 3, activation: "relu", name: "second" }),
      conv2d({ filters: 6, kernelSize: [1, 2], activation: "tanh", name: "third" }),
      conv2d({ filters: 52, kernelSize: 3, strides: 2, activation: "tanh", name: "fourth" }),
      flatten(),
      dense({ units: 5, name: "out" }),
    ],
    inputShape: [12, 12, 1],
    taken: { "second.kernel": [144, 16], "third.kernel": [32, 6], "fourth.kernel": [54, 52] },
  },
  "LSTMs along one and both directions": {
    layers: [
      reshape({ targetShape: [5, 7] }),
      lstm({ units: 9, returnSequences: true, name: "lstm" }),
      bilstm({ units: 6, name: "both" }),
      dense({ units: 3, name: "out" }),
    ],
    inputShape: [5, 7, 1],
    taken: {
      "lstm.recurrentKernel": [9, 36],
      "both.forward.kernel": [9, 24],
      "both.forward.recurrentKernel": [6, 24],
      "both.backward.kernel": [9, 24],
      "both.backward.recurrentKernel": [6, 24],
    },
  },
  GRUs: {
    layers: [
      reshape({ targetShape: [5, 7] }),
      gru({ units: 9, returnSequences: true, name: "first" }),
      gru({ units: 6, name: "second" }),
      dense({ units: 3, name: "out" }),
    ],
    inputShape: [5, 7, 1],
    taken: {
      "first.recurrentKernel": [9, 27],
      "second.kernel": [9, 18],
      "second.recurrentKernel": [6, 18],
    },
  },
};

/** Each with the largest error of a move: a step makes the rounding of what nearly cancels up to twelve times as large. */
const optimizers: readonly [string, ReturnType<typeof muon>, number][] = [
  ["one step", muon({ iterations: 1, nesterov: false }), 3e-5],
  ["three steps", muon({ iterations: 3, weightDecay: 0 }), 2e-4],
  ["five steps", muon({ weightDecay: 0.1 }), 1e-2],
  ["seven steps, past a new start", muon({ iterations: 7, momentum: 0.5 }), 2e-3],
  ["eleven steps, past two new starts", muon({ iterations: 11 }), 5e-2],
];

const learningRate = 0.02;

async function withTrial<T>(
  { layers, inputShape }: Case,
  options: { threads?: number; tiling?: Tiling; portable?: boolean; optimizer?: ReturnType<typeof muon> },
  check: (trial: Trial) => T | Promise<T>,
): Promise<T> {
  const optimizer = options.optimizer ?? muon();
  const trial = await createTrial({
    ...options,
    layers,
    inputShape,
    batch,
    optimizer,
    platform: nodePlatform,
  });
  try {
    return await check(trial);
  } finally {
    await trial.network.close();
  }
}

const step = async ({ network }: Trial, at: number): Promise<void> => {
  await network.predict(upTo(2));
  await network.trainStep({
    indices: upTo(at === 2 ? 3 : batch),
    step: at,
    optimizerStep: at,
    seed: 3,
    learningRate,
  });
};

const bytesOf = async ({ network }: Trial): Promise<Buffer> =>
  Buffer.concat(
    [...(await network.readParameters()), ...(await network.readOptimizerState())].map(
      ({ data }) => new Uint8Array(data.buffer),
    ),
  );

for (const [what, trialCase] of Object.entries(cases)) {
  const matrices = muonMatrices(chainOf(trialCase.layers, trialCase.inputShape));

  describe(`muon over ${what}`, () => {
    it("takes the matrices between hidden layers", () => {
      const sizes = [...matrices].map(([name, { rows, columns }]) => [name, [rows, columns]]);
      assert.deepEqual(Object.fromEntries(sizes), trialCase.taken);
    });

    for (const [name, optimizer, tolerance] of optimizers) {
      for (const portable of [false, true]) {
        it(`moves every tensor as its twin, ${name}${portable ? " (portable)" : ""}`, () =>
          withTrial(trialCase, { optimizer, portable, threads: 2 }, async (trial) => {
            const { network } = trial;
            const states = new Map(
              (await network.readParameters()).map(({ name, data }) => [name, optimizerState(data.length)]),
            );
            for (const at of [0, 1, 2, 3]) {
              const before = new Map((await network.readParameters()).map(({ name, data }) => [name, data]));
              await step(trial, at);
              const after = new Map((await network.readParameters()).map(({ name, data }) => [name, data]));
              for (const { name: tensor, data } of network.readGradients()) {
                const values = Float64Array.from(before.get(tensor)!);
                const gradient = Float64Array.from(data);
                const matrix = matrices.get(tensor);
                optimizerStep(optimizer, values, gradient, states.get(tensor)!, at, learningRate, matrix);
                const moved = (to: ArrayLike<number>): number[] =>
                  Array.from(to, (value, index) => value - before.get(tensor)![index]);
                const { error, norm } = distance(moved(after.get(tensor)!), moved(values));
                assert.ok(norm > 0, `${tensor} stands still`);
                assert.ok(error < tolerance * norm, `step ${at}, ${tensor}: off by ${error} of ${norm}`);
              }
            }
          }));
      }
    }

    it("gives the same bytes with 1, 2 and 5 threads, and in wide tiles", async () => {
      const trained = (threads: number, tiling?: Tiling) =>
        withTrial(trialCase, { threads, tiling }, async (trial) => {
          for (const at of [0, 1, 2, 3]) await step(trial, at);
          return bytesOf(trial);
        });
      const alone = await trained(1);
      assert.ok(alone.equals(await trained(2)));
      assert.ok(alone.equals(await trained(5, wideTilings[0])));
    });

    it("goes on from its saved state byte for byte", () =>
      withTrial(trialCase, { threads: 2 }, (whole) =>
        withTrial(trialCase, {}, async (resumed) => {
          for (const at of [0, 1]) await step(whole, at);
          await resumed.network.writeParameters(await whole.network.readParameters());
          await resumed.network.writeOptimizerState(await whole.network.readOptimizerState());
          for (const trial of [whole, resumed]) for (const at of [2, 3]) await step(trial, at);
          assert.ok((await bytesOf(resumed)).equals(await bytesOf(whole)));
        }),
      ));
  });
}
