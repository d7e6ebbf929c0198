import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { arithmeticVersion } from "../core/arithmetic.js";
import { dense, flatten } from "../core/layers/index.js";
import { memoryStore } from "../run/memory-store.js";
import { checkRecords } from "./check-records.js";
import { StudyError } from "./study-error.js";
import { runTiny, tinyTrial } from "./testing/tiny-study.js";
import type { TrialPlan, TrialRecord } from "./trial.js";
import { trialStore } from "./trial-folder.js";

const plan = tinyTrial(0.01, 1, { keepsPredictions: true });
const images = { imageShape: [6, 6, 2], classes: 3 };

describe("a record held against a plan", () => {
  const study = memoryStore("study");
  let record: TrialRecord;
  before(async () => {
    const { records } = await runTiny(study, { plan: () => ({ trials: [plan], undecided: [] }) });
    record = records.get(plan.id)!;
  });

  const check = (
    changed: Partial<TrialRecord> = {},
    planned: readonly TrialPlan[] = [plan],
    arithmeticSince?: () => number,
  ): Promise<void> =>
    checkRecords(study, new Map([[plan.id, { ...record, ...changed }]]), planned, {
      heddle: "test",
      images,
      arithmeticSince,
    });
  const refuses = (work: Promise<void>, message: RegExp): Promise<void> =>
    assert.rejects(work, (error) => error instanceof StudyError && message.test(error.message));

  it("passes as it was planned, and where nothing is planned of it", async () => {
    await check();
    await check({ config: { ...record.config, epochs: 9 } }, []);
  });

  it("is refused at the first other setting, fact or layer", async () => {
    const { settings, factors } = plan;
    const others: [Partial<TrialPlan>, RegExp][] = [
      [
        { settings: { ...settings, epochs: 9 } },
        /rate-0\.01-seed1 was trained with epochs 3, and here it is 9: .*Give the same/,
      ],
      [
        { settings: { ...settings, learningRate: 0.5 } },
        /with schedule\.learningRate 0\.01, and here it is 0\.5/,
      ],
      // What trains is known of a trial that did: 30 images.
      [{ settings: { ...settings, batchSize: undefined, batchSizeAtMost: 8 } }, /^$/],
      [
        { settings: { ...settings, batchSize: undefined, batchSizeAtMost: 64 } },
        /with batchSize 8, and here it is 30/,
      ],
      [{ settings: { ...settings, batchSize: undefined } }, /with batchSize 8, and here it is 30/],
      [{ factors: { ...factors, seed: 2 } }, /with factors\.seed 1, and here it is 2/],
      [
        {
          settings: {
            ...settings,
            model: { name: "own", layers: () => [flatten(), dense({ units: 3 })] },
          },
        },
        /with layers\.dropout\S* \{.*\}, and here it is nothing/,
      ],
    ];
    for (const [changed, message] of others) {
      const work = check({}, [{ ...plan, ...changed }]);
      if (message.source === "^$") await work;
      else await refuses(work, message);
    }
  });

  it("is refused from another version", async () => {
    const environment = { ...record.environment, heddle: "0.0.9" };
    await refuses(check({ environment }, []), /was made by heddle 0\.0\.9, and this is test/);
  });

  it("may be of an earlier arithmetic where its bytes are the same since, and of no later one", async () => {
    const of = (version: number) => ({ config: { ...record.config, arithmeticVersion: version } });
    const message = (version: number): RegExp =>
      new RegExp(
        `was trained with version ${version} of the arithmetic, and this heddle computes with version ${arithmeticVersion}, by which own`,
      );
    await check(of(0), [plan], () => 0);
    for (const version of [arithmeticVersion - 1, arithmeticVersion + 1]) {
      await refuses(check(of(version)), message(version));
    }
  });

  it("is refused without its predictions, unless it was never judged", async () => {
    await trialStore(study, plan.id).remove("predictions.safetensors");
    await refuses(check(), /predictions\.safetensors is missing.*is run again/);
    await check({ test: null });
  });
});
