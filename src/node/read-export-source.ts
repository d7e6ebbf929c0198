import { basename, resolve } from "node:path";
import { decodeModel } from "../core/formats/index.js";
import { modelDigest } from "../core/formats/model-digest.js";
import type { ExportSource } from "../export/export-source.js";
import { epochsDone, isTrained } from "../run/epochs-done.js";
import type { RunHost } from "../run/host.js";
import type { WeightsName } from "../run/run-folder.js";
import { type RunRecord, readRunRecord } from "../run/run-record.js";
import { readWeights } from "./read-weights.js";

export interface ReadExportSourceOptions {
  /** Which of a run's weights (default "best"). */
  readonly weights?: WeightsName;
  /** Of a run, whether its record comes along, judged where that is yet to be done, and what loads its data. */
  readonly record?: { readonly host: RunHost; readonly onJudging?: (name: string) => void };
  /** Told of what is worth knowing of it: that it still trains. */
  readonly onWarning?: (message: string) => void;
}

/**
 * What is taken elsewhere, from a run's folder or a model file.
 *
 * @throws HeddleError where there is none, or it is damaged
 */
export async function readExportSource(
  place: string,
  { weights = "best", record, onWarning }: ReadExportSourceOptions = {},
): Promise<ExportSource> {
  const name = basename(resolve(place)).replace(/\.safetensors$/u, "");
  const { bytes, file, run: found } = await readWeights(place, weights);
  const contents = decodeModel(bytes, file);
  const source = { name, contents, digest: modelDigest(bytes, file) };
  if (!found) return source;
  const { folder, config } = found;
  const history = await folder.readWholeHistory();
  if (!isTrained(config, history))
    onWarning?.(
      `${place} is not at its end, ${epochsDone(history)} of ${config.epochs} epochs are done: these are its ${weights} weights so far.`,
    );
  const judged =
    record &&
    (await readRunRecord(folder.store, { name, kept: true, onJudging: record.onJudging }, record.host));
  const run = judged && (weights === "best" ? judged : unjudged(judged, weights));
  return { ...source, ...(run && { run }) };
}

/** A run's figures are those of its best weights alone. */
const unjudged = (
  { evaluation: _, predictions: __, ...run }: RunRecord,
  weights: WeightsName,
): RunRecord => ({
  ...run,
  unjudged: `these are its ${weights} weights, and only its best ones are judged.`,
});
