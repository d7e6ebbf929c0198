import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { createNetwork } from "../engine/create.js";
import type { Network, NetworkOptions } from "../engine/network.js";
import { HeddleError, UsageError } from "../errors.js";
import { sgd } from "../optimizers/index.js";
import { constant, type Schedule } from "../schedules/index.js";
import type { EndEvent, TrainEvent } from "./events.js";
import type { Model } from "./model.js";
import { tinyData, tinyFit, tinyModels } from "./testing/tiny-model.js";

const tinyModel = tinyModels(nodePlatform);
const stepsPerEpoch = 4;

/** The right rate until this step, then one that no training survives. */
function divergingAt(wanted: number, rate = 1e30): Schedule {
  const { config } = constant({ learningRate: 0.01 });
  return { config, learningRate: ({ step }) => (step < wanted ? 0.01 : rate) };
}

/** The model's bytes after each epoch of an undisturbed training; before the first one at 0. */
async function epochBytes(epochs: number): Promise<Uint8Array[]> {
  const model = tinyModel();
  const bytes = [await model.toBytes()];
  try {
    for await (const event of model.fitEvents(tinyData, { ...tinyFit, epochs })) {
      if (event.event === "epoch") bytes.push(await model.toBytes());
    }
    return bytes;
  } finally {
    await model.dispose();
  }
}

async function withModel(
  work: (model: Model) => Promise<void>,
  ...options: Parameters<typeof tinyModel>
): Promise<void> {
  const model = tinyModel(...options);
  try {
    await work(model);
  } finally {
    await model.dispose();
  }
}

const diverging = (step: number) =>
  ({ schedule: divergingAt(step), learningRate: undefined, optimizer: "sgd" }) as const;

/** The same with a step whose own weights are no numbers any more. */
const spoiling = (step: number) =>
  ({
    schedule: divergingAt(step, 3e38),
    learningRate: undefined,
    optimizer: sgd({ weightDecay: 50 }),
  }) as const;

