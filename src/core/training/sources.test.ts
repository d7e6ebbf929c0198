import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import type { ImageStream } from "../data/image-stream.js";
import { HeddleError } from "../errors.js";
import type { TrainEvent } from "./events.js";
import type { FitEventsOptions } from "./fit.js";
import type { Model } from "./model.js";
import { tinyData, tinyFit, tinyImages, tinyModels } from "./testing/tiny-model.js";
import { sourcesOf } from "./testing/tiny-sources.js";

const tinyModel = tinyModels(nodePlatform);
const { train, test } = tinyData;
const { labels } = train;
const size = 72;
const augmentation = {
  flip: "alternate",
  shift: 1,
  rotate: 10,
  zoom: 0.1,
  erase: 0.2,
  reflect: true,
  crop: [0.5, 1],
} as const;
const options: FitEventsOptions = { ...tinyFit, epochs: 2, augmentation };
const oneOf = (index: number): Uint8Array => train.images.subarray(index * size, (index + 1) * size);

async function withModel<Result>(work: (model: Model) => Promise<Result>): Promise<Result> {
  const model = tinyModel();
  try {
    return await work(model);
  } finally {
    await model.dispose();
  }
}

/** A source that keeps account of its passes. */
function watched(give = oneOf) {
  const passes: { order: number[]; given: number; ended: "never" | "by itself" | "early" }[] = [];
  async function* images(order: Uint32Array): AsyncGenerator<Uint8Array> {
    const pass: (typeof passes)[number] = { order: [...order], given: 0, ended: "never" };
    passes.push(pass);
    try {
      for (const index of order) {
        pass.given++;
        yield give(index);
      }
      pass.ended = "by itself";
    } finally {
      if (pass.ended === "never") pass.ended = "early";
    }
  }
  return { passes, source: { labels, images } };
}

