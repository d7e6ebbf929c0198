import { cellOf, type TableData, type TableRow } from "../../report/table-data.js";
import { tableMarkdown } from "../../report/table-text.js";

/** Text from outside as it stands in a line of Markdown, whatever is in it. */
export const markdownText = (text: string): string => escaped(text).replaceAll("|", "\\|");

/** What a table escapes by itself is left to it. */
const escaped = (text: string): string =>
  text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ").replace(/[\\`*_[\]<>&~#$!]/gu, "\\$&");

/** A table whose cells are text. */
export function markdownTable(table: TableData): string {
  const row = (cells: TableRow): TableRow =>
    cells.map((cell) => ({ ...cellOf(cell), text: escaped(cellOf(cell).text) }));
  const { columns, rows, footRows = [] } = table;
  return tableMarkdown({
    ...table,
    columns: columns.map(({ title, ...column }) => ({ ...column, title: escaped(title) })),
    rows: rows.map(row),
    footRows: footRows.map(row),
  });
}

/** Paragraphs, lists and tables below each other. */
export const sections = (...parts: readonly (string | false | undefined)[]): string =>
  `${parts
    .filter((part) => part)
    .map((part) => String(part).trim())
    .join("\n\n")}\n`;
