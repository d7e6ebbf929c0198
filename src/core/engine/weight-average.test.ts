import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { weightAverageStep } from "../kernels/reference/weight-average.js";
import { narrowTiling, wideTilings } from "../kernels/tiling.js";
import { activation, batchNorm, conv2d, dense, flatten } from "../layers/index.js";
import { adam, muon, type OptimizerConfig } from "../optimizers/index.js";
import { createTrial, type Trial, type TrialOptions, upTo } from "./testing/trial.js";

const batch = 5;
const layers = [
  conv2d({ filters: 5, kernelSize: 3 }),
  batchNorm({ momentum: 0.8 }),
  activation("relu"),
  flatten(),
  // More than one task's share.
  dense({ units: 90, activation: "tanh" }),
  dense({ units: 4 }),
];

async function withTrial<T>(options: Partial<TrialOptions>, check: (trial: Trial) => Promise<T>): Promise<T> {
  const fixed = { layers, inputShape: [12, 12, 2], batch, averages: true, platform: nodePlatform };
  const trial = await createTrial({ ...fixed, ...options });
  try {
    return await check(trial);
  } finally {
    await trial.network.close();
  }
}

const step = ({ network }: Trial, at: number, averageShare: number | undefined) =>
  network.trainStep({
    indices: upTo(batch),
    step: at,
    optimizerStep: at,
    seed: 3,
    learningRate: 0.02,
    averageShare,
  });

const decay = 0.9;
const share = (at: number): number => (1 - decay) / (1 - decay ** (at + 1));

const bytesOf = (tensors: readonly { readonly data: Float32Array }[]): Buffer =>
  Buffer.concat(tensors.map(({ data }) => new Uint8Array(data.buffer)));

describe("a moving average of weights in the engine", () => {
  for (const optimizer of [adam(), muon({ iterations: 2 })] as readonly OptimizerConfig[])
    it(`is its twin's behind ${optimizer.name}, of running statistics too: the sum of all steps' weights`, () =>
      withTrial({ optimizer }, async (trial) => {
        const course: Map<string, Float32Array>[] = [];
        const twins = new Map<string, Float64Array>();
        for (let at = 0; at < 5; at++) {
          await step(trial, at, share(at));
          const weights = await trial.network.readParameters();
          course.push(new Map(weights.map(({ name, data }) => [name, data])));
          for (const { name, data } of weights) {
            const twin = twins.get(name) ?? new Float64Array(data.length);
            weightAverageStep(twin, data, share(at));
            twins.set(name, twin);
          }
          const average = await trial.network.readAverage();
          assert.deepEqual(
            average.map(({ name }) => name),
            weights.map(({ name }) => name),
          );
          if (at === 0) assert.ok(bytesOf(average).equals(bytesOf(weights)), "at first it is the weights");
          for (const { name, data } of average)
            data.forEach((value, index) => {
              const sum = course.reduce(
                (before, weightsThen, moment) =>
                  before + (1 - decay) * decay ** (at - moment) * weightsThen.get(name)![index],
                0,
              );
              const wanted = sum / (1 - decay ** (at + 1));
              assert.ok(
                Math.abs(value - wanted) < 1e-6,
                `step ${at}, ${name}[${index}]: ${value}, not ${wanted}`,
              );
              assert.ok(Math.abs(twins.get(name)![index] - wanted) < 1e-9);
            });
        }
      }));

  it("predicts as its weights do, and nobody's training is disturbed by it, on any number of threads, in any tiles", async () => {
    const undisturbed = await withTrial({}, async (trial) => {
      for (let at = 0; at < 4; at++) await step(trial, at, share(at));
      const { network } = trial;
      return bytesOf([...(await network.readParameters()), ...(await network.readAverage())]);
    });
    for (const threads of [1, 3]) {
      const how = { threads, tiling: threads === 1 ? narrowTiling : wideTilings[0] };
      const [average, bytes, after] = await withTrial(how, async (trial) => {
        const { network } = trial;
        for (let at = 0; at < 4; at++) {
          await network.predict(upTo(7), "average").catch(() => undefined);
          await step(trial, at, share(at));
          await Promise.all([network.predict(upTo(3)), network.predict(upTo(7), "average")]);
        }
        const of = async (weights: "trained" | "average") =>
          (await network.predict(upTo(7), weights)).probabilities;
        const both = [await of("average"), await of("trained")];
        const tensors = await network.readAverage();
        const whole = bytesOf([...(await network.readParameters()), ...tensors]);
        assert.deepEqual(await of("trained"), both[1]);
        await network.writeParameters(tensors);
        return [both[0], whole, await of("trained")] as const;
      });
      assert.deepEqual(average, after);
      assert.ok(bytes.equals(undisturbed), `${threads} threads`);
    }
  });

  it("goes on from what was read, and begins anew with a share of 1", async () => {
    const whole = await withTrial({}, async (trial) => {
      for (let at = 0; at < 4; at++) await step(trial, at, share(at));
      return bytesOf(await trial.network.readAverage());
    });
    await withTrial({}, async (trial) => {
      const { network } = trial;
      for (let at = 0; at < 2; at++) await step(trial, at, share(at));
      const average = await network.readAverage();
      await network.writeAverage(average.map((tensor) => ({ ...tensor, data: tensor.data.map(() => 7) })));
      await network.predict(upTo(1), "average");
      await network.writeAverage(average);
      for (let at = 2; at < 4; at++) await step(trial, at, share(at));
      assert.ok(bytesOf(await network.readAverage()).equals(whole));
      await step(trial, 4, 1);
      assert.ok(bytesOf(await network.readAverage()).equals(bytesOf(await network.readParameters())));
    });
  });

  it("has no room for what is frozen", () => {
    const frozen = { match: "conv*", learningRateFactor: 1, frozen: true };
    const norm = { ...frozen, match: "batchNorm_1*" };
    return withTrial({ parameterGroups: [frozen, norm] }, async (trial) => {
      await step(trial, 0, 1);
      const names = (await trial.network.readAverage()).map(({ name }) => name);
      assert.deepEqual(names, ["dense_1.kernel", "dense_1.bias", "dense_2.kernel", "dense_2.bias"]);
    });
  });

  it("is refused where none is kept, and a step has a share where one is", async () => {
    const usage = (message: RegExp) => ({ name: "UsageError", message });
    await withTrial({ averages: false }, async (trial) => {
      const { network } = trial;
      await assert.rejects(network.predict(upTo(1), "average"), usage(/keeps no average of its weights/));
      await assert.rejects(network.readAverage(), usage(/keeps no average/));
      await assert.rejects(
        step(trial, 0, 1),
        usage(/averageShare is 1 in this network: it keeps no average/),
      );
      await step(trial, 0, undefined);
    });
    await withTrial({}, async (trial) => {
      for (const wrong of [undefined, 0, 1.5, Number.NaN])
        await assert.rejects(step(trial, 0, wrong), usage(/averageShare is .*: expected a number above 0/));
    });
  });
});
