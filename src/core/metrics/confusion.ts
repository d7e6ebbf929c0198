import { classesKind } from "../data/labels.js";
import { HeddleError } from "../errors.js";
import { checkValue, listOf, number, type OptionTable, optionsOf, wholeNumber } from "../options/index.js";
import { checkClassNumbers, numbersKind } from "./predictions.js";

/** Beyond it a matrix of every class against every other, and a curve a class, are too much to hold and to read. */
export const mostClassesInDetail = 1024;

/**
 * How often each true class was taken for each class: `confusion[true][predicted]`, [classes, classes].
 * @throws HeddleError on another number of labels than of predicted classes, one that is no class, or more than
 * 1,024 classes
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  checkValue("confusionMatrix", "classes", classes, wholeNumber({ from: 1 }));
  if (classes > mostClassesInDetail) {
    throw new HeddleError(
      `A confusion matrix of ${classes} classes would have ${classes * classes} cells: expected at most ` +
        `${mostClassesInDetail} classes. Use classFiguresOf, which needs no matrix.`,
    );
  }
  checkPairs("confusionMatrix", labels, predicted, classes);
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let image = 0; image < labels.length; image++) confusion[labels[image]][predicted[image]]++;
  return confusion;
}

/** Figures from 0 to 1. */
export interface PrecisionRecall {
  /** Of what was predicted to be this class, the share that is: TP / (TP + FP). */
  readonly precision: number;
  /** Of what is this class, the share that was predicted to be: TP / (TP + FN). */
  readonly recall: number;
  /** Their harmonic mean: 2·TP / (2·TP + FP + FN). */
  readonly f1: number;
}

/** A class's precision, recall and F1, and how many images it has. */
export interface ClassFigures extends PrecisionRecall {
  /** Images of this class. */
  readonly support: number;
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Of one class: images of it, images taken for it, and how many are both. */
interface ClassCounts {
  readonly support: number;
  readonly predicted: number;
  readonly truePositives: number;
}

const figuresFrom = ({ support, predicted, truePositives }: ClassCounts): ClassFigures => ({
  precision: ratio(truePositives, predicted),
  recall: ratio(truePositives, support),
  f1: ratio(2 * truePositives, predicted + support),
  support,
});

/**
 * Precision, recall and F1 of each class. A quotient whose divisor is zero is 0, as scikit-learn has by
 * default: the precision of a class never predicted, the recall of a class without images, the F1 of a class
 * with neither.
 * @throws UsageError on what is no matrix of counts
 */
export function classFigures(confusion: readonly (readonly number[])[]): ClassFigures[] {
  checkValue("classFigures", "confusion", confusion, confusionKind);
  const classes = confusion.length;
  const ragged = confusion.findIndex((row) => row.length !== classes);
  if (ragged !== -1) {
    throw new HeddleError(
      `classFigures: row ${ragged} of ${classes} has ${confusion[ragged].length} counts: expected ${classes}.`,
    );
  }
  return confusion.map((row, index) =>
    figuresFrom({
      support: row.reduce((sum, value) => sum + value, 0),
      predicted: confusion.reduce((sum, other) => sum + other[index], 0),
      truePositives: row[index],
    }),
  );
}

/**
 * The same, counted without a matrix: for any number of classes.
 * @throws HeddleError as `confusionMatrix` does, but for the number of classes
 */
export function classFiguresOf(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): ClassFigures[] {
  checkValue("classFiguresOf", "classes", classes, classesKind);
  checkPairs("classFiguresOf", labels, predicted, classes);
  const support = new Uint32Array(classes);
  const taken = new Uint32Array(classes);
  const right = new Uint32Array(classes);
  for (let image = 0; image < labels.length; image++) {
    support[labels[image]]++;
    taken[predicted[image]]++;
    if (labels[image] === predicted[image]) right[labels[image]]++;
  }
  return Array.from(support, (count, index) =>
    figuresFrom({ support: count, predicted: taken[index], truePositives: right[index] }),
  );
}

function checkPairs(
  owner: string,
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): void {
  checkValue(owner, "labels", labels, numbersKind);
  checkValue(owner, "predicted", predicted, numbersKind);
  if (labels.length !== predicted.length) {
    throw new HeddleError(
      `${owner} got ${labels.length} labels and ${predicted.length} predicted classes: expected one a label.`,
    );
  }
  checkClassNumbers(labels, classes);
  checkClassNumbers(predicted, classes);
}

const share = number({ from: 0, to: 1 });

const confusionKind = listOf(listOf(wholeNumber({ from: 0 })));

const figuresTable = {
  precision: { meaning: "share right of what was predicted to be this class", kind: share },
  recall: { meaning: "share found of what is this class", kind: share },
  f1: { meaning: "their harmonic mean", kind: share },
  support: { meaning: "images of this class", kind: wholeNumber({ from: 0 }) },
} satisfies OptionTable<ClassFigures>;

/** What else a class's figures carry, such as its name and area, is left unread. */
const figuresKind = listOf(optionsOf(figuresTable, { ignored: ["name", "auc"] }));

const average = (figures: readonly ClassFigures[], weightOf: (figure: ClassFigures) => number) => {
  const whole = figures.reduce((sum, figure) => sum + weightOf(figure), 0);
  const mean = (key: keyof PrecisionRecall) =>
    ratio(
      figures.reduce((sum, figure) => sum + weightOf(figure) * figure[key], 0),
      whole,
    );
  return { precision: mean("precision"), recall: mean("recall"), f1: mean("f1") };
};

/**
 * Plain means over all classes, those without images included (scikit-learn with `labels=range(classes)`).
 * @throws UsageError on what `classFigures` doesn't give
 */
export function macroAverage(figures: readonly ClassFigures[]): PrecisionRecall {
  checkValue("macroAverage", "figures", figures, figuresKind);
  return average(figures, () => 1);
}

/** Means weighted by support. @throws UsageError on what `classFigures` doesn't give */
export function weightedAverage(figures: readonly ClassFigures[]): PrecisionRecall {
  checkValue("weightedAverage", "figures", figures, figuresKind);
  return average(figures, (figure) => figure.support);
}
