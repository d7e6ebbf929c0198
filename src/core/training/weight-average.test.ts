import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { nodePlatform } from "../../node/platform.js";
import { pickImages } from "../data/pick-images.js";
import { splitDataset } from "../data/split.js";
import { decodeCheckpoint, encodeCheckpoint } from "../formats/checkpoint-file.js";
import { weightAverageStep } from "../kernels/reference/weight-average.js";
import type { CompileOptions } from "./compile.js";
import type { EpochRecord } from "./events.js";
import type { FitEventsOptions } from "./fit.js";
import { Model } from "./model.js";
import { modelFromBytes } from "./model-from-bytes.js";
import { tinyData, tinyFit, tinyModels } from "./testing/tiny-model.js";
import { averageShare } from "./weight-average.js";

const tinyModel = tinyModels(nodePlatform);
const weightAverage = { decay: 0.8 };
const average = { weights: "average" } as const;
const { images } = tinyData.test;

const fit = (model: Model, options: FitEventsOptions = {}) => model.fit(tinyData, { ...tinyFit, ...options });

/** What is left when work has had its way with a model. */
async function having<T>(compile: CompileOptions, work: (model: Model) => Promise<T>): Promise<T> {
  const model = tinyModel({ optimizer: "adam", ...compile });
  try {
    return await work(model);
  } finally {
    await model.dispose();
  }
}

/** All that a model says of itself by its trained and its averaged weights. */
async function wholeOf(model: Model) {
  const of = async (weights: "trained" | "average") => ({
    probabilities: await model.predict(images, { weights }),
    weights: await model.getWeights({ weights }),
    bytes: await model.toBytes({ weights }),
    judged: await model.evaluate(tinyData.test, { weights }),
  });
  return { trained: await of("trained"), average: await of("average") };
}

