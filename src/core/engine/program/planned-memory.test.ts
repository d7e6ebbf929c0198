import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../../node/platform.js";
import { chainOf } from "../../graph/index.js";
import {
  activation,
  averagePool2d,
  batchNorm,
  conv2d,
  dense,
  flatten,
  globalAveragePool2d,
  type Layer,
  maxPool2d,
} from "../../layers/index.js";
import { adam } from "../../optimizers/index.js";
import { createTrial, upTo } from "../testing/trial.js";
import { planNetwork } from "./plan.js";

const convolution = () => conv2d({ filters: 4, kernelSize: 5, padding: "same", activation: "relu" });
const layers = [
  convolution(),
  convolution(),
  convolution(),
  averagePool2d({ poolSize: 64 }),
  flatten(),
  dense({ units: 2 }),
];
const inputShape = [320, 320, 1];

describe("memory that a network plans", () => {
  it("has room for tables of large images", async () => {
    const trained = async (threads: number): Promise<Buffer> => {
      const trial = await createTrial({
        layers,
        inputShape,
        batch: 2,
        threads,
        inferenceBatchSize: 0,
        platform: nodePlatform,
      });
      const { network } = trial;
      try {
        const step = { step: 0, optimizerStep: 0, seed: 1, learningRate: 0.001, indices: upTo(2) };
        const { lossSum } = await network.trainStep(step);
        assert.ok(Number.isFinite(lossSum), `${lossSum}`);
        return Buffer.concat((await network.readParameters()).map(({ data }) => new Uint8Array(data.buffer)));
      } finally {
        await network.close();
      }
    };
    assert.ok((await trained(2)).equals(await trained(1)), "the same bytes on one thread and on two");
  });

  it("never lets tables reach into the workspace, nor inference take much more than training", () => {
    for (const inferenceBatchSize of [1, 128]) {
      const { tables, base, predictor, trainer, arenaBytes } = planNetwork(
        {
          graph: chainOf(layers, inputShape),
          trainBatchSize: 2,
          inferenceBatchSize,
          optimizer: adam(),
          threads: 2,
          platform: nodePlatform,
        },
        false,
      );
      const { tables: first, workspace } = base.places;
      assert.ok(tables.next <= tables.end && tables.end <= workspace);
      for (const { address, values } of [...trainer!.tables, ...predictor!.tables])
        assert.ok(address >= first && address + values.length * 4 <= tables.next);
      assert.ok(arenaBytes < 256 * 1024 ** 2, `${arenaBytes} bytes`);
      assert.ok(predictor!.batch <= inferenceBatchSize && predictor!.batch >= 1);
    }
  });

  it("is far less than all activations and gradients of a deep network on large photos", () => {
    const widths = [64, 64, 0, 128, 128, 0, 256, 256, 0, 512, 512, 0];
    const deep = widths.map((filters) =>
      filters > 0 ? conv2d({ filters, kernelSize: 3, padding: "same", activation: "relu" }) : maxPool2d(),
    );
    const plan = planNetwork(
      {
        graph: chainOf([...deep, flatten(), dense({ units: 10 })], [224, 224, 3]),
        trainBatchSize: 32,
        inferenceBatchSize: 128,
        optimizer: adam(),
        threads: 2,
        platform: nodePlatform,
      },
      false,
    );
    assert.ok(plan.arenaBytes < 1540 * 1024 ** 2, `${plan.arenaBytes / 1024 ** 2} MiB`);
    assert.equal(plan.predictor?.batch, 128, "inference fits beside it");
  });

  /** MiB of a network with 512 × 512 kernels between small ones. */
  const wide = (size: number, kernelSize: number): number => {
    const layers = [
      conv2d({ filters: 512, kernelSize: 1 }),
      conv2d({ filters: 512, kernelSize, padding: "same" }),
      conv2d({ filters: 16, kernelSize: 3, padding: "same" }),
      globalAveragePool2d(),
    ];
    const plan = planNetwork(
      {
        graph: chainOf(layers, [size, size, 8]),
        trainBatchSize: 128,
        inferenceBatchSize: 0,
        optimizer: adam(),
        threads: 2,
        platform: nodePlatform,
      },
      false,
    );
    return plan.arenaBytes / 1024 ** 2;
  };

  it("has no large gradient in as many shares as a small one after it", () => {
    // In 32 shares 1,464.
    const used = wide(16, 3);
    assert.ok(used < 500, `${used} MiB`);
  });

  it("has no large gradient in as many shares as there are groups of few samples", () => {
    // In a share for every 3 samples 1,731, for every 6 of 3 × 3 weights 425.
    const used = [wide(6, 5), wide(4, 3)];
    assert.ok(used[0] < 520 && used[1] < 350, `${used} MiB`);
  });

  const tensorBytes = 48 * 48 * 8 * 4 * 32;
  /** What a step of 32 images of 48 × 48 keeps, in tensors of as many pixels and 8 channels. */
  const tensorsOf = (layers: readonly Layer[]): number => {
    const { arenaBytes } = planNetwork(
      {
        graph: chainOf([...layers, globalAveragePool2d(), dense({ units: 10 })], [48, 48, 1]),
        trainBatchSize: 32,
        inferenceBatchSize: 0,
        optimizer: adam(),
        threads: 2,
        platform: nodePlatform,
      },
      false,
    );
    return arenaBytes / tensorBytes;
  };
  const normalized = () => [
    conv2d({ filters: 8, kernelSize: 3, padding: "same" }),
    batchNorm(),
    activation("relu"),
  ];

  it("keeps of a convolution, a normalization and an activation what the convolution made, and no more", () => {
    // One a block, and two gradients.
    const blocks = Array.from({ length: 8 }, normalized).flat();
    const tensors = tensorsOf(blocks);
    assert.ok(tensors < 8 + 2.6, `${tensors} tensors`);
  });

  it("keeps no gradient of a normalization before a pool while all threads meet", () => {
    // What the convolution made and its gradient, a quarter and a sixteenth of it the pool's.
    const tensors = tensorsOf([...normalized(), maxPool2d()]);
    assert.ok(tensors < 2 + 0.5, `${tensors} tensors`);
  });
});
