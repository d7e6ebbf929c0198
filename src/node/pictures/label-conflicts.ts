import type { OnDataProgress } from "../data/progress.js";
import type { GatheredPicture } from "./gather-pictures.js";
import { someOf } from "./list-folder.js";

/** Files of one content that stand under several labels: one of these is wrong. */
export interface LabelConflict {
  /** From the data set's folder, with slashes. */
  readonly files: readonly string[];
  /** The label of each. */
  readonly labels: readonly string[];
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
