import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Schedule } from "../schedules/index.js";
import type { EndEvent, EpochEvent, TrainEvent } from "./events.js";
import { Interruption } from "./interruption.js";
import { type TrainLoopOptions, trainLoop } from "./loop.js";
import { FakeNetwork, fakePlatform, numberedImages } from "./testing/fake-network.js";

const schedule = {
  learningRate: ({ step, stepsPerEpoch, epochs }) => 1 - step / (stepsPerEpoch * epochs),
} as Schedule;

const range = (from: number, to: number): Uint32Array =>
  Uint32Array.from({ length: to - from }, (_, index) => from + index);

function loopOptions(options: Partial<TrainLoopOptions> = {}): TrainLoopOptions {
  return {
    split: { train: range(0, 10), validation: range(10, 14) },
    images: numberedImages(1200),
    labels: Uint8Array.from({ length: 14 }, (_, index) => index % 2),
    imageShape: [2, 2, 1],
    epochs: 2,
    batchSize: 4,
    schedule,
    seed: 1,
    platform: fakePlatform(),
    ...options,
  };
}

async function runLoop(network: FakeNetwork, options: Partial<TrainLoopOptions> = {}): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of trainLoop(network, loopOptions(options))) events.push(event);
  return events;
}

const only = <Kind extends TrainEvent["event"]>(events: TrainEvent[], kind: Kind) =>
  events.filter((event): event is Extract<TrainEvent, { event: Kind }> => event.event === kind);

const lastOf = (events: TrainEvent[]): EndEvent => events.at(-1) as EndEvent;

