import { dense, dropout, flatten } from "../../core/layers/index.js";
import { tinyData } from "../../core/training/testing/tiny-model.js";
import type { Store } from "../../run/store.js";
import { kept, readJson, tinyHost } from "../../run/testing/runs.js";
import {
  type RunStudyOptions,
  runStudy,
  type StudyEvent,
  type StudyHost,
  type StudyResult,
} from "../study.js";
import type { TrialPlan } from "../trial.js";

const own = { name: "own", layers: () => [flatten(), dropout(0.1), dense({ units: 3 })] };

export type TinyTrial = TrialPlan<{ readonly learningRate: number; readonly seed: number }>;

/** Three epochs of four steps. */
export const tinyTrial = (
  learningRate: number,
  seed: number,
  changed: Partial<TinyTrial> = {},
  settings: Partial<TinyTrial["settings"]> = {},
): TinyTrial => ({
  id: `rate-${learningRate}-seed${seed}`,
  factors: { learningRate, seed },
  settings: {
    model: own,
    epochs: 3,
    batchSize: 8,
    learningRate,
    augmentation: "flip",
    seed,
    portable: true,
    ...settings,
  },
  ...changed,
});

/** Two rates, two seeds; the first one's predictions are kept. */
export const tinyTrials: readonly TinyTrial[] = [
  tinyTrial(0.01, 1, { keepsPredictions: true }),
  tinyTrial(0.1, 1),
  tinyTrial(0.01, 2),
  tinyTrial(0.1, 2),
];

export const tinyOptions = (study: Store): RunStudyOptions<TinyTrial> => ({
  study,
  kind: "trifle",
  about: { budget: 3 },
  plan: () => ({ trials: tinyTrials, undecided: [] }),
  data: { dataset: tinyData, name: "tiny" },
  judging: { test: true, train: true },
  threads: 1,
});

export type TinyResult = StudyResult<TinyTrial> & { readonly events: readonly StudyEvent<TinyTrial>[] };

/** Runs a study, and gives what was told. */
export async function runTiny(
  study: Store,
  options: Partial<RunStudyOptions<TinyTrial>> = {},
  host: StudyHost = tinyHost,
): Promise<TinyResult> {
  const events: StudyEvent<TinyTrial>[] = [];
  const onEvent = (event: StudyEvent<TinyTrial>): void => {
    events.push(event);
    options.onEvent?.(event);
  };
  const result = await runStudy({ ...tinyOptions(study), ...options, onEvent }, host);
  return { ...result, events };
}

/** What a study kept of its trials, but for when and how long. */
export async function keptTrials(study: Store): Promise<Record<string, object>> {
  const trials = study.within("trials");
  const names = ((await trials.list()) ?? []).map(({ name }) => name).sort();
  const entries = names.map(async (name) => {
    const store = trials.within(name);
    const predictions = Buffer.from((await store.read("predictions.safetensors")) ?? []).toString("hex");
    return [
      name,
      { ...(await kept(store)), predictions, trial: await readJson(store, "trial.json") },
    ] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
