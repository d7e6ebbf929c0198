import { HeddleError } from "../errors.js";
import type { Labels } from "./dataset.js";
import { labelNumbersOf, mostClasses } from "./labels.js";

/** Labels as a file writes them, one an image: whole numbers, or words. */
export type WrittenLabels = Labels | Float64Array | readonly string[];

/** The classes of a data set, as their labels are written, in order. */
export interface Numbering {
  readonly written: readonly (number | string)[];
  readonly numberOf: ReadonlyMap<number | string, number>;
}

/**
 * The classes that training labels speak of: numbers in their order, or words in theirs, counted from 0 without gaps.
 *
 * Every class needs two training images, one to train on and one to validate with: a label that stands alone is a
 * damaged byte, or no label.
 * @param from where the labels are from, for errors
 * @throws HeddleError naming the label that stands alone, and on a single class or too many
 */
export function numberClasses(labels: WrittenLabels, from: string): Numbering {
  const counts = new Map<number | string, number>();
  for (const label of labels) {
    counts.set(label, (counts.get(label) ?? 0) + 1);
    // No labels that are right have more classes than this, whatever damaged ones say.
    if (counts.size > mostClasses) {
      throw new HeddleError(
        `${from}: these are more classes than the ${mostClasses} that heddle tells apart.`,
      );
    }
  }
  for (const [label, count] of counts) {
    if (count > 1) continue;
    const hint =
      2 * counts.size > labels.length
        ? ` These are ${counts.size} labels in ${labels.length} images: are they labels at all?`
        : "";
    throw new HeddleError(
      `${from}: label ${shown(label)} (of image ${Array.prototype.indexOf.call(labels, label)}) stands alone: expected at least 2 training images of each class, one to train on and one to validate with. Correct the label, or leave the image out.${hint}`,
    );
  }
  if (counts.size < 2) {
    const [only] = counts.keys();
    throw new HeddleError(
      `${from}: every label is ${shown(only)}: expected at least 2 classes to tell apart.`,
    );
  }
  const written = sorted([...counts.keys()]);
  return { written, numberOf: new Map(written.map((label, number) => [label, number])) };
}

/**
 * Labels counted from 0: [N].
 * @throws HeddleError naming the first label that no training image has
 */
export function numbered(labels: WrittenLabels, { written, numberOf }: Numbering, from: string): Labels {
  if (labels instanceof Uint8Array && startsAtZero({ written, numberOf })) {
    // The usual case keeps the bytes of the file.
    const wrong = labels.findIndex((label) => label >= written.length);
    if (wrong === -1) return labels;
    throw unknown(labels[wrong], wrong, written, from);
  }
  const numbers = new (labelNumbersOf(written.length))(labels.length);
  for (let image = 0; image < labels.length; image++) {
    const number = numberOf.get(labels[image]);
    if (number === undefined) throw unknown(labels[image], image, written, from);
    numbers[image] = number;
  }
  return numbers;
}

/** Whether labels are written as they are counted here: 0, 1, 2 … */
export const startsAtZero = ({ written }: Numbering): boolean =>
  written.every((label, number) => label === number || label === String(number));

function unknown(
  label: number | string,
  image: number,
  written: Numbering["written"],
  from: string,
): HeddleError {
  const expected =
    typeof written[0] === "number" && startsAtZero({ written, numberOf: new Map() })
      ? `0 to ${written.length - 1}`
      : `${shown(written[0])} to ${shown(written[written.length - 1])}`;
  return new HeddleError(
    `${from}: label ${shown(label)} (of image ${image}) is none of the ${written.length} classes of the training labels: expected ${expected}.`,
  );
}

const shown = (label: number | string): string =>
  typeof label === "number" || /^\d+$/.test(label) ? String(label) : JSON.stringify(label);

function sorted(labels: (number | string)[]): (number | string)[] {
  if (labels.every((label) => /^-?\d+$/.test(String(label)))) {
    return labels.sort((a, b) => Number(a) - Number(b) || (String(a) < String(b) ? -1 : 1));
  }
  return labels.sort((a, b) => (a < b ? -1 : 1));
}
