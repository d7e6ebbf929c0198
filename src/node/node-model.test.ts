import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { DatasetInMemory, ImageSetInMemory } from "../core/data/dataset.js";
import { HeddleError, UsageError } from "../core/errors.js";
import { createRandom } from "../core/random.js";
import {
  conv2d,
  decodeCheckpoint,
  dense,
  dropout,
  encodeCheckpoint,
  flatten,
  loadModel,
  type Model,
  maxPool2d,
  sequential,
  type TrainEvent,
} from "./index.js";

/** Images of class c are bright in row c. */
function stripes(count: number, seed: number): ImageSetInMemory {
  const random = createRandom(seed);
  const images = Uint8Array.from({ length: count * 64 }, (_, position) => {
    const label = Math.floor(position / 64) % 3;
    return Math.floor((position % 64) / 8) === label ? 230 : random.below(100);
  });
  return { count, images, labels: Uint8Array.from({ length: count }, (_, index) => index % 3) };
}

const dataset: DatasetInMemory = {
  name: "stripes",
  imageShape: [8, 8, 1],
  classNames: ["top", "middle", "bottom"],
  train: stripes(90, 1),
  test: stripes(30, 2),
};

function build(seed = 1): Model {
  return sequential(
    [
      conv2d({ filters: 4, kernelSize: 3, activation: "relu" }),
      maxPool2d(),
      dropout(0.1),
      flatten(),
      dense({ units: 3 }),
    ],
    { inputShape: [8, 8, 1], name: "stripes", seed },
  ).compile({ learningRate: 0.02, threads: 1 });
}

