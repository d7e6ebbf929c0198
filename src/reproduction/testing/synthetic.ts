import { arithmeticVersion } from "../../core/arithmetic.js";
import { noAugmentation } from "../../core/data/augmentation.js";
import { fashionMnistClassNames } from "../../core/data/fashion-mnist.js";
import { evaluate } from "../../core/metrics/evaluation.js";
import { adamw } from "../../core/optimizers/index.js";
import { createRandom } from "../../core/random.js";
import { cosineDecay, createSchedule } from "../../core/schedules/index.js";
import type { EpochRecord } from "../../core/training/events.js";
import type { RunConfig } from "../../run/run-config.js";
import type { RunPredictions } from "../../run/run-record.js";
import { planTrials } from "../plan/plan.js";
import type { Protocol } from "../plan/protocol.js";
import type { TrialPlan, TrialRecord } from "../plan/trial.js";
import type { PlanOptions } from "../plan/trial-entry.js";
import type { ReproductionResults } from "../results/results.js";

const classes = fashionMnistClassNames.length;

/** What made-up trials are trained by, whatever the library's own protocol is: its start rates are 0.0007, 0.002, 0.006. */
export const madeUpProtocol: Protocol = {
  name: "made-up",
  why: "Nobody chose it.",
  settings: {
    optimizer: adamw({ weightDecay: 0.05 }),
    schedule: cosineDecay({ learningRate: 0.002, warmup: 2 }).config,
    labelSmoothing: 0.05,
    augmentation: { ...noAugmentation, flip: true },
  },
};

/** Classes that are alike: what a network takes one for when it errs. */
const alike: Readonly<Record<number, readonly number[]>> = {
  0: [6, 3],
  1: [3],
  2: [4, 6],
  3: [0, 4],
  4: [2, 6],
  5: [7, 9],
  6: [0, 2, 4],
  7: [9, 5],
  8: [0],
  9: [7],
};

export interface SyntheticOptions {
  /** Test images (default 200). */
  readonly images?: number;
  /** About how much of the test set is right (default 0.9). */
  readonly accuracy?: number;
  readonly outcome?: TrialRecord["outcome"];
}

/** Softmax outputs of a network that isn't there: errors fall on classes that are alike, Shirt's most. */
function predictionsOf(seed: number, images: number, accuracy: number): RunPredictions {
  const random = createRandom(seed, 77);
  const probabilities = new Float32Array(images * classes);
  const labels = new Uint8Array(images);
  for (let image = 0; image < images; image++) {
    const label = image % classes;
    labels[image] = label;
    const hardness = label === 6 ? 2.4 : [1, 5, 8].includes(label) ? 0.2 : 0.9;
    const wrong = random.uniform() < (1 - accuracy) * hardness;
    const others = alike[label];
    const taken = wrong ? others[random.below(others.length)] : label;
    const logits = Array.from({ length: classes }, () => random.normal());
    logits[taken] += 4 + 2 * random.uniform();
    const exponentials = logits.map(Math.exp);
    const sum = exponentials.reduce((total, value) => total + value, 0);
    for (const [index, value] of exponentials.entries())
      probabilities[image * classes + index] = Math.fround(value / sum);
  }
  return { probabilities, labels };
}

function historyOf(
  config: RunConfig,
  seed: number,
  accuracy: number,
  epochs: number,
): readonly EpochRecord[] {
  const random = createRandom(seed, 78);
  const schedule = createSchedule(config.schedule);
  const stepsPerEpoch = Math.ceil(48_000 / config.batchSize);
  return Array.from({ length: epochs }, (_, index): EpochRecord => {
    const done = 1 - Math.exp(-(index + 1) / 4);
    const validationAccuracy = accuracy * (0.8 + 0.2 * done) + 0.002 * random.normal();
    return {
      epoch: index + 1,
      trainLoss: 0.9 - 0.6 * done,
      trainAccuracy: accuracy * (0.7 + 0.3 * done),
      validationLoss: 0.7 - 0.45 * done + 0.003 * random.normal(),
      validationAccuracy: Math.round(12_000 * Math.min(1, validationAccuracy)) / 12_000,
      learningRate: schedule.learningRate({
        step: (index + 1) * stepsPerEpoch - 1,
        stepsPerEpoch,
        epochs: config.epochs,
      }),
      seconds: 10,
    };
  });
}

