import { open } from "node:fs/promises";
import { HeddleError, messageOf } from "../core/errors.js";
import { readError } from "./file-errors.js";

/** Settings as a file has them. */
export interface SettingsFile {
  /** What people call it: its path. */
  readonly file: string;
  /** JSON values; null of an empty file. */
  readonly value: unknown;
  /** Where a value stands, for a message: `sweep.yaml, line 4`; the file alone where nothing stands at that path. */
  place(path: readonly PropertyKey[]): string;
}

/** Settings are written by people: what is larger is something else. */
const mostBytes = 1024 * 1024;

/**
 * Reads settings from a file of YAML 1.2, of which JSON is a part, with merge keys (`<<: *base`).
 *
 * @throws HeddleError where it can't be read, is too large, or is no such file, with the line
 */
export async function readSettingsFile(file: string): Promise<SettingsFile> {
  return parseSettings(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  const handle = await open(file).catch((cause: unknown) => {
    throw readError(file, cause);
  });
  try {
    const bytes = Buffer.alloc(mostBytes + 1);
    let length = 0;
    // A pipe gives it piece by piece.
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      ({ bytesRead: read } = await handle.read(bytes, length, bytes.length - length));
    }
    if (length > mostBytes)
      throw new HeddleError(
        `${file} is larger than 1 MiB, and settings are a few lines: it is another file.`,
      );
    return bytes.toString("utf8", 0, length);
  } catch (cause) {
    throw cause instanceof HeddleError ? cause : readError(file, cause);
  } finally {
    await handle.close();
  }
}

/**
 * Settings out of the text of a file.
 *
 * @param file named in errors
 * @throws HeddleError on what is no YAML, or gives no JSON values, with the line
 */
export async function parseSettings(text: string, file: string): Promise<SettingsFile> {
  const { isNode, LineCounter, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    merge: true,
    prettyErrors: false,
    stringKeys: true,
    logLevel: "error",
  });
  const lineOf = (offset: number): string => `${file}, line ${lineCounter.linePos(offset).line}`;
  const problem = [...document.errors, ...document.warnings].at(0);
  if (problem) {
    const words =
      problem.code === "MULTIPLE_DOCS" ? "a second document begins, and one is read" : problem.message;
    throw new HeddleError(
      `${lineOf(problem.pos[0])}: this is neither YAML nor JSON: ${words.replace(/\.?$/u, ".")}`,
    );
  }
  const place = (path: readonly PropertyKey[]): string => {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lineOf(node.range[0]);
    }
    return file;
  };
  return { file, value: jsonOf(document, file), place };
}

/** JSON values and no others, as a file of JSON would give them. */
function jsonOf(document: { toJS(): unknown }, file: string): unknown {
  try {
    // What refers to itself is found here too.
    return JSON.parse(JSON.stringify(document.toJS(), finite) ?? "null");
  } catch (cause) {
    const reason = messageOf(cause).split("\n")[0];
    throw new HeddleError(`${file} can't be read as settings: ${reason.replace(/\.?$/u, ".")}`, { cause });
  }
}

function finite(key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new Error(`${key} is ${value}, and settings are finite numbers`);
  return value;
}
