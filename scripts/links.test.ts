import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

const documents = ["", "docs", "docs/reference"].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(root, folder, name)),
);

/** A page's text without what stands in code. */
const proseOf = (file: string): string => readFileSync(file, "utf8").replace(/^```.*?^```$|`[^`\n]*`/gms, "");

/** The names that links may give within a page, as code hosts make them of headings. */
function anchorsOf(file: string): Set<string> {
  const text = readFileSync(file, "utf8").replace(/^```.*?^```$/gms, "");
  const anchors = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
  const seen = new Map<string, number>();
  for (const [, heading] of text.matchAll(/^#+ (.+)$/gm)) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const slug = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    anchors.add(before === 0 ? slug : `${slug}-${before}`);
  }
  return anchors;
}

function brokenLinks(file: string): string[] {
  return [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path, anchor] = target.split("#");
      const there = path === "" ? file : join(dirname(file), path);
      if (!existsSync(there)) return true;
      return anchor !== undefined && there.endsWith(".md") && !anchorsOf(there).has(anchor);
    });
}

describe("every link in a document leads somewhere", () => {
  for (const file of documents) {
    it(relative(root, file), () => assert.deepEqual(brokenLinks(file), []));
  }
});

describe("every program that a document names is there", () => {
  for (const file of documents) {
    const named =
      readFileSync(file, "utf8").match(/(?<![\w/])(dist|bench|scripts)\/[\w/-]+\.(js|mjs|ts)\b/g) ?? [];
    it(relative(root, file), () => {
      assert.deepEqual(
        named.filter((name) => !existsSync(join(root, name))),
        [],
      );
    });
  }
});
