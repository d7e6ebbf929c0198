import { isRecord } from "../formats/json.js";
import { counted } from "../words.js";

/**
 * In what images of another mark differ, for people: checksums say nothing to them.
 *
 * @param then a mark as it was kept, in a file that may say anything
 */
export function otherImagesWords(then: unknown, now: unknown): string {
  const [before, here] = [then, now].map((mark) => (isRecord(mark) ? mark.count : undefined));
  if (typeof here !== "number") return "there were some then, and there are none now";
  if (typeof before !== "number") return `there were none then, and there are ${counted(here)} now`;
  if (before !== here) return `there were ${counted(before)} then, and there are ${counted(here)} now`;
  return `there are ${counted(here)} as then, but others, in another order, or with other labels or groups`;
}
