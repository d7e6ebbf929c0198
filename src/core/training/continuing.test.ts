import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../formats/checkpoint-file.js";
import { adam, muon, sgd } from "../optimizers/index.js";
import { cosineDecay } from "../schedules/index.js";
import type { CompileOptions } from "./compile.js";
import type { StartEvent } from "./events.js";
import type { FitEventsOptions } from "./fit.js";
import type { Model } from "./model.js";
import { modelFromBytes } from "./model-from-bytes.js";
import { tinyData, tinyFit, tinyImages, tinyModels } from "./testing/tiny-model.js";

const tinyModel = tinyModels(nodePlatform);

/** What is left when `work` has had its way with a model. */
async function bytesAfter(
  work: (model: Model) => Promise<unknown>,
  compile?: CompileOptions,
  seed = 1,
): Promise<Uint8Array> {
  const model = tinyModel(compile, { seed });
  try {
    await work(model);
    return await model.toBytes();
  } finally {
    await model.dispose();
  }
}

const fit = (model: Model, options: FitEventsOptions = {}) => model.fit(tinyData, { ...tinyFit, ...options });

describe("fits in a row", () => {
  const optimizers = [sgd(), sgd({ momentum: 0.9 }), adam(), muon()];
  const augmentation = { flip: true, shift: 1, erase: 0.2 };
  for (const optimizer of optimizers) {
    it(`give the bytes of one: ${JSON.stringify(optimizer)}`, async () => {
      const options = { augmentation };
      const whole = await bytesAfter((model) => fit(model, { ...options, epochs: 3 }), { optimizer });
      const inParts = await bytesAfter(
        async (model) => {
          await fit(model, options);
          await fit(model, { ...options, epochs: 2 });
        },
        { optimizer },
      );
      assert.deepEqual(inParts, whole);
      const disturbed = await bytesAfter(
        async (model) => {
          await fit(model, options);
          await model.dispose();
          await model.predict(tinyData.test.images);
          await fit(model, options);
          await model.toBytes();
          await model.evaluate(tinyData.test);
          await model.setWeights(await model.getWeights());
          model.compile({ optimizer, learningRate: 0.01, threads: 2 });
          await fit(model, options);
        },
        { optimizer },
      );
      assert.deepEqual(disturbed, whole);
    });
  }

  it("leave a checkpoint as it was when it was taken", async () => {
    const model = tinyModel({ optimizer: "adam" });
    const taken: [Checkpoint, Uint8Array][] = [];
    try {
      for await (const event of model.fitEvents(tinyData, { ...tinyFit, epochs: 6 })) {
        // Between those taken, epochs that nobody asks for: what they leave may be written over.
        if (event.event !== "epoch" || event.epoch % 3 === 2) continue;
        const checkpoint = await model.checkpoint();
        taken.push([checkpoint, encodeCheckpoint(checkpoint)]);
      }
    } finally {
      await model.dispose();
    }
    assert.equal(taken.length, 4);
    for (const [checkpoint, bytes] of taken) assert.deepEqual(encodeCheckpoint(checkpoint), bytes);
    assert.equal(new Set(taken.map(([, bytes]) => Buffer.from(bytes).toString("base64"))).size, 4);
  });

  it("are counted as one training", async () => {
    const model = tinyModel();
    try {
      const first = await fit(model, { epochs: 2 });
      assert.deepEqual(
        first.epochs.map(({ epoch }) => epoch),
        [1, 2],
      );
      let start: StartEvent | undefined;
      const second = await model.fit(tinyData, {
        ...tinyFit,
        epochs: 3,
        callbacks: [
          {
            onStart: (event) => {
              start = event;
            },
          },
        ],
      });
      assert.deepEqual(
        second.epochs.map(({ epoch }) => epoch),
        [3, 4, 5],
      );
      assert.deepEqual([start?.epochs, start?.epochsDone], [5, 2]);
      assert.deepEqual([second.end.epochsDone, second.end.stepsDone], [5, 20]);
      assert.equal(model.epochsDone, 5);
    } finally {
      await model.dispose();
    }
  });

  it("take the next part of their schedule", async () => {
    const rates: number[] = [];
    const callbacks = [
      { onStep: ({ learningRate }: { learningRate: number }) => void rates.push(learningRate) },
    ];
    const schedule = cosineDecay({ learningRate: 0.01 });
    const model = tinyModel({ schedule, learningRate: undefined });
    try {
      await model.fit(tinyData, { ...tinyFit, callbacks });
      await model.fit(tinyData, { ...tinyFit, epochs: 2, callbacks });
    } finally {
      await model.dispose();
    }
    const at = (step: number, epochs: number) => schedule.learningRate({ step, stepsPerEpoch: 4, epochs });
    assert.deepEqual(
      rates.slice(0, 4),
      [0, 1, 2, 3].map((step) => at(step, 1)),
    );
    assert.deepEqual(
      rates.slice(4),
      [4, 5, 6, 7, 8, 9, 10, 11].map((step) => at(step, 3)),
    );
  });

  it("begin afresh after a reset", async () => {
    const once = await bytesAfter((model) => fit(model));
    const again = await bytesAfter(async (model) => {
      await model.fit({ ...tinyData, train: tinyImages(36, 5, 60) }, { ...tinyFit, epochs: 2 });
      await model.reset();
      assert.equal(model.epochsDone, 0);
      assert.deepEqual(model.normalization, { mean: [0, 0], deviation: [1, 1] });
      await fit(model);
    });
    assert.deepEqual(again, once);
  });

  it("start another optimizer anew, and count its steps from there; the epochs go on", async () => {
    const model = tinyModel({ optimizer: "adam" });
    const twin = tinyModel({ optimizer: "adam" });
    try {
      await fit(model);
      await fit(twin);
      const switched = async (one: Model): Promise<Uint8Array> => {
        one.compile({ optimizer: sgd({ momentum: 0.9 }), learningRate: 0.01, threads: 1 });
        one.compile({ optimizer: "adam", learningRate: 0.01, threads: 1 });
        const { epochs } = await fit(one);
        assert.deepEqual(
          epochs.map(({ epoch }) => epoch),
          [2],
        );
        return one.toBytes();
      };
      const anew = await switched(model);
      await fit(twin);
      assert.notDeepEqual(anew, await twin.toBytes());
      // An optimizer at its start has the same first step whatever the network held before.
      const third = tinyModel({ optimizer: "adam" });
      try {
        await fit(third);
        await third.dispose();
        assert.deepEqual(await switched(third), anew);
      } finally {
        await third.dispose();
      }
    } finally {
      await model.dispose();
      await twin.dispose();
    }
  });

  it("go on with other weights where some were set", async () => {
    const model = tinyModel();
    const other = tinyModel({}, { seed: 9 });
    try {
      await fit(model);
      await fit(other);
      await model.setWeights(await other.getWeights());
      const { epochs } = await fit(model);
      assert.equal(epochs[0].epoch, 2);
    } finally {
      await model.dispose();
      await other.dispose();
    }
  });

  it("resume in the midst of the second one", async () => {
    const options = { ...tinyFit, epochs: 3, restoreBestWeights: true, augmentation };
    const saved: Uint8Array[] = [];
    const whole = await bytesAfter(async (model) => {
      await fit(model, { epochs: 2, augmentation });
      await model.fit(tinyData, {
        ...options,
        callbacks: [{ onEpoch: async () => void saved.push(encodeCheckpoint(await model.checkpoint())) }],
      });
    });
    const resumed = await bytesAfter(async (model) => {
      const resume = decodeCheckpoint(saved[0], "first");
      assert.deepEqual([resume.position.epochsDone, resume.position.epochsBefore], [3, 2]);
      const { epochs, end } = await model.fit(tinyData, { ...options, resume });
      assert.deepEqual(
        epochs.map(({ epoch }) => epoch),
        [4, 5],
      );
      assert.equal(end.stepsDone, 20);
    });
    assert.deepEqual(resumed, whole);
  });

  it("count the steps of a checkpoint of heddle 0.1 by its epochs", async () => {
    const options = { ...tinyFit, epochs: 3 };
    const saved: Checkpoint[] = [];
    const whole = await bytesAfter((model) =>
      model.fit(tinyData, {
        ...options,
        callbacks: [{ onEpoch: async () => void saved.push(await model.checkpoint()) }],
      }),
    );
    const { epochsDone, best } = saved[0].position;
    const resume = { ...saved[0], position: { epochsDone, best } };
    const resumed = await bytesAfter(async (model) => {
      const { end } = await model.fit(tinyData, { ...options, resume });
      assert.equal(end.stepsDone, 12);
    });
    assert.deepEqual(resumed, whole);
  });
});

