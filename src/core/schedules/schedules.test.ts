import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { UsageError } from "../errors.js";
import { checkValue, describeOptions } from "../options/index.js";
import { fixedRate } from "./fixed-rate.js";
import {
  constant,
  cosineDecay,
  createSchedule,
  dynamicDecay,
  exponentialDecay,
  inverseTimeDecay,
  naturalExponentialDecay,
  oneCycle,
  reduceOnPlateau,
  type Schedule,
  type ScheduleConfig,
  type ScheduleName,
  scheduleKind,
  scheduleNames,
  scheduleOptions,
  stepDecay,
} from "./index.js";

const run = { stepsPerEpoch: 375, epochs: 50 };
const rateAt = (schedule: Schedule, step: number, of = run) => schedule.learningRate({ step, ...of });

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.abs(expected), `got ${actual}, expected ${expected}`);
}

describe("each schedule against its equation", () => {
  const learningRate = 0.1;
  const cases: [ScheduleName, Schedule, [step: number, rate: number][]][] = [
    [
      "constant",
      constant({ learningRate }),
      [
        [0, 0.1],
        [18_749, 0.1],
      ],
    ],
    [
      "step",
      stepDecay({ learningRate, decay: 0.5, decayEpochs: 10 }),
      [
        [3749, 0.1],
        [3750, 0.05],
        [18_749, 0.1 / 16],
      ],
    ],
    [
      "inverse-time",
      inverseTimeDecay({ learningRate, decay: 0.5 }),
      [
        [374, 0.1],
        [375, 0.1 / 1.5],
        [749, 0.1 / 1.5],
        [7500, 0.1 / 11],
      ],
    ],
    [
      "exponential",
      exponentialDecay({ learningRate, decay: 0.9, decaySteps: 100 }),
      [
        [0, 0.1],
        [50, 0.1 * Math.sqrt(0.9)],
        [200, 0.081],
      ],
    ],
    [
      "natural-exponential",
      naturalExponentialDecay({ learningRate, decay: 0.5, decaySteps: 100 }),
      [
        [0, 0.1],
        [400, 0.1 * Math.exp(-2)],
      ],
    ],
    [
      "dynamic",
      dynamicDecay({ learningRate }),
      [
        [0, 0.1],
        [9375, 0.1 * (0.1 + 0.9 * Math.exp(-2.5))],
      ],
    ],
    [
      "cosine",
      cosineDecay({ learningRate, minLearningRate: 0.02 }),
      [
        [0, 0.1],
        [9375, 0.06],
        [18_750, 0.02],
      ],
    ],
    [
      "one-cycle",
      oneCycle({ learningRate, peakAt: 0.5, startDivisor: 10, endDivisor: 100, minLearningRate: 0 }),
      [
        [0, 0.01],
        [9375, 0.1],
        [18_750, 0.0001],
      ],
    ],
    [
      "reduce-on-plateau",
      reduceOnPlateau({ learningRate }),
      [
        [0, 0.1],
        [18_749, 0.1],
      ],
    ],
  ];
  for (const [name, schedule, points] of cases) {
    it(name, () => {
      assert.equal(schedule.config.name, name);
      for (const [step, rate] of points) assertNear(rateAt(schedule, step), rate);
    });
  }

  it("covers every schedule", () => {
    assert.deepEqual(
      cases.map(([name]) => name),
      scheduleNames,
    );
  });
});

