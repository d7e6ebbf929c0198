import { readFileSync } from "node:fs";

/** This package's version, as its package.json has it. */
export function heddleVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
