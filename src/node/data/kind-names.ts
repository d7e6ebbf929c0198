import { HeddleError } from "../../core/errors.js";

/** What a data set can be: see `dataKinds`. */
export const dataKindNames = [
  "fashion-mnist",
  "idx",
  "npz",
  "cifar",
  "pixel-csv",
  "image-folder",
  "image-list",
] as const;

/** One of `dataKindNames`. */
export type DataKindName = (typeof dataKindNames)[number];

/** What could be several kinds of data set: `kind` says which. */
export class SeveralKindsError extends HeddleError {
  override readonly name: string = "SeveralKindsError";
}
