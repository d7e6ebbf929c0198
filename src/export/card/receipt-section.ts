import { receiptTable } from "../../report/blocks/receipts.js";
import type { ExportSource } from "../export-source.js";
import { markdownTable, sections } from "./markdown.js";

/** What whoever repeats its training compares; nothing of a run that has no receipt. */
export function receiptSection({ run }: ExportSource): string | undefined {
  const table = run && receiptTable([run]);
  if (!table) return undefined;
  return sections(
    "## To repeat it",
    "Whoever trains it again, by `heddle verify receipt.json --data …` with the `receipt.json` of its run, must come to these digests, on any number of threads. They are SHA-256s: of the files, of all images as bytes and labels as numbers of 32 bits, and of every probability on the test images.",
    markdownTable(table),
  );
}
