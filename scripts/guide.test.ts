import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

const run = promisify(execFile);

/** The insides of a page's fenced blocks of one language, in order. */
function blocks(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, of]) => of === language)
    .map(([, , inside]) => inside);
}

const settings = {
  compilerOptions: {
    target: "ES2022",
    module: "NodeNext",
    lib: ["ES2023"],
    types: ["node"],
    strict: true,
    noUnusedLocals: true,
    verbatimModuleSyntax: true,
  },
  include: ["guide.ts"],
};

/** A project of somebody else's, in which the library is installed. */
async function makeProject(folder: string, program: string): Promise<void> {
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "@types"), { recursive: true });
  await symlink(root, join(modules, "heddle"), "junction");
  for (const name of ["@types/node", "undici-types"]) {
    await symlink(join(root, "node_modules", name), join(modules, name), "junction");
  }
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(settings));
  await writeFile(join(folder, "guide.ts"), program);
}

describe("the guide", () => {
  it("is a program that compiles with the package's own types and prints what the page says", async () => {
    const page = await readFile(join(root, "docs", "guide.md"), "utf8");
    const folder = await mkdtemp(join(tmpdir(), "heddle-guide-"));
    try {
      await makeProject(folder, blocks(page, "ts").join("\n"));
      const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
      const compiled = await run(process.execPath, [compiler, "-p", folder]).catch((error) => error);
      assert.equal(compiled.stdout, "");
      const { stdout } = await run(process.execPath, ["guide.js"], { cwd: folder, timeout: 120_000 });
      assert.equal(stdout, blocks(page, "text").join(""));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
