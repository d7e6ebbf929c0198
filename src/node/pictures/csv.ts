import { HeddleError } from "../../core/errors.js";

/** A row, and the line that it begins in, counted from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Comma, semicolon or tab: whichever the first line has most of outside of quotes. */
export function csvDelimiter(text: string): string {
  const first = text
    .slice(0, 4096)
    .split(/\r?\n/, 1)[0]
    .replaceAll(/"[^"]*"/g, "");
  const counts = [",", ";", "\t"].map((delimiter) => ({ delimiter, count: first.split(delimiter).length }));
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).delimiter;
}

/**
 * Reads comma-separated values (RFC 4180): quotes hold delimiters, line ends and doubled quotes. Empty lines are passed
 * over.
 *
 * @param file named in errors
 * @throws HeddleError where a quote doesn't end, or text follows one
 */
export function* readCsv(text: string, delimiter: string, file: string): Generator<CsvRow> {
  const plain = new RegExp(`[^${delimiter}\\r\\n]*`, "y");
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const began = line;
    const cells: string[] = [];
    for (let more = true; more; ) {
      if (text[at] === '"') {
        const end = endOfQuotes(
          text,
          at,
          () => new HeddleError(`${file}, line ${began}: a quote is never closed.`),
        );
        const cell = text.slice(at + 1, end);
        line += cell.split("\n").length - 1;
        cells.push(cell.replaceAll('""', '"'));
        at = end + 1;
        if (at < text.length && ![delimiter, "\r", "\n"].includes(text[at])) {
          throw new HeddleError(
            `${file}, line ${line}: text stands behind a closed quote. Double quotes within quotes.`,
          );
        }
      } else {
        plain.lastIndex = at;
        const cell = plain.exec(text)?.[0] ?? "";
        cells.push(cell);
        at += cell.length;
      }
      more = text[at] === delimiter;
      if (more) at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    if (cells.length > 1 || cells[0] !== "") yield { line: began, cells };
  }
}

function endOfQuotes(text: string, start: number, open: () => HeddleError): number {
  for (let at = start + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at === -1) throw open();
    if (text[at + 1] !== '"') return at;
  }
}
