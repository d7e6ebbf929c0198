// A project of somebody else's, in which the library is installed, with settings as strict as people have them.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

const settings = {
  compilerOptions: {
    target: "ES2022",
    module: "NodeNext",
    lib: ["ES2023", "DOM"],
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    declaration: true,
    noUnusedLocals: true,
    verbatimModuleSyntax: true,
  },
  include: ["main.ts"],
};

/** @returns its folder, where `program` is `main.ts` */
export async function makeProject(program: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "heddle-project-"));
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "@types"), { recursive: true });
  await symlink(root, join(modules, "heddle"), "junction");
  for (const name of ["@types/node", "undici-types"]) {
    await symlink(join(root, "node_modules", name), join(modules, name), "junction");
  }
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(settings));
  await writeFile(join(folder, "main.ts"), program);
  return folder;
}

/** Makes `main.js` of it. @returns what the compiler says: nothing where all is well */
export async function compileProject(folder: string): Promise<string> {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const run = promisify(execFile)(process.execPath, [compiler, "-p", folder]);
  return (await run.catch((error: { readonly stdout: string }) => error)).stdout;
}
