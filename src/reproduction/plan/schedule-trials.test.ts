import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createSchedule, type ScheduleConfig } from "../../core/schedules/index.js";
import type { EpochRecord } from "../../core/training/events.js";
import { planTrials } from "./plan.js";
import { protocol } from "./protocol.js";
import { bestRate, type ComparedSchedule, comparedSchedules, scheduleEpochs } from "./schedule-trials.js";
import type { PlanOptions } from "./trial-entry.js";

const options: PlanOptions = {
  part: "schedules",
  epochs: 50,
  seeds: [1, 2, 3],
  limit: null,
  protocol: {
    ...protocol,
    name: "p",
    settings: {
      ...protocol.settings,
      schedule: createSchedule({ name: "cosine", learningRate: 0.002, warmup: 2 }).config,
    },
  },
};
const names = Object.keys(comparedSchedules) as ComparedSchedule[];

/** A history whose best epoch has these figures. */
const reached = (validationAccuracy: number, validationLoss = 0.5): { history: EpochRecord[] } => ({
  history: [0.5, 1, 0.9].map((share, index) => ({
    epoch: index + 1,
    trainLoss: 1,
    trainAccuracy: 0.5,
    validationLoss,
    validationAccuracy: share * validationAccuracy,
    learningRate: 0.001,
    seconds: 1,
  })),
});

const ids = (trials: readonly { readonly id: string }[]): string[] => trials.map(({ id }) => id);

