import type { EpochRecord } from "../../core/training/events.js";
import { type PaperModel, paperTable2 } from "../paper/paper.js";
import type { TrialRecord } from "../plan/trial.js";
import type { TrialGroup } from "./results.js";
import { type Spread, spreadOf } from "./spread.js";

/** One figure of a trial; null where the trial has none. */
export type Measure = (record: TrialRecord) => number | null;

/** The line of a trial's history whose weights were judged. */
export const judgedEpoch = ({ history, bestEpoch }: TrialRecord): EpochRecord | undefined =>
  history.find(({ epoch }) => epoch === bestEpoch);

/** Figures of a trial, shares of 1 and nats. */
export const measures = {
  testAccuracy: ({ test }) => test?.accuracy ?? null,
  testLoss: ({ test }) => test?.loss ?? null,
  macroAuc: ({ test }) => test?.macroAuc ?? null,
  microAuc: ({ test }) => test?.microAuc ?? null,
  validationAccuracy: (record) => judgedEpoch(record)?.validationAccuracy ?? null,
  lastValidationAccuracy: ({ history }) => history.at(-1)?.validationAccuracy ?? null,
  trainAccuracy: ({ train }) => train?.accuracy ?? null,
  /** Training accuracy, dropout and augmentation off, less validation accuracy: the same weights. */
  validationGap: (record) => {
    const validation = judgedEpoch(record);
    return record.train && validation ? record.train.accuracy - validation.validationAccuracy : null;
  },
  testGap: ({ train, test }) => (train && test ? train.accuracy - test.accuracy : null),
  /** The first epoch after which 90 % of the validation images are right. */
  epochsTo90: ({ history }) =>
    history.find(({ validationAccuracy }) => validationAccuracy >= 0.9)?.epoch ?? null,
  bestEpoch: ({ bestEpoch }) => (bestEpoch > 0 ? bestEpoch : null),
  /** Wall time, validation included. */
  minutes: ({ history }) => history.reduce((sum, { seconds }) => sum + seconds, 0) / 60,
} as const satisfies Record<string, Measure>;

/** A figure over a group's seeds; null where no trial has it. */
export const measure = (group: TrialGroup, of: Measure): Spread | null =>
  spreadOf(
    group.kept.flatMap((record) => {
      const value = of(record);
      return value === null ? [] : [{ trial: record.id, seed: record.config.seed, value }];
    }),
  );

/** Whether a mean test accuracy is at or above the paper's, to the paper's two places. */
export const reachesPaper = ({ mean }: Spread, model: PaperModel): boolean =>
  Number((100 * mean).toFixed(2)) >= paperTable2[model].accuracy;

/** A figure of one class over a group's seeds. */
export const classMeasure =
  (index: number, figure: "precision" | "recall" | "f1" | "auc"): Measure =>
  ({ test }) =>
    test?.classes[index]?.[figure] ?? null;

/** A group with its seeds all there and none of them diverged. */
export const isWhole = ({ ids, kept }: TrialGroup): boolean =>
  kept.length > 0 && kept.length === ids.length && kept.every(({ outcome }) => outcome === "finished");

/** Seeds kept and planned, and the epochs of each: ["3", "50"], ["2 of 3", "20 to 50"]. */
function extentOf({ ids, kept, epochs }: TrialGroup): { readonly seeds: string; readonly epochs: string } {
  const last = epochs[epochs.length - 1];
  return {
    seeds: kept.length === ids.length ? String(kept.length) : `${kept.length} of ${ids.length}`,
    epochs: epochs.length > 1 ? `${epochs[0]} to ${last}` : String(last),
  };
}

/** How many of a group's trials diverged, and of how many its test figures are where some have none; in words. */
function lapses({ kept }: TrialGroup): string[] {
  const diverged = kept.filter(({ outcome }) => outcome === "diverged").length;
  const judged = kept.filter(({ test }) => test).length;
  return [
    ...(diverged > 0 ? [`${diverged} of ${kept.length} diverged`] : []),
    ...(judged < kept.length ? [`test figures of ${judged}`] : []),
  ];
}

/**
 * Seeds by epochs, for a column that says so: "3 × 50", "2 of 3 × 50", "3 × 4 to 50, 1 of 3 diverged"; "not run yet"
 * without any.
 */
export function extent(group: TrialGroup): string {
  if (group.kept.length === 0) return "not run yet";
  const { seeds, epochs } = extentOf(group);
  return [`${seeds} × ${epochs}`, ...lapses(group)].join(", ");
}

/** What stands behind a group's figures: "3 seeds × 50 epochs", "2 of 3 seeds × 50 epochs, 1 of 2 diverged". */
export function standing(group: TrialGroup): string {
  if (group.kept.length === 0) return "not run yet";
  const { seeds, epochs } = extentOf(group);
  const words = `${seeds} ${seeds === "1" ? "seed" : "seeds"} × ${epochs} ${epochs === "1" ? "epoch" : "epochs"}`;
  return [words, ...lapses(group)].join(", ");
}

/** The mean confusion matrix of a group, `[true][predicted]`, counts of a test set; null where none is there. */
export function meanConfusion({ kept }: TrialGroup): number[][] | null {
  const matrices = kept.flatMap(({ test }) => (test ? [test.confusion] : []));
  if (matrices.length === 0) return null;
  return matrices[0].map((row, truth) =>
    row.map(
      (_, predicted) =>
        matrices.reduce((sum, confusion) => sum + confusion[truth][predicted], 0) / matrices.length,
    ),
  );
}
