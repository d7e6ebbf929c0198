import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes what was measured below results/ of the folder that the program runs in. @returns the file */
export function writeResult(name: string, content: object): string {
  const file = join("results", name);
  mkdirSync("results", { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 1)}\n`);
  return file;
}

/** This moment in a file name, UTC: 20260131T235959Z. */
export const stamp = (): string => new Date().toISOString().replace(/[-:]/g, "").replace(/\..*/, "Z");
