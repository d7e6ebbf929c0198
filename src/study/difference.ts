import { isRecord } from "../core/formats/json.js";

export interface Difference {
  /** `schedule.learningRate` */
  readonly place: string;
  /** As JSON; "nothing" where a side lacks it. */
  readonly kept: string;
  readonly wanted: string;
}

/** The first place where two JSON values differ, whatever the order of their keys; undefined where they don't. */
export function firstDifference(kept: unknown, wanted: unknown, place = ""): Difference | undefined {
  if (isRecord(kept) && isRecord(wanted)) {
    for (const key of new Set([...Object.keys(wanted), ...Object.keys(kept)])) {
      const found = firstDifference(kept[key], wanted[key], place === "" ? key : `${place}.${key}`);
      if (found) return found;
    }
    return undefined;
  }
  const [left, right] = [kept, wanted].map((value) => JSON.stringify(value) ?? "nothing");
  return left === right ? undefined : { place, kept: left, wanted: right };
}