describe("normalization", () => {
  const bright = { ...tinyData, train: tinyImages(36, 7, 80) };

  it("is measured by the first fit, a mean and a deviation a channel, and stays", async () => {
    const model = tinyModel();
    try {
      assert.deepEqual(model.normalization, { mean: [0, 0], deviation: [1, 1] });
      await fit(model);
      const { normalization } = model;
      assert.equal(new Set([...normalization.mean, ...normalization.deviation]).size, 4);
      await model.fit(bright, tinyFit);
      assert.deepEqual(model.normalization, normalization);
      await model.fit(bright, { ...tinyFit, normalization: "measure" });
      assert.notDeepEqual(model.normalization, normalization);
    } finally {
      await model.dispose();
    }
  });

  it("stays p / 255 where it is kept so", async () => {
    const model = tinyModel();
    try {
      await fit(model, { normalization: "keep" });
      assert.deepEqual(model.normalization, { mean: [0, 0], deviation: [1, 1] });
    } finally {
      await model.dispose();
    }
  });

  it("travels with weights, and in files, where it stays as it was", async () => {
    const model = tinyModel();
    const other = tinyModel({}, { seed: 4 });
    try {
      await fit(model);
      await model.setWeights(await model.getWeights());
      const probabilities = await model.predict(tinyData.test.images);
      await other.setWeights(await model.getWeights());
      assert.deepEqual(await other.predict(tinyData.test.images), probabilities);
      assert.deepEqual(await other.getWeights(), await model.getWeights());

      const { graph, state } = modelFromBytes(await model.toBytes(), "model");
      assert.deepEqual(state.normalization, model.normalization);
      assert.equal(graph.nodes.length, 7);
      const loaded = tinyModel({}, { state });
      try {
        await loaded.fit(bright, tinyFit);
        assert.deepEqual(loaded.normalization, model.normalization);
        assert.equal(loaded.epochsDone, 1);
      } finally {
        await loaded.dispose();
      }
    } finally {
      await model.dispose();
      await other.dispose();
    }
  });

  it("is the model's own where weights come without one", async () => {
    const model = tinyModel();
    try {
      await fit(model);
      const { normalization } = model;
      const bare = (await model.getWeights()).filter(({ name }) => !name.startsWith("normalization."));
      await model.setWeights(bare);
      assert.deepEqual(model.normalization, normalization);
    } finally {
      await model.dispose();
    }
  });
});
