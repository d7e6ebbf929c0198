import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BenchRow } from "#heddle/bench/rows.js";
import type * as Heddle from "#heddle/node/index.js";
import { commitOf } from "./commit.js";

/** A build of heddle, whichever its version: what of it a comparison calls. */
export interface Build {
  readonly commit: string | null;
  readonly library: typeof Heddle;
  /** `heddle bench`'s rows. @throws on a name that stands for none */
  benchRows(names: readonly string[]): readonly BenchRow[];
}

/** Opens a checkout after `npm ci`, or its dist folder. @throws Error where there is no build */
export async function openBuild(folder: string): Promise<Build> {
  const dist = [resolve(folder), resolve(folder, "dist")].find((path) => existsSync(`${path}/node/index.js`));
  if (!dist)
    throw new Error(`${folder} holds no build: expected a checkout after \`npm ci\`, or its dist folder.`);
  // heddle 0.1 keeps its rows in the file that runs them.
  const rows = ["rows.js", "run.js"].find((file) => existsSync(`${dist}/bench/${file}`));
  const library = (await import(pathToFileURL(`${dist}/node/index.js`).href)) as typeof Heddle;
  const { benchRows } = (await import(pathToFileURL(`${dist}/bench/${rows}`).href)) as Pick<
    Build,
    "benchRows"
  >;
  return { commit: commitOf(folder), library, benchRows };
}
