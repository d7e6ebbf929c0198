import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { configurationsOf } from "./configurations.js";
import { sweepSpec } from "./spec.js";
import { isRange, type SweepSpec } from "./sweep-spec.js";

const base = { model: "lenet", epochs: 4, optimizer: "adamw", schedule: "cosine" };
const everything = Number.POSITIVE_INFINITY;

describe("the configurations of a grid", () => {
  it("are all there are, the first dimension slowest", async () => {
    const spec = await sweepSpec({
      kind: "grid",
      base,
      vary: {
        "schedule.learningRate": { from: 0.001, to: 0.1, scale: "log", steps: 3 },
        labelSmoothing: [0, 0.1],
      },
    });
    const all = configurationsOf(spec, everything);
    assert.deepEqual(
      all.map(({ name, varied }) => [name, ...Object.values(varied)]),
      [
        ["001", 0.001, 0],
        ["002", 0.001, 0.1],
        ["003", 0.01, 0],
        ["004", 0.01, 0.1],
        ["005", 0.1, 0],
        ["006", 0.1, 0.1],
      ],
    );
    assert.deepEqual(all[3].settings, {
      ...base,
      schedule: { name: "cosine", learningRate: 0.01 },
      labelSmoothing: 0.1,
    });
    assert.deepEqual(configurationsOf(spec, 2), all.slice(0, 2));
  });

  it("go hand in hand where a dimension has several settings", async () => {
    const name = "optimizer, schedule.learningRate";
    const vary = {
      [name]: [
        ["muon", 0.02],
        ["adamw", 0.002],
      ],
    };
    const spec = await sweepSpec({ kind: "grid", base, vary });
    assert.deepEqual(
      configurationsOf(spec, everything).map(({ settings }) => [settings.optimizer, settings.schedule]),
      [
        ["muon", { name: "cosine", learningRate: 0.02 }],
        ["adamw", { name: "cosine", learningRate: 0.002 }],
      ],
    );
    await assert.rejects(
      sweepSpec({ kind: "grid", base, vary: { [name]: [["muon"]] } }),
      /\[0\] must be a list of 2 values, one for each of optimizer and schedule\.learningRate, but is \["muon"\]\.$/,
    );
  });

  it("change parts of what the base writes short", async () => {
    const short = { ...base, augmentation: "flip" };
    const spec = await sweepSpec({ kind: "grid", base: short, vary: { "augmentation.shift": [1] } });
    const [{ settings }] = configurationsOf(spec, everything);
    assert.deepEqual(settings.augmentation, { flip: true, shift: 1, rotate: 0, zoom: 0, erase: 0 });
  });
});

describe("the configurations that are drawn", () => {
  const drawn = (more: object): Promise<SweepSpec> =>
    sweepSpec({
      kind: "random",
      base,
      vary: {
        "schedule.learningRate": { from: 0.0005, to: 0.05, scale: "log" },
        labelSmoothing: { from: 0, to: 0.2 },
        batchSize: { from: 16, to: 64, whole: true },
        optimizer: ["adam", "muon"],
      },
      budget: { trials: 12 },
      ...more,
    });

  it("are a function of the seed, and a longer budget draws on behind them", async () => {
    const twelve = configurationsOf(await drawn({}), 12);
    assert.deepEqual(configurationsOf(await drawn({}), 12), twelve);
    assert.deepEqual(configurationsOf(await drawn({ budget: { trials: 30 } }), 30).slice(0, 12), twelve);
    assert.notDeepEqual(configurationsOf(await drawn({ seed: 2 }), 12), twelve);
  });

  it("lie within their ranges", async () => {
    const spec = await drawn({});
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), async (seed) => {
        for (const { varied } of configurationsOf({ ...spec, seed }, 20)) {
          for (const { name, domain } of spec.vary) {
            const value = varied[name] as number;
            if (!isRange(domain)) continue;
            assert.ok(value >= domain.from && value <= domain.to, `${name} ${value}`);
            if (domain.whole) assert.ok(Number.isInteger(value));
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("take the ends of whole numbers as often as others, and each decade of a log scale", async () => {
    const spec = await sweepSpec({
      kind: "random",
      base: { ...base, batchSize: 1 },
      vary: { batchSize: { from: 1, to: 3, whole: true }, clipNorm: { from: 0.01, to: 100, scale: "log" } },
      budget: { trials: 2000 },
    });
    const all = configurationsOf(spec, 2000);
    const share = (holds: (varied: Record<string, number>) => boolean): number =>
      all.filter(({ varied }) => holds(varied as Record<string, number>)).length / all.length;
    for (const size of [1, 2, 3])
      assert.ok(Math.abs(share(({ batchSize }) => batchSize === size) - 1 / 3) < 0.05);
    assert.ok(Math.abs(share(({ clipNorm }) => clipNorm < 0.1) - 1 / 4) < 0.05);
  });

  it("have as many digits as a narrow range wants", async () => {
    const spec = await sweepSpec({
      kind: "random",
      base,
      vary: { "weightAverage.decay": { from: 0.9999, to: 0.99999 }, labelSmoothing: { from: 0, to: 0.3 } },
      budget: { trials: 20 },
    });
    const all = configurationsOf(spec, 20).map(({ varied }) => varied);
    assert.ok(new Set(all.map((each) => each["weightAverage.decay"])).size > 15, JSON.stringify(all));
    assert.ok(
      all.every(({ labelSmoothing }) => Number(Number(labelSmoothing).toPrecision(4)) === labelSmoothing),
    );
  });

  it("differ, and end where there are no others", async () => {
    const vary = { batchSize: [16, 32], labelSmoothing: { from: 0, to: 0.2, steps: 3 } };
    const spec = await sweepSpec({ kind: "random", base, vary, budget: { trials: 50 } });
    const all = configurationsOf(spec, 50);
    assert.equal(all.length, 6);
    assert.equal(new Set(all.map(({ varied }) => JSON.stringify(varied))).size, 6);
  });
});
