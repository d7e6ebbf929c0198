import { HeddleError } from "../../errors.js";
import { latin1 } from "./latin1.js";

/** Rows of pixels, and their labels where a column has them. */
export interface PixelRows {
  /** [N, pixels]. */
  readonly pixels: Uint8Array;
  /** Pixels a row. */
  readonly width: number;
  /** [N], as they are written. Undefined where no column is for them. */
  readonly labels: readonly string[] | undefined;
}

const newline = 0x0a;
const comma = 0x2c;
const zero = 0x30;

const labelNames = /^(label|labels|class|target|y)$/i;
const isNumber = (cell: string): boolean => /^\d{1,3}(\.\d*)?$/.test(cell);
const isPixelName = (cell: string): boolean => /^(pixel|px|p)?[\s_.-]*\d+([x_.-]\d+)*$/i.test(cell);
/** A label and four pixels. */
const fewestColumns = 5;
/** Longer than any line has that names or holds the pixels of an image worth training on in text. */
const longestLine = 2 ** 24;

/** The first line of a CSV file: what its columns are. */
export interface PixelColumns {
  readonly count: number;
  /** Which of them holds labels; undefined where none does. */
  readonly label: number | undefined;
  readonly hasHeader: boolean;
}

/**
 * What the columns of a CSV file of pixels are, by its first line: with a header, the column named label (class, target,
 * y) has the labels; without one, or where it only counts columns, the first column has. Undefined where the line is of no such file.
 *
 * @param line whole
 */
export function pixelColumns(line: string): PixelColumns | undefined {
  const cells = line.split(",").map(unquoted);
  if (cells.length < fewestColumns) return undefined;
  const named = cells.findIndex((cell) => labelNames.test(cell));
  const others = cells.filter((_, column) => column !== named);
  if (named !== -1) {
    return others.every(isPixelName) ? { count: cells.length, label: named, hasHeader: true } : undefined;
  }
  // Columns that are counted, as pandas does: no image has pixels of 1, 2, 3 and so on.
  const isCounted = cells.every((cell, column) => cell === String(column));
  if (isCounted) return { count: cells.length, label: 0, hasHeader: true };
  if (cells.slice(1).every(isNumber)) return { count: cells.length, label: 0, hasHeader: false };
  return cells.every(isPixelName) ? { count: cells.length, label: undefined, hasHeader: true } : undefined;
}

/** The first line of a text by its first bytes; undefined where it doesn't end in them. */
export function firstLine(head: Uint8Array): string | undefined {
  const begin = hasMark(head) ? 3 : 0;
  const end = head.subarray(0, longestLine).indexOf(newline);
  if (end === -1) return undefined;
  const bytes = head.subarray(begin, end > begin && head[end - 1] === 0x0d ? end - 1 : end);
  return latin1(bytes);
}

/**
 * Reads the kind of CSV that Kaggle has: a label and all pixels of an image a row, 0 to 255, with a header or none.
 *
 * @param file named in errors
 * @throws HeddleError naming the line of what is no pixel, and of a row with more or fewer
 */
export function parsePixelCsv(bytes: Uint8Array, file: string): PixelRows {
  const line = firstLine(bytes) ?? (bytes.length < longestLine ? firstLine(withNewline(bytes)) : undefined);
  const columns = line === undefined ? undefined : pixelColumns(line);
  if (!columns) {
    throw new HeddleError(
      `${file} is no CSV of pixels: it begins with ${JSON.stringify((line ?? "").slice(0, 60))}, expected a header such as label,pixel0,pixel1 or a row such as 5,0,255, a label and all pixels of an image.`,
    );
  }
  const width = columns.count - (columns.label === undefined ? 0 : 1);
  const start = columns.hasHeader ? bytes.indexOf(newline) + 1 : hasMark(bytes) ? 3 : 0;
  const rows = start === 0 && columns.hasHeader ? 0 : countLines(bytes, start);
  if (rows === 0) throw new HeddleError(`${file} holds no image: no row follows its header.`);
  // Each pixel takes two bytes of the file at least, a digit and what parts it from the next.
  if (rows * width > bytes.length) {
    throw new HeddleError(
      `${file} is truncated or damaged: ${rows} rows of ${width} pixels don't fit its ${bytes.length} bytes.`,
    );
  }
  const reader = new RowReader(bytes, file, columns, columns.hasHeader ? 2 : 1);
  return reader.read(start, rows, width);
}

