import { counted } from "../../core/words.js";
import type { PartDigests } from "../../run/receipt/digests.js";
import type { Receipt } from "../../run/receipt/receipt.js";
import type { RunRecord } from "../../run/run-record.js";
import { type Html, html } from "../html.js";
import { type TableData, tableHtml } from "../table.js";

type WithReceipt = RunRecord & { readonly receipt: Receipt };

const hasReceipt = (run: RunRecord): run is WithReceipt => run.receipt !== undefined;

/** What strangers compare when they repeat the runs; undefined where none has a receipt. */
export function receiptsHtml(runs: readonly RunRecord[]): Html | undefined {
  const table = receiptTable(runs);
  if (!table) return undefined;
  return html`<p>Whoever trains ${runs.length === 1 ? "it" : "them"} again from the <code>receipt.json</code> in ${runs.length === 1 ? "its folder" : "their folders"}, by <code>heddle verify receipt.json --data …</code> on any number of threads, must come to these digests. They are SHA-256s: of the model files, of all images as bytes and labels as numbers of 32 bits, and of every probability on the test images.</p>
${tableHtml(table)}`;
}

/** A row a digest, a column a run that has a receipt; undefined where none has. */
export function receiptTable(records: readonly RunRecord[]): TableData | undefined {
  const runs = records.filter(hasReceipt);
  if (runs.length === 0) return undefined;
  const columns = runs.map(({ receipt }) => receiptRows(receipt, runs.length > 1));
  const titles = [...new Set(columns.flatMap((rows) => Object.keys(rows)))];
  return {
    id: "receipt-digests",
    title: runs.length === 1 ? "Receipt" : "Receipts",
    caption: runs.length > 1 ? "The first 16 digits of each; the receipts have them whole." : undefined,
    fixed: true,
    columns: [{ title: "" }, ...runs.map(({ name }) => ({ title: name }))],
    rows: titles.map((title) => [title, ...columns.map((rows) => rows[title] ?? "–")]),
  };
}

function receiptRows(receipt: Receipt, short: boolean): Readonly<Record<string, string>> {
  const { data, weights, predictions, environment, config, configDigest, fusedMultiplyAdd } = receipt;
  const digits = (digest: string): string => (short ? digest.slice(0, 16) : digest);
  const part = (name: string, digests: PartDigests | undefined): Record<string, string> =>
    digests
      ? {
          [`${name} images`]: `${counted(digests.count)}: ${digits(digests.images)}`,
          [`${name} labels`]: digits(digests.labels),
        }
      : {};
  return {
    "heddle, arithmetic": `${environment.heddle}, version ${config.arithmeticVersion}, ${fusedMultiplyAdd ? "fused multiply-adds" : "plain multiply and add"}`,
    "config.json": digits(configDigest),
    ...part("Training", data.train),
    ...part("Validation", data.validation),
    ...part("Test", data.test),
    ...(weights.first && { "Weights that it began with": digits(weights.first) }),
    "Best weights": `epoch ${weights.best.epoch}: ${digits(weights.best.file)}`,
    ...(weights.best.uncalibrated && { "Best, without calibration": digits(weights.best.uncalibrated) }),
    "Last weights": `epoch ${weights.last.epoch}: ${digits(weights.last.file)}`,
    Predictions: `${counted(predictions.count)} × ${predictions.classes}: ${digits(predictions.probabilities)}`,
    "Receipt as a whole": digits(receipt.digest),
  };
}