describe("training loop", () => {
  it("tells start, steps, epochs and the end in order", async () => {
    const events = await runLoop(new FakeNetwork());
    assert.deepEqual(
      events.map(({ event }) => event),
      ["start", "step", "step", "step", "epoch", "step", "step", "step", "epoch", "end"],
    );
    assert.deepEqual(
      { ...events[0] },
      {
        event: "start",
        epochs: 2,
        stepsPerEpoch: 3,
        batchSize: 4,
        trainImages: 10,
        validationImages: 4,
        threads: 1,
        relaxedSimd: false,
        vectorBits: 128,
        arenaBytes: 0,
        parameters: 0,
      },
    );
    assert.equal(lastOf(events).reason, "finished");
    assert.equal(lastOf(events).stepsDone, 6);
  });

  it("reads every training image once an epoch, in batches, the last one smaller", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        fc.nat({ max: 9 }),
        async (images, batch, seed) => {
          const batchSize = 1 + (batch % images);
          const network = new FakeNetwork();
          const train = range(100, 100 + images);
          await runLoop(network, {
            split: { train, validation: new Uint32Array() },
            batchSize,
            seed,
            epochs: 2,
          });
          const stepsPerEpoch = Math.ceil(images / batchSize);
          for (const epoch of [0, 1]) {
            const steps = network.steps.slice(epoch * stepsPerEpoch, (epoch + 1) * stepsPerEpoch);
            assert.deepEqual(
              steps.flatMap(({ indices }) => indices).sort((a, b) => a - b),
              [...train],
            );
            for (const { indices } of steps.slice(0, -1)) assert.equal(indices.length, batchSize);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("orders images by seed and epoch alone", async () => {
    const orderOf = async (options: Partial<TrainLoopOptions>): Promise<string[]> => {
      const network = new FakeNetwork();
      await runLoop(network, options);
      const order = network.steps.flatMap(({ indices }) => indices);
      return [order.slice(0, 10).join(), order.slice(10).join()];
    };
    const first = await orderOf({ seed: 1 });
    assert.deepEqual(await orderOf({ seed: 1, batchSize: 3 }), first);
    assert.notEqual(first[0], first[1]);
    assert.notEqual((await orderOf({ seed: 2 }))[0], first[0]);
  });

  it("asks the schedule at every step and hands on step, seed and rate", async () => {
    const network = new FakeNetwork();
    const events = await runLoop(network, { seed: 7 });
    assert.deepEqual(
      network.steps.map(({ step, seed, learningRate }) => [step, seed, learningRate]),
      [0, 1, 2, 3, 4, 5].map((step) => [step, 7, 1 - step / 6]),
    );
    const steps = only(events, "step");
    assert.deepEqual(
      steps.map(({ epoch, step }) => [epoch, step]),
      [1, 2].flatMap((epoch) => [1, 2, 3].map((step) => [epoch, step])),
    );
    assert.equal(only(events, "epoch")[0].learningRate, steps[2].learningRate);
  });

  it("goes on from a position as if it had not stopped", async () => {
    const outputs = (_image: number, epoch: number) => (epoch === 1 ? [0.6, 0.4] : [0.9, 0.1]);
    const whole = new FakeNetwork({ outputs });
    const all = await runLoop(whole, { epochs: 4 });
    const best = only(all, "epoch")[0];
    const rest = new FakeNetwork({ outputs: (image) => outputs(image, 2) });
    const position = { epochsDone: 2, stepsDone: 6, optimizerSteps: 6 };
    const events = await runLoop(rest, { epochs: 4, position, best });
    assert.deepEqual(position, { epochsDone: 4, stepsDone: 12, optimizerSteps: 12 });
    assert.deepEqual(rest.steps, whole.steps.slice(6));
    const figures = ({ epoch, trainLoss, validationLoss, learningRate }: EpochEvent) => [
      epoch,
      trainLoss,
      validationLoss,
      learningRate,
    ];
    assert.deepEqual(only(events, "epoch").map(figures), only(all, "epoch").slice(2).map(figures));
    assert.equal(only(events, "start")[0].epochsDone, 2);
    assert.equal(only(events, "epoch")[0].best, false);
    assert.deepEqual({ ...lastOf(events), seconds: 0 }, { ...lastOf(all), seconds: 0 });
    assert.equal(lastOf(events).stepsDone, 12);
  });

  it("has nothing left to do after its last epoch", async () => {
    const network = new FakeNetwork();
    const best = { epoch: 1, validationAccuracy: 0.5, validationLoss: 0.1 };
    const events = await runLoop(network, {
      position: { epochsDone: 2, stepsDone: 6, optimizerSteps: 6 },
      best,
    });
    assert.deepEqual(
      events.map(({ event }) => event),
      ["start", "end"],
    );
    assert.equal(lastOf(events).bestEpoch, 1);
    assert.equal(network.steps.length, 0);
  });

  it("gives running means weighted by the sizes of the batches", async () => {
    const events = await runLoop(new FakeNetwork({ loss: (step) => step }), { epochs: 1 });
    const losses = only(events, "step").map(({ trainLoss }) => trainLoss);
    assert.deepEqual(losses, [0, 0.5, 0.8]);
    assert.equal(only(events, "epoch")[0].trainLoss, 0.8);
    assert.equal(only(events, "epoch")[0].trainAccuracy, 0.5);
  });

  it("measures loss and accuracy on the validation images", async () => {
    const outputs = (image: number) => (image < 13 ? [0.75, 0.25] : [0.5, 0.5]);
    const [epoch] = only(await runLoop(new FakeNetwork({ outputs }), { epochs: 1 }), "epoch");
    assert.equal(epoch.validationAccuracy, 0.5);
    const expected = -(2 * Math.log(0.75) + Math.log(0.25) + Math.log(0.5)) / 4;
    assert.ok(Math.abs(epoch.validationLoss - expected) < 1e-6);
  });

  it("calls best the highest accuracy, then the lower loss, then the earlier epoch", async () => {
    const right = (image: number, share: number) => (image % 2 ? [1 - share, share] : [share, 1 - share]);
    const shares = [0.4, 0.8, 0.9, 0.9, 0.7];
    const outputs = (image: number, epoch: number) => right(image, shares[epoch - 1]);
    const events = await runLoop(new FakeNetwork({ outputs }), { epochs: 5 });
    assert.deepEqual(
      only(events, "epoch").map(({ best }) => best),
      [true, true, true, false, false],
    );
    assert.equal(lastOf(events).bestEpoch, 3);
  });

  it("runs without validation images: the last epoch is best", async () => {
    const events = await runLoop(new FakeNetwork(), {
      split: { train: range(0, 10), validation: new Uint32Array() },
    });
    assert.deepEqual(
      only(events, "epoch").map(({ best }) => best),
      [true, true],
    );
    assert.equal(lastOf(events).bestEpoch, 2);
    assert.equal(only(events, "warning").length, 0);
  });

  it("stops after the step in which it was aborted", async () => {
    const signal = { aborted: false };
    const network = new FakeNetwork({
      onStep: (step) => {
        signal.aborted = step === 4;
      },
    });
    const events = await runLoop(network, { interruption: new Interruption(signal) });
    assert.equal(network.steps.length, 5);
    assert.deepEqual(
      { ...lastOf(events), seconds: 0 },
      { event: "end", reason: "aborted", bestEpoch: 1, epochsDone: 1, stepsDone: 5, seconds: 0 },
    );
  });

  it("ends as diverged at the first loss that is not finite, with the rate and a remedy", async () => {
    const network = new FakeNetwork({ loss: (step) => (step === 4 ? Number.NaN : 1) });
    const end = lastOf(
      await runLoop(network, { schedule: { learningRate: () => 0.1 } as unknown as Schedule }),
    );
    assert.equal(end.reason, "diverged");
    assert.equal(end.epochsDone, 1);
    assert.match(
      end.message ?? "",
      /not finite at epoch 2, step 2.*learning rate of 0\.1\. Try a smaller one, such as 0\.01/,
    );
  });

  it("ends as diverged when validation gives no number", async () => {
    const outputs = () => [Number.NaN, Number.NaN];
    const events = await runLoop(new FakeNetwork({ outputs }));
    assert.equal(lastOf(events).reason, "diverged");
    assert.equal(only(events, "epoch").length, 0);
  });

  it("warns once when the first epoch leaves it at chance", async () => {
    const labels = Uint8Array.from({ length: 1100 }, (_, index) => index % 10);
    const split = { train: range(0, 100), validation: range(100, 1100) };
    const wrongShare = (share: number) => (image: number) => {
      const guess = (image * 7919) % 1000 < 1000 * share ? (image + 1) % 10 : image % 10;
      return Array.from({ length: 10 }, (_, label) => (label === guess ? 0.91 : 0.01));
    };
    const warnings = async (share: number) => {
      const network = new FakeNetwork({ classes: 10, outputs: wrongShare(share) });
      return only(await runLoop(network, { labels, split }), "warning");
    };
    const [warning, ...more] = await warnings(0.9);
    assert.equal(more.length, 0);
    assert.match(warning.message, /at chance: validation accuracy 10\.0 %, guessing gives 10\.0 %.*Try/);
    assert.equal((await warnings(0.8)).length, 0);
  });

  it("warns of no accuracy at chance where few images validate, of which even all may be right by luck", async () => {
    const labels = Uint8Array.from({ length: 108 }, (_, index) => index % 2);
    const split = { train: range(0, 100), validation: range(100, 108) };
    for (const right of [0.9, 0.1]) {
      const outputs = (image: number) => (image % 2 === 0 ? [right, 1 - right] : [1 - right, right]);
      const events = await runLoop(new FakeNetwork({ classes: 2, outputs }), { labels, split });
      assert.equal(only(events, "warning").length, 0);
    }
  });

  it("warns of no accuracy at chance that so few images can't tell from a good one", async () => {
    const labels = Uint8Array.from({ length: 116 }, (_, index) => index % 10);
    const split = { train: range(0, 100), validation: range(100, 116) };
    for (const right of [6, 1]) {
      const outputs = (image: number) =>
        Array.from({ length: 10 }, (_, label) =>
          label === (image - 100 < right ? image % 10 : (image + 1) % 10) ? 0.91 : 0.01,
        );
      const events = await runLoop(new FakeNetwork({ classes: 10, outputs }), { labels, split });
      assert.equal(only(events, "warning").length, 0);
    }
  });

  it("lets signals through at least every 25 ms of steps", async () => {
    const platform = fakePlatform(10);
    await runLoop(new FakeNetwork(), { platform, epochs: 4 });
    assert.ok(platform.yields() >= 12);
  });

  it("augments each batch by its images and the epoch", async () => {
    const network = new FakeNetwork();
    const augmentation = { flip: false, shift: 1, rotate: 0, zoom: 0, erase: 0 };
    await runLoop(network, { augmentation, epochs: 1 });
    for (const step of network.steps) assert.equal(step.augmentation?.affine.length, 6 * 4);
    const plain = new FakeNetwork();
    await runLoop(plain, { epochs: 1 });
    assert.equal(plain.steps[0].augmentation, undefined);
  });

  it("counts a schedule's steps in batches of its own, whatever came before", async () => {
    const seen: number[] = [];
    const counting = {
      learningRate: ({ step }) => {
        seen.push(step);
        return 1;
      },
    } as Schedule;
    const position = { epochsDone: 2, stepsDone: 50, optimizerSteps: 20 };
    const network = new FakeNetwork();
    await runLoop(network, { epochs: 3, position, schedule: counting });
    assert.deepEqual(seen, [6, 7, 8]);
    assert.deepEqual(
      network.steps.map(({ step, optimizerStep }) => [step, optimizerStep]),
      [
        [50, 20],
        [51, 21],
        [52, 22],
      ],
    );
  });

  it("does each step, and validation with what is kept of the epoch, in a turn of its own", async () => {
    const work: string[] = [];
    const network = new FakeNetwork();
    const turn: TrainLoopOptions["turn"] = async (run) => {
      const steps = network.steps.length;
      const result = await run();
      work.push(network.steps.length > steps ? "step" : "judge");
      return result;
    };
    const keep: TrainLoopOptions["keep"] = async ({ record, best }) => {
      work.push(`keep ${record.epoch} ${best}`);
      return true;
    };
    await runLoop(network, { epochs: 1, turn, keep });
    assert.deepEqual(work, ["step", "step", "step", "judge", "keep 1 true", "judge"]);
  });

  it("ends as aborted where its turn was taken away, as diverged where what it would keep isn't finite", async () => {
    let turns = 0;
    const turn: TrainLoopOptions["turn"] = async (run) => (turns++ < 2 ? run() : undefined);
    const ended = lastOf(await runLoop(new FakeNetwork(), { turn }));
    assert.deepEqual([ended.reason, ended.stepsDone], ["aborted", 2]);
    const spoilt = lastOf(await runLoop(new FakeNetwork(), { keep: async () => false }));
    assert.deepEqual([spoilt.reason, spoilt.epochsDone], ["diverged", 0]);
  });

  for (const rate of [Number.NaN, -0.1, Number.POSITIVE_INFINITY, 1e39, "0.1", undefined]) {
    it(`refuses a schedule that gives ${rate}`, async () => {
      const broken = {
        learningRate: ({ step }: { step: number }) => (step < 4 ? 0.1 : rate),
      } as unknown as Schedule;
      const network = new FakeNetwork();
      await assert.rejects(runLoop(network, { schedule: broken }), {
        name: "UsageError",
        message: /^The schedule's learning rate is .* at step 4 of 6; it must be a number of 0 or more/,
      });
      assert.equal(network.steps.length, 4);
    });
  }
});
