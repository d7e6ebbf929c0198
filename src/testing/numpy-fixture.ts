import { readFileSync } from "node:fs";

/** What NumPy and Python wrote: scripts/fixtures/numpy-files.py. Files are in base64. */
export interface NumpyFixture {
  readonly arrays: readonly {
    readonly type: string;
    readonly npy: string;
    readonly values: readonly number[];
  }[];
  readonly scalar: string;
  readonly objects: string;
  readonly records: string;
  readonly texts: string;
  readonly complex: string;
  readonly pickles: Readonly<Record<string, string>>;
  readonly savez: string;
  readonly savez_compressed: string;
}

export const numpyFixture = JSON.parse(
  readFileSync("src/core/data/formats/fixtures/numpy.json", "utf8"),
) as NumpyFixture;

/** A memory of its own, so that nothing is right by what lies beside. */
export const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
