import { UsageError } from "../errors.js";
import type { NamedTensor } from "../named-tensor.js";
import {
  checkValue,
  kindOfValue,
  listOf,
  optionValues,
  quoted,
  received,
  text,
  typedArray,
} from "../options/index.js";
import { isRecord } from "./json.js";

const tensor = kindOfValue<NamedTensor>(
  "a tensor, with a name, a shape and a Float32Array as data",
  (value) =>
    isRecord(value) &&
    typeof value.name === "string" &&
    Array.isArray(value.shape) &&
    Object.prototype.toString.call(value.data) === "[object Float32Array]",
);

const tensors = listOf(tensor, { what: "a list of tensors" });

/** What an object holds itself, read once. @throws UsageError where it is none */
export function ownMembers<Contents>(owner: string, argument: string, value: Contents): Contents {
  const own = optionValues(value);
  if (own !== undefined) return Object.fromEntries(own) as Contents;
  throw new UsageError(`${owner}: ${argument} must be an object, but is ${received(value)}.`);
}

/** @throws UsageError */
export function checkTensorList(owner: string, argument: string, value: unknown): void {
  checkValue(owner, argument, value, tensors);
}

const string = text(/^/, "text");

/** @throws UsageError unless it is an object of strings */
export function checkedMetadata(
  owner: string,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const metadata = ownMembers(owner, "metadata", given);
  for (const [key, value] of Object.entries(metadata)) {
    checkValue(owner, `metadata ${quoted(key)}`, value, string);
  }
  return metadata;
}

/** What errors call a file. */
export const sourceNameKind = text(/^/, "text that names the file in errors");

/** What every decoder takes. @throws UsageError */
export function checkFile(owner: string, bytes: unknown, sourceName: unknown): void {
  checkValue(owner, "bytes", bytes, typedArray("Uint8Array"));
  checkValue(owner, "sourceName", sourceName, sourceNameKind);
}

/** What stands in the metadata as JSON, such as a model's layers. @throws UsageError */
export function checkAsJson(
  owner: string,
  argument: string,
  expected: string,
  value: unknown,
  fits: (value: unknown) => boolean,
): void {
  checkValue(
    owner,
    argument,
    value,
    kindOfValue(expected, (each) => fits(JSON.parse(JSON.stringify(each)))),
  );
}
