import { csvCell } from "../core/csv-cell.js";
import { cellOf, hasSources, sourcesOf, type TableData, type TableRow } from "./table-data.js";

const titlesOf = ({ columns }: TableData): string[] =>
  columns.map(({ title, group }) => (group === undefined ? title : `${group} ${title}`.trim()));

const allRows = ({ rows, footRows = [] }: TableData): readonly TableRow[] => [...rows, ...footRows];

/** A table for a Markdown document, its title and caption left to the document. */
export function tableMarkdown(table: TableData): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const plain = (text: string): string => text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");
  return [
    line(titlesOf(table).map(plain)),
    line(table.columns.map(({ numeric }) => (numeric ? "---:" : "---"))),
    ...allRows(table).map((row) => line(row.map((cell) => plain(cellOf(cell).text)))),
    "",
  ].join("\n");
}

/**
 * A table as RFC 4180 has it, but for its line ends: plain values where a cell has one, else its text. Where
 * numbers have sources, the last column names them.
 */
export function tableCsv(table: TableData): string {
  const withSources = hasSources(table);
  const rows = allRows(table).map((row) => [
    ...row.map((each) => {
      const { text, value } = cellOf(each);
      return value === undefined ? text : String(value);
    }),
    ...(withSources ? [sourcesOf(row).join(" ")] : []),
  ]);
  const titles = [...titlesOf(table), ...(withSources ? ["from"] : [])];
  return [titles, ...rows].map((row) => `${row.map(csvCell).join(",")}\n`).join("");
}
