import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { nodePlatform } from "../../node/platform.js";
import { UsageError } from "../errors.js";
import { decodeModel } from "../formats/model-file.js";
import type { NamedTensor } from "../named-tensor.js";
import type { History } from "./fit.js";
import type { Model } from "./model.js";
import { tinyData, tinyFit, tinyModels } from "./testing/tiny-model.js";

const tinyModel = tinyModels(nodePlatform);
const { images } = tinyData.test;
const imageSize = images.length / tinyData.test.count;

describe("predictions one after the other without end", () => {
  it("let timers through, and a fit beside them end", async () => {
    const model = tinyModel();
    let over = false;
    let fired = 0;
    const timer = setInterval(() => fired++, 1);
    const fit = model.fit({ train: tinyData.train }, { ...tinyFit, epochs: 2 }).finally(() => {
      over = true;
    });
    try {
      const limit = performance.now() + 20_000;
      while ((!over || fired === 0) && performance.now() < limit)
        await model.predict(images.subarray(0, imageSize));
      assert.ok(over && fired > 0, `fit is over: ${over}, timers fired ${fired} times`);
    } finally {
      clearInterval(timer);
      await fit;
      await model.dispose();
    }
  });
});

type Call =
  | {
      readonly kind: "fit";
      readonly epochs: number;
      readonly restoreBestWeights: boolean;
      readonly slow: boolean;
    }
  | { readonly kind: "predict" | "stream"; readonly count: number }
  | { readonly kind: "setWeights"; readonly weights: number }
  | { readonly kind: "evaluate" | "getWeights" | "toBytes" | "reset" | "dispose" };

/** What a program does after a call: goes straight on, lets others have a turn or several, or waits for its end. */
type Pause = "none" | "microtask" | "turn" | "turns" | "end";

interface Step {
  readonly call: Call;
  readonly pause: Pause;
}

