import { type Audit, auditDataset, knowLittle } from "../../core/audit/audit.js";
import { isLeak } from "../../core/audit/duplicate-groups.js";
import { auditFindings, type Finding, findingsCsv } from "../../core/audit/findings.js";
import { UsageError } from "../../core/errors.js";
import { modelNames } from "../../core/models/index.js";
import { counted, percent, plural } from "../../core/words.js";
import { loadDataset } from "../../node/data/load.js";
import { pageAssets } from "../../node/page-assets.js";
import { isPictureDataset } from "../../node/pictures/picture-dataset.js";
import { nodePlatform } from "../../node/platform.js";
import { readBody } from "../../node/read-body.js";
import { heddleVersion } from "../../node/version.js";
import { writeFileWhole } from "../../node/write-file.js";
import { auditReport } from "../../report/audit-report.js";
import type { AuditFiles } from "../../report/blocks/audit-pictures.js";
import { chooseName } from "../arguments.js";
import { auditFeatures } from "../audit-features.js";
import { type DataFlags, dataOptionsFrom } from "../data-flags.js";
import { interruptible } from "../interruption.js";
import { meantOption } from "../meant-option.js";
import { refuseExisting } from "../output-file.js";
import { refuseOther } from "../page-place.js";
import type { Terminal } from "../terminal.js";
import { AuditProgress } from "../view/audit-progress.js";
import { warner } from "../view/paint.js";
import { plainTable } from "../view/plain-table.js";
import { dataProgressLines } from "./data.js";

export interface AuditCommandOptions extends DataFlags {
  /** The page to write. */
  readonly out: string;
  /** A CSV file for every finding. */
  readonly csv?: string;
  readonly folds: number;
  readonly model?: string;
  readonly epochs?: number;
  /** A body on whose features a head learns, in the place of a model. */
  readonly from?: string;
  readonly seed: number;
  readonly mirrored: boolean;
  /** Whether files that are there may be replaced. */
  readonly overwrite?: boolean;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Suspected labels that are listed on the terminal. */
const listedLabels = 10;

/** Looks a data set over, and writes what it finds as a page with the pictures, and as CSV where asked. */
export async function auditCommand(options: AuditCommandOptions, terminal: Terminal): Promise<void> {
  const { out, csv, folds, epochs, seed, mirrored, threads, overwrite = false, json } = options;
  const { from } = options;
  if (from !== undefined) refuseNetworkFlags(options);
  const body = from === undefined ? undefined : await readBody(from);
  const model =
    options.model === undefined
      ? undefined
      : chooseName("model", options.model, modelNames, meantOption(options.model, ["--data"]));
  await refuseOther(out, { overwrite, usual: "audit.html" });
  if (csv !== undefined) refuseExisting(csv, { overwrite, usual: "audit.csv" });
  const progress = new AuditProgress(terminal);
  const warn = warner(terminal);
  let files: AuditFiles = {};
  const work = async (signal: AbortSignal): Promise<Audit> => {
    const onProgress = dataProgressLines(terminal);
    const loading = { ...dataOptionsFrom(options), onProgress, signal };
    const loaded = await loadDataset(options.data, loading);
    const { dataset } = loaded;
    if (isPictureDataset(dataset)) files = dataset.files;
    const { train, validation, test } = dataset;
    const count = train.count + (validation?.count ?? 0) + test.count;
    terminal.stderr(`Looking ${dataset.name} over: ${counted(count)} images …`);
    const features =
      body &&
      (await auditFeatures(body, {
        ...loaded,
        data: options.data,
        loading,
        threads,
        signal,
        onProgress: (done, count) => progress.features(done, count),
        onUnwritten: warn,
      }));
    const settings = {
      folds,
      model,
      epochs,
      features,
      seed,
      mirrored,
      threads,
      platform: nodePlatform,
      signal,
    };
    return auditDataset(dataset, { ...settings, onEvent: (event) => progress.show(event) });
  };
  const audit = await interruptible({
    work,
    tell: terminal.stderr,
    whereItStands: (result) => (result ? undefined : "Interrupted: nothing was written."),
  });
  terminal.liveLine("");
  const findings = auditFindings(audit, files);
  await writeFileWhole(
    out,
    auditReport({ audit, files, body: body?.name, version: heddleVersion(), assets: pageAssets() }),
  );
  if (csv !== undefined) await writeFileWhole(csv, `${findingsCsv(findings).join("\r\n")}\r\n`);
  if (json) terminal.stdout(JSON.stringify({ ...jsonReport(audit, findings), ...(from && { from }) }));
  else for (const line of summaryLines(audit, findings)) terminal.stdout(line);
  if (audit.labelErrors.errors.length > 0 && knowLittle(audit))
    warn(
      `The models learned too little for their doubts to mean much: most of these labels may be right. ${moreAdvice(audit)}`,
    );
  terminal.stderr(`Page written to ${out}${csv === undefined ? "" : `, every finding to ${csv}`}`);
}

/** @throws UsageError on a flag of networks, where a head learns on a body's features */
function refuseNetworkFlags(options: Pick<AuditCommandOptions, "model" | "epochs">): void {
  const flag = (["model", "epochs"] as const).find((name) => options[name] !== undefined);
  if (!flag) return;
  throw new UsageError(
    `--${flag} is of a network that learns from the images, but with --from a head learns on the body's features. Leave one of the two out.`,
  );
}

/** What may help models that learned little. */
const moreAdvice = ({ settings: { head, epochs } }: Audit): string =>
  head
    ? "Give a body that has seen such pictures."
    : `Let them learn longer (--epochs, now ${epochs}), by another --model, or on a body (--from).`;

function jsonReport({ name, pool, settings, accuracy }: Audit, findings: readonly Finding[]) {
  const parts = Object.fromEntries(pool.parts.map(({ name: part, count }) => [part, count]));
  return { event: "audit", name, images: parts, settings, accuracy, findings };
}

function summaryLines(
  { duplicates, labelErrors, accuracy, oddOnes }: Audit,
  all: readonly Finding[],
): string[] {
  const labels = all.filter(({ kind }) => kind === "label");
  const conflicting = duplicates.filter((group) => group.conflicting).length;
  const lines = [
    `${plural(labelErrors.errors.length, "label")} likely wrong; models of the other images named ${percent(accuracy, 1)} as labelled`,
    `${plural(duplicates.length, "picture")} more than once: ${counted(conflicting)} with different labels, ${counted(duplicates.filter(isLeak).length)} in several parts`,
    `${plural(oddOnes.length, "image")} odd`,
  ];
  if (labels.length === 0) return lines;
  const table = plainTable(
    [
      { head: "part", align: "left" },
      { head: "image", align: "left" },
      { head: "label", align: "left" },
      { head: "rather", align: "left" },
      { head: "label's probability", align: "right" },
    ],
    labels
      .slice(0, listedLabels)
      .map(({ part, index, file, label, suggestion = "", score }) => [
        part,
        file ?? String(index),
        label,
        suggestion,
        percent(score),
      ]),
  );
  return [...lines, "", "The likeliest wrong labels:", ...table.split("\n")];
}
