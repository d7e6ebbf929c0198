import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { nodePlatform } from "../../node/platform.js";
import { deterministicImages } from "../kernels/reference/testing/deterministic.js";
import { conv2d, dense, dropout, flatten, type Layer, maxPool2d } from "../layers/index.js";
import { sgd } from "../optimizers/index.js";
import type { Platform } from "../platform.js";
import { createTrial, gradientFaults, learned, predictionFaults, type Trial, upTo } from "./testing/trial.js";

const layers: readonly Layer[] = [
  conv2d({ filters: 6, kernelSize: 3, activation: "relu" }),
  maxPool2d(),
  dropout(0.25),
  flatten(),
  dense({ units: 9, activation: "sigmoid" }),
  dense({ units: 10 }),
];

async function withTrial(
  change: { batch?: number; threads?: number; platform?: Platform },
  check: (trial: Trial) => Promise<void>,
): Promise<void> {
  const { batch = 4, threads = 1, platform = nodePlatform } = change;
  const trial = await createTrial({
    layers,
    inputShape: [9, 8, 2],
    batch,
    threads,
    platform,
    optimizer: sgd(),
  });
  try {
    await check(trial);
  } finally {
    await trial.network.close();
  }
}

describe("training steps", () => {
  it("have the gradient of their own loss: finite differences", () =>
    withTrial({}, async ({ network, weights }) => {
      const step = { indices: upTo(4), step: 2, optimizerStep: 2, seed: 6, learningRate: 0 };
      await network.trainStep(step);
      const gradients = new Map(network.readGradients().map(({ name, data }) => [name, data]));
      const parameters = await network.readParameters();
      const meanLossAt = async (name: string, index: number, value: number): Promise<number> => {
        const changed = parameters.map((tensor) => {
          const data = tensor.data.slice();
          if (tensor.name === name) data[index] = value;
          return { ...tensor, data };
        });
        await network.writeParameters(changed);
        return (await network.trainStep(step)).lossSum / 4;
      };
      for (const { name, data } of parameters)
        for (const index of [0, Math.floor(data.length / 2), data.length - 1]) {
          const h = 2 ** -7;
          const held = weights.get(name)![index];
          const difference =
            (await meanLossAt(name, index, held + h)) - (await meanLossAt(name, index, held - h));
          const slope = difference / (2 * h);
          const gradient = gradients.get(name)![index];
          // Single precision leaves some 1e-7 / h, the curvature h²; a ReLU that turns in between more.
          assert.ok(Math.abs(slope - gradient) < 5e-4, `${name}[${index}]: ${gradient}, not ${slope}`);
        }
    }));

  it("take every batch size up to the one planned for", () =>
    withTrial({ batch: 37, threads: 2 }, async (trial) => {
      for (const batch of [36, 33, 32, 31, 17, 8, 7, 6, 5, 4, 3, 2, 1, 37])
        assert.deepEqual(await gradientFaults(trial, upTo(batch), batch), [], `batch ${batch}`);
    }));

  it("follow the indices: any order, images again and again", () =>
    withTrial({ batch: 5 }, async (trial) => {
      assert.deepEqual(await gradientFaults(trial, Uint32Array.of(6, 0, 3, 3, 6), 0), []);
      assert.deepEqual(await predictionFaults(trial, Uint32Array.of(4, 4, 0, 6, 1, 2, 4)), []);
      assert.deepEqual(await predictionFaults(trial, new Uint32Array(0)), []);
    }));

  it("leave the images that they are given as they are, and nothing of them to the next", () =>
    withTrial({ threads: 2 }, async ({ network, ...trial }) => {
      const images = deterministicImages(trial.count, 9 * 8 * 2);
      const given = images.slice();
      const { probabilities } = await network.predictImages(given);
      assert.deepEqual(given, images);
      assert.deepEqual((await network.predictImages(new Uint8Array(0))).probabilities, new Float32Array(0));
      await network.predictImages(images.slice().reverse());
      assert.deepEqual((await network.predictImages(given)).probabilities, probabilities);
    }));

  it("asked for at once are done one after the other, and so is what reads them", async () => {
    const step = (at: number) => ({
      indices: upTo(4),
      step: at,
      optimizerStep: at,
      seed: 3,
      learningRate: 0.1,
    });
    const inTurn: unknown[] = [];
    const atOnce: unknown[] = [];
    const options = { threads: 2, batch: 4 };
    await withTrial(options, async ({ network }) => {
      for (const at of [0, 1, 2])
        inTurn.push(
          await network.trainStep(step(at)),
          await network.readParameters(),
          await network.predict(upTo(6)),
        );
    });
    await withTrial(options, async ({ network }) => {
      const asked = [0, 1, 2].flatMap((at): Promise<unknown>[] => [
        network.trainStep(step(at)),
        network.readParameters(),
        network.predict(upTo(6)),
      ]);
      atOnce.push(...(await Promise.all(asked)));
    });
    assert.deepEqual(atOnce, inTurn);
  });

  it("go on agreeing with the twin while they learn, inference in between", () =>
    withTrial({ batch: 6, threads: 2 }, async (trial) => {
      const { network } = trial;
      for (let step = 0; step < 8; step++) {
        await network.trainStep({ indices: upTo(6), step, optimizerStep: step, seed: 1, learningRate: 0.2 });
        const now = await learned(trial);
        assert.deepEqual(await predictionFaults(now, upTo(trial.count)), [], `after step ${step}`);
        assert.deepEqual(await gradientFaults(now, upTo(6), step), [], `after step ${step}`);
      }
    }));

  it("show a network that has come apart: its loss is not finite", () =>
    withTrial({}, async ({ network }) => {
      await network.trainStep({
        indices: upTo(4),
        step: 0,
        optimizerStep: 0,
        seed: 0,
        learningRate: Number.POSITIVE_INFINITY,
      });
      const { lossSum } = await network.trainStep({
        indices: upTo(4),
        step: 1,
        optimizerStep: 1,
        seed: 0,
        learningRate: 0.1,
      });
      assert.ok(!Number.isFinite(lossSum), `${lossSum}`);
    }));

  it("have a finite loss for logits beyond what e^x can hold", () =>
    withTrial({}, async (trial) => {
      const { network } = trial;
      const parameters = await network.readParameters();
      const bias = parameters.find(({ name }) => name === "dense_2.bias")!.data;
      bias.forEach((_, index) => {
        bias[index] = index % 2 === 0 ? 1e4 : -1e4;
      });
      await network.writeParameters(parameters);
      // From one float32 to the next is 0.001 at 10,000: that much the logits lose.
      assert.deepEqual(await gradientFaults(await learned(trial), upTo(4), 0, 2e-3), []);
    }));

  it("wait for a thread that is late to hear of two programs at once", async () => {
    const loop = JSON.stringify(new URL("./threads/worker-loop.js", import.meta.url).href);
    const source = `
      import { parentPort } from "node:worker_threads";
      import { createWorkerLoop } from ${loop};
      const serve = createWorkerLoop((message) => parentPort.postMessage(message));
      const nobody = new Int32Array(new SharedArrayBuffer(4));
      parentPort.on("message", (message) => {
        if (message.kind === "enter") Atomics.wait(nobody, 0, 0, 50);
        serve(message);
      });`;
    const platform: Platform = {
      ...nodePlatform,
      startWorker: () => {
        const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
          execArgv: [],
        });
        return {
          postMessage: (message) => worker.postMessage(message),
          onMessage: (listener) => worker.on("message", listener),
          onExit: (listener) => worker.on("exit", () => listener("it ended")),
          terminate: async () => {
            await worker.terminate();
          },
        };
      },
    };
    await withTrial({ threads: 2, platform }, async (trial) => {
      assert.deepEqual(await gradientFaults(trial, upTo(4), 0), []);
      assert.deepEqual(await gradientFaults(trial, upTo(3), 1), []);
      assert.deepEqual(await predictionFaults(trial, upTo(5)), []);
    });
  });
});
