import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { arithmeticVersion } from "../arithmetic.js";
import type { Dataset } from "../data/dataset.js";
import { HeddleError } from "../errors.js";
import type { Checkpoint } from "../formats/checkpoint-file.js";
import { chainOf, graphConfig } from "../graph/index.js";
import { dense, flatten } from "../layers/index.js";
import { adam, sgd } from "../optimizers/index.js";
import { constant } from "../schedules/index.js";
import { checkCheckpoint, type FitSettings, fitSettings } from "./checkpoint.js";
import type { CompiledOptions } from "./compile.js";
import type { FitEventsOptions } from "./fit.js";
import { planFit } from "./plan-fit.js";
import { initialWeights } from "./weights.js";

const images = (first: number) => ({
  count: 4,
  images: Uint8Array.of(first, 2, 3, 4),
  labels: Uint8Array.of(0, 1, 0, 1),
});
const dataset = (first: number): Dataset => ({
  name: "four",
  imageShape: [1, 1, 1],
  classNames: ["a", "b"],
  train: images(first),
  test: images(first),
});

const compiled: CompiledOptions = {
  loss: "crossEntropy",
  optimizer: adam(),
  schedule: constant({ learningRate: 0.001 }),
  labelSmoothing: 0,
  threads: 1,
  portable: false,
  wideVectors: false,
};
const options: FitEventsOptions = { epochs: 3, batchSize: 2 };

const inputShape = [1, 1, 1];
const graph = chainOf([flatten(), dense({ units: 2 })], inputShape);

function settingsOf(
  changed: {
    compiled?: Partial<CompiledOptions>;
    options?: FitEventsOptions;
    seed?: number;
    pixel?: number;
  } = {},
): FitSettings {
  const { seed = 1, pixel = 1 } = changed;
  const plan = planFit({ inputShape, classes: 2 }, dataset(pixel), { ...options, ...changed.options });
  const settings = { ...compiled, ...changed.compiled };
  return fitSettings({ seed, compiled: settings, plan, fusedMultiplyAdd: true });
}

function checkpointOf(settings: FitSettings, epochsDone = 1): Checkpoint {
  const configs = graphConfig(graph);
  const normalization = { mean: [0], deviation: [1] };
  return {
    model: {
      layers: configs,
      inputShape,
      normalization,
      classNames: ["a", "b"],
      tensors: initialWeights(graph, 1),
    },
    optimizerState: [],
    position: { epochsDone, best: { epoch: 1, validationAccuracy: 0, validationLoss: 0 } },
    settings: JSON.parse(JSON.stringify(settings)),
  };
}

