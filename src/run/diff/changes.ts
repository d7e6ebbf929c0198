import { isRecord } from "../../core/formats/json.js";
import { canonical } from "../../core/training/checkpoint.js";

/** Something that two runs say differently; undefined where one says nothing of it. */
export interface RunChange {
  /** By its path: `optimizer.momentum`, `layers.conv2d_1.filters`. */
  readonly key: string;
  readonly values: readonly [unknown, unknown];
}

/** Where two JSON values differ, as deep as both have parts, in the order of their keys. */
export function changesOf(first: unknown, second: unknown, path = ""): readonly RunChange[] {
  const [a, b] = [named(first), named(second)];
  if (isRecord(a) && isRecord(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => changesOf(own(a, key), own(b, key), path === "" ? key : `${path}.${key}`));
  }
  return canonical(first) === canonical(second) ? [] : [{ key: path, values: [first, second] }];
}

const own = (record: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** A list whose members have names of their own, such as layers, as an object of them; all else as it is. */
function named(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0) return value;
  const names = value.map((each: unknown) => (isRecord(each) ? each.name : undefined));
  const areNames = names.every((name) => typeof name === "string") && new Set(names).size === names.length;
  if (!areNames) return value;
  return Object.fromEntries(
    value.map(({ name, ...rest }: Record<string, unknown>) => [name as string, rest] as const),
  );
}
