import Table from "cli-table3";
import { visibleLine } from "./visible.js";

export type ColumnAlignment = "left" | "right";

export interface Column {
  readonly head: string;
  readonly align: ColumnAlignment;
}

const none = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
};

/** Columns without lines or colours of their own: good on a terminal, in a file and in a bug report. */
export function plainTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: { ...none, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align }) => align),
  });
  table.push(...rows.map((row) => row.map(visibleLine)));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
