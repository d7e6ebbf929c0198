import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Dataset } from "../../core/data/dataset.js";
import { HeddleError, UsageError } from "../../core/errors.js";
import { canonical } from "../../core/training/checkpoint.js";
import type { DataKindName } from "../../node/data/kind-names.js";
import type { LoadOptions } from "../../node/data/load.js";
import { diskStore } from "../../node/disk-store.js";
import { modelFromFile, type NodeModel } from "../../node/node-model.js";
import { pageAssets } from "../../node/page-assets.js";
import { isPictureDataset } from "../../node/pictures/picture-dataset.js";
import { nodePlatform } from "../../node/platform.js";
import { nodeRunHost } from "../../node/run-host.js";
import { heddleVersion } from "../../node/version.js";
import { writeFileWhole } from "../../node/write-file.js";
import type { ExplainImages } from "../../report/blocks/heat-figures.js";
import { runReport } from "../../report/run-report.js";
import { dataRequest } from "../../run/data-request.js";
import type { RunHost } from "../../run/host.js";
import type { RunConfig } from "../../run/run-config.js";
import { RunFolder } from "../../run/run-folder.js";
import { type RunRecord, readRunRecord } from "../../run/run-record.js";
import { refuseOther } from "../page-place.js";
import { dataProgressLines } from "./data.js";
import type { CommandOutput } from "./output.js";

export interface ReportCommandOptions {
  /** Folders of runs, at least one. */
  readonly runs: readonly string[];
  /** Default: `report.html`, in the run's folder where it is one. */
  readonly out?: string;
  /** Another data set than the runs' own. */
  readonly data?: string;
  readonly dataKind?: DataKindName;
  /** Whether a file that is no report may be replaced. */
  readonly overwrite?: boolean;
  readonly threads?: number;
}

/**
 * Writes runs as one HTML page.
 *
 * @throws UsageError on the same run twice, or on runs of different data. @throws HeddleError when a run is missing
 * or damaged, has no epoch, or when something that is no report is in the page's place.
 */
export async function reportCommand(options: ReportCommandOptions, out: CommandOutput): Promise<void> {
  const { runs, data, dataKind, threads, overwrite = false } = options;
  const file = options.out ?? (runs.length === 1 ? join(runs[0], "report.html") : "report.html");
  await refuseRepeated(runs);
  await refuseDifferentData(runs, data);
  await refuseOther(file, { overwrite, usual: "report.html" });
  const host = hostLoadingOnce({
    onProgress: dataProgressLines(out),
    ...(dataKind && { kind: dataKind }),
  });
  const names = namesOf(runs);
  const records: RunRecord[] = [];
  for (const [index, folder] of runs.entries()) {
    const onJudging = (name: string): void => out.stderr(`Judging the best weights of ${name} …`);
    const options = { name: names[index], data, threads, onJudging };
    const record = await readRunRecord(diskStore(folder), options, host);
    if (record.history.length === 0) {
      throw new HeddleError(
        `No epoch of ${folder} ended, so there is nothing to report yet: wait for its first epoch, or train it again.`,
      );
    }
    if (record.unjudged) out.stderr(`${record.name} is shown by its curves alone: ${record.unjudged}`);
    records.push(record);
  }
  const judged = records.find(({ predictions }) => predictions)?.config;
  const dataset = judged && (await host.loadData(data ?? judged.data, dataRequest(judged, data, host)));
  const imageNames = dataset && isPictureDataset(dataset) ? dataset.files.test : undefined;
  const page = { runs: records, dataset, imageNames, version: heddleVersion(), assets: pageAssets() };
  const model = runs.length === 1 && dataset?.preparation ? await bestModel(runs[0], threads) : undefined;
  try {
    const explain: ExplainImages | undefined =
      model && ((images, classIndex) => model.explain(images, { classIndex }));
    await writeFileWhole(file, await runReport({ ...page, explain }));
  } finally {
    await model?.dispose();
  }
  out.stdout(`Report written to ${file}`);
}

/** A run of pictures is explained by the weights that were judged. */
async function bestModel(run: string, threads: number | undefined): Promise<NodeModel> {
  const folder = await RunFolder.open(diskStore(run));
  const { portable } = await folder.readConfig();
  const { bytes, file } = await folder.readWeights("best");
  return modelFromFile(bytes, file, { platform: nodePlatform }).compile({ threads, portable });
}

/**
 * All runs are judged on one data set, however each of them spells it: it is loaded when it is first asked for, once for
 * each way to prepare its pictures.
 */
function hostLoadingOnce(options: LoadOptions): RunHost {
  const host = nodeRunHost({ loading: options });
  const loading = new Map<string, Promise<Dataset>>();
  return {
    ...host,
    loadData: (data, { options, preparation } = {}) => {
      const key = canonical([options, preparation]);
      const known = loading.get(key) ?? host.loadData(data, { options, preparation });
      loading.set(key, known);
      return known;
    },
  };
}

/** The folders' last parts; where two are the same, whole paths. */
function namesOf(runs: readonly string[]): string[] {
  const names = runs.map((run) => resolve(run).split(/[\\/]/).at(-1) ?? run);
  return new Set(names).size === names.length ? names : [...runs];
}

async function refuseRepeated(runs: readonly string[]): Promise<void> {
  const seen = new Map<string, string>();
  for (const run of runs) {
    const place = await realpath(run).catch(() => resolve(run));
    const before = seen.get(place);
    if (before !== undefined) {
      throw new UsageError(
        `${run} is given twice${before === run ? "" : ` (${before} is the same folder)`}: name each run once.`,
      );
    }
    seen.set(place, run);
  }
}

/** Figures of different images don't belong side by side. */
async function refuseDifferentData(runs: readonly string[], data: string | undefined): Promise<void> {
  const trained: RunConfig[] = [];
  for (const run of runs) trained.push(await (await RunFolder.open(diskStore(run))).readConfig());
  if (data !== undefined) return;
  const { dataPlace } = nodeRunHost();
  const placeOf = ({ data: name, dataOptions, ownData }: RunConfig): string => {
    // However its pictures are prepared, and how many may be unreadable, it is one data set.
    const { size: _, channels: __, resize: ___, background: ____, ...found } = dataOptions ?? {};
    const { skipShare: _share, kind: _kind, ...parted } = found;
    return ownData ? `handed over as ${name}` : canonical([dataPlace(name), parted]);
  };
  const isOther = (a: RunConfig, b: RunConfig): boolean => {
    const [first, second] = [a, b].map(({ dataOptions }) => dataOptions?.kind);
    return placeOf(a) !== placeOf(b) || (first ?? second) !== (second ?? first);
  };
  const other = trained.findIndex((each) => isOther(each, trained[0]));
  if (other === -1) return;
  throw new UsageError(
    `${runs[0]} was trained on ${trained[0].data} and ${runs[other]} on ${trained[other].data}: expected runs of one data set. ` +
      "Report them apart, or say with --data on whose test images to judge them all.",
  );
}