const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("fit" as const),
      epochs: fc.integer({ min: 1, max: 2 }),
      restoreBestWeights: fc.boolean(),
      slow: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom("predict" as const, "stream" as const),
      count: fc.integer({ min: 0, max: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("setWeights" as const),
      weights: fc.integer({ min: 0, max: 1 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Call>(
      { kind: "evaluate" },
      { kind: "getWeights" },
      { kind: "toBytes" },
      { kind: "toBytes" },
      { kind: "reset" },
      { kind: "dispose" },
    ),
  },
);
const pause = fc.constantFrom<Pause>("none", "none", "microtask", "turn", "turns", "end");
const program = fc.array(fc.record({ call, pause }), { minLength: 3, maxLength: 14 });

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function take(pauseKind: Pause, result: Promise<unknown>): Promise<void> {
  if (pauseKind === "microtask") await Promise.resolve();
  if (pauseKind === "turn") await turn();
  if (pauseKind === "turns") for (let count = 0; count < 12; count++) await turn();
  if (pauseKind === "end") await result.catch(() => undefined);
}

/** Images that come one by one, with turns for others in between. */
async function* comingImages(count: number): AsyncGenerator<Uint8Array> {
  for (let image = 0; image < count; image++) {
    await turn();
    yield images.subarray(image * imageSize, (image + 1) * imageSize);
  }
}

/** Trained somewhere else: with a normalization of its own. */
let foreign: readonly (readonly NamedTensor[])[];

function perform(model: Model, { call, pause: _ }: Step): Promise<unknown> {
  switch (call.kind) {
    case "fit": {
      const { epochs, restoreBestWeights, slow } = call;
      const callbacks = slow ? [{ onStep: turn }] : [];
      return model.fit(tinyData, { ...tinyFit, epochs, restoreBestWeights, callbacks });
    }
    case "predict":
      return model.predict(images.subarray(0, call.count * imageSize));
    case "stream":
      return model.predict(comingImages(call.count));
    case "setWeights":
      return model.setWeights(foreign[call.weights]);
    case "evaluate":
      return model.evaluate(tinyData.test);
    default:
      return model[call.kind]();
  }
}

/** What a model looks like between two steps, in every way that a program may look at it. */
interface Look {
  readonly toBytes: Uint8Array;
  readonly getWeights: unknown;
  readonly evaluate: unknown;
  readonly predict: Float32Array;
}

async function lookAt(model: Model): Promise<Look> {
  return {
    toBytes: await model.toBytes(),
    getWeights: await model.getWeights(),
    evaluate: await model.evaluate(tinyData.test),
    predict: await model.predict(images),
  };
}

/** Trains just as far as another fit came. @returns the looks before and after each step, the last one when all is over */
async function trainAsFar(model: Model, step: Call, history: History, look: boolean): Promise<Look[]> {
  assert.equal(step.kind, "fit");
  if (step.kind !== "fit") return [];
  const { epochs, restoreBestWeights } = step;
  const looks: Look[] = [];
  const { end } = history;
  const lookNow = async (): Promise<void> => {
    if (look) looks.push(await lookAt(model));
  };
  let { epochsDone } = model;
  let stepsDone = 0;
  // Of this fit: the end's are counted over all fits.
  const wanted = end.stepsDone - doneBefore.get(model)!;
  doneBefore.set(model, end.stepsDone);
  const arrived = (): boolean =>
    end.reason === "aborted" && stepsDone === wanted && epochsDone === end.epochsDone;
  for await (const event of model.fitEvents(tinyData, { ...tinyFit, epochs, restoreBestWeights })) {
    if (event.event === "step") stepsDone++;
    if (event.event === "epoch") epochsDone++;
    if (event.event === "start" || event.event === "step" || event.event === "epoch") {
      await lookNow();
      if (arrived()) break;
    }
  }
  await lookNow();
  return looks;
}

/** Steps that a model has made in all its fits. */
const doneBefore = new WeakMap<Model, number>();

function isAt(look: Look, { call }: Step, result: unknown): boolean {
  const same = (a: unknown, b: unknown): boolean => {
    try {
      assert.deepEqual(a, b);
      return true;
    } catch {
      return false;
    }
  };
  if (call.kind === "predict" || call.kind === "stream")
    return same(result, look.predict.subarray(0, call.count * 3));
  return same(result, look[call.kind as "toBytes" | "getWeights" | "evaluate"]);
}

async function runAndCompare(steps: readonly Step[], threads: number): Promise<void> {
  const model = tinyModel({ threads });
  const twin = tinyModel();
  const undisturbed = tinyModel();
  for (const each of [twin, undisturbed]) doneBefore.set(each, 0);
  try {
    const calls: Promise<unknown>[] = [];
    for (const step of steps) {
      const result = perform(model, step);
      result.catch(() => undefined);
      calls.push(result);
      await take(step.pause, result);
    }
    const results = await Promise.allSettled(calls);
    const last = await model.toBytes();

    // All states that there ever were, in order; `from` and `to` bound those that a call may have seen.
    const looks = [await lookAt(twin)];
    let from = 0;
    for (const [index, step] of steps.entries()) {
      const { call, pause: after } = step;
      const result = results[index];
      const place = `call ${index}, ${JSON.stringify(step)}`;
      if (result.status === "rejected") {
        assert.ok(["fit", "stream", "setWeights", "reset"].includes(call.kind), `${place}: ${result.reason}`);
        assert.ok(result.reason instanceof UsageError, String(result.reason));
        const words = call.kind === "stream" ? /^The model was disposed/ : /was called while fit is going on/;
        assert.match(result.reason.message, words, place);
        continue;
      }
      if (call.kind === "dispose") continue;
      if (call.kind === "setWeights" || call.kind === "reset") {
        for (const each of [twin, undisturbed]) await perform(each, step);
        if (call.kind === "reset") doneBefore.set(twin, 0).set(undisturbed, 0);
        looks.push(await lookAt(twin));
        from = looks.length - 1;
        continue;
      }
      if (call.kind === "fit") {
        const history = result.value as History;
        looks.push(...(await trainAsFar(twin, call, history, true)));
        await trainAsFar(undisturbed, call, history, false);
        if (after === "end") from = looks.length - 1;
        continue;
      }
      const seen = looks.findIndex((look, at) => at >= from && isAt(look, step, result.value));
      assert.ok(seen >= 0, `${place} gave what no state from ${from} to ${looks.length - 1} gives`);
      from = seen;
    }
    assert.deepEqual(last, looks.at(-1)?.toBytes, "it ends where its twin ends");
    assert.deepEqual(last, await undisturbed.toBytes(), "it ends as if nobody had looked");
  } finally {
    for (const each of [model, twin, undisturbed]) await each.dispose();
  }
}

describe("calls that overlap on one model", () => {
  const prepare = async (): Promise<void> => {
    if (foreign) return;
    const model = tinyModel({}, { seed: 3 });
    const first = await model.getWeights();
    await model.fit(tinyData, { batchSize: 5 });
    foreign = [first, await model.getWeights()];
    await model.dispose();
  };
  for (const [threads, numRuns] of [
    [1, 25],
    [2, 10],
  ] as const) {
    it(`are right, in the order of the calls, or refused: ${threads} threads`, async () => {
      await prepare();
      await fc.assert(
        fc.asyncProperty(program, (steps) => runAndCompare(steps, threads)),
        { numRuns },
      );
    });
  }

  it("may be made from within a fit's callbacks", async () => {
    const model = tinyModel();
    const twin = tinyModel();
    try {
      const expected: Float32Array[] = [];
      const seen: Float32Array[] = [];
      const fit = (one: Model, into: Float32Array[]) =>
        one.fit(tinyData, {
          ...tinyFit,
          epochs: 2,
          callbacks: [
            {
              onStart: async () => void (await one.predict(images)),
              onStep: async () => void into.push(await one.predict(images)),
              onEpoch: async () => void (await Promise.all([one.getWeights(), one.evaluate(tinyData.test)])),
              onEnd: async () => void into.push(await one.predict(images)),
            },
          ],
        });
      await fit(twin, expected);
      await Promise.all([fit(model, seen), model.predict(images), model.evaluate(tinyData.test)]);
      assert.equal(seen.length, 9);
      assert.deepEqual(seen, expected);
    } finally {
      await model.dispose();
      await twin.dispose();
    }
  });

  it("are not held up by a reader who asks for no more events", async () => {
    const model = tinyModel();
    try {
      const events = model.fitEvents(tinyData, tinyFit);
      for (let read = 0; read < 4; read++) await events.next();
      await model.predict(images);
      await model.evaluate(tinyData.test);
      for (const refused of [
        () => model.fit(tinyData),
        () => model.setWeights([]),
        () => model.reset(),
        async () => model.compile({}),
      ]) {
        await assert.rejects(refused(), {
          name: "UsageError",
          message: /while fit is going on.*or by dispose/,
        });
      }
      await events.return(undefined);
      await model.reset();
    } finally {
      await model.dispose();
    }
  });

  it("know how many epochs are done at each epoch's end, and which loss a file is asked for with", async () => {
    const model = tinyModel();
    try {
      const seen: number[] = [];
      const onEpoch = (): void => void seen.push(model.epochsDone);
      for (let fit = 0; fit < 2; fit++)
        await model.fit(tinyData, { ...tinyFit, epochs: 2, callbacks: [{ onEpoch }] });
      assert.deepEqual(seen, [1, 2, 3, 4]);
      const bytes = model.toBytes();
      model.compile({ threads: 1, loss: "binaryCrossEntropy" });
      assert.equal(decodeModel(await bytes, "model").loss, undefined);
      assert.equal(decodeModel(await model.toBytes(), "model").loss, "binaryCrossEntropy");
    } finally {
      await model.dispose();
    }
  });

  it("leave what they were given alone, or say that it was taken away", async () => {
    const model = tinyModel();
    try {
      const weights = await model.getWeights();
      const setting = model.setWeights(weights);
      const before = await model.predict(images);
      for (const { data } of weights) data.fill(0);
      await setting;
      assert.deepEqual(await model.predict(images), before);
      const events = model.fitEvents(tinyData, tinyFit);
      await events.next();
      const copy = images.slice();
      const [first, second] = [model.predict(images), model.predict(copy)];
      structuredClone(copy.buffer, { transfer: [copy.buffer] });
      await assert.rejects(second, {
        name: "UsageError",
        message: /^predict's images were taken away before they were all read/,
      });
      assert.equal((await first).length, 36);
      // And the training goes on.
      assert.equal((await events.next()).value.event, "step");
      await events.return(undefined);
    } finally {
      await model.dispose();
    }
  });
});