describe("the comparison of schedules", () => {
  it("begins with every schedule at three start rates, one seed", () => {
    const { trials, undecided } = planTrials(options);
    assert.deepEqual(
      ids(trials),
      names.flatMap((name) => ["0.0007", "0.002", "0.006"].map((rate) => `p-schedule-${name}-${rate}-seed1`)),
    );
    assert.deepEqual(
      undecided.map(({ like, count }) => [like.factors.schedule, count, like.settings.epochs]),
      names.map((name) => [name, 2, 15]),
    );
  });

  it("goes on with the other seeds at the rate that validation likes best, schedule by schedule", () => {
    const results = new Map([
      ["p-schedule-step-0.0007-seed1", reached(0.8)],
      ["p-schedule-step-0.002-seed1", reached(0.85)],
      ["p-schedule-step-0.006-seed1", reached(0.84)],
      ["p-schedule-cosine-0.0007-seed1", reached(0.9, 0.4)],
      ["p-schedule-cosine-0.002-seed1", reached(0.9, 0.3)],
      ["p-schedule-cosine-0.006-seed1", reached(0.89)],
      ["p-schedule-constant-0.0007-seed1", reached(0.9)],
      ["p-schedule-constant-0.002-seed1", reached(0.8)],
    ]);
    const { trials, undecided } = planTrials(options, results);
    assert.deepEqual(ids(trials).slice(21), [
      "p-schedule-step-0.002-seed2",
      "p-schedule-step-0.002-seed3",
      "p-schedule-cosine-0.002-seed2",
      "p-schedule-cosine-0.002-seed3",
    ]);
    assert.ok(!undecided.some(({ like }) => ["step", "cosine"].includes(like.factors.schedule)));
    assert.ok(undecided.some(({ like }) => like.factors.schedule === "constant"));
  });

  it("tries the next rate out where the best is at an edge, until it no longer is", () => {
    const constant = (results: readonly (readonly [string, { history: EpochRecord[] }])[]) => {
      const named = results.map(([rate, result]) => [`p-schedule-constant-${rate}-seed1`, result] as const);
      const { trials, undecided } = planTrials({ ...options, seeds: [1, 2] }, new Map(named));
      return {
        ids: ids(trials)
          .filter((id) => id.includes("constant"))
          .map((id) => id.slice("p-schedule-constant-".length)),
        decided: !undecided.some(({ like }) => like.factors.schedule === "constant"),
      };
    };
    const falling = [
      ["0.0007", reached(0.9)],
      ["0.002", reached(0.8)],
      ["0.006", reached(0.7)],
    ] as const;
    assert.deepEqual(constant(falling), {
      ids: ["0.0002-seed1", "0.0007-seed1", "0.002-seed1", "0.006-seed1"],
      decided: false,
    });
    assert.deepEqual(constant([["0.0002", reached(0.89)], ...falling]), {
      ids: ["0.0002-seed1", "0.0007-seed1", "0.002-seed1", "0.006-seed1", "0.0007-seed2"],
      decided: true,
    });
    const rising = [
      ["0.0007", reached(0.7)],
      ["0.002", reached(0.8)],
      ["0.006", reached(0.9)],
    ] as const;
    assert.deepEqual(constant(rising).ids.at(-1), "0.02-seed1");
    const still = ["0.02", "0.06", "0.2"].map((rate, index) => [rate, reached(0.91 + index / 100)] as const);
    assert.deepEqual(
      constant([...rising, ...still]).ids.slice(5),
      ["0.2-seed1", "0.2-seed2"],
      "six rates at most",
    );
  });

  it("prefers any rate to one that diverged at once", () => {
    const results = new Map([
      ["p-schedule-one-cycle-0.0007-seed1", { history: [] }],
      ["p-schedule-one-cycle-0.002-seed1", reached(0.1)],
      ["p-schedule-one-cycle-0.006-seed1", { history: [] }],
    ]);
    assert.deepEqual(ids(planTrials({ ...options, seeds: [1, 9] }, results).trials).slice(21), [
      "p-schedule-one-cycle-0.002-seed9",
    ]);
  });

  it("takes the first of equal rates, and none before all are run", () => {
    const tried = [0.1, 0.2, 0.3].map((learningRate) => ({ learningRate, record: reached(0.9) }));
    assert.equal(bestRate(tried), 0.1);
    assert.equal(bestRate([...tried, { learningRate: 0.4, record: undefined }]), undefined);
  });

  it("needs no second stage with one seed", () => {
    assert.deepEqual(planTrials({ ...options, seeds: [4] }).undecided, []);
  });

  it("changes the schedule and the epochs of the protocol, and nothing else", () => {
    const [own] = planTrials({ ...options, part: "table2" }).trials;
    for (const { settings } of planTrials(options).trials) {
      assert.deepEqual({ ...settings, schedule: own.settings.schedule, epochs: 50 }, own.settings);
      assert.equal((settings.schedule as { warmup?: number }).warmup, 0);
    }
  });

  it("takes three tenths of the epochs, one at least", () => {
    assert.deepEqual([50, 10, 2, 1].map(scheduleEpochs), [15, 3, 1, 1]);
  });

  for (const epochs of [15, 8, 4]) {
    const stepsPerEpoch = 375;
    const rateAt = (name: ComparedSchedule, step: number): number =>
      createSchedule(comparedSchedules[name](1, epochs)).learningRate({ step, stepsPerEpoch, epochs });
    const last = epochs * stepsPerEpoch - 1;

    it(`has those that fall end at about a tenth after ${epochs} epochs`, () => {
      assert.equal(rateAt("constant", last), 1);
      for (const name of ["step", "natural-exponential", "dynamic"] as const) {
        assert.ok(Math.abs(rateAt(name, last) - 0.1) < 0.01, `${name}: ${rateAt(name, last)}`);
      }
      assert.ok(Math.abs(rateAt("inverse-time", last + 1) - 0.1) < 1e-9);
      for (const name of ["cosine", "one-cycle"] as const) assert.ok(rateAt(name, last) < 0.01);
    });
  }

  it("names a rate as the trial's schedule has it", () => {
    for (const { id, factors, settings } of planTrials(options).trials) {
      const { schedule, learningRate, seed } = factors;
      const own = settings.schedule as ScheduleConfig;
      assert.deepEqual([schedule, learningRate], [own.name, own.learningRate]);
      assert.equal(id, `p-schedule-${schedule}-${learningRate}-seed${seed}`);
    }
  });
});
