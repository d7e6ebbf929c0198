/** How often images of one class were taken for another. */
export interface Mistake {
  readonly label: number;
  readonly predicted: number;
  /** Images. */
  readonly count: number;
}

/** What of a confusion matrix [true][predicted] lies off its diagonal, the most frequent first. */
export const frequentMistakes = (
  confusion: readonly (readonly number[])[],
  most: number,
): readonly Mistake[] =>
  confusion
    .flatMap((row, label) =>
      row.flatMap((count, predicted) =>
        count > 0 && predicted !== label ? [{ label, predicted, count }] : [],
      ),
    )
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