describe("a rate that falls on plateaus", () => {
  const schedule = reduceOnPlateau({
    learningRate: 0.8,
    factor: 0.5,
    patience: 2,
    minDelta: 0.1,
    minLearningRate: 0.15,
  });
  const rateAfter = (losses: readonly number[]) =>
    schedule.learningRate({
      step: losses.length * 3,
      stepsPerEpoch: 3,
      epochs: 20,
      validation: losses.map((validationLoss) => ({ validationLoss, validationAccuracy: 0.5 })),
    });

  it("follows the validation losses of the epochs done", () => {
    const losses = [2, 1, 0.95, 0.8, 0.75, 0.74, 0.73, 0.72, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
    const rates = losses.map((_, done) => rateAfter(losses.slice(0, done)));
    assert.deepEqual(rates, [0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.2, 0.15, 0.15, 0.15]);
  });

  it("says so, and stays at its first rate where nobody tells it", () => {
    assert.equal(schedule.followsValidation, true);
    assert.ok(!("followsValidation" in constant()));
    assert.equal(rateAt(schedule, 18_749), 0.8);
  });
});

describe("defaults", () => {
  for (const name of ["inverse-time", "exponential", "natural-exponential", "dynamic"] as const) {
    it(`take ${name} from its start to about a tenth over the run`, () => {
      const schedule = createSchedule({ name, learningRate: 0.1 });
      assertNear(rateAt(schedule, 0), 0.1);
      const end = rateAt(schedule, 18_749);
      assert.ok(end > 0.0099 && end < 0.011, `ends at ${end}`);
    });
  }

  it("are filled in, and make the same schedule again", () => {
    const { config } = dynamicDecay();
    assert.deepEqual(config, {
      name: "dynamic",
      learningRate: 0.001,
      minLearningRate: 1e-8,
      warmup: 0,
      decay: 5,
      rho: 0.1,
    });
    assert.deepEqual(createSchedule(JSON.parse(JSON.stringify(config))).config, config);
  });

  it("allow the paper's printed setting", () => {
    const paper = dynamicDecay({ learningRate: 0.1, minLearningRate: 1e-8, maxLearningRate: 0.1 });
    assert.equal(rateAt(paper, 0), 0.1);
  });
});

const anyName = fc.constantFrom(...scheduleNames);
const anyRun = fc.record({
  stepsPerEpoch: fc.integer({ min: 1, max: 2000 }),
  epochs: fc.integer({ min: 1, max: 100 }),
});

describe("every schedule", () => {
  it("stays in its range", () => {
    const range = fc.record({ low: fc.double({ min: 0, max: 0.01, noNaN: true }), warmup: fc.nat(3) });
    fc.assert(
      fc.property(
        anyName,
        anyRun,
        range,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (name, of, { low, warmup }, at) => {
          const schedule = createSchedule({
            name,
            learningRate: 0.02,
            minLearningRate: low,
            maxLearningRate: 0.05,
            warmup,
          });
          const rate = rateAt(schedule, Math.floor(at * (of.stepsPerEpoch * of.epochs - 1)), of);
          assert.ok(rate >= low && rate <= 0.05, `${rate}`);
        },
      ),
    );
  });

  it("falls from step to step, but for one-cycle's rise", () => {
    fc.assert(
      fc.property(anyName, anyRun, fc.nat(10_000), (name, of, at) => {
        const step = name === "one-cycle" ? Math.ceil(0.3 * of.stepsPerEpoch * of.epochs) + at : at;
        const schedule = createSchedule({ name });
        fc.pre(step + 1 < of.stepsPerEpoch * of.epochs);
        assert.ok(rateAt(schedule, step + 1, of) <= rateAt(schedule, step, of) * (1 + 1e-12));
      }),
    );
  });

  it("moves little from one step to the next where it moves each step", () => {
    const smooth = [
      "constant",
      "exponential",
      "natural-exponential",
      "dynamic",
      "cosine",
      "one-cycle",
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...smooth), fc.nat(18_748), (name, step) => {
        const schedule = createSchedule({ name, learningRate: 0.1, warmup: 2 });
        // The warm-up climbs fastest: 0.1 in 750 steps.
        assert.ok(Math.abs(rateAt(schedule, step + 1) - rateAt(schedule, step)) <= 0.1 / 750 + 1e-12);
      }),
    );
  });

  it("climbs in equal steps during the warm-up and is itself afterwards", () => {
    const warm = constant({ learningRate: 0.1, warmup: 2 });
    assertNear(rateAt(warm, 0), 0.1 / 750);
    assertNear(rateAt(warm, 374), 0.05);
    fc.assert(
      fc.property(anyName, fc.integer({ min: 749, max: 18_749 }), (name, step) => {
        const without = createSchedule({ name, learningRate: 0.1 });
        const withWarmup = createSchedule({ name, learningRate: 0.1, warmup: 2 });
        assert.equal(rateAt(withWarmup, step), rateAt(without, step));
      }),
    );
  });
});

describe("the dynamic schedule", () => {
  it("is the same curve at every batch size", () => {
    const schedule = dynamicDecay({ learningRate: 0.1 });
    const steps = fc.constantFrom(1500, 750, 375, 188, 94);
    fc.assert(
      fc.property(steps, steps, fc.nat(49), (few, many, epoch) => {
        const first = rateAt(schedule, epoch * few, { stepsPerEpoch: few, epochs: 50 });
        const second = rateAt(schedule, epoch * many, { stepsPerEpoch: many, epochs: 50 });
        assertNear(first, second);
      }),
    );
  });
});

