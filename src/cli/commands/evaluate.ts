import { resolveViews } from "../../core/data/views.js";
import { predictionsCsv } from "../../core/metrics/index.js";
import type { DataKindName } from "../../node/data/kind-names.js";
import { isPictureDataset } from "../../node/pictures/picture-dataset.js";
import { evaluateRun } from "../../node/runs.js";
import { writeFileWhole } from "../../node/write-file.js";
import { weightsNames } from "../../run/run-folder.js";
import { chooseName } from "../arguments.js";
import { refuseExisting } from "../output-file.js";
import type { Terminal } from "../terminal.js";
import { evaluationTables } from "../view/evaluation-tables.js";
import { dataProgressLines } from "./data.js";

export interface EvaluateCommandOptions {
  readonly run: string;
  /** Another data set than the run's own. */
  readonly data?: string;
  readonly dataKind?: DataKindName;
  readonly weights: string;
  /** A list of views that predictions are means of, or "none", in place of the run's own. */
  readonly views?: string;
  /** A CSV file for the prediction of each test image. */
  readonly predictions?: string;
  /** Whether `predictions` may replace a file that is there. */
  readonly overwrite?: boolean;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Judges a run's weights on the test images; with the run's own data and views, the run folder keeps the result. */
export async function evaluateCommand(options: EvaluateCommandOptions, terminal: Terminal): Promise<void> {
  const weights = chooseName("weights", options.weights, weightsNames);
  const { run, data, dataKind, threads, predictions, overwrite = false } = options;
  const views = options.views === undefined ? undefined : (resolveViews(options.views) ?? null);
  if (predictions !== undefined) refuseExisting(predictions, { overwrite, usual: "predictions.csv" });
  const { evaluation, probabilities, labels, dataset, file, unwritten } = await evaluateRun({
    folder: run,
    weights,
    data,
    views,
    threads,
    loading: { onProgress: dataProgressLines(terminal), ...(dataKind && { kind: dataKind }) },
  });
  terminal.stdout(options.json ? JSON.stringify(evaluation) : evaluationTables(evaluation, terminal.colour));
  if (file !== undefined && !options.json) terminal.stderr(`Evaluation written to ${file}`);
  if (predictions !== undefined) {
    const classNames = evaluation.classes.map(({ name }) => name);
    const files = isPictureDataset(dataset) ? dataset.files.test : undefined;
    const lines = [...predictionsCsv(probabilities, labels, classNames.length, { classNames, files })];
    await writeFileWhole(predictions, `${lines.join("\n")}\n`);
    terminal.stderr(`Predictions written to ${predictions}`);
  }
  if (unwritten) throw unwritten;
}
