import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chainOf } from "../graph/index.js";
import { dense, flatten } from "../layers/index.js";
import { constant } from "../schedules/index.js";
import { resolveCompileOptions } from "./compile.js";
import { resolveFitOptions } from "./fit.js";
import { resolveChainOptions, resolveModelOptions } from "./model-options.js";
import { fakePlatform } from "./testing/fake-network.js";

const platform = fakePlatform();
const graph = chainOf([flatten(), dense({ units: 3 })], [2, 2, 1]);
const compile = (given: unknown) => resolveCompileOptions(given as never, platform, graph);
const fit = (given: unknown) => resolveFitOptions(given as never);
const fitWithCallbacks = (given: unknown) => resolveFitOptions(given as never, ["callbacks"]);
const model = (given: unknown) => resolveModelOptions(given as never);
const chain = (given: unknown) => resolveChainOptions(given as never);

describe("options of compile, fit and a model", () => {
  it("have their defaults where they are left out", () => {
    const { optimizer, schedule, ...compiled } = compile({});
    assert.deepEqual(compiled, {
      loss: "crossEntropy",
      labelSmoothing: 0,
      threads: 1,
      portable: false,
      wideVectors: false,
    });
    assert.equal(optimizer.name, "adam");
    assert.deepEqual(schedule.config, constant({ learningRate: 0.001 }).config);
    assert.deepEqual(fit({}), { epochs: 1, splitSeed: 1, restoreBestWeights: false });
    const { name, seed } = chain({ inputShape: [2, 2, 1], platform });
    assert.deepEqual([name, seed], ["model", 1]);
  });

  it("are made whole where they are given in part", () => {
    const { optimizer, schedule } = compile({
      optimizer: { name: "sgd", momentum: 0.5 },
      schedule: "cosine",
    });
    assert.deepEqual(optimizer, { name: "sgd", momentum: 0.5, nesterov: false, weightDecay: 0 });
    assert.equal(schedule.config.name, "cosine");
    const flips = { flip: true, shift: 0, rotate: 0, zoom: 0, erase: 0 };
    assert.deepEqual(fit({ augmentation: { flip: true } }).augmentation, flips);
    assert.deepEqual(fit({ augmentation: "flip" }).augmentation, flips);
  });

  const wrong: readonly [(given: unknown) => unknown, unknown, RegExp][] = [
    [compile, { lr: 0.1 }, /^compile has no option "lr"\. Did you mean learningRate\?/],
    [compile, { loss: "mse" }, /loss must be one of "crossEntropy", "binaryCrossEntropy", but is "mse"/],
    [compile, { loss: "mse" }, /Models classify: give labels, or targets/],
    [compile, { loss: "sparseCategoricalCrossentropy" }, /Did you mean "crossEntropy"\?/],
    [compile, { learningRate: 0.1, schedule: "cosine" }, /both a learningRate and a schedule/],
    [compile, { threads: 257 }, /threads must be a whole number from 1 to 256, but is 257/],
    [compile, { clipNorm: 0 }, /clipNorm must be a number above 0, but is 0/],
    [compile, { labelSmoothing: 1 }, /labelSmoothing must be a number from 0 up to, not including, 1/],
    [fit, { patience: 3 }, /has no option "patience"\. Give earlyStopping: \{ patience: 5 \}/],
    [fit, { batch_size: 3 }, /Did you mean batchSize\?/],
    [fit, { callbacks: [] }, /has no option "callbacks"\. Give them to fit/],
    [fit, { onEpoch: () => 1 }, /"onEpoch"\. Give it to fit, in callbacks: \[.*fitEvents gives events/],
    [fitWithCallbacks, { onEpoch: () => 1 }, /has no option "onEpoch"\. Give it in callbacks: \[\{ onEpoch/],
    [fitWithCallbacks, { callback: [] }, /Did you mean callbacks\? Its options: .*, resume, callbacks\.$/],
    [fit, { learningRate: 0.1 }, /has no option "learningRate"\. Give it to compile/],
    [fit, { epochs: 0 }, /^fit: epochs must be a whole number of 1 or more, but is 0/],
    [fit, { signal: true }, /signal must be an AbortSignal/],
    [
      fit,
      { signal: new AbortController() },
      /signal must be an AbortSignal such as new AbortController\(\)\.signal/,
    ],
    [
      fit,
      { resume: new Uint8Array(3) },
      /resume must be what model\.checkpoint\(\) or decodeCheckpoint gave/,
    ],
    [fit, { normalization: "batch" }, /normalization must be one of "measure", "keep"/],
    [fit, Uint8Array.of(1), /^fit takes images and labels together: fit\({ train: { images, labels } }/],
    [chain, undefined, /^sequential takes an object of options \(inputShape, /],
    [chain, { platform }, /^sequential: inputShape must be \[height, width, channels\].*but is nothing/],
    [model, { inputShape: [2, 2, 1], platform }, /no option "inputShape"\. It is what input\(…\) was given/],
    [chain, { inputShape: [2, 2, 1], platform, epochs: 3 }, /has no option "epochs"\. Give it to fit/],
    [model, { platform, state: [] }, /state must be what a model has learned/],
    [model, { platform: {} }, /platform must be a platform such as nodePlatform/],
  ];
  for (const [resolve, given, message] of wrong) {
    it(`are refused: ${message.source.slice(0, 70)}`, () => {
      assert.throws(() => resolve(given), { name: "UsageError", message });
    });
  }
});