describe("bad schedules", () => {
  const cases: [unknown, RegExp][] = [
    [
      { name: "dynamic", learningRate: Number.NaN },
      /^The dynamic schedule: learningRate must be a number above 0, but is NaN\.$/,
    ],
    [{ name: "constant", learningRate: 0 }, /learningRate must be a number above 0, but is 0/],
    [{ name: "constant", learningRate: Infinity }, /learningRate must be a number above 0, but is Infinity/],
    [{ name: "constant", learningRate: "0.1" }, /learningRate must be a number above 0, but is "0\.1"/],
    [{ name: "constant", warmup: -1 }, /warmup must be a number of 0 or more \(epochs, .*\), but is -1/],
    [{ name: "dynamic", rho: 1.5 }, /rho must be a number from 0 to 1, but is 1\.5/],
    [{ name: "exponential", decay: 2 }, /decay must be a number above 0 and at most 1, but is 2/],
    [{ name: "exponential", decaySteps: 0 }, /decaySteps must be a number above 0, but is 0/],
    [{ name: "one-cycle", peakAt: 1 }, /peakAt must be a number above 0 and below 1, but is 1/],
    [{ name: "cosine", learningRate: 1e-9 }, /learningRate 1e-9 is outside its range of 1e-8 to Infinity/],
    [
      { name: "cosine", learningRate: 0.1, minLearningRate: 0.2, maxLearningRate: 0.1 },
      /minLearningRate 0.2 is above maxLearningRate 0.1/,
    ],
    [
      { name: "cosine", rho: 0.1 },
      /^The cosine schedule has no option "rho"\. Its options: learningRate, minLearningRate, warmup, maxL/,
    ],
    [{ name: "step", lr: 0.1 }, /The step schedule has no option "lr"\. Did you mean learningRate\?/],
    [{ name: "cosin" }, /^schedule: name must be one of .*, but is "cosin"\. Did you mean "cosine"\?$/],
    [{ name: "toString" }, /but is "toString"\./],
    ["linear", /^schedule: name must be one of "constant", "step", .* but is "linear"\./],
    [{}, /name must be one of .*, but is nothing\.$/],
    [null, /^schedule must be a schedule such as constant\(.*, but is null\.$/],
    [constant, /but is a function\.$/],
  ];
  for (const [config, message] of cases) {
    it(`refuses ${JSON.stringify(config) ?? "a factory"}`, () => {
      assert.throws(
        () => createSchedule(config as ScheduleConfig),
        (error: Error) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});

describe("a schedule as an option", () => {
  const read = (value: unknown) => checkValue("compile", "schedule", value, scheduleKind);

  it("is one made by a factory or by hand, a name, or a configuration", () => {
    const made = constant({ learningRate: 0.1 });
    assert.equal(read(made), made);
    class ByHand {
      readonly config = { name: "mine" };
      learningRate(): number {
        return 0.1;
      }
    }
    const byHand = new ByHand();
    assert.equal(read(byHand), byHand);
    assert.deepEqual(read("cosine").config, createSchedule("cosine").config);
    assert.deepEqual(read({ name: "step", decay: 0.2 }).config, stepDecay({ decay: 0.2 }).config);
  });

  it("is nothing else", () => {
    for (const wrong of [0.1, {}, { learningRate: () => 0.1 }, { config: { name: "step" } }, () => 0.1]) {
      assert.throws(() => read(wrong), UsageError);
    }
    assert.throws(() => read(() => 0.1), /or one of your own as \{ config: .*, but is a function\.$/);
  });

  it("is described with every option it takes", () => {
    for (const name of scheduleNames) {
      const { name: _, ...defaults } = createSchedule(name).config;
      const rows = describeOptions(scheduleOptions(name));
      const filled = rows.filter((row) => row.name in defaults);
      assert.deepEqual(
        filled.map((row) => [row.name, row.default]),
        Object.entries(defaults).map(([option, value]) => [option, String(value)]),
      );
      assert.ok(rows.every((row) => row.meaning !== "" && row.default !== undefined));
    }
  });
});

describe("a learning rate by itself", () => {
  it("is that of every step, however small", () => {
    for (const learningRate of [1, 0.001, 1e-8, 1e-12]) {
      const schedule = fixedRate(learningRate);
      assert.equal(schedule.learningRate({ step: 5, stepsPerEpoch: 3, epochs: 2 }), learningRate);
    }
    assert.deepEqual(fixedRate(0.01).config, constant({ learningRate: 0.01 }).config);
  });
});
