import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recipeNames, recipes } from "#heddle/recipes/index.js";
import { resolveRunSettings } from "#heddle/run/run-settings.js";
import { variantsOf } from "./ablations.js";
import { settingsOf } from "./settings-of.js";

describe("the variants of a recipe", () => {
  for (const name of recipeNames) {
    it(`of ${name} can be trained, and are all others`, async () => {
      const variants = variantsOf(recipes[name]);
      for (const { recipe } of variants)
        await resolveRunSettings({ model: "proposed", data: "images", ...recipe.settings });
      const texts = variants.map(({ recipe }) => JSON.stringify(settingsOf(recipe)));
      assert.equal(new Set(texts).size, texts.length);
      assert.equal(new Set(variants.map(({ change }) => change)).size, texts.length);
      assert.equal(variants[0].recipe, recipes[name]);
    });
  }

  it("take each ingredient out by itself", () => {
    const recipe = {
      name: "all",
      meaning: "everything",
      settings: {
        model: "lenet",
        optimizer: "muon",
        schedule: { name: "cosine", learningRate: 0.02, warmup: 1 },
        labelSmoothing: 0.1,
        augmentation: "flip=alternate,shift=1",
        weightAverage: { decay: 0.9 },
        views: "flip,shift=1",
      },
      teacher: { settings: { model: "resNet20" } },
    } as const;
    assert.deepEqual(
      variantsOf(recipe).map(({ change }) => change),
      [
        "",
        "no teacher",
        "AdamW at 0.002 for Muon",
        "a constant rate for cosine",
        "no warmup",
        "no label smoothing",
        "no flip",
        "no shift",
        "flips at random, not in turn",
        "no average of the weights",
        "predictions of images as they are",
        "predictions over mirror images alone",
      ],
    );
  });

  it("has the paper's rates of dropout in the place of lighter ones", () => {
    const changes = variantsOf(recipes["paper-budget"]).map(({ change }) => change);
    assert.ok(changes.includes("the paper's rates of dropout"), changes.join("; "));
    assert.ok(!variantsOf(recipes.swift).some(({ change }) => change.includes("dropout")));
  });
});
