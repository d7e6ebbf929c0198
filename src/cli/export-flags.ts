import type { Command } from "commander";
import { type AnyOptionTable, describeOptions } from "../core/options/index.js";
import { listed } from "../core/words.js";
import {
  type ExportFormatName,
  type ExportOptionName,
  exportFormatNames,
  exportFormats,
} from "../export/formats.js";
import { wholeNumber } from "./arguments.js";
import { flagOf, notTaken } from "./named-options.js";

/** What stands behind each flag, and what reads it; true of one that stands alone. */
const values: Readonly<
  Record<ExportOptionName, true | readonly [value: string, read?: (text: string) => unknown]>
> = {
  layout: ["<name>"],
  input: ["<kind>"],
  imageLayout: ["<axes>"],
  fromRgb: true,
  output: ["<kind>"],
  calibrated: true,
  batchSize: ["<n>", wholeNumber("--batch-size", 1)],
  opset: ["<n>", wholeNumber("--opset", 1)],
  foldBatchNorm: true,
  inputName: ["<name>"],
  outputName: ["<name>"],
  licence: ["<name>"],
  half: true,
};

/** Options of formats as they stand on the command line. */
export type ExportFlags = { readonly [Option in ExportOptionName]?: unknown };

const tables = exportFormatNames.map((name): [string, AnyOptionTable] => [name, exportFormats[name].options]);

/** The options of every format, each with the formats that take it. */
export function addExportOptions(command: Command): Command {
  for (const [option, value] of Object.entries(values)) {
    const flag = flagOf(option);
    const [words, read] = value === true ? [""] : value;
    const text = meaningOf(option);
    if (read) command.option(`${flag} ${words}`, text, read);
    else command.option(`${flag} ${words}`.trim(), text);
  }
  return command;
}

/** "whose names, axes and orders tensors have, heddle or pytorch (default: heddle): safetensors" */
function meaningOf(option: string): string {
  const takers = tables.filter(([, table]) => Object.hasOwn(table, option));
  const [described] = describeOptions({ [option]: takers[0][1][option] });
  const { meaning, expected, default: usual } = described;
  const names = expected.startsWith("one of ")
    ? `, ${listed(expected.slice("one of ".length).replaceAll('"', "").split(", "), "or")}`
    : "";
  const otherwise =
    usual === undefined || usual === "false" ? "" : ` (default: ${usual.replaceAll('"', "")})`;
  return `${meaning}${names}${otherwise}: ${takers.map(([name]) => name).join(", ")}`;
}

/** The options of one format out of the flags. @throws UsageError on one that it doesn't take */
export function exportOptionsFrom(format: ExportFormatName, flags: ExportFlags): Record<string, unknown> {
  const takes = Object.keys(exportFormats[format].options);
  const given = Object.keys(values).filter((option) => flags[option as ExportOptionName] !== undefined);
  for (const option of given)
    if (!takes.includes(option)) throw notTaken(`The format ${format}`, option, takes);
  return Object.fromEntries(given.map((option) => [option, flags[option as ExportOptionName]]));
}