describe("a model", () => {
  let folder: string;
  let model: Model;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    model = build();
    await model.fit(dataset, { epochs: 8, batchSize: 12 });
  });
  after(async () => {
    await model.dispose();
    await rm(folder, { recursive: true });
  });

  it("shows its layers", () => {
    assert.match(model.summary(), /^stripes\nLayer/);
    assert.match(model.summary(), /^conv2d_1 +conv2d +\[6, 6, 4\] +40 /m);
    assert.match(model.summary(), /^Total +151 /m);
  });

  it("learns, and judges itself", async () => {
    const evaluation = await model.evaluate(dataset.test);
    assert.ok(evaluation.accuracy > 0.8, `accuracy ${evaluation.accuracy}`);
    assert.deepEqual(
      evaluation.classes.map(({ name }) => name),
      dataset.classNames,
    );
  });

  it("predicts probabilities, whole images alone", async () => {
    const probabilities = await model.predict(dataset.test.images.subarray(0, 2 * 64));
    assert.equal(probabilities.length, 6);
    for (const row of [0, 1]) {
      const sum = probabilities.subarray(3 * row, 3 * row + 3).reduce((total, each) => total + each, 0);
      assert.ok(Math.abs(sum - 1) < 1e-5);
    }
    await assert.rejects(
      model.predict(new Uint8Array(65)),
      /predict got 65 bytes; images of \[8, 8, 1\] have 64 each/,
    );
  });

  it("comes back from a file as it was", async () => {
    const file = join(folder, "model.safetensors");
    await model.save(file);
    const loaded = await loadModel(file);
    try {
      assert.deepEqual(await loaded.toBytes(), await model.toBytes());
      assert.deepEqual(await loaded.predict(dataset.test), await model.predict(dataset.test));
      assert.deepEqual(loaded.classNames, dataset.classNames);
    } finally {
      await loaded.dispose();
    }
  });

  it("says which file is no model", async () => {
    const file = join(folder, "text.safetensors");
    await writeFile(file, "not a model");
    await assert.rejects(
      loadModel(file),
      (error) => error instanceof HeddleError && error.message.includes(file),
    );
    await assert.rejects(loadModel(join(folder, "none")), /none can't be read: it does not exist/);
    await assert.rejects(
      loadModel(folder),
      /it is a folder.*Of a run's folder give best\.safetensors in it\.$/,
    );
  });

  it("keeps its weights when its threads end, and when set", async () => {
    const other = build(2);
    const probabilities = await model.predict(dataset.test);
    await model.dispose();
    assert.deepEqual(await model.predict(dataset.test), probabilities);
    const own = await model.getWeights();
    await model.setWeights(await other.getWeights());
    assert.deepEqual(await model.getWeights(), await other.getWeights());
    await model.setWeights(own);
    assert.deepEqual(await model.predict(dataset.test), probabilities);
    await assert.rejects(model.setWeights(own.slice(1)), /conv2d_1\.kernel is missing/);
  });

  it("may be judged and saved between two events without a change to its training", async () => {
    const undisturbed = build();
    const disturbed = build();
    try {
      await undisturbed.fit(dataset, { epochs: 2, batchSize: 12 });
      for await (const event of disturbed.fitEvents(dataset, { epochs: 2, batchSize: 12 })) {
        if (event.event !== "step") await disturbed.evaluate(dataset.test);
      }
      assert.deepEqual(await disturbed.toBytes(), await undisturbed.toBytes());
    } finally {
      await undisturbed.dispose();
      await disturbed.dispose();
    }
  });

  it("goes on from a checkpoint as if it had not stopped", async () => {
    const options = { epochs: 3, batchSize: 13, restoreBestWeights: true };
    const whole = build();
    const stopped = build();
    const resumed = build();
    try {
      const { epochs } = await whole.fit(dataset, options);
      const saved: Uint8Array[] = [];
      await stopped.fit(dataset, {
        ...options,
        callbacks: [{ onEpoch: async () => void saved.push(encodeCheckpoint(await stopped.checkpoint())) }],
      });
      assert.deepEqual(await stopped.toBytes(), await whole.toBytes());
      await assert.rejects(stopped.checkpoint(), /checkpoint was called when no epoch had just ended/);
      const resume = decodeCheckpoint(saved[0], "first");
      const history = await resumed.fit(dataset, { ...options, resume });
      assert.deepEqual(await resumed.toBytes(), await whole.toBytes());
      assert.deepEqual(
        history.epochs.map(({ validationLoss }) => validationLoss),
        epochs.slice(1).map(({ validationLoss }) => validationLoss),
      );
      await assert.rejects(
        resumed.fit(dataset, { ...options, epochs: 4, resume }),
        /The checkpoint belongs to another run: its epochs is 3, here it is 4/,
      );
    } finally {
      for (const each of [whole, stopped, resumed]) await each.dispose();
    }
  });

  it("goes back to its best epoch where asked", async () => {
    const restored = build();
    try {
      const bytes: Uint8Array[] = [];
      const { end } = await restored.fit(dataset, {
        epochs: 4,
        batchSize: 12,
        restoreBestWeights: true,
        callbacks: [{ onEpoch: async () => void bytes.push(await restored.toBytes()) }],
      });
      assert.deepEqual(await restored.toBytes(), bytes[end.bestEpoch - 1]);
    } finally {
      await restored.dispose();
    }
  });

  it("stops when aborted, and when its events are left", async () => {
    const stopped = build();
    const controller = new AbortController();
    try {
      const { end } = await stopped.fit(dataset, {
        epochs: 100,
        signal: controller.signal,
        callbacks: [
          {
            onEpoch: ({ epoch }) => {
              if (epoch === 2) controller.abort();
            },
          },
        ],
      });
      assert.equal(end.reason, "aborted");
      assert.equal(end.epochsDone, 2);
      let last: TrainEvent | undefined;
      for await (const event of stopped.fitEvents(dataset, { epochs: 100 })) {
        last = event;
        if (event.event === "epoch") break;
      }
      assert.equal(last?.event, "epoch");
      assert.equal((await stopped.fit(dataset)).end.reason, "finished");
    } finally {
      await stopped.dispose();
    }
  });

  it("refuses what doesn't fit it", async () => {
    const shape: DatasetInMemory = { ...dataset, name: "wide", imageShape: [4, 16, 1] };
    await assert.rejects(model.fit(shape), /takes images of \[8, 8, 1\], but those of wide are \[4, 16, 1\]/);
    const classes: DatasetInMemory = { ...dataset, classNames: ["a", "b"] };
    await assert.rejects(model.fit(classes), /tells 3 classes apart, but stripes has 2/);
    await assert.rejects(
      model.fit(dataset, { batchSize: 100 }),
      /batch size is 100, but only 72 images train/,
    );
    await assert.rejects(model.fit(dataset, { epochs: 0 }), UsageError);
    assert.throws(
      () => model.compile({ threads: 0 }),
      /compile: threads must be a whole number from 1 to 256, but is 0/,
    );
    assert.throws(() => model.compile({ labelSmoothing: 1 }), /compile: labelSmoothing must be .*, but is 1/);
    assert.throws(
      () => sequential([conv2d({ filters: 2, kernelSize: 3 })], { inputShape: [8, 8, 1] }),
      /last layer, conv2d "conv2d_1", gives \[6, 6, 2\]; a classifier ends in one number for each/,
    );
  });

  it("can't be fitted twice at once", async () => {
    const events = model.fitEvents(dataset, { epochs: 1 });
    await events.next();
    await assert.rejects(model.fit(dataset), /fit was called while fit is going on/);
    await events.return(undefined);
  });
});
