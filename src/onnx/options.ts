import type { Normalization } from "../core/data/dataset.js";
import {
  choice,
  either,
  isFiniteFloat,
  kindOfValue,
  listOf,
  type OptionTable,
  optionValues,
  type ResolvedOptions,
  resolveOptions,
  sizePair,
  text,
} from "../core/options/index.js";
import { type PixelRange, pixelRangeNames } from "./pixel-ranges.js";

/** What `importOnnx` takes beside the bytes. */
export interface ImportOptions {
  /** The file, for errors (default "The ONNX model"). */
  readonly source?: string | undefined;
  /** Height and width of the images in pixels, where the file leaves them open (default: as the file says). */
  readonly imageSize?: number | readonly [height: number, width: number] | undefined;
  /**
   * What the network's input is of a pixel p = byte / 255: (p − mean) / deviation, by name or with a mean and a deviation
   * a channel or for all. Default: where the graph itself begins by scaling its input, the bytes or the shares of one
   * that its factors are for, and of what heddle exported what that says; else it must be told, for nothing in the file
   * says it.
   */
  readonly normalization?: PixelRange | Normalization | undefined;
  /** A name for each class (default: those in what heddle exported, else "0", "1", …). */
  readonly classNames?: readonly string[] | undefined;
  /** The tensor that is the model's output, by the file's name for it (default: the graph's first output). */
  readonly output?: string | undefined;
}

/** A mean and a deviation a channel, or one for all. */
export const normalizationKind = kindOfValue<Normalization>(
  "{ mean, deviation }, each a list of finite numbers, deviations above 0",
  (value) => {
    const { mean, deviation } = Object.fromEntries(optionValues(value) ?? []);
    const lists = [mean, deviation].every(
      (list) =>
        Array.isArray(list) &&
        list.length > 0 &&
        list.every((each) => Number.isFinite(each) && isFiniteFloat(each)),
    );
    return lists && (deviation as number[]).every((each) => each > 0);
  },
);

const table = {
  source: { meaning: "the file, for errors", kind: text(), default: "The ONNX model" },
  imageSize: { meaning: "height and width of the images", kind: sizePair(), otherwise: "as the file says" },
  normalization: {
    meaning: "what the network's input is of a pixel",
    kind: either(choice(pixelRangeNames), normalizationKind),
    otherwise: "that of the graph's own first nodes, or of what heddle exported",
  },
  classNames: {
    meaning: "a name for each class",
    kind: listOf(text(/^/u), { what: "a list of names" }),
    otherwise: 'those in what heddle exported, else "0", "1", …',
  },
  output: {
    meaning: "the tensor that is the model's output",
    kind: text(),
    otherwise: "the graph's first output",
  },
} satisfies OptionTable<ImportOptions>;

export type ResolvedImportOptions = ResolvedOptions<typeof table>;

/** @throws UsageError on an unknown option, or a value that is not allowed */
export const resolveImportOptions = (given: ImportOptions): ResolvedImportOptions =>
  resolveOptions("importOnnx", given, table);