describe("a fit over a source", () => {
  for (const [what, source] of Object.entries(sourcesOf(train, nodePlatform.yield))) {
    it(`gives the bytes and the figures of one over arrays: ${what}`, async () => {
      const fitted = (data: Parameters<Model["fit"]>[0]) =>
        withModel(async (model) => {
          const { epochs } = await model.fit(data, options);
          const figures = epochs.map(({ seconds: _, ...figures }) => figures);
          return { figures, normalization: model.normalization, bytes: await model.toBytes() };
        });
      assert.deepEqual(await fitted({ ...tinyData, train: source }), await fitted(tinyData));
    });
  }

  it("goes through it once to measure, then once an epoch, and once to validate", async () => {
    const { passes, source } = watched();
    await withModel((model) => model.fit({ train: source }, options));
    const lengths = passes.map(({ order }) => order.length);
    assert.deepEqual(lengths, [30, 30, 6, 30, 6]);
    assert.ok(passes.every(({ ended, order, given }) => ended === "by itself" && given === order.length));
    assert.notDeepEqual(passes[1].order, passes[3].order);
    const sorted = (order: number[]): number[] => order.toSorted((a, b) => a - b);
    assert.deepEqual(sorted(passes[1].order), passes[0].order);
  });

  it("measures nothing where the normalization is given, and trains by it", async () => {
    const normalization = { mean: [0.25, 0.5], deviation: [0.5, 0.125] };
    const bytes: Uint8Array[] = [];
    const { passes, source } = watched();
    for (const data of [{ train: source }, tinyData])
      await withModel(async (model) => {
        await model.fit({ ...data, classNames: tinyData.classNames }, { ...options, normalization });
        assert.deepEqual(model.normalization, normalization);
        bytes.push(await model.toBytes());
      });
    assert.equal(passes.length, 4);
    assert.deepEqual(bytes[0], bytes[1]);
    await withModel((model) =>
      assert.rejects(model.fit(tinyData, { normalization: { mean: [0], deviation: [1] } }), {
        name: "UsageError",
        message: /^fit: normalization has 1 mean and 1 deviation; give one of each a channel, 2\.$/,
      }),
    );
  });

  it("asks for one batch more than it uses, at most", async () => {
    const { passes, source } = watched();
    await withModel(async (model) => {
      for await (const event of model.fitEvents({ train: source }, { ...options, normalization: "keep" })) {
        if (event.event !== "step") continue;
        // Between two events there is all the time that a source could want.
        for (let turns = 0; turns < 3; turns++) await nodePlatform.yield();
        const { given } = passes[passes.length - 1];
        assert.ok(given <= (event.step + 1) * 8, `${given} images at step ${event.step}`);
      }
    });
  });

  it("ends it when it ends early", async () => {
    const ways: ((model: Model, events: AsyncGenerator<TrainEvent>) => Promise<void>)[] = [
      async (_, events) => void (await events.return(undefined)),
      async (model, events) => {
        await model.dispose();
        assert.equal((await events.next()).value.reason, "aborted");
      },
    ];
    for (const end of ways) {
      const { passes, source } = watched();
      await withModel(async (model) => {
        const events = model.fitEvents({ train: source }, options);
        for (let read = 0; read < 2; read++) await events.next();
        await end(model, events);
        await events.return(undefined);
      });
      assert.deepEqual(
        passes.map(({ ended }) => ended),
        ["by itself", "early"],
      );
    }
  });

  it("hears its signal, and dispose, while it waits for images: to measure, to train or to validate", async () => {
    for (const stuckIn of [0, 1, 2])
      for (const stop of ["signal", "dispose"]) {
        let pass = 0;
        let reached = (): void => undefined;
        const waiting = new Promise<void>((resolve) => {
          reached = resolve;
        });
        let returned = 0;
        const images = (order: Uint32Array): ImageStream => {
          const stuck = pass++ === stuckIn;
          let place = 0;
          const next = async (): Promise<IteratorResult<Uint8Array>> => {
            if (place === order.length) return { done: true, value: undefined };
            if (!stuck || place < 3) return { value: oneOf(order[place++]) };
            reached();
            return new Promise(() => undefined);
          };
          const end = (): Promise<never> => {
            returned++;
            return Promise.reject(new Error("it can't be ended either"));
          };
          return { [Symbol.asyncIterator]: () => ({ next, return: end }) };
        };
        await withModel(async (model) => {
          const controller = new AbortController();
          const fit = model.fit({ train: { labels, images } }, { ...options, signal: controller.signal });
          await waiting;
          if (stop === "signal") controller.abort();
          else await model.dispose();
          const { end } = await fit;
          assert.deepEqual([end.reason, end.stepsDone], ["aborted", stuckIn === 2 ? 4 : 0]);
          assert.equal(returned, 1);
          assert.equal((await model.predict(test.images)).length, 36, "and the model goes on");
        });
      }
  });

  it("that fails ends with its error as the cause, and the weights of the last step", async () => {
    const stepBytes: Uint8Array[] = [];
    await withModel(async (model) => {
      for await (const event of model.fitEvents(tinyData, options))
        if (event.event === "step") stepBytes.push(await model.toBytes());
    });
    const cause = new Error("The disk is gone");
    let images = 0;
    const { source } = watched((index) => {
      // 30 to measure, two batches, and three.
      if (++images > 49) throw cause;
      return oneOf(index);
    });
    await withModel(async (model) => {
      await assert.rejects(model.fit({ ...tinyData, train: source }, options), (error) => {
        assert.ok(error instanceof HeddleError);
        assert.equal(error.cause, cause);
        assert.match(error.message, /^fit: train\.images failed after 19 images: The disk is gone\.$/);
        return true;
      });
      assert.deepEqual(await model.toBytes(), stepBytes[1]);
      assert.equal((await model.fit(tinyData, options)).end.reason, "finished");
    });
  });

  const wrong: readonly [string, unknown, RegExp][] = [
    ["too few", () => [oneOf(0)], /gave 1 image where 30 were asked for; give one for each index\.$/],
    [
      "too many",
      (order: Uint32Array) => [...Array.from(order, oneOf), oneOf(0)],
      /gave more than the 30 images that were asked for/,
    ],
    [
      "without end",
      function* () {
        for (;;) yield oneOf(0);
      },
      /gave more than the 30/,
    ],
    [
      "half an image",
      () => [oneOf(0).subarray(36)],
      /gave a Uint8Array of 36 after 0 images; an image of \[6, 6, 2\] is a Uint8Array of 72/,
    ],
    ["nothing in a piece", () => [oneOf(0), new Uint8Array(0)], /gave a Uint8Array of 0 after 1 image/],
    ["numbers", () => [new Float32Array(72)], /gave a Float32Array of 72 after 0 images/],
    ["bytes in place of images", () => oneOf(0), /gave \d+ after 0 images/],
    ["no iterable", () => 7, /must give an iterable of images, as an async generator does, but gave 7\.$/],
    ["a promise of one", async () => [oneOf(0)], /but gave a promise \(await it first\)\.$/],
    [
      "an iterator that answers nothing",
      () => ({ [Symbol.iterator]: () => ({ next: () => 0 }) }),
      /gave nothing/,
    ],
  ];
  for (const [what, images, message] of wrong) {
    it(`refuses one that gives ${what}, and learns nothing`, () =>
      withModel(async (model) => {
        const before = await model.toBytes();
        await assert.rejects(model.fit({ train: { labels, images: images as never } }, options), (error) => {
          assert.ok(error instanceof HeddleError, String(error));
          assert.match(error.message, message);
          assert.match(error.message, /^fit: train\.images /);
          return true;
        });
        assert.deepEqual(await model.toBytes(), before);
      }));
  }

  it("refuses images that come only once", () =>
    withModel((model) =>
      assert.rejects(model.fit({ train: { labels, images: [oneOf(0)] as never } }), {
        name: "UsageError",
        message: /^fit: train\.images can be gone through only once.*images: \(order\) => …/,
      }),
    ));

  it("goes on from a checkpoint of the same images, as far as their source says which they are", async () => {
    const { source } = watched();
    const marked = (fingerprint: string) => ({ train: { ...source, fingerprint } });
    await withModel(async (model) => {
      const events = model.fitEvents(marked("1"), options);
      for await (const { event } of events) if (event === "epoch") break;
      const later = model.fitSettings(marked("1"), options).trainingImages;
      assert.deepEqual(Object.keys(later as object), ["count", "checksum", "fingerprint"]);
      assert.deepEqual(model.fitSettings({ train: source }, options).trainingImages, {
        ...(later as object),
        fingerprint: null,
      });
    });
    let checkpoint: Awaited<ReturnType<Model["checkpoint"]>> | undefined;
    const whole = await withModel(async (model) => {
      const keep = async (): Promise<void> => {
        checkpoint ??= await model.checkpoint();
      };
      await model.fit(marked("1"), { ...options, callbacks: [{ onEpoch: keep }] });
      return model.toBytes();
    });
    await withModel(async (model) => {
      await model.fit(marked("1"), { ...options, resume: checkpoint });
      assert.deepEqual(await model.toBytes(), whole);
    });
    await withModel((model) =>
      assert.rejects(
        model.fit(marked("2"), { ...options, resume: checkpoint }),
        /when other images trained: /,
      ),
    );
  });
});

