import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrialRecord } from "../plan/trial.js";
import { parseTrialId } from "../plan/trial-id.js";
import type { ReproductionResults } from "../results/results.js";
import { syntheticResults } from "../testing/synthetic.js";
import { scheduleVerdict } from "./schedule-verdict.js";

const made = syntheticResults({ part: "schedules", epochs: 20, images: 50 });

/** What is said, without the trials that it is from. */
const said = (results: ReproductionResults): string[] => scheduleVerdict(results).map(({ text }) => text);

/** The same trials with other figures: what `of` gives of a schedule, a rate and a seed. */
interface Figures {
  readonly accuracy: number;
  /** The epoch that reaches 90 %; none without. */
  readonly epochs?: number;
  readonly gap: number;
}

function changed(of: (schedule: string, rate: number, seed: number) => Figures): ReproductionResults {
  const records = made.records.map((record): TrialRecord => {
    const name = parseTrialId(record.id);
    if (name?.kind !== "schedule") return record;
    const { accuracy, epochs, gap } = of(name.schedule, name.learningRate, name.seed);
    const history = record.history.map((epoch, index) => ({
      ...epoch,
      // What is left of the old figures keeps the choice of the start rate as it was.
      validationAccuracy:
        (epochs !== undefined && index + 1 >= epochs ? 0.92 : 0.8) + epoch.validationAccuracy / 1e9,
    }));
    return {
      ...record,
      history,
      bestEpoch: record.bestEpoch,
      test: { ...record.test!, accuracy },
      train: { accuracy: history[record.bestEpoch - 1].validationAccuracy + gap, loss: 0.1 },
    };
  });
  return { ...made, records };
}

describe("what the schedules say of Algorithm 1", () => {
  const wiggle = (seed: number): number => (seed - 2) * 0.001;

  it("says its place, and how far it is from the best and from a constant rate", () => {
    const [plain, accuracy, epochs, gap, others] = said(
      changed((schedule, _, seed) => ({
        accuracy: { dynamic: 0.91, cosine: 0.92, constant: 0.9115 }[schedule] ?? 0.9,
        epochs: { dynamic: 3, constant: 5 }[schedule] ?? 3,
        gap: ({ dynamic: 0.02, constant: 0.02 }[schedule] ?? 0.03) + wiggle(seed),
      })),
    );
    assert.match(
      plain,
      /faster convergence holds, less overfitting doesn't hold and more accuracy doesn't hold/,
    );
    assert.match(
      accuracy,
      /^By accuracy on the test images, Algorithm 1 comes third of 7 \(91\.00 ± 0\.00 %\)/,
    );
    assert.match(accuracy, /clearly below cosine \(−1\.00 points\) and clearly below the constant rate/);
    assert.match(epochs, /clearly sooner than the constant rate \(−2\.0 epochs, 4\.0 standard deviations\)/);
    assert.match(gap, /Algorithm 1 comes \w+ of 7 \(2\.00 ± 0\.10 points\)/);
    assert.match(others, /^Better than it .*: more accurate are cosine and the constant rate\.$/);
  });

  it("doesn't rank a schedule that never gets there, and says so", () => {
    const results = changed((schedule) => ({
      accuracy: 0.91,
      epochs: schedule === "constant" ? undefined : 4,
      gap: 0.02,
    }));
    const sentence = said(results).find((each) => each.startsWith("By epochs"))!;
    assert.match(sentence, / of 6 .*The constant rate never gets there\.$/);
    assert.match(said(results)[0], /faster convergence holds in part/);
  });

  it("calls nothing better where all are level", () => {
    const results = changed(() => ({ accuracy: 0.9, epochs: 4, gap: 0.02 }));
    assert.match(said(results).at(-1)!, /^No other schedule is better/);
    assert.match(said(results)[1], /level with/);
  });

  it("says what is missing", () => {
    const few = { ...made, records: made.records.filter(({ id }) => id.includes("-schedule-step-")) };
    const rates = made.planned.filter(({ config }) => config.seed === 1).length;
    assert.ok(said(few)[0].startsWith(`Not run yet: 3 of ${rates} start rates are tried`));
    const twoSeeds = { ...made, records: made.records.filter(({ id }) => !id.endsWith("seed3")) };
    assert.match(said(twoSeeds)[0], /^So far 0 of 7 schedules have all their seeds/);
    assert.match(said({ ...made, planned: [], records: [] })[0], /^Not run yet: 0 of 0/);
  });

  it("has no verdict of single seeds, neither on a constant rate nor on the others", () => {
    const single = { ...made, planned: [], records: made.records.filter(({ id }) => id.endsWith("seed1")) };
    const words = said(single);
    assert.match(words[0], /less overfitting can't be judged yet and more accuracy can't be judged yet/);
    assert.match(words.at(-1)!, /Where both have a single seed, that can't be judged yet\.$/);
    assert.doesNotMatch(words.at(-1)!, /^No other/);
  });

  it("names the trials that each sentence is from", () => {
    const known = new Set(made.records.map(({ id }) => id));
    for (const { text, sources } of scheduleVerdict(made)) {
      assert.ok(sources.length >= 6, text);
      assert.ok(
        sources.every((id) => known.has(id)),
        text,
      );
    }
  });
});
