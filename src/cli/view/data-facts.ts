import type { Dataset, Labels } from "../../core/data/dataset.js";
import { countLabels } from "../../core/data/labels.js";
import { isUneven } from "../../core/metrics/balanced-accuracy.js";
import { counted, listed, plural } from "../../core/words.js";
import { isPictureDataset } from "../../node/pictures/picture-dataset.js";

/** What its images are: `pictures as 96×96 in colour (crop)`, `images of 28×28×1`. */
export function imagesWords({
  imageShape,
  preparation,
}: Pick<Dataset, "imageShape" | "preparation">): string {
  if (!preparation) return `images of ${imageShape.join("×")}`;
  const { size, channels, resize } = preparation;
  return `pictures as ${size.join("×")} in ${channels === 1 ? "grey" : "colour"} (${resize})`;
}

/** How unlike the numbers of a set's classes are, where they are: `from 38 (hat) to 902 (t-shirt)`. */
export function unevenWords(labels: Labels, classNames: readonly string[]): string | undefined {
  const counts = [...countLabels(labels, classNames.length)];
  if (!isUneven(counts)) return undefined;
  const [least, most] = [Math.min, Math.max].map((pick) =>
    counts.indexOf(counts.reduce((a, b) => pick(a, b))),
  );
  return `from ${counted(counts[least])} (${classNames[least]}) to ${counted(counts[most])} (${classNames[most]})`;
}

/** How a training takes a data set. */
export interface DataUse {
  readonly trainImages: number;
  readonly validationImages: number;
  /** Whether its settings weigh classes already. */
  readonly weighted: boolean;
}

/**
 * What is worth knowing of a data set before it trains, a line each: of pictures what they are and which of them do
 * what; of any images whether classes are uneven.
 */
export function dataFacts(dataset: Dataset, { trainImages, validationImages, weighted }: DataUse): string[] {
  const { name, classNames, preparation, train, validation, test } = dataset;
  const lines: string[] = [];
  if (preparation) {
    const validating =
      validationImages === 0
        ? "none validates"
        : `${counted(validationImages)} validate${validation ? "" : " (held back from those that train)"}`;
    lines.push(
      `${name}: ${imagesWords(dataset)}, ${plural(classNames.length, "class", "classes")}; ${counted(trainImages)} train, ${validating}, ${counted(test.count)} are judged at the end`,
    );
  }
  if (isPictureDataset(dataset) && dataset.skipped.length + dataset.conflicts.length > 0) {
    const { skipped, conflicts } = dataset;
    const facts = [
      ...(skipped.length > 0 ? [`${plural(skipped.length, "file")} left out`] : []),
      ...(conflicts.length > 0 ? [`${plural(conflicts.length, "picture")} with several labels`] : []),
    ];
    lines.push(`There are ${listed(facts)}: heddle data with the same --data lists them`);
  }
  const uneven = unevenWords(train.labels, classNames);
  if (uneven) {
    const hint = weighted ? "" : "; --class-weights balanced has each count the same";
    lines.push(`Classes are uneven, ${uneven} images to train with${hint}`);
  }
  return lines;
}

/** Files that were left out, with the reason, and those of one content that stand under several labels, a line each. */
export function troubleLines(dataset: Dataset): string[] {
  if (!isPictureDataset(dataset)) return [];
  const { skipped, conflicts } = dataset;
  const skippedLines = skipped.map(({ path, reason }) => `  ${path}: ${reason}`);
  const conflictLines = conflicts.map(
    ({ files, labels }) => `  ${files.map((file, index) => `${file} (${labels[index]})`).join(" = ")}`,
  );
  return [
    ...(skipped.length > 0 ? ["", `Left out, ${plural(skipped.length, "file")}:`, ...skippedLines] : []),
    ...(conflicts.length > 0
      ? ["", `One picture under several labels, ${plural(conflicts.length, "time")}:`, ...conflictLines]
      : []),
  ];
}
