import { UsageError } from "../../core/errors.js";
import type { AnyExportFormat } from "../../export/export-source.js";
import { exportFormatNames, exportFormats } from "../../export/formats.js";
import { readExportSource } from "../../node/read-export-source.js";
import { nodeRunHost } from "../../node/run-host.js";
import { writeExport } from "../../node/write-export.js";
import { chooseName } from "../arguments.js";
import { type ExportFlags, exportOptionsFrom } from "../export-flags.js";
import { refuseExisting } from "../output-file.js";
import { warner } from "../view/paint.js";
import { weightsFrom } from "../weights-flag.js";
import { dataProgressLines } from "./data.js";
import type { CommandOutput } from "./output.js";

export interface ExportCommandOptions extends ExportFlags {
  /** A run's folder, or a model file. */
  readonly model: string;
  readonly format: string;
  /** The file or folder to write. */
  readonly out: string;
  /** Of a run. */
  readonly weights?: string;
  readonly overwrite?: boolean;
}

/** Takes a model elsewhere: whole, or not at all. */
export async function exportCommand(options: ExportCommandOptions, out: CommandOutput): Promise<void> {
  const { model, out: place, overwrite = false } = options;
  const name = chooseName("format", options.format, exportFormatNames);
  const weights = weightsFrom(options.weights, [model]);
  const format: AnyExportFormat = exportFormats[name];
  const own = exportOptionsFrom(name, options);
  if (place === "") throw new UsageError("--out got no name: give the file or folder to write.");
  refuseExisting(place, { overwrite });
  const host = nodeRunHost({ loading: { onProgress: dataProgressLines(out) } });
  const onJudging = (run: string): void => out.stderr(`Judging the best weights of ${run} …`);
  const source = await readExportSource(model, {
    weights,
    onWarning: warner(out),
    ...(format.readsRun && { record: { host, onJudging } }),
  });
  const files = await format.files(source, own as never);
  await writeExport(place, files, { overwrite });
  out.stderr(`${format.name} written to ${place}`);
}
