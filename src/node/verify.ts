import { readFile } from "node:fs/promises";
import { checkedOptions, text } from "../core/options/index.js";
import * as run from "../run/index.js";
import { verifyOptions } from "../run/verify/verify-options.js";
import { diskStore } from "./disk-store.js";
import { readError } from "./file-errors.js";
import { nodeRunHost, type RunHostOptions } from "./run-host.js";
import { folderOption, hostOptions } from "./run-options.js";

/** Which run is repeated, and how. */
export interface VerifyRunOptions extends run.VerifyOptions, RunHostOptions {
  /** Of the run. */
  readonly folder: string;
}

/**
 * Trains a run again, from its own record and in memory alone, and says whether it comes to the same bytes, or where it
 * first does not. The run's folder stays as it is.
 *
 * @example
 * const { identical, difference } = await verifyRun({ folder: "runs/first", epochs: 2 });
 * @throws HeddleError when there is no run, its record is damaged, its images are not at hand, or its arithmetic is not
 * to be had here.
 */
export async function verifyRun(options: VerifyRunOptions): Promise<run.Verification> {
  const table = { ...verifyOptions, ...hostOptions, ...folderOption };
  const { folder, loading, platform, createNetwork, ...others } = checkedOptions("verifyRun", options, table);
  return run.verifyRun(diskStore(folder), others, nodeRunHost({ loading, platform, createNetwork }));
}

/** Which run is repeated by its receipt alone, and how. */
export interface VerifyReceiptOptions extends run.VerifyOptions, RunHostOptions {
  /** The receipt. */
  readonly file: string;
  /** The model file that a run on a body began with: the `first.safetensors` of its folder. */
  readonly first?: string | undefined;
  /** What a run with a teacher was taught: the `teacher.safetensors` of its folder. */
  readonly teacher?: string | undefined;
}

const fileKind = text(/^[^\0]+$/u, "the name of a file");

const fileOptions = {
  file: { meaning: "the receipt", kind: fileKind },
  first: { meaning: "the model file that a run on a body began with", kind: fileKind, otherwise: "none" },
  teacher: { meaning: "what a run with a teacher was taught", kind: fileKind, otherwise: "none" },
} as const;

/**
 * The same of a run of which nothing but its receipt is there.
 *
 * @example
 * await verifyReceipt({ file: "receipt.json", data: "fashion-mnist" });
 * @throws HeddleError as `verifyRun`, and when a run on a body is given no `first`.
 */
export async function verifyReceipt(options: VerifyReceiptOptions): Promise<run.Verification> {
  const table = { ...verifyOptions, ...hostOptions, ...fileOptions };
  const { file, first, teacher, loading, platform, createNetwork, ...others } = checkedOptions(
    "verifyReceipt",
    options,
    table,
  );
  const receipt = { text: new TextDecoder().decode(await readWhole(file)), name: file };
  const given = {
    ...others,
    ...(first !== undefined && { first: await readWhole(first) }),
    ...(teacher !== undefined && { teacher: await readWhole(teacher) }),
  };
  return run.verifyReceipt(receipt, given, nodeRunHost({ loading, platform, createNetwork }));
}

async function readWhole(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw readError(file, cause);
  });
}
