import type { EpochRecord } from "../../core/training/events.js";
import type { TrialRecord } from "../plan/trial.js";
import type { TrialGroup } from "./groups.js";
import { decimal, signed } from "./numbers.js";
import { type Difference, differenceWords, type Sides, type Spread, spreadOf } from "./spread.js";

/** Which way a figure is the better. */
export type Direction = "higher" | "lower";

/** A figure of a trial: all that cells, claims and charts have to know of it. */
export interface Measure {
  /** Null where the trial has none. */
  read(record: TrialRecord): number | null;
  /** What it is called in a sentence. */
  readonly title: string;
  /** Behind a figure, where it has a unit. Percents and points are read as shares of 1. */
  readonly unit?: "%" | "points" | "epochs";
  readonly places: number;
  readonly better?: Direction;
  /** How a greater and a lesser mean stand to another (default: above, below). */
  readonly sides?: Sides;
  /** A deviation that is taken for the common one where that is smaller (default 0). */
  readonly least?: number;
}

/** The line of a trial's history whose weights were judged. */
export const judgedEpoch = ({ history, bestEpoch }: TrialRecord): EpochRecord | undefined =>
  history.find(({ epoch }) => epoch === bestEpoch);

/** Seconds that training a trial took, validation included. */
export const secondsOf = ({ history }: Pick<TrialRecord, "history">): number =>
  history.reduce((sum, { seconds }) => sum + seconds, 0);

const less = (one: number | null | undefined, other: number | null | undefined): number | null =>
  typeof one === "number" && typeof other === "number" ? one - other : null;

const gap = { unit: "points", places: 2, better: "lower", sides: ["wider than", "narrower than"] } as const;
const accuracy = { unit: "%", places: 2, better: "higher" } as const;

/** Every figure of a trial that a table, a claim or a chart speaks of. */
export const measures = {
  testAccuracy: {
    ...accuracy,
    title: "accuracy on the test images",
    read: ({ test }) => test?.accuracy ?? null,
  },
  testLoss: {
    title: "loss on the test images",
    places: 3,
    better: "lower",
    read: ({ test }) => test?.loss ?? null,
  },
  macroAuc: { title: "AUC", places: 4, better: "higher", read: ({ test }) => test?.macroAuc ?? null },
  microAuc: {
    title: "AUC over all pairs",
    places: 4,
    better: "higher",
    read: ({ test }) => test?.microAuc ?? null,
  },
  validationAccuracy: {
    ...accuracy,
    title: "accuracy on the validation images",
    read: (record) => judgedEpoch(record)?.validationAccuracy ?? null,
  },
  lastValidationAccuracy: {
    ...accuracy,
    title: "accuracy on the validation images in the last epoch",
    read: ({ history }) => history.at(-1)?.validationAccuracy ?? null,
  },
  trainAccuracy: {
    ...accuracy,
    title: "accuracy on the training images",
    read: ({ train }) => train?.accuracy ?? null,
  },
  /** Of the same weights, dropout and augmentation off. */
  validationGap: {
    ...gap,
    title: "training less validation",
    read: (record) => less(record.train?.accuracy, judgedEpoch(record)?.validationAccuracy),
  },
  testGap: {
    ...gap,
    title: "training less test",
    read: ({ train, test }) => less(train?.accuracy, test?.accuracy),
  },
  /** In the last epoch, dropout and augmentation on. */
  lastGap: {
    ...gap,
    title: "training less validation in the last epoch",
    read: ({ history }) => less(history.at(-1)?.trainAccuracy, history.at(-1)?.validationAccuracy),
  },
  /** What the same weights lose from the images that chose the epoch to those that chose nothing. */
  validationLessTest: {
    ...gap,
    title: "validation less test",
    read: (record) => less(judgedEpoch(record)?.validationAccuracy, record.test?.accuracy),
  },
  /** The most that the choice of the epoch can add to the accuracy on the images that chose it. */
  bestLessLast: {
    ...gap,
    title: "best epoch less the last",
    read: (record) =>
      less(judgedEpoch(record)?.validationAccuracy, record.history.at(-1)?.validationAccuracy),
  },
  /** The first epoch after which 90 % of the validation images are right. Epochs are counted whole. */
  epochsTo90: {
    title: "epochs to 90 %",
    unit: "epochs",
    places: 1,
    better: "lower",
    sides: ["later than", "sooner than"],
    least: 0.5,
    read: ({ history }) => history.find(({ validationAccuracy }) => validationAccuracy >= 0.9)?.epoch ?? null,
  },
  bestEpoch: { title: "best epoch", places: 1, read: ({ bestEpoch }) => (bestEpoch > 0 ? bestEpoch : null) },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof measures;

/** A figure of one class. */
export const classMeasure = (index: number, figure: "precision" | "recall" | "f1" | "auc"): Measure => ({
  title: figure === "f1" ? "F1" : figure,
  places: figure === "auc" ? 4 : 3,
  better: "higher",
  read: ({ test }) => test?.classes[index]?.[figure] ?? null,
});

/** A figure over a group's seeds; null where no trial has it. */
export const measure = (group: TrialGroup, { read }: Measure): Spread | null =>
  spreadOf(
    group.kept.flatMap((record) => {
      const value = read(record);
      return value === null ? [] : [{ trial: record.id, value }];
    }),
  );

/** What a figure is multiplied by to be shown. */
export const scaleOf = ({ unit }: Measure): number => (unit === "%" || unit === "points" ? 100 : 1);

/** "92.40", without its unit */
export const written = (of: Measure, value: number): string => decimal(scaleOf(of) * value, of.places);

/** "92.40 ± 0.25"; without the deviation where there is none. */
export const meanAndDeviation = (of: Measure, { mean, deviation }: Spread): string =>
  deviation === null ? written(of, mean) : `${written(of, mean)} ± ${written(of, deviation)}`;

/** "92.40 ± 0.25 %" */
export const meanInWords = (of: Measure, spread: Spread): string =>
  [meanAndDeviation(of, spread), of.unit].filter(Boolean).join(" ");

/** A difference with its sign and unit: "+0.42 points". */
export const signedWords = (of: Measure, difference: number): string =>
  [signed(scaleOf(of) * difference, of.places), of.unit === "%" ? "points" : of.unit]
    .filter(Boolean)
    .join(" ");

/** How one mean stands to another: "clearly above the CNN (+0.42 points, 2.4 standard deviations)". */
export const standsTo = (of: Measure, difference: Difference, other: string): string =>
  differenceWords(difference, other, (value) => signedWords(of, value), of.sides);