/** A trial that was never run: a seeded history and predictions, judged as real ones are. */
export function syntheticTrial(
  plan: TrialPlan,
  { images = 200, accuracy = 0.9, outcome = "finished" }: SyntheticOptions = {},
): { readonly record: TrialRecord; readonly predictions: RunPredictions } {
  const seed = [...plan.id].reduce((sum, character) => (31 * sum + character.charCodeAt(0)) % 65_521, 7);
  const { settings, factors } = plan;
  const config: RunConfig = {
    ...settings,
    model: factors.model,
    batchSize: factors.batchSize,
    dropout: factors.experiment !== "without-dropout",
    data: "fashion-mnist",
    ownData: false,
    portable: false,
    arithmeticVersion,
  } as RunConfig;
  const epochs = outcome === "finished" ? settings.epochs : Math.ceil(settings.epochs / 3);
  const history = historyOf(config, seed, accuracy + 0.01, epochs);
  const bestEpoch = history.reduce(
    (best, { validationAccuracy }, index) =>
      validationAccuracy > history[best].validationAccuracy ? index : best,
    0,
  );
  const predictions = predictionsOf(seed, images, accuracy);
  const { roc: _, ...test } = evaluate(predictions.probabilities, predictions.labels, fashionMnistClassNames);
  return {
    predictions,
    record: {
      id: plan.id,
      factors,
      config,
      environment: {
        heddle: "0.1.0",
        node: "20.1.0",
        v8: "11",
        platform: "linux 6",
        architecture: "x64",
        processor: "Made-up Processor <4>",
        processors: 2,
        memoryBytes: 8e9,
        startedAt: "2026-01-02T03:04:05.000Z",
        threads: 2,
        relaxedSimd: true,
        vectorBits: 128,
        arenaBytes: 8e7,
      },
      outcome,
      ...(outcome === "diverged" && { message: "The loss is not finite." }),
      history,
      bestEpoch: bestEpoch + 1,
      test,
      train: { accuracy: Math.min(1, accuracy + 0.04), loss: 0.1 },
    },
  };
}

export interface SyntheticResultsOptions extends Partial<PlanOptions> {
  readonly quick?: boolean;
  readonly images?: number;
  /** Which of the planned trials there are (default: all). */
  readonly kept?: (id: string) => boolean;
}

const accuracies: Readonly<Record<string, number>> = {
  proposed: 0.92,
  cnn: 0.91,
  lenet: 0.9,
  lstm: 0.885,
  bilstm: 0.89,
  resNet20: 0.93,
  vggSmall: 0.925,
};

/** Results of a whole reproduction, or of a part of one, that was never run. */
export function syntheticResults(options: SyntheticResultsOptions = {}): ReproductionResults {
  const { quick = false, images, kept = () => true, ...plan } = options;
  const whole: PlanOptions = {
    part: "all",
    epochs: 50,
    seeds: [1, 2, 3],
    limit: null,
    protocol: madeUpProtocol,
    ...plan,
  };
  const records = new Map<string, TrialRecord>();
  const predictions = new Map<string, RunPredictions>();
  const run = (): readonly TrialPlan[] => {
    const { trials } = planTrials(whole, records);
    for (const trial of trials.filter(({ id }) => kept(id) && !records.has(id))) {
      const made = syntheticTrial(trial, {
        // Of the others nothing is drawn.
        images: trial.keepsPredictions ? images : undefined,
        accuracy: accuracyOf(trial),
        outcome: trial.id.startsWith("printed-adam") ? "diverged" : "finished",
      });
      records.set(trial.id, made.record);
      if (trial.keepsPredictions) predictions.set(trial.id, made.predictions);
    }
    return trials;
  };
  // The start rates that the first ones choose bring more, until none is at an edge.
  let planned: readonly TrialPlan[] = [];
  let before: number;
  do {
    before = planned.length;
    planned = run();
  } while (planned.length > before);
  return {
    quick,
    data: "fashion-mnist",
    protocol: whole.protocol ?? madeUpProtocol,
    planned,
    records: [...records.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    predictions,
    earlier: [],
    epochTimes: null,
  };
}

function accuracyOf({ id, factors }: TrialPlan): number {
  const { experiment, learningRate } = factors;
  if (experiment === "printed") return 0.7;
  if (experiment === "without-dropout") return 0.91;
  if (experiment === "schedule") return 0.9 + 0.01 * Math.sin(id.length + 5 * learningRate);
  return accuracies[factors.model] - Math.abs(Math.log2(factors.batchSize / 128)) * 0.002;
}
