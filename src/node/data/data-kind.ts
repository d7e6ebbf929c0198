import type { PartName } from "../../core/data/assemble.js";
import type { Dataset } from "../../core/data/dataset.js";
import type { ImageForm } from "../../core/data/image-array.js";
import { HeddleError } from "../../core/errors.js";
import type { DataKindName } from "./kind-names.js";
import type { DataSetOptions, ResolvedLoadOptions } from "./load-options.js";
import type { Place } from "./place.js";
import type { DataSource } from "./source.js";

/** What a data set was loaded from. */
export interface LoadedKind {
  readonly dataset: Dataset;
  readonly sources: readonly DataSource[];
}

/** Options that some kinds have. */
export type DataOptionName = Exclude<keyof DataSetOptions, "kind" | "testShare" | "testSeed" | "preparation">;

/** One kind of data set: what it is, how it is told, and how it is loaded. */
export interface DataKind {
  readonly name: DataKindName;
  /** A few words, such as "IDX files, as MNIST has them". */
  readonly meaning: string;
  /** What it is told by. */
  readonly told: string;
  /** Options that say something of it, beside those of every kind. */
  readonly reads: readonly DataOptionName[];
  /** What is given as a path, as a command line has it. */
  readonly example: string;
  /** Whether what lies at a place is of this kind, by names and first bytes. */
  looksLike(place: Place): boolean | Promise<boolean>;
  /** @throws HeddleError where it is damaged, or not of this kind */
  load(place: Place, options: ResolvedLoadOptions): Promise<LoadedKind>;
}

export const partWords: Readonly<Record<PartName, string>> = {
  train: "training",
  validation: "validation",
  test: "test",
};

/** What the options say of rows of pixels and of axes. */
export function imageForm({ size, channels, layout }: ResolvedLoadOptions): ImageForm {
  return { size, channels, layout };
}

/** Several files, where one is wanted for a part. @throws HeddleError always */
export function severalFiles(place: Place, what: string, files: readonly string[]): never {
  const prefixes = [...new Set(files.map(beginningOf))];
  const remedy =
    prefixes.length === files.length && prefixes.every((prefix) => prefix !== "")
      ? `Name one of them by what its files begin with, such as ${place.pathOf(prefixes[0])}.`
      : "Keep one of them.";
  throw new HeddleError(
    `${place.path} holds ${what} under more than one name: ${files.join(", ")}. ${remedy}`,
  );
}

/** What stands before the word for the part in a file's name: `emnist-letters` of emnist-letters-train.csv. */
const beginningOf = (file: string): string =>
  /^(?<prefix>.+?)[-_.](train|training|t10k|test|val|valid|validation)\b/i.exec(file)?.groups?.prefix ?? "";
