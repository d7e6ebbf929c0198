/** What it reads of an `Evaluation`. */
export interface ClassRecalls {
  readonly classes: readonly { readonly recall: number; readonly support: number }[];
}

/**
 * The accuracy that counts each class alike, however many images it has: the mean recall of those that have any,
 * 1/K · Σ TPₖ / nₖ (Brodersen et al. 2010, "The balanced accuracy and its posterior distribution"). Not a number without
 * images.
 */
export function balancedAccuracy({ classes }: ClassRecalls): number {
  const there = classes.filter(({ support }) => support > 0);
  return there.reduce((sum, { recall }) => sum + recall, 0) / there.length;
}

/** As many times the images of another class make classes uneven. */
const evenRatio = 1.5;

/** Whether classes have so unlike numbers of images that the larger ones decide an accuracy. */
export function isUneven(counts: ArrayLike<number>): boolean {
  const sorted = Float64Array.from(counts).sort();
  return sorted.length > 0 && sorted[sorted.length - 1] > evenRatio * sorted[0];
}

/** The same of the images that were judged. */
export const hasUnevenClasses = ({ classes }: ClassRecalls): boolean =>
  isUneven(classes.map(({ support }) => support));
