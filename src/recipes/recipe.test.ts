import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { graphConfig } from "../core/graph/index.js";
import { type ModelDefinition, modelDefinitions } from "../core/models/index.js";
import { resolveRunSettings } from "../run/run-settings.js";
import { recipeNames, recipes, teacherSettings, withGiven } from "./index.js";

describe("the library's recipes", () => {
  for (const name of recipeNames) {
    it(`${name} can be trained`, async () => {
      const { teacher, settings, pictures: dataOptions, ...about } = recipes[name];
      assert.equal(about.name, name);
      for (const each of teacher ? [settings, teacherSettings(teacher, settings)] : [settings])
        await resolveRunSettings({ model: "proposed", data: "photos", dataOptions, ...each });
    });
  }

  it("leave what the paper fixes as it has it, where they say so", () => {
    const { model, epochs, batchSize, validationShare } = recipes["paper-budget"].settings;
    assert.deepEqual([epochs, batchSize, validationShare], [50, 128, undefined]);
    const layersOf = (of: ModelDefinition): readonly unknown[] =>
      graphConfig(of.graph([28, 28, 1], 10)).map((layer) => ({ ...layer, rate: undefined }));
    assert.deepEqual(layersOf(model as ModelDefinition), layersOf(modelDefinitions.proposed));
  });
});

describe("what is given beside a recipe", () => {
  const recipe = {
    model: "lenet",
    batchSizeAtMost: 64,
    optimizer: { name: "adamw", weightDecay: 0.05 },
    dataOptions: { size: 64, channels: 3 },
  } as const;

  it("takes the place of what it belongs to, and leaves the rest", () => {
    assert.deepEqual(withGiven(recipe, {}), recipe);
    assert.deepEqual(withGiven(recipe, { optimizer: "sgd", dataOptions: { size: 32 } }), {
      ...recipe,
      optimizer: "sgd",
      dataOptions: { size: 32, channels: 3 },
    });
    assert.deepEqual(withGiven({ batchSizeAtMost: 64 }, { batchSize: 8 }), { batchSize: 8 });
    assert.deepEqual(withGiven({ learningRate: 0.1 }, { schedule: "step" }), { schedule: "step" });
  });

  it("counts for a teacher as far as it is of images, seeds and arithmetic", () => {
    const student = { model: "lenet", data: "photos", validationShare: 0, seed: 3, epochs: 50 } as const;
    const settings = { model: "resNet20", epochs: 4, splitSeed: 2 } as const;
    assert.deepEqual(teacherSettings({ settings }, { ...student, splitSeed: 7 }), {
      data: "photos",
      validationShare: 0,
      seed: 3,
      splitSeed: 2,
      model: "resNet20",
      epochs: 4,
    });
  });
});
