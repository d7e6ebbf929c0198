import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const programs = ["chromium", "chromium-browser", "google-chrome"];

/** The first of these programs that is installed; undefined where none is. */
export function findProgram(names: readonly string[], path = process.env.PATH ?? ""): string | undefined {
  const places = path.split(delimiter).filter((folder) => folder !== "");
  return names.flatMap((name) => places.map((folder) => join(folder, name))).find(isProgram);
}

/** The installed browser that pages are tested in; undefined where there is none. */
export const findChromium = (path?: string): string | undefined => findProgram(programs, path);

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Why a test of pages is skipped; undefined where it can run. */
export function reasonWithoutBrowser(): string | undefined {
  return findChromium() === undefined ? `no browser: ${programs.join(", ")} are not on the PATH` : undefined;
}

/**
 * What a page may be is decided by its own content security policy, so the browser needs no sandbox of its own.
 *
 * @param args of the command line
 */
export function launchBrowser(args: string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), chromiumSandbox: false, args });
}
