import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HeddleError } from "../core/errors.js";
import { graphConfig } from "../core/graph/index.js";
import { modelDefinitions } from "../core/models/index.js";
import { readRecipe } from "./read-recipe.js";

const place = (path: readonly PropertyKey[]): string => `recipe.yaml:${path.join(".")}`;

describe("a recipe's file", () => {
  it("has settings as a run takes them, and a teacher with settings of its own", async () => {
    const settings = { model: "lenet", epochs: 3, augmentation: "flip", views: { flip: true } };
    const teacher = {
      settings: { model: "resNet20", epochs: 2 },
      weight: 0.7,
      temperature: 2,
      views: "flip",
    };
    assert.deepEqual(await readRecipe({ meaning: "a trial", settings, teacher }, place), {
      name: "recipe.yaml:",
      meaning: "a trial",
      settings,
      teacher,
    });
  });

  it("says what it is made for, and what becomes of pictures", async () => {
    const recipe = { name: "mine", meaning: "", images: "cifar-10", pictures: { size: 32 }, settings: {} };
    assert.deepEqual(await readRecipe(recipe, place), recipe);
  });

  it("may describe a model layer by layer, as a run's configuration does", async () => {
    const layers = graphConfig(modelDefinitions.lenet.graph([28, 28, 1], 10));
    const model = { name: "mine", layers: JSON.parse(JSON.stringify(layers)), inputShape: [28, 28, 1] };
    const read = await readRecipe({ settings: { model } }, place);
    assert.deepEqual(read.settings.model, model);
  });

  const wrong: readonly [string, unknown, RegExp][] = [
    ["nothing", null, /^recipe\.yaml:: expected a recipe, such as settings: .* but got null/],
    ["no settings", {}, /:settings: expected settings by name, .* but got nothing/],
    [
      "settings outside",
      { setings: {} },
      /:setings: "setings" is nothing that is known there\. Did you mean settings\?/,
    ],
    [
      "an unknown setting",
      { settings: { epoch: 3 } },
      /:settings\.epoch: "epoch" is no setting of a run\. Did you mean epochs\? They are model, data, /,
    ],
    [
      "a value out of range",
      { settings: { labelSmoothing: 2 } },
      /:settings\.labelSmoothing: labelSmoothing must be .* but is 2/,
    ],
    [
      "what doesn't go together",
      { settings: { schedule: "cosine", learningRate: 0.1 } },
      /:settings: got both a learningRate and a schedule/,
    ],
    [
      "images of no kind",
      { settings: {}, images: "mnist" },
      /:images: images must be fashion-mnist, cifar-10 or pictures, but is "mnist"/,
    ],
    [
      "pictures without options",
      { settings: {}, pictures: 32 },
      /:pictures: pictures must be options of data by name, such as \{ size: 32 \}, but is 32/,
    ],
    ["a teacher among settings", { settings: { teacher: {} } }, /a teacher stands beside the settings/],
    [
      "a teacher's weight",
      { settings: {}, teacher: { settings: {}, weight: 3 } },
      /:teacher: teacher\.weight must be a number from 0 to 1, but is 3/,
    ],
    [
      "a teacher's typo",
      { settings: {}, teacher: { wieght: 1 } },
      /:teacher\.wieght: .*Did you mean weight\?/,
    ],
    [
      "layers of no model",
      { settings: { model: { name: "mine", layers: [], inputShape: [28, 28, 1] } } },
      /:settings\.model: .*A model needs a list of at least one layer/,
    ],
    ["a name that is none", { name: 7, settings: {} }, /:name: name must be text, but is 7/],
  ];
  for (const [what, value, words] of wrong) {
    it(`is refused with ${what}`, async () => {
      await assert.rejects(readRecipe(value, place), (error) => {
        assert.ok(error instanceof HeddleError, String(error));
        assert.match(error.message, words);
        return true;
      });
    });
  }

  it("is read or refused in words, whatever is in it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (settings, teacher) => {
        for (const value of [settings, { settings }, { settings: {}, teacher }]) {
          await readRecipe(value, place).catch((error) =>
            assert.ok(error instanceof HeddleError, String(error)),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});