class RowReader {
  readonly #interned = new Map<string, string>();

  constructor(
    readonly bytes: Uint8Array,
    readonly file: string,
    readonly columns: PixelColumns,
    readonly firstRowLine: number,
  ) {}

  read(start: number, rows: number, width: number): PixelRows {
    const { bytes, columns } = this;
    const pixels = new Uint8Array(rows * width);
    const labels: string[] = [];
    let at = start;
    let place = 0;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns.count; column++) {
        const isLast = column === columns.count - 1;
        let value = 0;
        let end = at;
        while (end < bytes.length) {
          const digit = bytes[end] - zero;
          if (digit < 0 || digit > 9) break;
          value = value * 10 + digit;
          end++;
        }
        // Nearly all cells are a few digits and what ends the cell.
        const isPlain = end > at && (isLast ? isLineEnd(bytes, end) : bytes[end] === comma);
        if (!isPlain || column === columns.label) {
          while (end < bytes.length && bytes[end] !== comma && !isLineEnd(bytes, end)) end++;
          const cell = bytes.subarray(at, end);
          const text = unquoted(column === columns.label ? textOf(cell) : latin1(cell.subarray(0, 200)));
          if (isLast ? bytes[end] === comma : bytes[end] !== comma) throw this.#unevenRow(at, row);
          if (column === columns.label) labels.push(this.#label(text, row));
          else value = this.#pixel(text, row, column);
        }
        if (column !== columns.label) {
          if (value > 255) throw this.#noPixel(String(value), row, column);
          pixels[place++] = value;
        }
        at = end + 1;
      }
      if (bytes[at - 1] === 0x0d) at++;
    }
    return { pixels, width, labels: columns.label === undefined ? undefined : labels };
  }

  #label(text: string, row: number): string {
    const label = text.replace(/^(\d+)\.0*$/, "$1");
    if (label === "") throw new HeddleError(`${this.#line(row)} has no label.`);
    const known = this.#interned.get(label);
    if (known !== undefined) return known;
    this.#interned.set(label, label);
    return label;
  }

  #pixel(text: string, row: number, column: number): number {
    const value = text === "" ? Number.NaN : Number(text);
    if (!Number.isInteger(value) || value < 0) throw this.#noPixel(text, row, column);
    return value;
  }

  #noPixel(text: string, row: number, column: number): HeddleError {
    const isShare = Number(text) >= 0 && Number(text) < 1;
    const mend = isShare ? " If its pixels are shares of 255, multiply them by it." : "";
    return new HeddleError(
      `${this.#line(row)} holds ${JSON.stringify(text)} in column ${column + 1}: expected a pixel, a whole number from 0 to 255.${mend}`,
    );
  }

  #unevenRow(at: number, row: number): HeddleError {
    const begin = this.bytes.lastIndexOf(newline, at - 1) + 1;
    const end = this.bytes.indexOf(newline, at);
    let cells = 1;
    for (const byte of this.bytes.subarray(begin, end === -1 ? undefined : end)) if (byte === comma) cells++;
    return new HeddleError(
      `${this.#line(row)} has ${cells} columns, but its first line has ${this.columns.count}: expected a label and all pixels in each row. It is truncated or damaged: fetch or copy it again.`,
    );
  }

  #line(row: number): string {
    return `${this.file}, line ${this.firstRowLine + row},`;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A word as it was written: each byte a character where it isn't UTF-8. */
function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

const isLineEnd = (bytes: Uint8Array, at: number): boolean =>
  at >= bytes.length || bytes[at] === newline || (bytes[at] === 0x0d && bytes[at + 1] === newline);

/** Lines with something in them; those without are only allowed at the end. */
function countLines(bytes: Uint8Array, start: number): number {
  let end = bytes.length;
  while (end > start && (bytes[end - 1] === newline || bytes[end - 1] === 0x0d)) end--;
  if (end <= start) return 0;
  let lines = 1;
  for (let at = bytes.indexOf(newline, start); at !== -1 && at < end; at = bytes.indexOf(newline, at + 1))
    lines++;
  return lines;
}

/** The mark that some programs begin a text in UTF-8 with. */
const hasMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

const unquoted = (cell: string): string => cell.trim().replace(/^(["'])(.*)\1$/, "$2");

function withNewline(bytes: Uint8Array): Uint8Array {
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  longer[bytes.length] = newline;
  return longer;
}