describe("an average of the weights", () => {
  /** By how many fits of an epoch came before. */
  const undisturbed = new Map<number, ReturnType<typeof wholeOf>>();
  const expectedAfter = (fits: number) => {
    const known = undisturbed.get(fits);
    if (known) return known;
    const made = having({ weightAverage, threads: 1 }, async (model) => {
      await fit(model, { epochs: fits });
      return wholeOf(model);
    });
    undisturbed.set(fits, made);
    return made;
  };
  after(() => undisturbed.clear());

  it("is the twin's, over several fits, and changes nothing of the training", async () => {
    const twin = new Map<string, Float64Array>();
    let at = 0;
    const model = tinyModel({ optimizer: "adam", weightAverage });
    for (let count = 0; count < 2; count++) {
      for await (const { event } of model.fitEvents(tinyData, tinyFit)) {
        if (event !== "step") continue;
        const share = averageShare(weightAverage.decay, at++);
        for (const { name, data } of await model.getWeights()) {
          const values = twin.get(name) ?? new Float64Array(data.length);
          weightAverageStep(values, data, share);
          twin.set(name, values);
        }
      }
    }
    for (const { name, data } of await model.getWeights(average)) {
      if (name.startsWith("normalization.")) continue;
      const wanted = twin.get(name)!;
      assert.ok(data.every((value, index) => Math.abs(value - wanted[index]) < 1e-6, name));
    }
    const plain = await having({}, async (other) => {
      await fit(other, { epochs: 2 });
      return other.toBytes();
    });
    assert.deepEqual(await model.toBytes(), plain);
    assert.notDeepEqual(await model.toBytes(average), plain);
    await model.dispose();
  });

  it("is what it would be, whatever is asked in between", () => {
    const questions = [
      "predict",
      "evaluate",
      "getWeights",
      "toBytes",
      "stream",
      "dispose",
      "threads",
    ] as const;
    const call = fc.constantFrom("fit", ...questions);
    const which = fc.constantFrom("trained", "average");
    return fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(call, which), { minLength: 3, maxLength: 8 }), (calls) =>
        having({ weightAverage, threads: 1 }, async (model) => {
          let fits = 0;
          for (const [name, weights] of [["fit", "trained"] as const, ...calls]) {
            const before = fits === 0 ? undefined : (await expectedAfter(fits))[weights];
            const streamed = (async function* () {
              yield images.slice(0, images.length / 2);
              yield images.slice(images.length / 2);
            })();
            if (name === "fit" && fits < 3) {
              fits++;
              // Asked while a step may be going on.
              const going = fit(model);
              const meanwhile = model.predict(images, { weights }).catch(() => undefined);
              await Promise.all([going, meanwhile]);
            } else if (name === "predict")
              assert.deepEqual(await model.predict(images, { weights }), before?.probabilities);
            else if (name === "stream")
              assert.deepEqual(await model.predict(streamed, { weights }), before?.probabilities);
            else if (name === "evaluate")
              assert.deepEqual(await model.evaluate(tinyData.test, { weights }), before?.judged);
            else if (name === "getWeights")
              assert.deepEqual(await model.getWeights({ weights }), before?.weights);
            else if (name === "toBytes") assert.deepEqual(await model.toBytes({ weights }), before?.bytes);
            else if (name === "dispose") await model.dispose();
            else
              model.compile({
                optimizer: "adam",
                learningRate: 0.01,
                weightAverage,
                threads: 1 + (fits % 2),
              });
          }
          assert.deepEqual(await wholeOf(model), await expectedAfter(fits));
        }),
      ),
      { numRuns: 8, seed: 5 },
    );
  });

  it("is what the validation within fit judges, and what an early stop and the best epoch go by", () =>
    having({ weightAverage, learningRate: 0.1 }, async (model) => {
      const { labels } = tinyData.train;
      const { validation } = splitDataset(labels, 3, { validationShare: tinyFit.validationShare, seed: 1 });
      const set = {
        images: pickImages(tinyData.train.images, 72, validation),
        labels: Uint8Array.from(validation, (index) => labels[index]),
      };
      const epochs: EpochRecord[] = [];
      const seen: Uint8Array[] = [];
      const options = { epochs: 30, restoreBestWeights: true, earlyStopping: { patience: 3 } };
      let reason = "";
      const others: boolean[] = [];
      for await (const event of model.fitEvents(tinyData, { ...tinyFit, ...options })) {
        if (event.event === "start") assert.equal(event.judged, "average");
        if (event.event === "end") reason = event.reason;
        if (event.event !== "epoch") continue;
        const { loss, accuracy } = await model.evaluate(set, average);
        assert.ok(Math.abs(event.validationLoss - loss) < 1e-9);
        assert.equal(event.validationAccuracy, accuracy);
        others.push((await model.evaluate(set)).loss !== loss);
        epochs.push(event);
        seen.push(await model.toBytes(average), await model.toBytes());
      }
      assert.equal(reason, "stopped early");
      assert.ok(others.includes(true), "the trained weights would be judged otherwise");
      const losses = epochs.map(({ validationLoss }) => validationLoss);
      const best = losses.indexOf(Math.min(...losses));
      assert.ok(best < epochs.length - 1);
      assert.deepEqual(await model.toBytes(average), seen[2 * best], "the best epoch's average");
      assert.deepEqual(await model.toBytes(), seen[2 * best + 1], "and its weights");
    }));

  it("goes on exactly from any checkpoint, the best epoch's and the last's, on any number of threads", async () => {
    const options = { ...tinyFit, epochs: 5, restoreBestWeights: true };
    const compile = { optimizer: "adam", learningRate: 0.1, weightAverage } as const;
    const files: Uint8Array[] = [];
    const first = tinyModel({ ...compile, threads: 1 });
    for await (const event of first.fitEvents(tinyData, options))
      if (event.event === "epoch") files.push(encodeCheckpoint(await first.checkpoint()));
    await first.fit(tinyData, tinyFit);
    const whole = await wholeOf(first);
    await first.dispose();
    const decoded = files.map((file) => decodeCheckpoint(file, "file"));
    assert.ok(decoded.some(({ position: { best, epochsDone } }) => best.epoch < epochsDone));
    for (const [done, resume] of decoded.entries()) {
      assert.deepEqual(encodeCheckpoint(resume), files[done]);
      assert.equal(resume.average?.steps, 4 * (done + 1));
      const model = tinyModel({ ...compile, threads: 1 + (done % 3) });
      await model.fit(tinyData, { ...options, resume });
      await model.fit(tinyData, tinyFit);
      assert.deepEqual(await wholeOf(model), whole, `after epoch ${done + 1}`);
      await model.dispose();
    }
    const { average: _, ...torn } = decoded[0];
    for (const [resume, words] of [
      [torn, /it holds no average of the weights/],
      [{ ...decoded[0], average: { steps: 4, tensors: [] } }, /conv2d_1\.kernel is missing/],
      [
        { ...decoded[0], average: { steps: 0, tensors: [] } },
        /fit: resume must be what model\.checkpoint\(\) or decodeCheckpoint gave/,
      ],
    ] as const)
      await assert.rejects(
        having(compile, (model) => model.fit(tinyData, { ...options, resume })),
        words,
      );
    await assert.rejects(
      having({ ...compile, weightAverage: undefined }, (model) =>
        model.fit(tinyData, { ...options, resume: decoded[0] }),
      ),
      /its weightAverage is \{"decay":0\.8\}, here it is absent/,
    );
  });

  it("is kept until weights change without it", () =>
    having({ weightAverage }, async (model) => {
      const missing = {
        name: "UsageError",
        message:
          /^getWeights: no average of the weights is kept\. compile\(\{ weightAverage: \{ decay: 0\.999 \} \}\) has/,
      };
      const none = () => assert.rejects(model.getWeights(average), missing);
      const plain = { optimizer: "adam", learningRate: 0.01 } as const;
      await none();
      await fit(model);
      const kept = await model.getWeights(average);
      model.compile({ ...plain, threads: 2 });
      assert.deepEqual(await model.getWeights(average), kept, "no compile takes it away");
      await model.setWeights(await model.getWeights());
      await none();
      model.compile({ ...plain, weightAverage });
      await fit(model);
      model.compile(plain);
      await fit(model);
      await none();
      model.compile({ ...plain, weightAverage });
      await fit(model);
      await model.reset();
      await none();
      await fit(model);
      model.compile({ ...plain, weightAverage, parameterGroups: [{ match: "conv2d_1.*", frozen: true }] });
      let steps = 0;
      for await (const { event } of model.fitEvents(tinyData, tinyFit)) {
        if (event === "start")
          await assert.rejects(model.predict(images, average), /no average of the weights/);
        if (event === "step" && steps++ === 0)
          assert.deepEqual(await model.getWeights(average), await model.getWeights(), "anew");
      }
      const names = async (weights: "trained" | "average") =>
        (await model.getWeights({ weights })).map(({ name }) => name);
      assert.deepEqual(
        await names("average"),
        await names("trained"),
        "frozen tensors are their own average",
      );
    }));

  it("is refused in words where none is kept, whatever is asked of it", () =>
    having({}, async (model) => {
      const stream = (async function* () {
        yield images;
      })();
      const calls = {
        predict: () => model.predict(images, average),
        "predict of none": () => model.predict(new Uint8Array(0), average),
        "predict of a stream": () => model.predict(stream, average),
        evaluate: () => model.evaluate(tinyData.test, average),
        toBytes: () => model.toBytes(average),
      };
      for (const [name, call] of Object.entries(calls))
        await assert.rejects(call(), {
          name: "UsageError",
          message: new RegExp(`^${name.split(" ")[0]}: no average of the weights is kept`),
        });
      await fit(model);
      for (const call of Object.values(calls)) await assert.rejects(call(), { name: "UsageError" });
      const wrong = { weights: "mean" as never };
      await assert.rejects(
        model.predict(images, wrong),
        /predict: weights must be one of "trained", "average"/,
      );
      await assert.rejects(
        model.evaluate(tinyData.test, { weight: "average" } as never),
        /Did you mean weights/,
      );
      for (const decay of [0, 1, Number.NaN, "0.9"])
        assert.throws(
          () => model.compile({ weightAverage: { decay: decay as number } }),
          /compile: weightAverage\.decay must be a number above 0 and below 1/,
        );
      assert.throws(() => model.compile({ ema: true } as never), /Give weightAverage: \{ decay: 0\.999 \}/);
    }));

  it("is a model like any other in a file", () =>
    having({ weightAverage }, async (model) => {
      await fit(model);
      const { graph, state } = modelFromBytes(await model.toBytes(average), "file");
      const other = new Model(graph, { state, platform: nodePlatform }).compile({ threads: 1 });
      assert.deepEqual(await other.predict(images), await model.predict(images, average));
      await other.dispose();
    }));
});
