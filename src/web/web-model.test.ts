import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { shapeSize } from "../core/layers/shape.js";
import {
  decodeCheckpoint,
  encodeCheckpoint,
  HeddleError,
  Model,
  nodePlatform,
  type TrainEvent,
  UsageError,
} from "../node/index.js";
import { type LocalModel, localModel } from "./testing/local-model.js";
import { caseData, caseFit, caseGraph, caseOptions } from "./testing/training-case.js";

const data = caseData();
const { images } = data.train;
const { seed, threads } = caseOptions;

describe("a page's model", () => {
  let local: LocalModel;
  let model: LocalModel["model"];
  beforeEach(async () => {
    local = await localModel();
    model = await local.model.compile({ threads });
  });
  afterEach(() => model.dispose());

  /** A model of Node's own, to compare with. */
  async function twin(): Promise<Model> {
    return new Model(caseGraph(), { seed, platform: nodePlatform }).compile({ threads });
  }

  it("does what a model does, to the byte", async () => {
    const node = await twin();
    const [ours, theirs] = [await model.fit(data, caseFit), await node.fit(data, caseFit)];
    const timeless = ({ epochs, end }: typeof ours) => [
      epochs.map((epoch) => ({ ...epoch, seconds: 0 })),
      { ...end, seconds: 0 },
    ];
    assert.deepEqual(timeless(ours), timeless(theirs));
    assert.deepEqual(await model.predict(images), await node.predict(images));
    assert.deepEqual(await model.evaluate(data.train), await node.evaluate(data.train));
    const seen = { views: { flip: true, shift: 1 } };
    assert.deepEqual(await model.predict(images, seen), await node.predict(images, seen));
    assert.deepEqual(await model.evaluate(data.train, seen), await node.evaluate(data.train, seen));
    assert.deepEqual(await model.calibrate(data.train), await node.calibrate(data.train));
    const [image, top] = [images.slice(0, shapeSize(model.inputShape)), { topK: 2 }];
    assert.deepEqual(await model.classifyImages(image, top), await node.classifyImages(image, top));
    assert.deepEqual(await model.explain(image), await node.explain(image));
    assert.deepEqual(await model.getWeights(), await node.getWeights());
    assert.deepEqual([...(await model.toBytes())], [...(await node.toBytes())]);
    assert.equal(model.summary(), node.summary());
    await node.dispose();
  });

  it("trains by groups and averages its weights as a model does, and predicts by the average", async () => {
    const compile = {
      threads,
      optimizer: "adamw",
      parameterGroups: [
        { match: "*.bias", weightDecay: 0, learningRateFactor: 2 },
        { match: "conv2d_1.*", frozen: true },
      ],
      weightAverage: { decay: 0.9 },
    } as const;
    const average = { weights: "average" } as const;
    await assert.rejects(model.predict(images, average), {
      name: "UsageError",
      message: /^predict: no average/,
    });
    const node = (await twin()).compile(compile);
    await model.compile(compile);
    await Promise.all([model.fit(data, caseFit), node.fit(data, caseFit)]);
    assert.deepEqual(await model.predict(images, average), await node.predict(images, average));
    assert.notDeepEqual(await model.predict(images, average), await model.predict(images));
    assert.deepEqual(await model.evaluate(data.train, average), await node.evaluate(data.train, average));
    assert.deepEqual(await model.getWeights(average), await node.getWeights(average));
    assert.deepEqual([...(await model.toBytes(average))], [...(await node.toBytes(average))]);
    await node.dispose();
    const nothing = { parameterGroups: [{ match: "nothing" }] };
    await assert.rejects(model.compile(nothing), {
      name: "UsageError",
      message: /matches no trained tensor/,
    });
    await assert.rejects(
      model.getWeights({ weights: "best" as never }),
      /must be one of "trained", "average"/,
    );
  });

  it("learns targets as a model does, and says what it learned so", async () => {
    const node = (await twin()).compile({ threads, loss: "binaryCrossEntropy" });
    await model.compile({ threads, loss: "binaryCrossEntropy" });
    const labels = [...data.train.labels];
    const targets = Float32Array.from(labels.flatMap((label) => [0, 1, 2].map((at) => Number(at !== label))));
    const several = { ...data, train: { images, targets } };
    await model.fit(several, caseFit);
    await node.fit(several, caseFit);
    // Where no loss is given the model's own stays.
    await model.compile({ threads: 1 });
    assert.deepEqual(await model.predict(images), await node.predict(images));
    const judged = await model.evaluate(several.train);
    assert.ok("exactMatch" in judged);
    assert.deepEqual(judged, await node.evaluate(several.train));
    await assert.rejects(
      model.fit(data, caseFit),
      /train has labels, one class an image, but the model's loss/,
    );
    await node.dispose();
  });

  it("validates with a part of its own, and parts no group, as a model does", async () => {
    const { train, ...others } = data;
    const parts = {
      ...others,
      train: { ...train, groups: Uint32Array.from(train.labels, (_, i) => i >> 1) },
    };
    const node = await twin();
    await model.fit(parts, caseFit);
    await node.fit(parts, caseFit);
    const parted = { ...others, train, validation: { images: images.slice(), labels: train.labels } };
    const [ours, theirs] = [await model.fit(parted, caseFit), await node.fit(parted, caseFit)];
    assert.deepEqual(
      ours.epochs.map((epoch) => ({ ...epoch, seconds: 0 })),
      theirs.epochs.map((epoch) => ({ ...epoch, seconds: 0 })),
    );
    assert.deepEqual(await model.getWeights(), await node.getWeights());
    await node.dispose();
  });

  it("says what it is", () => {
    assert.deepEqual(
      [model.name, model.seed, model.classes, model.inputShape, model.layers.length],
      ["model", seed, 3, [12, 12, 1], 6],
    );
  });

  it("tells what it knows as a model does, at each moment", async () => {
    const node = await twin();
    const facts = ({
      loss,
      normalization,
      classNames,
      preparation,
      calibration,
      epochsDone,
    }: Model | typeof model) =>
      [loss, normalization, classNames, preparation, calibration, epochsDone] as const;
    assert.deepEqual(facts(model), facts(node));
    assert.deepEqual(await model.fitSettings(data, caseFit), node.fitSettings(data, caseFit));
    const seen: unknown[][] = [[], []];
    for (const [index, each] of [model, node].entries()) {
      const callbacks = [{ onEpoch: () => void seen[index].push(facts(each)) }];
      await each.fit(data, { ...caseFit, callbacks });
      await each.calibrate(data.train);
      seen[index].push(facts(each));
    }
    assert.deepEqual(seen[0], seen[1]);
    assert.deepEqual(model.classNames, data.classNames);
    assert.ok(model.calibration && model.epochsDone === caseFit.epochs);
    await model.compile({ threads, loss: "binaryCrossEntropy" });
    assert.deepEqual([model.loss, model.calibration], ["binaryCrossEntropy", undefined]);
    await node.dispose();
  });

  it("leaves what it is given to the page", async () => {
    const weights = await model.getWeights();
    const part = images.subarray(144, 288);
    await model.predict(part);
    await model.setWeights(weights);
    await model.evaluate(data.train);
    assert.equal(part.length, 144);
    assert.equal(images.length, 198 * 144);
    assert.ok(weights.every((tensor) => tensor.data.length > 0));
  });

  it("goes back to its start", async () => {
    const before = await model.getWeights();
    await model.fit(data, caseFit);
    assert.notDeepEqual(await model.getWeights(), before);
    await model.reset();
    assert.deepEqual(await model.getWeights(), before);
  });

  it("tells each event but a step's, and waits for what callbacks make of it", async () => {
    const told: string[] = [];
    const callback =
      (words: (event: TrainEvent) => string) =>
      async (event: TrainEvent): Promise<void> => {
        told.push(`${words(event)} begins`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        told.push(`${words(event)} ends`);
      };
    const callbacks = [
      {
        onStart: callback(() => "start"),
        onEpoch: callback((event) => `epoch ${(event as { epoch: number }).epoch}`),
        onEnd: callback(() => "end"),
      },
    ];
    await model.fit(data, { ...caseFit, epochs: 2, callbacks });
    const all = ["start", "epoch 1", "epoch 2", "end"];
    assert.deepEqual(
      told,
      all.flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
  });

  it("goes on from a checkpoint taken at an epoch's event", async () => {
    const options = { ...caseFit, epochs: 3 };
    let taken: Uint8Array | undefined;
    for await (const event of model.fitEvents(data, options)) {
      if (event.event === "epoch" && event.epoch === 1) taken = encodeCheckpoint(await model.checkpoint());
    }
    const whole = await model.getWeights();
    const other = await localModel();
    await other.model.compile({ threads });
    await other.model.fit(data, { ...options, resume: decodeCheckpoint(taken!, "checkpoint") });
    assert.deepEqual(await other.model.getWeights(), whole);
    await other.model.dispose();
    await assert.rejects(model.checkpoint(), { name: "UsageError", message: /no epoch had just ended/ });
  });

  it("stops by its signal, announced or not", async () => {
    const controller = new AbortController();
    const onEpoch = () => controller.abort();
    const first = await model.fit(data, {
      ...caseFit,
      epochs: 50,
      signal: controller.signal,
      callbacks: [{ onEpoch }],
    });
    assert.deepEqual([first.end.reason, first.epochs.length], ["aborted", 1]);

    const flag = { aborted: false };
    const second = await model.fit(data, {
      ...caseFit,
      epochs: 50,
      signal: flag,
      callbacks: [{ onEpoch: () => Object.assign(flag, { aborted: true }) as never }],
    });
    assert.equal(second.end.reason, "aborted");
    const third = await model.fit(data, { ...caseFit, signal: AbortSignal.abort() });
    assert.deepEqual([third.end.reason, third.end.stepsDone], ["aborted", second.end.stepsDone]);
  });

  it("takes a signal that announces its end, and can't be left", async () => {
    const signal = Object.assign({ aborted: false }, { addEventListener: () => {} });
    await model.fit(data, { ...caseFit, signal });
    for await (const event of model.fitEvents(data, { ...caseFit, epochs: 50, signal }))
      if (event.event === "epoch") break;
    assert.ok(await model.fit(data, caseFit));
  });

  it("stops when its events are left, and can be trained again", async () => {
    const node = await twin();
    for (const each of [model, node]) {
      for await (const event of each.fitEvents(data, { ...caseFit, epochs: 50 }))
        if (event.event === "epoch") break;
      await each.fit(data, caseFit);
    }
    assert.deepEqual(await model.getWeights(), await node.getWeights());
    await node.dispose();
  });

  it("waits out no validation when its events are left at a step, and counts no epoch", async () => {
    const [batchSize, validation] = [data.train.labels.length, caseData(60_000).train];
    for await (const event of model.fitEvents({ ...data, validation }, { batchSize }))
      if (event.event === "step") break;
    assert.equal(model.epochsDone, 0);
  });

  it("refuses a second fit, and others' calls, amid a fit", async () => {
    let refused: unknown[] = [];
    const onStart = async () => {
      const calls = [model.fit(data, caseFit), model.compile({}), model.reset()];
      refused = await Promise.all(calls.map((call) => call.catch((error: unknown) => error)));
    };
    await model.fit(data, { ...caseFit, callbacks: [{ onStart }] });
    assert.equal(refused.length, 3);
    for (const error of refused) {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /while fit is going on/);
    }
  });

  it("ends a fit whose reader has stopped reading when it is disposed of", async () => {
    const events = model.fitEvents(data, { ...caseFit, epochs: 1000 });
    await events.next();
    await model.dispose();
    const rest: TrainEvent[] = [];
    for await (const event of events) rest.push(event);
    const last = rest.at(-1);
    assert.ok(last?.event === "end" && last.reason === "aborted");
    await model.dispose();
    await assert.rejects(model.predict(images), {
      name: "UsageError",
      message: /This model was disposed of: its worker is gone/,
    });
  });

  it("refuses what is asked for while it is disposed of: nothing starts its threads again", async () => {
    await model.predict(images);
    const disposing = model.dispose();
    await assert.rejects(model.predict(images), /This model was disposed of/);
    await disposing;
  });

  it("refuses all calls, those that wait too, once its worker is dead", async () => {
    const waiting = [model.fit(data, { ...caseFit, epochs: 1000 }), model.predict(images), model.toBytes()];
    // Each has to be heard of before it fails.
    const outcomes = Promise.allSettled(waiting);
    await new Promise(setImmediate);
    local.die();
    for (const outcome of await outcomes) {
      assert.ok(outcome.status === "rejected" && outcome.reason instanceof HeddleError);
      assert.match(outcome.reason.message, /has ended: it was killed\. Start the model again/);
    }
    await assert.rejects(model.getWeights(), /has ended: it was killed/);
  });

  describe("refuses, in words,", () => {
    const wrong: readonly [string, (model: LocalModel["model"]) => Promise<unknown>, RegExp][] = [
      [
        "what can't be sent",
        (m) => m.setWeights([() => 1] as never),
        /setWeights was given what can't be sent/,
      ],
      ["other libraries' options", (m) => m.fit(data, { learningRate: 1 } as never), /Give it to compile/],
      ["no data", (m) => m.fit(undefined as never), /fit takes a data set/],
      ["images as numbers", (m) => m.predict([0.5] as never), /predict takes images as bytes/],
      [
        "a source",
        (m) => m.fit({ train: { images: () => [], labels: data.train.labels } as never }),
        /fit: train\.images come from a source, which can't be sent to a worker/,
      ],
      [
        "images that come one by one",
        (m) => m.evaluate({ ...data.train, images: [new Uint8Array(144)] as never }),
        /evaluate\.images come from a source/,
      ],
      ["half an image", (m) => m.predict(new Uint8Array(100)), /images of \[12, 12, 1\] have 144 each/],
      ["no views", (m) => m.predict(images, { views: {} }), /The views are none beside the image itself/],
      ["unknown views", (m) => m.evaluate(data.train, { views: "flop" }), /^evaluate: Unknown view "flop"/],
      ["a data set to judge", (m) => m.evaluate({ ...data, test: data.train } as never), /Give its test set/],
      [
        "callbacks that nothing calls",
        (m) => m.fit(data, { callbacks: [{ onstep() {} }] as never }),
        /onStep/,
      ],
      ["an unknown optimizer", (m) => m.compile({ optimizer: "adm" as never }), /adam/],
      [
        "a schedule of one's own",
        (m) =>
          m.compile({
            schedule: { config: { name: "constant", learningRate: 0.1 }, learningRate: () => 0.2 },
          }),
        /a schedule of one's own making, which can't be sent to a worker/,
      ],
    ];
    for (const [what, call, message] of wrong) {
      it(what, () =>
        assert.rejects(call(model), (error) => error instanceof UsageError && message.test(error.message)),
      );
    }
  });
});