describe("a checkpoint held against a run", () => {
  const fails = (work: () => void, message: RegExp): void =>
    assert.throws(work, (error) => error instanceof HeddleError && message.test(error.message));

  it("passes for the same run, on any number of threads", () => {
    const settings = settingsOf({ compiled: { threads: 7 } });
    checkCheckpoint(checkpointOf(settingsOf()), { graph, settings });
  });

  it("passes whatever the order of an object's keys", () => {
    const augmentation = { flip: true, shift: 0, rotate: 0, zoom: 0, erase: 0 };
    const turned = { erase: 0, zoom: 0, rotate: 0, shift: 0, flip: true };
    const settings = settingsOf({ options: { augmentation } });
    const checkpoint = checkpointOf(settingsOf({ options: { augmentation: turned } }));
    checkCheckpoint(checkpoint, { graph, settings });
  });

  const others: [string, FitSettings, RegExp][] = [
    ["another seed", settingsOf({ seed: 2 }), /^file belongs to another run: its seed is 2, here it is 1\. /],
    ["more epochs", settingsOf({ options: { epochs: 4 } }), /its epochs is 4, here it is 3/],
    ["another batch size", settingsOf({ options: { batchSize: 1 } }), /its batchSize is 1/],
    ["another split", settingsOf({ options: { splitSeed: 2 } }), /its splitSeed is 2/],
    [
      "another optimizer",
      settingsOf({ compiled: { optimizer: sgd() } }),
      /its optimizer is .*sgd.*here .*adam/,
    ],
    [
      "another rate",
      settingsOf({ compiled: { schedule: constant({ learningRate: 1 }) } }),
      /its schedule is/,
    ],
    [
      "other images",
      settingsOf({ pixel: 9 }),
      /^file was written when other images trained: there are \d+ as then, but others, in another order, or with other labels or groups\. Put/,
    ],
    [
      "arithmetic of another kind",
      { ...settingsOf(), fusedMultiplyAdd: "no" },
      /its fusedMultiplyAdd is "no"/,
    ],
    [
      "another arithmetic",
      { ...settingsOf(), arithmeticVersion: arithmeticVersion + 1 },
      new RegExp(
        `^file was computed with version ${arithmeticVersion + 1} of the arithmetic, and this heddle computes with version ${arithmeticVersion}: `,
      ),
    ],
    [
      "another normalization",
      settingsOf({ options: { normalization: "keep" } }),
      /its normalization is "keep"/,
    ],
    ["a setting we don't know", { ...settingsOf(), mixup: 1 }, /its mixup is 1, here it is absent/],
  ];
  for (const [what, settings, message] of others) {
    it(`fails for ${what}`, () => {
      const wanted = { graph, settings: settingsOf() };
      fails(() => checkCheckpoint(checkpointOf(settings), wanted, "file"), message);
    });
  }

  it("takes the share that was left to its default, where none is written, as in heddle 0.1", () => {
    const old = { ...settingsOf(), validationShare: null };
    checkCheckpoint(checkpointOf(old), { graph, settings: settingsOf() });
    const wanted = { graph, settings: settingsOf({ options: { validationShare: 0.5 } }) };
    fails(() => checkCheckpoint(checkpointOf(old), wanted), /its validationShare is 0\.2, here it is 0\.5/);
  });

  it("goes on with the normalization that it has, where none is written and it shall be kept", () => {
    const keeps = settingsOf({ options: { normalization: "keep" } });
    checkCheckpoint(checkpointOf(settingsOf()), { graph, settings: keeps });
    const given = settingsOf({ options: { normalization: { mean: [0.5], deviation: [0.01] } } });
    fails(
      () => checkCheckpoint(checkpointOf(settingsOf()), { graph, settings: given }),
      /its normalization is absent, here it is \{"deviation"/,
    );
  });

  it("is of the first arithmetic where it doesn't say, as those of heddle 0.1", () => {
    const { arithmeticVersion: _, ...before } = settingsOf();
    const wanted = { graph, settings: settingsOf() };
    fails(
      () => checkCheckpoint(checkpointOf(before), wanted),
      /was computed with version 1 of the arithmetic/,
    );
  });

  it("fails for another model, and beyond the run's end", () => {
    const settings = settingsOf();
    const other = chainOf([flatten(), dense({ units: 3 })], inputShape);
    fails(
      () => checkCheckpoint(checkpointOf(settings), { graph: other, settings }),
      /The checkpoint belongs to another run: it holds another model, of the layers/,
    );
    fails(
      () => checkCheckpoint(checkpointOf(settings, 4), { graph, settings }),
      /it stands after epoch 4 of 3/,
    );
  });

  it("fails where its weights, or its best ones, are not the model's", () => {
    const settings = settingsOf();
    const checkpoint = checkpointOf(settings);
    const [first, ...others] = checkpoint.model.tensors;
    const turned = { ...first, shape: [...first.shape].reverse() };
    const wanted = { graph, settings };
    const inModel = (tensors: typeof others) => ({ ...checkpoint, model: { ...checkpoint.model, tensors } });
    fails(() => checkCheckpoint(inModel(others), wanted), /dense_1\.kernel is missing/);
    fails(
      () => checkCheckpoint({ ...checkpoint, bestTensors: [turned, ...others] }, wanted),
      /"dense_1.kernel" is \[2, 1\], not \[1, 2\]/,
    );
  });
});
