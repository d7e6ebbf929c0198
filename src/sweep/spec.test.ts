import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HeddleError, UsageError } from "../core/errors.js";
import { parseSettings } from "../node/settings-file.js";
import { recipes } from "../recipes/index.js";
import { specOfFile, sweepSpec } from "./spec.js";

const base = { model: "lenet", epochs: 4 };
const grid = { kind: "grid", base, vary: { labelSmoothing: [0, 0.1] } };

const fails = (spec: unknown, message: RegExp): Promise<void> =>
  assert.rejects(sweepSpec(spec), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, message);
    return true;
  });

describe("a sweep's specification", () => {
  it("has defaults", async () => {
    const spec = await sweepSpec(grid);
    assert.deepEqual(
      [spec.kind, spec.seeds, spec.seed, spec.optimize, spec.parallel, spec.budget],
      ["grid", [1], 1, "validationAccuracy", undefined, {}],
    );
    assert.deepEqual((await sweepSpec({ ...grid, base: { ...base, seed: 7 } })).seeds, [7]);
  });

  it("says the line of what is wrong in a file", async () => {
    const text = "kind: grid\nbase:\n  model: lenet\n  epochs: 4\nvary:\n  lerningRate: [0.1]\n";
    const file = await parseSettings(text, "sweep.yaml");
    await assert.rejects(specOfFile(file), (error) => {
      assert.ok(error instanceof HeddleError && !(error instanceof UsageError));
      assert.match(
        error.message,
        /^sweep\.yaml, line 6: vary\.lerningRate is no setting of a run\. Did you mean learningRate\? They are model, /,
      );
      return true;
    });
    await assert.rejects(
      specOfFile(await parseSettings("", "sweep.yaml")),
      /^HeddleError: sweep\.yaml: it must be a sweep: its kind, base and what to vary, but is null\.$/,
    );
  });

  it("takes what it knows and nothing else", async () => {
    await fails(
      { ...grid, kind: "gird" },
      /^sweep: kind must be grid, random, halving or list, but is "gird"\. Did you mean grid\?$/,
    );
    await fails(
      { ...grid, optimise: "x" },
      /^sweep: optimise is nothing that is known there\. Did you mean optimize\? Expected: kind, /,
    );
    await fails(
      { ...grid, budget: { epoch: 3 } },
      /budget\.epoch is nothing that is known there\. Did you mean epochs\?/,
    );
    await fails({ ...grid, budget: { minutes: 0 } }, /budget\.minutes must be a number above 0, but is 0\.$/);
    await fails(
      { ...grid, budget: { trials: 10_001 } },
      /budget\.trials must be a whole number from 1 to 10000, but is 10001\.$/,
    );
    await fails({ ...grid, parallel: 1.5 }, /parallel must be a whole number from 1 to 256, but is 1\.5\.$/);
    await fails({ ...grid, parallel: 2000 }, /parallel must be a whole number from 1 to 256, but is 2000\.$/);
    await fails(
      { ...grid, vary: { epochs: 3 } },
      /vary\.epochs must be a list of values, or a range such as .*, but is 3\.$/,
    );
    await fails(
      { ...grid, vary: { epochs: [] } },
      /vary\.epochs must be a list with a value at least, but is \[\]\.$/,
    );
    await fails(
      { ...grid, vary: { epochs: { from: 1, too: 3 } } },
      /vary\.epochs\.to must be a number, but is nothing|vary\.epochs\.too is nothing/,
    );
    await fails(
      { ...grid, seeds: [1, 1] },
      /seeds\[1\] is there twice, and a seed gives the same trial again\.$/,
    );
    await fails(
      { ...grid, seeds: [1], base: { ...base, seed: 1 } },
      /base\.seed says a seed, and so do the seeds/,
    );
  });

  it("asks for what its kind needs, and refuses what others do", async () => {
    await fails({ kind: "grid", base }, /^sweep: the spec varies nothing\. Say what: vary:/);
    await fails({ ...grid, kind: "list" }, /has no trials, and is a list of them\./);
    await fails(
      { kind: "list", base, trials: [{ name: "a" }], vary: {} },
      /vary is of another kind of sweep/,
    );
    await fails(
      { ...grid, trials: [{ name: "a" }] },
      /trials is of a list: give kind: list, or leave it out\.$/,
    );
    await fails({ ...grid, halving: {} }, /halving is of another kind than grid: leave it out\.$/);
    await fails({ ...grid, kind: "random" }, /draws without end\. Say how many: budget: \{ trials: 20 \}/);
    const rate = { learningRate: { from: 0.1, to: 1 } };
    await fails(
      { ...grid, vary: rate },
      /vary\.learningRate is a range, of which a grid takes evenly spaced values: say how many with steps\.$/,
    );
    await fails(
      { ...grid, kind: "halving", vary: rate },
      /with steps, or budget: \{ trials: 20 \} to draw from it\.$/,
    );
    await fails(
      { ...grid, kind: "halving", vary: { epochs: [1, 2] } },
      /vary\.epochs is what halving shares out/,
    );
  });

  it("has rounds to halve in", async () => {
    await fails(
      { ...grid, kind: "halving", halving: { from: 4 } },
      /halving\.from must be below the 4 epochs of the base, but is 4: there would be one round\.$/,
    );
  });

  it("compares its trials on the same images, by what is told of each epoch", async () => {
    const varied = (settings: object): object => ({ ...grid, vary: settings });
    for (const settings of [{ splitSeed: [1, 2] }, { validationShare: [0.1, 0.2] }, { limit: [20, 40] }])
      await fails(varied(settings), /vary\.\w+ decides which images trials are compared on/);
    for (const settings of [{ views: [null, "flip"] }, { temperature: [1, 2] }, { "views.shift": [0, 1] }])
      await fails(varied(settings), /vary\.[\w.]+ changes none of the figures that trials are compared by/);
    await fails(
      { kind: "list", base, trials: [{ name: "a", settings: { views: "flip" } }] },
      /trials\[0\]\.settings\.views changes none of the figures/,
    );
    const { base: kept } = await sweepSpec({ ...grid, base: { ...base, views: "flip", splitSeed: 2 } });
    assert.deepEqual([kept.views, kept.splitSeed], ["flip", 2]);
  });

  it("has ranges that make sense", async () => {
    const ranged = (range: object): object => ({
      ...grid,
      kind: "random",
      vary: { learningRate: range },
      budget: { trials: 2 },
    });
    await fails(ranged({ from: 1, to: 1 }), /learningRate\.to must be above from, 1, but is 1\.$/);
    await fails(
      ranged({ from: 0, to: 1, scale: "log" }),
      /learningRate\.from must be above 0 where the scale is log, but is 0\.$/,
    );
    await fails(
      ranged({ from: 0.5, to: 3, whole: true }),
      /asks for whole numbers, but the range is from 0\.5 to 3\.$/,
    );
    await fails(
      ranged({ from: 1, to: 3, whole: true, steps: 4 }),
      /steps must be at most 3, the whole numbers from 1 to 3, but is 4\.$/,
    );
    await fails(
      ranged({ from: 1, to: 8, scale: "log", whole: true, steps: 8 }),
      /steps makes 1 of more than one of 8 steps, which gives the same trials again: take fewer\.$/,
    );
  });

  it("varies a setting once", async () => {
    const vary = { "optimizer.weightDecay": [0.1], optimizer: ["adamw"] };
    await fails(
      { ...grid, vary },
      /vary\.optimizer replaces optimizer\.weightDecay, which stands before it\. Put it before\.$/,
    );
    await fails(
      { ...grid, vary: { seed: [1, 2] } },
      /vary\.seed is varied by seeds: \[1, 2, 3\], beside the base\.$/,
    );
    const settings = { "schedule.learningRate": 0.05, schedule: "cosine" };
    await fails(
      { kind: "list", base, trials: [{ name: "a", settings }] },
      /trials\[0\]\.settings\.schedule replaces schedule\.learningRate, which stands before it\. Put it before\.$/,
    );
    await fails(
      { kind: "list", base, trials: [{ name: "a", settings: { "dataOptions.size": 128 } }] },
      /settings\.dataOptions\.size is no trial's own: it stands in base, for all of them\.$/,
    );
    await fails({ ...grid, vary: { data: ["a", "b"] } }, /all trials of a sweep take the same images\.$/);
    await fails({ ...grid, vary: { labelSmoothing: [0, 0] } }, /labelSmoothing\[1\] is there twice/);
  });

  it("names values that no trial can take", async () => {
    await fails(
      { ...grid, vary: { optimizer: ["adam", "adamx"] } },
      /^sweep: vary\.optimizer\[1\] can't be trained: optimizer: name must be one of .*"adamx"\. Did you mean "adam"\?$/,
    );
    await fails({ ...grid, base: { epochs: 3 } }, /^sweep: base can't be trained: model must be /);
    await fails(
      { ...grid, base: { model: "lenet" } },
      /base can't be trained: it has no epochs\. Say in base/,
    );
    await fails(
      { ...grid, base: { ...base, clipNorm: -1 } },
      /^sweep: base\.clipNorm can't be trained: clipNorm must be .* but is -1\.$/,
    );
    await fails(
      { ...grid, base: { ...base, schedule: "cosine", learningRate: 0.1 } },
      /^sweep: base can't be trained: got both a learningRate and a schedule/,
    );
    await fails(
      { ...grid, base: { ...base, modle: 1 } },
      /base\.modle is no setting of a run\. Did you mean model\?/,
    );
    await fails(
      { kind: "list", base, trials: [{ name: "a" }, { name: "b", settings: { epochs: 0 } }] },
      /^sweep: trials\[1\]\.settings\.epochs can't be trained: epochs must be a whole number of 1 or more, but is 0\.$/,
    );
    await fails(
      { kind: "list", base, trials: [{ name: "../a" }] },
      /trials\[0\]\.name must be a name of letters, .*, but is "\.\.\/a"\.$/,
    );
    await fails(
      { kind: "list", base, trials: [{ name: "a" }, { name: "A" }] },
      /trials\[1\]\.name is there twice/,
    );
  });

  it("blames what is wrong, and not what stands beside it", async () => {
    await fails(
      { ...grid, vary: { optimizer: ["adamx"], labelSmoothing: [0.1] } },
      /^sweep: vary\.optimizer\[0\] can't be trained: optimizer: name must be one of/,
    );
    await fails(
      { ...grid, vary: { labelSmoothing: [0, 0.1], optimizer: ["adamx"] } },
      /^sweep: vary\.optimizer\[0\] can't be trained: /,
    );
    await fails(
      { kind: "list", base, trials: [{ name: "a", settings: { labelSmoothing: 0.1, epochs: 0 } }] },
      /^sweep: trials\[0\]\.settings\.epochs can't be trained: epochs must be/,
    );
    await fails(
      { ...grid, vary: { labelSmoothing: [0.1], "epochs.most": [1] } },
      /^sweep: vary\.epochs\.most can't be trained: epochs\.most is no setting/,
    );
    await fails(
      { kind: "list", base, trials: [{ name: "a" }, { name: "b", settings: { "epochs.most": 1 } }] },
      /^sweep: trials\[1\]\.settings\.epochs\.most can't be trained: epochs\.most is no setting/,
    );
  });

  it("chooses by images that validate", async () => {
    const all = { ...base, validationShare: 0 };
    await fails(
      { ...grid, base: all },
      /base\.validationShare can't be trained: with a validationShare of 0 no image validates/,
    );
    await fails({ ...grid, base: { ...base, teacher: {} } }, /base\.teacher is no setting of a run\./);
  });

  it("may begin with a recipe", async () => {
    const { base: photos, data } = await sweepSpec({
      ...grid,
      base: { recipe: "photos", epochs: 3, data: "some" },
    });
    const { settings } = recipes.photos;
    assert.deepEqual(photos, { ...settings, epochs: 3 });
    assert.deepEqual(data, { name: "some", pictures: recipes.photos.pictures });
    const { base: swift } = await sweepSpec({ ...grid, base: { recipe: "swift" } });
    assert.ok(!("validationShare" in swift) && swift.model === recipes.swift.settings.model);
    const { base: own } = await sweepSpec({ ...grid, base: { recipe: "paper-budget" } });
    assert.match(
      JSON.stringify(own.model),
      /^\{"name":"proposed-light-dropout","layers":\[\{"type":"conv2d"/,
    );
    await fails(
      { ...grid, base: { recipe: "swif" } },
      /base\.recipe must be one of .*, but is "swif"\. Did you mean swift\?$/,
    );
  });

  it("is answered in words, whatever it is", async () => {
    const names = [
      "kind",
      "base",
      "vary",
      "trials",
      "seeds",
      "seed",
      "optimize",
      "budget",
      "halving",
      "recipe",
    ];
    const values = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(...Object.values(grid), { from: 1, to: 2 }, [1]),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), values), async (changes) => {
        await sweepSpec({ ...grid, ...changes }).catch((error) => {
          assert.ok(error instanceof UsageError, String(error));
        });
      }),
      { numRuns: 200 },
    );
  });

  it("leaves to its trials what only some of them can't take", async () => {
    const vary = { optimizer: ["adam", "adamw"], "optimizer.weightDecay": [0.01, 0.05] };
    await fails({ ...grid, vary }, /vary\.optimizer\[0\] can't be trained: .*weightDecay/);
    const some = { optimizer: ["adam", "adamw"], "optimizer.beta1": [0.8, 0.9], "optimizer.epsilon": [1e-8] };
    await sweepSpec({ ...grid, vary: some });
    const clipped = {
      ...grid,
      vary: { "schedule.learningRate": [0.1, 0.5], "schedule.maxLearningRate": [0.2, 0.9] },
    };
    assert.equal((await sweepSpec({ ...clipped, base: { ...base, schedule: "cosine" } })).vary.length, 2);
  });

  it("has a budget for a configuration at least", async () => {
    await fails(
      { ...grid, budget: { epochs: 3 } },
      /budget\.epochs is too little for one configuration with 1 seed: give more\.$/,
    );
    await sweepSpec({ ...grid, budget: { epochs: 4 } });
  });
});
