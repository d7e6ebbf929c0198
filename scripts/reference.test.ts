import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { exportsOf, silentMembers, strictMembers } from "./declarations.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly types?: string }>>;
}

const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const names = Object.values(exports).flatMap(({ types }) => (types ? exportsOf(join(root, types)) : []));
const interfaces = names.filter(({ text }) => text.startsWith("export interface"));
const options = interfaces.filter(({ name }) => /(?:Options|Settings)$/.test(name));
/** What else is given to calls. */
const given = interfaces.filter(({ name }) =>
  /(?:Callbacks|Teacher|Images|Targets|Data|Dataset|ImageSet)(?:InMemory)?$/.test(name),
);

describe("every public name", () => {
  it("is found", () => {
    const found = new Set(names.map(({ name }) => name));
    for (const name of ["Model", "sequential", "dense", "Conv2dOptions", "trainRun", "HeddleError"]) {
      assert.ok(found.has(name), name);
    }
  });

  it("has a doc comment", () => {
    const silent = names.filter(({ comment }) => comment === "");
    assert.deepEqual(
      silent.map(({ name, file }) => `${name} in ${file.slice(root.length)}`),
      [],
    );
  });

  it("has one on each of its options", () => {
    const silent = options.flatMap((each) => silentMembers(each).map((member) => `${each.name}.${member}`));
    assert.deepEqual([...new Set(silent)], []);
  });

  it("takes undefined for each option that may be left out", () => {
    const strict = [...options, ...given].flatMap((each) =>
      strictMembers(each).map((member) => `${each.name}.${member}`),
    );
    assert.deepEqual([...new Set(strict)], []);
  });

  it("stands in the reference, and nothing else does", () => {
    const folder = join(root, "docs", "reference");
    assert.ok(existsSync(folder));
    const shown = readdirSync(folder).flatMap((file) =>
      [...readFileSync(join(folder, file), "utf8").matchAll(/^### (\w+)(?:\\?\(\))?$/gm)].map(
        ([, name]) => name,
      ),
    );
    assert.deepEqual(
      [...new Set(shown)].sort(),
      [...new Set(names.map(({ name }) => name))].sort(),
      "Write docs/reference anew: see CONTRIBUTING.md.",
    );
  });
});
