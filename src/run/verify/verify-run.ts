import { resolveOptions } from "../../core/options/index.js";
import type { RunHost } from "../host.js";
import { parseReceipt } from "../receipt/receipt.js";
import type { Store } from "../store.js";
import { claimOfReceipt, claimOfRun } from "./claim.js";
import { repeat } from "./repeat.js";
import type { Verification } from "./verification.js";
import {
  type VerifyOptions,
  type VerifyReceiptOptions,
  verifyOptions,
  verifyReceiptOptions,
} from "./verify-options.js";

/**
 * Trains a run again, from its own record and in memory alone, and says whether it comes to the same bytes, or where it
 * first does not. The run's files stay as they are.
 *
 * @throws HeddleError where there is no run, its record is damaged, its images are not at hand, or its arithmetic is not
 * to be had here. @throws the signal's reason where it told to stop
 */
export async function verifyRun(store: Store, options: VerifyOptions, host: RunHost): Promise<Verification> {
  const resolved = resolveOptions("verifyRun", options, verifyOptions) as VerifyOptions;
  return repeat(await claimOfRun(store, host), resolved, host);
}

/**
 * The same of a run of which nothing but its receipt is there.
 *
 * @param receipt what `receipt.json` holds, and what it is called in messages
 * @throws HeddleError as `verifyRun`, and where a run on a body is given no `first`
 */
export async function verifyReceipt(
  receipt: { readonly text: string; readonly name: string },
  options: VerifyReceiptOptions,
  host: RunHost,
): Promise<Verification> {
  const { first, teacher, ...resolved } = resolveOptions(
    "verifyReceipt",
    options,
    verifyReceiptOptions,
  ) as VerifyReceiptOptions;
  const { text, name } = receipt;
  return repeat(
    claimOfReceipt(parseReceipt(text, name), { where: name, first, teacher, host }),
    resolved,
    host,
  );
}
