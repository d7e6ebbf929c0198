import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Writes what was measured below results/ of the folder that the program runs in, whole or not at all. @returns the file */
export function writeResult(name: string, content: object): string {
  const file = join("results", name);
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  writeFileSync(unfinished, `${JSON.stringify(content, null, 1)}\n`);
  renameSync(unfinished, file);
  return file;
}

/** This moment in a file name, UTC: 20260131T235959Z. */
export const stamp = (): string => new Date().toISOString().replace(/[-:]/g, "").replace(/\..*/, "Z");
