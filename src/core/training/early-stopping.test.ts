import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { decodeCheckpoint, encodeCheckpoint } from "../formats/checkpoint-file.js";
import { monitoredFigures } from "../schedules/improvement.js";
import { earlyStoppingOptions, stopsEarly } from "./early-stopping.js";
import type { FitEventsOptions } from "./fit.js";
import { tinyData, tinyFit, tinyModels } from "./testing/tiny-model.js";

const tinyModel = tinyModels(nodePlatform);
const course = (...losses: number[]) =>
  losses.map((loss) => ({ validationLoss: loss, validationAccuracy: 1 - loss }));

/** After how many of these epochs training stops; 0 where it doesn't. */
function stopOf(losses: readonly number[], options: Partial<Parameters<typeof stopsEarly>[0]>): number {
  const all = { patience: 2, minDelta: 0, monitor: "validationLoss", ...options } as const;
  const counts = losses.map((_, index) => index + 1);
  return counts.find((count) => stopsEarly(all, course(...losses.slice(0, count)))) ?? 0;
}

describe("an early stop", () => {
  it("comes after so many epochs in a row without an improvement", () => {
    for (const monitor of monitoredFigures) {
      assert.equal(stopOf([0.75, 0.5, 0.625, 0.5, 0.25], { monitor }), 4, "the same again is no improvement");
      assert.equal(stopOf([0.75, 0.5, 0.625, 0.25, 0.5], { monitor }), 0);
      assert.equal(stopOf([0.75, 0.75], { monitor, patience: 1 }), 2);
      assert.equal(
        stopOf([0.75, 0.625, 0.5, 0.375], { monitor, minDelta: 0.2 }),
        0,
        "in two epochs it is better by more",
      );
      assert.equal(stopOf([0.75, 0.625, 0.5, 0.375], { monitor, minDelta: 0.375, patience: 3 }), 4);
    }
    assert.equal(stopOf([], { patience: 1 }), 0);
    assert.deepEqual(Object.keys(earlyStoppingOptions), ["patience", "minDelta", "monitor"]);
  });

  const learning = { optimizer: "adam", learningRate: 0.03 } as const;
  const options = { ...tinyFit, epochs: 60, earlyStopping: { patience: 3 } } satisfies FitEventsOptions;

  it("ends a fit, which says so, and leaves the best epoch's weights where they are wanted", async () => {
    const model = tinyModel(learning);
    const { epochs, end } = await model.fit(tinyData, { ...options, restoreBestWeights: true });
    assert.equal(end.reason, "stopped early");
    assert.equal(end.epochsDone, epochs.length);
    assert.ok(epochs.length < 60);
    const least = Math.min(...epochs.map(({ validationLoss }) => validationLoss));
    assert.equal(epochs[end.bestEpoch - 1].validationLoss, least, "of the figure that it watches");
    assert.equal(end.bestEpoch, epochs.length - 3);
    const short = tinyModel(learning);
    await short.fit(tinyData, { ...tinyFit, epochs: end.bestEpoch });
    assert.deepEqual(await model.getWeights(), await short.getWeights());
    const next = await model.fit(tinyData, { ...options, epochs: 1 });
    assert.equal(next.end.reason, "finished", "each fit has patience of its own");
    await model.dispose();
    await short.dispose();
  });

  it("comes where it would have after a training goes on from any epoch, on any number of threads", async () => {
    const files: Uint8Array[] = [];
    const first = tinyModel({ ...learning, threads: 1 });
    for await (const event of first.fitEvents(tinyData, options)) {
      if (event.event === "epoch") files.push(encodeCheckpoint(await first.checkpoint()));
      if (event.event === "end") assert.equal(event.reason, "stopped early");
    }
    const whole = await first.toBytes();
    await first.dispose();
    for (const [done, file] of files.entries()) {
      const model = tinyModel({ ...learning, threads: 1 + (done % 3) });
      const resume = decodeCheckpoint(file, "file");
      const { end } = await model.fit(tinyData, { ...options, resume });
      assert.deepEqual(
        [end.reason, end.epochsDone],
        ["stopped early", files.length],
        `after epoch ${done + 1}`,
      );
      assert.deepEqual(await model.toBytes(), whole);
      await model.dispose();
    }
    const { validation, ...position } = decodeCheckpoint(files[1], "file").position;
    assert.equal(validation?.length, 2);
    const torn = { ...decodeCheckpoint(files[1], "file"), position };
    await assert.rejects(
      async () => tinyModel(learning).fit(tinyData, { ...options, resume: torn }),
      /doesn't say what each of its epochs came to on the images that validate/,
    );
  });

  it("leaves no trace where nobody asks for it", async () => {
    const model = tinyModel(learning);
    assert.ok(!("earlyStopping" in model.fitSettings(tinyData, tinyFit)));
    for await (const event of model.fitEvents(tinyData, tinyFit)) {
      if (event.event === "epoch") assert.ok(!("validation" in (await model.checkpoint()).position));
    }
    await model.dispose();
  });

  it("needs images that validate, and settings that make sense", async () => {
    const refused = (given: FitEventsOptions, words: RegExp) =>
      assert.rejects(async () => tinyModel().fit(tinyData, { ...tinyFit, ...given }), words);
    await refused(
      { earlyStopping: { patience: 1 }, validationShare: 0 },
      /fit: earlyStopping watches the images that validate, but none do\. Hold some back with a larger validationShare, or leave it out\./,
    );
    await refused(
      { earlyStopping: {} as never },
      /fit: earlyStopping\.patience must be a whole number of 1 or more/,
    );
    await refused(
      { earlyStopping: { patience: 1, minDelta: -1 } },
      /earlyStopping\.minDelta must be a number of 0 or more, but is -1/,
    );
    await refused(
      { earlyStopping: { patience: 1, monitor: "validation_loss" as never } },
      /earlyStopping\.monitor must be one of .*Did you mean "validationLoss"\?/,
    );
    await refused({ patience: 3 } as never, /Give earlyStopping: \{ patience: 5 \}/);
  });
});
