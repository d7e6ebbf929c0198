import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform as platform } from "../../node/platform.js";
import { narrowTiling, wideTilings } from "../kernels/tiling.js";
import {
  conv2d,
  dense,
  flatten,
  globalAveragePool2d,
  type Layer,
  lstm,
  reshape,
  type Shape,
} from "../layers/index.js";
import { createTrial, gradientFaults, predictionFaults, upTo } from "./testing/trial.js";

const batch = 7;

/** As `gradientFaults` makes it. */
const firstStep = { step: 0, optimizerStep: 0, seed: 5, learningRate: 0 };

/** Sums of more than 1,280 products, which are made of parts, forwards and backwards. */
const cases: readonly [string, Shape, readonly Layer[]][] = [
  ["a dense layer", [1, 1, 1300], [flatten(), dense({ units: 5, activation: "relu" }), dense({ units: 3 })]],
  [
    "convolutions in a chain",
    [4, 3, 3],
    [
      conv2d({ filters: 144, kernelSize: 1 }),
      conv2d({ filters: 145, kernelSize: 3, padding: "same", activation: "relu" }),
      globalAveragePool2d(),
      dense({ units: 3 }),
    ],
  ],
  [
    "an LSTM's gates",
    [2, 5, 1],
    [reshape({ targetShape: [2, 5] }), lstm({ units: 324 }), dense({ units: 3 })],
  ],
];

describe("sums that are made of parts", () => {
  for (const [name, inputShape, layers] of cases)
    it(`are right in ${name}, and the same by every tiling and number of threads`, async () => {
      const bytes: Buffer[] = [];
      for (const [threads, tiling] of [
        [1, narrowTiling],
        [3, wideTilings[0]],
      ] as const) {
        const trial = await createTrial({ layers, inputShape, batch, threads, tiling, platform });
        try {
          assert.deepEqual(await predictionFaults(trial, upTo(2)), []);
          if (threads === 1) assert.deepEqual(await gradientFaults(trial, upTo(batch), 0), []);
          else await trial.network.trainStep({ ...firstStep, indices: upTo(batch) });
          const gradients = trial.network.readGradients();
          bytes.push(Buffer.concat(gradients.map(({ data }) => Buffer.from(data.slice().buffer))));
        } finally {
          await trial.network.close();
        }
      }
      assert.ok(bytes[0].equals(bytes[1]));
    });
});
