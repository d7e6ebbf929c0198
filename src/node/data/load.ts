import { resolve } from "node:path";
import type { Dataset, DatasetInMemory } from "../../core/data/dataset.js";
import { fashionMnist } from "../../core/data/fashion-mnist.js";
import { HeddleError, UsageError } from "../../core/errors.js";
import { checkValue, nearestName, resolveOptions, text } from "../../core/options/index.js";
import { listed } from "../../core/words.js";
import { NoDataError } from "../../run/moved-images.js";
import { errorCode } from "../file-errors.js";
import type { DataKind, DataOptionName } from "./data-kind.js";
import type { DataKindName } from "./kind-names.js";
import { fashionMnistKind, loadFashionMnist } from "./kinds/fashion-mnist.js";
import { type LoadOptions, loadOptions, type ResolvedLoadOptions } from "./load-options.js";
import { lookAt, type Place } from "./place.js";
import { dataKinds, recognize } from "./recognize.js";
import type { DataSource } from "./source.js";

export type { DataSetOptions, LoadOptions } from "./load-options.js";

/** What `loadDataset` found. */
export interface LoadedDataset<Data extends Dataset = Dataset> {
  /** Images, labels and class names. */
  readonly dataset: Data;
  /** What it is. */
  readonly kind: DataKindName;
  /** The files that it was read from. */
  readonly sources: readonly DataSource[];
}

/**
 * Loads a data set: `fashion-mnist`, fetched where it is not at hand, or a file or folder of one of `dataKinds`, told by
 * what is there unless `kind` says it. A path may also be the beginning of files' names: `raw/emnist-letters`.
 *
 * Where no part is for testing, the validation part is judged; without one, `testShare` of each class is kept for it.
 * @throws UsageError on an option that can't be.
 * @throws HeddleError naming what is missing, damaged, of no kind or of several, or does not fit the rest.
 */
export async function loadDataset(
  data: typeof fashionMnist,
  options?: LoadOptions,
): Promise<LoadedDataset<DatasetInMemory>>;
/**
 * The same of a path.
 *
 * @throws UsageError and HeddleError as for a name
 */
export async function loadDataset(data: string, options?: LoadOptions): Promise<LoadedDataset>;
export async function loadDataset(data: string, options: LoadOptions = {}): Promise<LoadedDataset> {
  checkValue("loadDataset", "data", data, dataKind);
  const resolved = resolveOptions("loadDataset", options, loadOptions);
  if (data === fashionMnist && (resolved.kind ?? fashionMnist) === fashionMnist) {
    refuseUnread(fashionMnistKind, data, resolved);
    return { ...(await loadFashionMnist(resolved)), kind: fashionMnist };
  }
  const place = await placeOf(data);
  const kind = dataKinds.find(({ name }) => name === resolved.kind) ?? (await recognize(place));
  if (resolved.kind === undefined) {
    resolved.onProgress?.({ type: "notice", message: `${data} is read as ${kind.name}: ${kind.meaning}.` });
  }
  refuseUnread(kind, data, resolved);
  resolved.signal?.throwIfAborted();
  return { ...(await kind.load(place, resolved)), kind: kind.name };
}

const dataKind = text(/^[^\0]+$/u, "fashion-mnist, or the path of a file or a folder");

const someKindsOptions: readonly DataOptionName[] = [...new Set(dataKinds.flatMap(({ reads }) => reads))];

/** @throws UsageError on an option that says nothing of such data */
function refuseUnread({ reads, name, meaning }: DataKind, data: string, options: ResolvedLoadOptions): void {
  const unread = someKindsOptions.find((option) => options[option] !== undefined && !reads.includes(option));
  if (!unread) return;
  const readers = dataKinds.filter((kind) => kind.reads.includes(unread)).map((kind) => kind.name);
  throw new UsageError(
    `${data} is read as ${name}, ${meaning}, which has no ${unread}: that is for ${listed(readers)}. Leave it out.`,
  );
}

async function placeOf(data: string): Promise<Place> {
  try {
    return await lookAt(data);
  } catch (cause) {
    const isMissing = cause instanceof HeddleError && errorCode(cause.cause) === "ENOENT";
    if (!isMissing) throw cause;
    const looked = `Looked for it at ${resolve(data)}; expected the path of a file or a folder`;
    const meant = nearestName(data, [fashionMnist]);
    const hint = meant ? `Did you mean "${meant}"? ` : "";
    const expected =
      data === fashionMnist
        ? `${looked}. For the data set of this name leave kind out.`
        : `${hint}${looked}, or ${fashionMnist}.`;
    throw new NoDataError(cause.message, expected, { cause: cause.cause });
  }
}
