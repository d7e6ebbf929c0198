/** How often each true class was taken for each class: `confusion[true][predicted]`, [classes, classes]. */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
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

export interface ClassFigures extends PrecisionRecall {
  /** Images of this class. */
  readonly support: number;
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/**
 * Precision, recall and F1 of each class. A quotient whose divisor is zero is 0, as scikit-learn has by
 * default: the precision of a class never predicted, the recall of a class without images, the F1 of a class
 * with neither.
 */
export function classFigures(confusion: readonly (readonly number[])[]): ClassFigures[] {
  return confusion.map((row, index) => {
    const truePositives = row[index];
    const support = row.reduce((sum, value) => sum + value, 0);
    const predicted = confusion.reduce((sum, other) => sum + other[index], 0);
    return {
      precision: ratio(truePositives, predicted),
      recall: ratio(truePositives, support),
      f1: ratio(2 * truePositives, predicted + support),
      support,
    };
  });
}

const average = (figures: readonly ClassFigures[], weightOf: (figure: ClassFigures) => number) => {
  const whole = figures.reduce((sum, figure) => sum + weightOf(figure), 0);
  const mean = (key: keyof PrecisionRecall) =>
    ratio(
      figures.reduce((sum, figure) => sum + weightOf(figure) * figure[key], 0),
      whole,
    );
  return { precision: mean("precision"), recall: mean("recall"), f1: mean("f1") };
};

/** Plain means over all classes, those without images included (scikit-learn with `labels=range(classes)`). */
export const macroAverage = (figures: readonly ClassFigures[]): PrecisionRecall => average(figures, () => 1);

/** Means weighted by support. */
export const weightedAverage = (figures: readonly ClassFigures[]): PrecisionRecall =>
  average(figures, (figure) => figure.support);