describe("images that come by and by", () => {
  const many = tinyImages(1100, 5);
  const stream = async function* (): AsyncGenerator<Uint8Array> {
    for (let image = 0; image < many.count; image++) {
      if (image % 100 === 0) await nodePlatform.yield();
      yield many.images.subarray(image * size, (image + 1) * size);
    }
  };

  it("are predicted and judged as they are in memory", () =>
    withModel(async (model) => {
      await model.fit(tinyData, tinyFit);
      const probabilities = await model.predict(many.images);
      const evaluation = await model.evaluate(many);
      assert.deepEqual(await model.predict(stream()), probabilities);
      assert.deepEqual(await model.evaluate({ images: stream(), labels: many.labels }), evaluation);
      for (const source of Object.values(sourcesOf(many, nodePlatform.yield))) {
        assert.deepEqual(await model.predict(source), probabilities);
        assert.deepEqual(await model.evaluate(source), evaluation);
      }
      assert.deepEqual(await model.predict((async function* () {})()), new Float32Array(0));
    }));

  it("are refused where they are none, or not as many as their labels", () =>
    withModel(async (model) => {
      const { labels } = many;
      const wrong: [() => Promise<unknown>, RegExp][] = [
        [
          () => model.predict([new Uint8Array(71)]),
          /^predict's images gave a Uint8Array of 71 after 0 images/,
        ],
        [() => model.predict({ images: stream } as never), /^predict: labels must be/],
        [
          () => model.evaluate({ images: stream(), labels: labels.subarray(1) }),
          /^evaluate\.images gave more than the 1,099/,
        ],
        [
          () => model.evaluate({ images: [test.images], labels }),
          /^evaluate\.images gave 12 images where 1,100 were asked for/,
        ],
      ];
      for (const [call, message] of wrong) await assert.rejects(call(), { message });
    }));

  it("hold up nobody, and are predicted by the weights of the call", () =>
    withModel(async (model) => {
      let go = (): void => undefined;
      const gate = new Promise<void>((resolve) => {
        go = resolve;
      });
      const slow = async function* (): AsyncGenerator<Uint8Array> {
        yield many.images.subarray(0, 1050 * size);
        await gate;
        yield many.images.subarray(1050 * size);
      };
      const undisturbed = await withModel(async (other) => {
        await other.fit(tinyData, { ...tinyFit, epochs: 2 });
        return other.toBytes();
      });
      const expected: Float32Array[] = [await model.predict(many.images)];
      const predicted = [model.predict(slow())];
      const events = model.fitEvents(tinyData, { ...tinyFit, epochs: 2 });
      for await (const event of events) {
        if (event.event !== "step") continue;
        if (event.step === 2) {
          expected.push(await model.predict(many.images));
          predicted.push(model.predict(slow()));
        }
        if (event.step === 3 && event.epoch === 2) {
          go();
          assert.deepEqual(await Promise.all(predicted), expected);
        }
      }
      assert.equal(expected.length, 3);
      assert.deepEqual(await model.toBytes(), undisturbed);
    }));

  it("are waited for no longer when the model is disposed", () =>
    withModel(async (model) => {
      let ended = false;
      const never = async function* (): AsyncGenerator<Uint8Array> {
        try {
          yield test.images;
          await new Promise(() => undefined);
        } finally {
          ended = true;
        }
      };
      const predicting = model.predict(never());
      await nodePlatform.yield();
      await model.dispose();
      await assert.rejects(predicting, {
        name: "UsageError",
        message: /^The model was disposed before predict's images had all come/,
      });
      assert.equal(ended, false, "a generator that waits can't be ended");
    }));
});
