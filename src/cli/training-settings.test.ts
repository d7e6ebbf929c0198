import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../core/errors.js";
import { muon } from "../core/optimizers/index.js";
import { type TrainingFlags, trainingSettings } from "./training-settings.js";

const flags = (changes: Partial<TrainingFlags> = {}): TrainingFlags => ({
  model: "proposed",
  data: "fashion-mnist",
  epochs: 50,
  optimizer: "adam",
  schedule: "dynamic",
  labelSmoothing: 0,
  seed: 1,
  splitSeed: 1,
  ...changes,
});

describe("training settings", () => {
  it("are the paper's protocol where nothing is said", () => {
    const settings = trainingSettings(flags());
    assert.deepEqual(settings.optimizer, { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
    assert.deepEqual(settings.schedule, {
      name: "dynamic",
      learningRate: 0.001,
      minLearningRate: 1e-8,
      warmup: 0,
      decay: 5,
      rho: 0.1,
    });
    assert.equal(settings.augmentation, null);
    assert.equal(settings.limit, null);
    assert.equal(settings.portable, false);
  });

  it("leave a limit to be held against the classes of a folder", () => {
    assert.equal(trainingSettings(flags({ data: "folder", limit: 5 })).limit, 5);
  });

  it("allow the paper's printed rate", () => {
    const { schedule } = trainingSettings(
      flags({ learningRate: 0.1, minLearningRate: 1e-8, maxLearningRate: 0.1 }),
    );
    assert.equal(schedule.learningRate, 0.1);
  });

  it("hand options to the optimizer and the schedule that take them", () => {
    const settings = trainingSettings(
      flags({
        optimizer: "sgd",
        momentum: 0.9,
        nesterov: true,
        schedule: "step",
        decay: 0.3,
        decayEpochs: 4,
      }),
    );
    assert.deepEqual(settings.optimizer, { name: "sgd", momentum: 0.9, nesterov: true, weightDecay: 0 });
    const { optimizer } = trainingSettings(
      flags({ optimizer: "muon", momentum: 0.9, nesterov: false, weightDecay: 0.02, adamShare: 0.05 }),
    );
    assert.deepEqual(optimizer, muon({ momentum: 0.9, nesterov: false, weightDecay: 0.02, adamShare: 0.05 }));
    assert.equal("decayEpochs" in settings.schedule && settings.schedule.decayEpochs, 4);
  });

  it("take augmentation by name, and none", () => {
    assert.equal(trainingSettings(flags({ augment: "none" })).augmentation, null);
    assert.deepEqual(trainingSettings(flags({ augment: "flip,shift=2" })).augmentation, {
      flip: true,
      shift: 2,
      rotate: 0,
      zoom: 0,
      erase: 0,
    });
  });

  const wrong: [Partial<TrainingFlags>, RegExp][] = [
    [{ model: "vgg16" }, /Unknown model "vgg16"/],
    [{ optimizer: "adamm" }, /Unknown optimizer "adamm"\. Did you mean "adam"\?/],
    [{ schedule: "cosin" }, /Unknown schedule "cosin"\. Did you mean "cosine"\?/],
    [{ momentum: 0.9 }, /The optimizer adam takes no --momentum\. It takes no options of its own/],
    [{ optimizer: "adamw", adamShare: 1 }, /adamw takes no --adam-share\. It takes --weight-decay\./],
    [{ optimizer: "muon", adamShare: -1 }, /muon: adamShare must be .* is -1/],
    [{ optimizer: "rmsprop", weightDecay: 1 }, /rmsprop takes no --weight-decay\. It takes --momentum\./],
    [{ decaySteps: 3 }, /The dynamic schedule takes no --decay-steps\. It takes --decay, --rho\./],
    [{ learningRate: Number.NaN }, /learningRate must be a number above 0, but is NaN/],
    [{ learningRate: 0 }, /learningRate must be a number above 0, but is 0/],
    [
      { model: "lenet", dropout: false },
      /--no-dropout: lenet has no dropout layers\. Leave the option out\./,
    ],
    [{ labelSmoothing: 1 }, /--label-smoothing got 1: expected a number of at least 0 and below 1/],
    [{ augment: "flop" }, /Unknown augmentation "flop"/],
    [{ limit: 5 }, /limit of 5 training images is too low for 10 classes/],
    [{ limit: 25 }, /limit of 25 training images can't be shared out evenly.* 20 or 30/],
  ];
  for (const [changes, message] of wrong) {
    it(`refuse ${JSON.stringify(changes)}`, () => {
      assert.throws(
        () => trainingSettings(flags(changes)),
        (error) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("stop early where they are told after how many epochs", () => {
    assert.ok(!("earlyStopping" in trainingSettings(flags())));
    const given = flags({ earlyStopping: 5, earlyStoppingMonitor: "validationAccuracy" });
    assert.deepEqual(trainingSettings(given).earlyStopping, {
      patience: 5,
      minDelta: 0,
      monitor: "validationAccuracy",
    });
    const refused = (changes: Partial<TrainingFlags>, words: RegExp) =>
      assert.throws(() => trainingSettings(flags(changes)), words);
    refused({ earlyStoppingMinDelta: 0.1 }, /--early-stopping-min-delta needs --early-stopping/);
    refused(
      { earlyStopping: 5, earlyStoppingMinDelta: -1 },
      /--early-stopping: minDelta must be a number of 0/,
    );
    refused({ earlyStopping: 5, earlyStoppingMonitor: "loss" }, /Unknown figure to monitor "loss"/);
  });

  it("weigh classes where they are told how", () => {
    assert.ok(!("classWeights" in trainingSettings(flags())));
    assert.equal(trainingSettings(flags({ classWeights: "balanced" })).classWeights, "balanced");
    assert.deepEqual(trainingSettings(flags({ classWeights: "1, 2,0.5" })).classWeights, [1, 2, 0.5]);
    const refused = (text: string, words: RegExp) =>
      assert.throws(() => trainingSettings(flags({ classWeights: text })), words);
    refused("1,x", /--class-weights got "x": expected a number/);
    refused("1,-2", /--class-weights must be .* each a number of 0 or more/);
  });

  it("freeze tensors and average weights where they are told", () => {
    const plain = trainingSettings(flags());
    assert.ok(!("parameterGroups" in plain) && !("weightAverage" in plain));
    const { parameterGroups, weightAverage } = trainingSettings(
      flags({ freeze: "C1.*, *.bias", weightAverage: 0.99 }),
    );
    assert.deepEqual(parameterGroups, [
      { match: "C1.*", frozen: true, learningRateFactor: 1 },
      { match: "*.bias", frozen: true, learningRateFactor: 1 },
    ]);
    assert.deepEqual(weightAverage, { decay: 0.99 });
    assert.throws(() => trainingSettings(flags({ freeze: "C1.*," })), /--freeze\[1\]\.match must be text/);
    assert.throws(
      () => trainingSettings(flags({ weightAverage: 1 })),
      /--weight-average: decay must be a number above 0 and below 1, but is 1/,
    );
  });

  it("clip gradients where they are told at which norm", () => {
    assert.ok(!("clipNorm" in trainingSettings(flags())));
    assert.equal(trainingSettings(flags({ clipNorm: 0.5 })).clipNorm, 0.5);
    assert.throws(
      () => trainingSettings(flags({ clipNorm: 0 })),
      /heddle train: --clip-norm must be a number above 0, but is 0/,
    );
  });
});
