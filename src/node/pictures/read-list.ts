import { open, readFile, stat } from "node:fs/promises";
import { HeddleError } from "../../core/errors.js";
import { quoted } from "../../core/options/index.js";
import { mebibytes } from "../../core/words.js";
import { readError } from "../file-errors.js";
import { utf8Text } from "../utf8-text.js";
import { csvDelimiter, readCsv } from "./csv.js";
import { isPictureName, type PicturePart, partOfName } from "./picture-files.js";

/** A row of a list. */
export interface ListedPicture {
  /** As it stands there. */
  readonly path: string;
  readonly label: string;
  readonly part?: PicturePart;
}

/** Names of columns in use, in the order in which they are looked for. */
const columnNames = {
  path: [
    "path",
    "file",
    "filename",
    "file_name",
    "filepath",
    "file_path",
    "image",
    "image_path",
    "image_file",
    "picture",
  ],
  label: ["label", "class", "class_name", "category", "target"],
  part: ["split", "part", "subset", "set", "partition"],
} as const;

type Column = keyof typeof columnNames;
type Cells = Readonly<Record<Column, unknown>>;

const largestList = 2 ** 28;

const expected =
  'a header with the columns "path" and "label" (and "split", if parts are given), or rows of path and label';

/**
 * Reads a list of pictures: JSON Lines where its first character is a brace, else CSV with commas, semicolons or tabs,
 * with a header or without.
 *
 * @throws HeddleError naming the line that can't be read
 */
export async function readList(file: string): Promise<readonly ListedPicture[]> {
  const text = await readText(file);
  const rows = text.trimStart().startsWith("{") ? jsonRows(text, file) : csvRows(text, file);
  const pictures: ListedPicture[] = [];
  for (const { line, cells } of rows) pictures.push(listedPicture(cells, `${file}, line ${line}`));
  if (pictures.length === 0) throw new HeddleError(`${file} lists no pictures: expected ${expected}.`);
  return pictures;
}

/** Whether a path is a list of pictures and labels. It is told by its beginning alone. */
export async function looksLikeImageList(path: string): Promise<boolean> {
  try {
    if (!/\.(csv|tsv|txt|jsonl|ndjson)$/i.test(path) || !(await stat(path)).isFile()) return false;
    const text = await readBeginning(path);
    const rows = text.trimStart().startsWith("{") ? jsonRows(text, path) : csvRows(text, path);
    // What else is wrong with its rows is said when they are read.
    for (const { cells } of rows) return typeof cells.path === "string" && isPictureName(cells.path);
    // A header alone is the beginning of a list.
    return text.trim() !== "";
  } catch {
    return false;
  }
}

/** As much as the first rows of a list take: its last character and line may be cut off. */
async function readBeginning(file: string): Promise<string> {
  const handle = await open(file, "r");
  try {
    const bytes = new Uint8Array(2 ** 16);
    const { bytesRead } = await handle.read(bytes);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, bytesRead), { stream: true });
  } finally {
    await handle.close();
  }
}

async function readText(file: string): Promise<string> {
  const bytes = await stat(file)
    .then(({ size }) => {
      if (size > largestList) {
        throw new HeddleError(
          `${file} has ${mebibytes(size)}, more than the ${mebibytes(largestList)} that a list of pictures may have.`,
        );
      }
      return readFile(file);
    })
    .catch((cause: unknown) => {
      throw cause instanceof HeddleError ? cause : readError(file, cause);
    });
  return utf8Text(bytes, file);
}

interface Row {
  readonly line: number;
  readonly cells: Cells;
}

function* jsonRows(text: string, file: string): Generator<Row> {
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw new HeddleError(`${file}, line ${index + 1} is no JSON: expected {"path": …, "label": …}.`, {
        cause,
      });
    }
    const fields = typeof value === "object" && value !== null ? Object.entries(value) : [];
    const known = new Map(fields.map(([name, field]) => [name.toLowerCase(), field]));
    const cell = (column: Column): unknown => {
      const name = columnNames[column].find((each) => known.has(each));
      return name === undefined ? undefined : known.get(name);
    };
    yield { line: index + 1, cells: { path: cell("path"), label: cell("label"), part: cell("part") } };
  }
}

function* csvRows(text: string, file: string): Generator<Row> {
  let columns: Readonly<Record<Column, number>> | undefined;
  for (const { line, cells } of readCsv(text, csvDelimiter(text), file)) {
    const isHeader = columns === undefined;
    columns ??= columnsOf(cells, file);
    if (isHeader && !isPictureName(cells[columns.path])) continue;
    const { path, label, part } = columns;
    yield { line, cells: { path: cells[path], label: cells[label], part: cells[part] } };
  }
}

/** Which column holds what, by a header, or by a first row that is a picture's. */
function columnsOf(cells: readonly string[], file: string): Readonly<Record<Column, number>> {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const column = (of: Column): number =>
    columnNames[of].map((name) => names.indexOf(name)).find((index) => index !== -1) ?? -1;
  const found = { path: column("path"), label: column("label"), part: column("part") };
  if (found.path !== -1 && found.label !== -1) return found;
  if (cells.length >= 2 && isPictureName(cells[0])) return { path: 0, label: 1, part: 2 };
  throw new HeddleError(
    `${file} begins with ${quoted(cells.join(", ").slice(0, 200))}: expected ${expected}.`,
  );
}

function listedPicture({ path, label, part }: Cells, place: string): ListedPicture {
  if (typeof path !== "string" || path.trim() === "")
    throw new HeddleError(`${place} has no path of a picture.`);
  const name = typeof label === "number" || typeof label === "boolean" ? String(label) : label;
  if (typeof name !== "string" || name.trim() === "") {
    throw new HeddleError(
      `${place} has no label: expected text or a number that names the class of ${quoted(path)}.`,
    );
  }
  if (part === undefined || part === null || part === "") return { path, label: name.trim() };
  const known = typeof part === "string" ? partOfName(part.trim()) : undefined;
  if (known) return { path, label: name.trim(), part: known };
  throw new HeddleError(
    `${place}: the split is ${quoted(String(part))}, expected train, validation or test.`,
  );
}
