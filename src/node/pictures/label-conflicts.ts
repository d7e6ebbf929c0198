import { plural } from "../../core/words.js";
import type { OnDataProgress } from "../data/progress.js";
import type { GatheredPicture } from "./gather-pictures.js";
import { someOf } from "./list-folder.js";
import type { PictureParts } from "./picture-parts.js";

/** Files of one content that stand under several labels: one of these is wrong. */
export interface LabelConflict {
  /** From the data set's folder, with slashes. */
  readonly files: readonly string[];
  /** The label of each. */
  readonly labels: readonly string[];
}

/** Says so where pictures that train are there to judge too: those are known by heart. */
export function warnOfLeaks(
  name: string,
  { train, validation = [], test = [] }: PictureParts,
  onProgress: OnDataProgress,
): void {
  const learned = new Set(train.map(({ content }) => content));
  const leaks = [...validation, ...test].filter(({ content }) => learned.has(content));
  if (leaks.length === 0) return;
  const are = leaks.length === 1 ? "is" : "are";
  onProgress({
    type: "warning",
    message: `${name}: ${plural(leaks.length, "picture")} to judge by ${are} among those that train: ${someOf(leaks.map(({ path }) => path))}. They flatter the model: keep each in one part. heddle audit finds near copies too.`,
  });
}

/** Finds them, in the order of their first files, and says so. */
export function labelConflicts(
  name: string,
  pictures: readonly GatheredPicture[],
  onProgress: OnDataProgress,
): readonly LabelConflict[] {
  const alike = new Map<string, GatheredPicture[]>();
  for (const picture of pictures) {
    const others = alike.get(picture.content);
    if (others) others.push(picture);
    else alike.set(picture.content, [picture]);
  }
  const conflicts = [...alike.values()]
    .filter((same) => same.some(({ label }) => label !== same[0].label))
    .map((same) => ({ files: same.map(({ path }) => path), labels: same.map(({ label }) => label) }));
  if (conflicts.length > 0) {
    const some = conflicts.map(({ files, labels }) =>
      files.map((file, index) => `${file} (${labels[index]})`).join(" = "),
    );
    onProgress({ type: "warning", message: `${name}: one picture has several labels: ${someOf(some)}.` });
  }
  return conflicts;
}