describe("the weights after a fit", () => {
  const ways: [string, (events: AsyncGenerator<TrainEvent>, stop: () => void) => Promise<void>][] = [
    [
      "was aborted",
      async (events, stop) => {
        for await (const event of events) if (event.event === "step" && event.epoch === 3) stop();
      },
    ],
    [
      "was left",
      async (events) => {
        for await (const event of events) if (event.event === "step" && event.epoch === 3) break;
      },
    ],
    [
      "threw in its reader",
      async (events) => {
        const reading = async (): Promise<void> => {
          for await (const event of events)
            if (event.event === "step" && event.epoch === 3) throw new Error("enough");
        };
        await assert.rejects(reading(), /enough/);
      },
    ],
  ];
  for (const [what, read] of ways) {
    it(`that ${what} are the best epoch's where asked, else those of its last step`, async () => {
      const bytes = await epochBytes(2);
      for (const restoreBestWeights of [true, false]) {
        await withModel(async (model) => {
          const signal = { aborted: false };
          let best = 0;
          const watched = async function* (): AsyncGenerator<TrainEvent> {
            for await (const event of model.fitEvents(tinyData, {
              ...tinyFit,
              epochs: 9,
              restoreBestWeights,
              signal,
            })) {
              if (event.event === "epoch" && event.best) best = event.epoch;
              yield event;
            }
          };
          await read(watched(), () => {
            signal.aborted = true;
          });
          const after = await model.toBytes();
          if (restoreBestWeights) assert.deepEqual(after, bytes[best]);
          else assert.ok(bytes.every((each) => Buffer.compare(each, after) !== 0));
          assert.equal(model.epochsDone, 2);
          assert.equal((await model.fit(tinyData, tinyFit)).epochs[0].epoch, 3);
        });
      }
    });
  }

  it("that diverged are those of the last whole epoch, or of the best one", async () => {
    const bytes: Uint8Array[] = [];
    for (const restoreBestWeights of [false, true]) {
      await withModel(
        async (model) => {
          const best: Uint8Array[] = [];
          const { end } = await model.fit(tinyData, {
            ...tinyFit,
            epochs: 5,
            restoreBestWeights,
            callbacks: [
              {
                onEpoch: async (event) => {
                  bytes.push(await model.toBytes());
                  if (event.best) best.push(await model.toBytes());
                },
              },
            ],
          });
          assert.deepEqual([end.reason, end.epochsDone], ["diverged", 2]);
          const words = restoreBestWeights
            ? new RegExp(`The model's weights are those of its best epoch, ${end.bestEpoch}\\.$`)
            : /The model's weights are those of epoch 2, the last whole one\.$/;
          assert.match(end.message ?? "", words);
          const kept = restoreBestWeights ? best.at(-1) : bytes.at(-1);
          assert.deepEqual(await model.toBytes(), kept);
          // And the training stands there too: a better rate goes on from it.
          model.compile({ optimizer: "sgd", learningRate: 0.01, threads: 1 });
          const next = await model.fit(tinyData, tinyFit);
          assert.deepEqual([next.end.reason, next.epochs[0].epoch], ["finished", 3]);
        },
        diverging(2 * stepsPerEpoch + 1),
      );
    }
  });

  it("that diverged before its first epoch's end are those from before it", async () => {
    await withModel(async (model) => {
      const before = await model.toBytes();
      const { end } = await model.fit(tinyData, { ...tinyFit, restoreBestWeights: true });
      assert.match(end.message ?? "", /The model's weights are those from before\.$/);
      assert.deepEqual(await model.toBytes(), before);
      assert.equal(model.epochsDone, 0);
    }, diverging(1));
  });

  it("are never such as its last step spoilt, though nothing validates and no loss shows it", async () => {
    for (const epochs of [1, 2]) {
      await withModel(async (model) => {
        const before = await model.toBytes();
        const options = { batchSize: 8, validationShare: 0, epochs };
        const { end } = await model.fit(tinyData, options);
        assert.deepEqual([end.reason, end.epochsDone], ["diverged", 0]);
        assert.deepEqual(await model.toBytes(), before);
      }, spoiling(4));
    }
    await withModel(async (model) => {
      const before = await model.toBytes();
      for await (const event of model.fitEvents(tinyData, tinyFit)) {
        if (event.event === "step" && event.step === 2) break;
      }
      assert.deepEqual(await model.toBytes(), before);
    }, spoiling(1));
  });

  it("that a schedule broke are those of its last step", async () => {
    const { config } = constant();
    const schedule: Schedule = { config, learningRate: ({ step }) => (step < 2 ? 0.01 : Number.NaN) };
    await withModel(
      async (model) => {
        const before = await model.toBytes();
        await assert.rejects(model.fit(tinyData, tinyFit), /learning rate is NaN at step 2/);
        assert.notDeepEqual(await model.toBytes(), before);
        await assert.rejects(model.fit(tinyData, tinyFit), UsageError);
      },
      { schedule, learningRate: undefined },
    );
  });
});

describe("dispose", () => {
  it("ends a fit as its signal would", async () => {
    await withModel(async (model) => {
      let steps = 0;
      const fit = model.fit(tinyData, {
        ...tinyFit,
        epochs: 100,
        callbacks: [
          { onStep: () => (++steps === 6 ? undefined : new Promise((resolve) => setImmediate(resolve))) },
        ],
      });
      while (steps < 6) await new Promise((resolve) => setImmediate(resolve));
      await Promise.all([model.dispose(), model.dispose()]);
      const { end } = await fit;
      assert.equal(end.reason, "aborted");
      assert.equal(model.epochsDone, end.epochsDone);
      assert.equal((await model.fit(tinyData, tinyFit)).epochs[0].epoch, end.epochsDone + 1);
    });
  });

  it("gives a held generator its end at the next read, and the model is free before", async () => {
    await withModel(async (model) => {
      const events = model.fitEvents(tinyData, { ...tinyFit, epochs: 9 });
      for (let read = 0; read < 3; read++) await events.next();
      const probabilities = await model.predict(tinyData.test.images);
      await model.dispose();
      assert.deepEqual(await model.predict(tinyData.test.images), probabilities);
      await model.fit(tinyData, tinyFit);
      const after = await model.toBytes();
      const { value } = await events.next();
      assert.deepEqual([value.event, value.reason, value.stepsDone], ["end", "aborted", 2]);
      assert.deepEqual(await events.next(), { value: undefined, done: true });
      assert.deepEqual(await model.toBytes(), after);
    });
  });

  it("may come before a fit is ready, and before a model was used", async () => {
    await withModel(async (model) => {
      await model.dispose();
      const fit = model.fit(tinyData, tinyFit);
      await model.dispose();
      const { end } = await fit;
      assert.deepEqual([end.reason, end.stepsDone], ["aborted", 0]);
      assert.deepEqual(model.normalization, { mean: [0, 0], deviation: [1, 1] });
    });
  });
});

/** A network whose threads die at a step, or in a prediction. */
function failing(at: { step?: number; prediction?: number; torn?: boolean; gone?: boolean }) {
  let opened = 0;
  return {
    opened: () => opened,
    createNetwork: async (options: NetworkOptions): Promise<Network> => {
      const network = await createNetwork(options);
      if (opened++ > 0) return network;
      let steps = 0;
      let predictions = 0;
      let dead = false;
      const died = (): never => {
        dead = true;
        throw new HeddleError("The threads stopped: one of them died.");
      };
      return new Proxy(network, {
        get(target, name) {
          const value = Reflect.get(target, name);
          if (typeof value !== "function") return value;
          return async (...given: unknown[]) => {
            if (name === "trainStep" && (dead || steps++ === at.step)) died();
            if (name === "predict" && (dead || predictions++ === at.prediction)) died();
            if (dead && at.gone && name !== "close") died();
            if (dead && at.torn && /^read/.test(String(name))) throw new HeddleError("torn");
            return value.apply(target, given);
          };
        },
      });
    },
  };
}

describe("a thread that dies", () => {
  const fitOptions = { ...tinyFit, epochs: 3 };
  it("in a step leaves the weights of the step before, or of the last epoch where those are torn", async () => {
    const stepBytes: Uint8Array[] = [];
    await withModel(async (model) => {
      for await (const event of model.fitEvents(tinyData, fitOptions)) {
        if (event.event === "step") stepBytes.push(await model.toBytes());
      }
    });
    for (const torn of [false, true]) {
      const network = failing({ step: 6, torn });
      await withModel(
        async (model) => {
          await assert.rejects(model.fit(tinyData, fitOptions), /one of them died/);
          assert.deepEqual(await model.toBytes(), stepBytes[torn ? 3 : 5]);
          assert.equal(model.epochsDone, 1);
          await model.predict(tinyData.test.images);
          assert.equal(network.opened(), 2);
          assert.equal((await model.fit(tinyData, tinyFit)).epochs[0].epoch, 2);
        },
        {},
        { createNetwork: network.createNetwork },
      );
    }
  });

  it("in a prediction fails that one, and a fit that goes on", async () => {
    const network = failing({ prediction: 1 });
    await withModel(
      async (model) => {
        const first = await model.predict(tinyData.test.images);
        await assert.rejects(model.predict(tinyData.test.images), /one of them died/);
        assert.deepEqual(await model.predict(tinyData.test.images), first);
      },
      {},
      { createNetwork: network.createNetwork },
    );
    const other = failing({ prediction: 0 });
    await withModel(
      async (model) => {
        const events = model.fitEvents(tinyData, fitOptions);
        for (let read = 0; read < 3; read++) await events.next();
        const before = await model.toBytes();
        await assert.rejects(model.predict(tinyData.test.images), /one of them died/);
        assert.deepEqual(await model.toBytes(), before);
        await model.predict(tinyData.test.images);
        await assert.rejects(events.next(), /one of them died/);
        assert.equal((await model.fit(tinyData, tinyFit)).end.reason, "finished");
      },
      {},
      { createNetwork: other.createNetwork },
    );
  });

  it("in a prediction by earlier weights leaves those of the last step", async () => {
    const many = new Uint8Array(1100 * 72);
    // The first part of a thousand is predicted before, the rest when training has gone on.
    for (const gone of [false, true]) {
      let go = (): void => undefined;
      const gate = new Promise<void>((resolve) => {
        go = resolve;
      });
      const slow = async function* (): AsyncGenerator<Uint8Array> {
        yield many;
        await gate;
      };
      const network = failing({ prediction: 1, gone });
      await withModel(
        async (model) => {
          const events = model.fitEvents(tinyData, fitOptions);
          for (let read = 0; read < 2; read++) await events.next();
          const predicting = model.predict(slow());
          predicting.catch(() => undefined);
          await model.predict(new Uint8Array(0));
          for (let read = 0; read < 2; read++) await events.next();
          const after = await model.toBytes();
          go();
          await assert.rejects(predicting, /one of them died/);
          assert.deepEqual(await model.toBytes(), after);
          await assert.rejects(events.next(), /one of them died/);
        },
        {},
        { createNetwork: network.createNetwork },
      );
    }
  });

  it("or a network that can't be made rejects the call alone", async () => {
    let refuses = true;
    const picky = async (options: NetworkOptions): Promise<Network> => {
      if (refuses) throw new HeddleError("Not enough memory.");
      return createNetwork(options);
    };
    await withModel(
      async (model) => {
        const before = await model.toBytes();
        await assert.rejects(model.fit(tinyData, tinyFit), /Not enough memory/);
        await assert.rejects(model.predict(tinyData.test.images), /Not enough memory/);
        assert.deepEqual(await model.toBytes(), before);
        refuses = false;
        const { end }: { end: EndEvent } = await model.fit(tinyData, tinyFit);
        assert.equal(end.reason, "finished");
      },
      {},
      { createNetwork: picky },
    );
  });
});
