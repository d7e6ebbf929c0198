import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { decodeCheckpoint, encodeCheckpoint } from "../formats/checkpoint-file.js";
import { reduceOnPlateau, type Schedule } from "../schedules/index.js";
import { tinyData, tinyFit, tinyModels } from "./testing/tiny-model.js";

const tinyModel = tinyModels(nodePlatform);

/** As steep as the model is wrong. */
const ofOwn: Schedule = {
  config: { name: "own" } as never,
  followsValidation: true,
  learningRate: ({ validation = [] }) => 0.01 * (validation.at(-1)?.validationLoss ?? 1),
};

const schedules: Readonly<Record<string, Schedule>> = {
  "that falls on plateaus": reduceOnPlateau({ learningRate: 0.03, patience: 1, minDelta: 0.2, factor: 0.5 }),
  "of one's own": ofOwn,
};

describe("a schedule that follows the validation", () => {
  for (const [name, schedule] of Object.entries(schedules)) {
    it(`goes on from any epoch as it would have: one ${name}`, async () => {
      const options = { ...tinyFit, epochs: 6 };
      const compile = { learningRate: undefined, schedule };
      const files: Uint8Array[] = [];
      const rates: number[] = [];
      const first = tinyModel(compile);
      for await (const event of first.fitEvents(tinyData, options)) {
        if (event.event !== "epoch") continue;
        rates.push(event.learningRate);
        files.push(encodeCheckpoint(await first.checkpoint()));
      }
      assert.ok(new Set(rates).size > 2, `${rates}`);
      const whole = await first.toBytes();
      await first.dispose();
      for (const [done, file] of files.entries()) {
        const model = tinyModel({ ...compile, threads: 1 + (done % 3) });
        const resume = decodeCheckpoint(file, "file");
        const { epochs } = await model.fit(tinyData, { ...options, resume });
        assert.deepEqual(
          epochs.map(({ learningRate }) => learningRate),
          rates.slice(done + 1),
        );
        assert.deepEqual(await model.toBytes(), whole, `after epoch ${done + 1}`);
        await model.dispose();
      }
    });

    it(`begins anew with each fit, and is refused where nothing validates: one ${name}`, async () => {
      const model = tinyModel({ learningRate: undefined, schedule });
      const first = await model.fit(tinyData, { ...tinyFit, epochs: 4 });
      const second = await model.fit(tinyData, { ...tinyFit, epochs: 1 });
      assert.equal(second.epochs[0].learningRate, first.epochs[0].learningRate);
      await assert.rejects(
        model.fit(tinyData, { ...tinyFit, validationShare: 0 }),
        /fit: the schedule [\w-]+ watches the images that validate, but none do/,
      );
      await model.dispose();
    });
  }
});
