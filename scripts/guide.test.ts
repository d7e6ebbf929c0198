import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compileProject, makeProject } from "./project.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

const run = promisify(execFile);

/** The insides of a page's fenced blocks of one language, in order. */
function blocks(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, of]) => of === language)
    .map(([, , inside]) => inside);
}

describe("the guide", () => {
  it("is a program that compiles with the package's own types and prints what the page says", async () => {
    const page = await readFile(join(root, "docs", "guide.md"), "utf8");
    const folder = await makeProject(blocks(page, "ts").join("\n"));
    try {
      assert.equal(await compileProject(folder), "");
      const { stdout } = await run(process.execPath, ["main.js"], { cwd: folder, timeout: 120_000 });
      assert.equal(stdout, blocks(page, "text").join(""));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
