import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../core/errors.js";
import type { Graph } from "../core/graph/index.js";
import { adamw, muon } from "../core/optimizers/index.js";
import { constant, cosineDecay, dynamicDecay, stepDecay } from "../core/schedules/index.js";
import { type Recipe, type RecipeSettings, recipes } from "../recipes/index.js";
import { givenSettings } from "./given-settings.js";
import type { TrainingFlags } from "./training-settings.js";

const usual: TrainingFlags = {
  model: "proposed",
  data: "fashion-mnist",
  epochs: 50,
  optimizer: "adam",
  schedule: "dynamic",
  labelSmoothing: 0,
  seed: 1,
  splitSeed: 1,
};

const settings: RecipeSettings = {
  model: "lenet",
  optimizer: { name: "muon", momentum: 0.9, iterations: 3, weightDecay: 0.05 },
  schedule: { name: "cosine", learningRate: 0.03, warmup: 0.5 },
  earlyStopping: { patience: 4, monitor: "validationAccuracy" },
};

function over(recipe: Pick<Recipe, "name" | "settings">, flags: Partial<TrainingFlags>): RecipeSettings {
  return givenSettings({ ...usual, ...flags }, recipe, new Set(Object.keys(flags)));
}

const mine = (flags: Partial<TrainingFlags>, others: RecipeSettings = {}): RecipeSettings =>
  over({ name: "mine", settings: { ...settings, ...others } }, flags);

const layersOf = ({ model }: RecipeSettings): string[] => {
  const { graph } = model as { graph: (inputShape: readonly number[], classes: number) => Graph };
  return graph([28, 28, 1], 10).nodes.map(({ layer }) => layer.type);
};

describe("flags beside a recipe", () => {
  it("are nothing where none is given", () => assert.deepEqual(mine({}), {}));

  it("change what they say of its schedule and its optimizer, and leave the rest", () => {
    assert.deepEqual(mine({ warmup: 2 }), {
      schedule: cosineDecay({ learningRate: 0.03, warmup: 2 }).config,
    });
    assert.deepEqual(mine({ schedule: "cosine", learningRate: 0.01 }), {
      schedule: cosineDecay({ learningRate: 0.01, warmup: 0.5 }).config,
    });
    const own = { momentum: 0.9, iterations: 3, weightDecay: 0.05 };
    assert.deepEqual(mine({ weightDecay: 0.01 }), { optimizer: muon({ ...own, weightDecay: 0.01 }) });
    assert.deepEqual(mine({ optimizer: "muon", nesterov: false }), {
      optimizer: muon({ ...own, nesterov: false }),
    });
  });

  it("take the place of the whole where they name another", () => {
    assert.deepEqual(mine({ schedule: "step" }), { schedule: stepDecay().config });
    assert.deepEqual(mine({ schedule: "dynamic" }), { schedule: dynamicDecay().config });
    assert.deepEqual(mine({ optimizer: "adamw" }), { optimizer: adamw() });
  });

  it("are of the defaults of a run where a recipe says nothing", () => {
    const scheduleOver = (given: RecipeSettings) =>
      mine({ warmup: 1 }, { schedule: undefined, ...given }).schedule;
    assert.deepEqual(scheduleOver({}), constant({ learningRate: 0.001, warmup: 1 }).config);
    assert.deepEqual(
      scheduleOver({ learningRate: 0.02 }),
      constant({ learningRate: 0.02, warmup: 1 }).config,
    );
  });

  it("freeze tensors before its own groups", () => {
    const others = { match: "*.bias", weightDecay: 0, frozen: false, learningRateFactor: 1 };
    assert.deepEqual(mine({ freeze: "C1.*" }, { parameterGroups: [{ match: "*.bias", weightDecay: 0 }] }), {
      parameterGroups: [{ match: "C1.*", frozen: true, learningRateFactor: 1 }, others],
    });
  });

  it("change a part of its early stop", () => {
    const stops = (flags: Partial<TrainingFlags>) => mine(flags).earlyStopping;
    const own = { patience: 4, minDelta: 0, monitor: "validationAccuracy" };
    assert.deepEqual(stops({ earlyStoppingMinDelta: 0.01 }), { ...own, minDelta: 0.01 });
    assert.deepEqual(stops({ earlyStopping: 9 }), { ...own, patience: 9 });
  });

  it("leave the dropout out of its model", () => {
    const dropout = (name: "paper-budget" | "proposed-tuned") => {
      const given = over(recipes[name], { dropout: false });
      assert.deepEqual(Object.keys(given), ["model"]);
      return layersOf(given);
    };
    const whole = layersOf(recipes["paper-budget"].settings);
    assert.ok(whole.includes("dropout"));
    assert.deepEqual(
      dropout("paper-budget"),
      whole.filter((type) => type !== "dropout"),
    );
    assert.deepEqual(dropout("proposed-tuned"), dropout("paper-budget"));
    const other = over(recipes["paper-budget"], { model: "cnn", dropout: false });
    assert.equal((other.model as { name: string }).name, "cnn");
    assert.deepEqual(over(recipes["fine-tuning"], { dropout: false }), {});
  });

  const wrong: [Partial<TrainingFlags>, RegExp][] = [
    [{ dropout: false }, /--no-dropout: lenet has no dropout layers/],
    [{ decayEpochs: 3 }, /The cosine schedule takes no --decay-epochs/],
    [{ optimizer: "adamw", momentum: 0.9 }, /The optimizer adamw takes no --momentum/],
    [{ warmup: -1 }, /The cosine schedule: warmup must be/],
  ];
  for (const [flags, words] of wrong) {
    it(`refuse ${JSON.stringify(flags)}`, () => {
      assert.throws(
        () => mine(flags),
        (error) => error instanceof UsageError && words.test(error.message),
      );
    });
  }
});
