import type { ModelContents } from "../core/formats/model-file.js";
import type { AnyOptionTable, OptionTable } from "../core/options/index.js";
import type { RunRecord } from "../run/run-record.js";

/** What is taken elsewhere: a model, and what is known of the run that trained it. */
export interface ExportSource {
  /** What people call it. */
  readonly name: string;
  readonly contents: ModelContents;
  /** Of its model file. */
  readonly digest: string;
  /** Of the run that trained it, where one did and the format asks for it. */
  readonly run?: RunRecord;
}

/** A file to write, by its path below the place asked for; "" where it is that place itself. */
export interface ExportedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** One way to take a model elsewhere. */
export interface ExportFormat<Options> {
  readonly name: string;
  /** In a line, without its full stop. */
  readonly meaning: string;
  /** What it takes. */
  readonly options: OptionTable<Options>;
  /** Whether it reads the record of the run that trained the model (default false). */
  readonly readsRun?: boolean;
  /** @throws UsageError on an option that is not allowed. @throws HeddleError on a model that it can't take */
  files(source: ExportSource, options: Options): readonly ExportedFile[] | Promise<readonly ExportedFile[]>;
}

/** A format whose options nobody knows but itself. */
export type AnyExportFormat = Omit<ExportFormat<never>, "options"> & { readonly options: AnyOptionTable };
