import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, describe, it } from "node:test";
import { findPictures } from "./find-pictures.js";
import { globParts } from "./glob.js";
import { readNames } from "./name-list.js";

describe("the pictures that a name stands for", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await mkdir(join(folder, "b", "deep"), { recursive: true });
    await mkdir(join(folder, "outside"));
    const files = [
      "a.jpg",
      "b/2.png",
      "b/10.png",
      "b/deep/x.webp",
      "b/.hidden.png",
      "b/notes.txt",
      "x[1].png",
    ];
    for (const file of [...files, "outside/o.jpg", "b/new\nline.jpg"])
      await writeFile(join(folder, file), "x");
    await symlink(join(folder, "outside", "o.jpg"), join(folder, "b", "out.jpg"));
    await symlink(join(folder, "b"), join(folder, "b", "deep", "round.png"));
  });
  after(() => rm(folder, { recursive: true }));

  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["a.jpg", ["a.jpg"]],
    ["b", ["b/10.png", "b/2.png", "b/deep/round.png!", "b/deep/x.webp", "b/new\nline.jpg", "b/out.jpg!"]],
    ["*.jpg", ["a.jpg"]],
    ["b/?.png", ["b/2.png"]],
    ["b/[0-9]*.png", ["b/10.png", "b/2.png"]],
    ["b/[!2]*.png", ["b/10.png"]],
    ["**/*.webp", ["b/deep/x.webp"]],
    ["b/.h*", ["b/.hidden.png"]],
    ["x[1].png", ["x[1].png"]],
    ["*/none-*", ["*/none-*!"]],
    ["b/[z-a].png", ["b/[z-a].png!"]],
    ["missing.jpg", ["missing.jpg"]],
  ];
  for (const [name, expected] of cases) {
    it(JSON.stringify(name), async () => {
      const found: string[] = [];
      for await (const { path, error } of findPictures(join(folder, name)))
        found.push(`${relative(folder, path)}${error ? "!" : ""}`);
      assert.deepEqual(found, expected);
    });
  }

  it("is no pattern without its signs", () => assert.equal(globParts("photos/a.jpg"), undefined));
});

describe("a list of names", () => {
  const names = async (...chunks: readonly string[]): Promise<string[]> => {
    const encoder = new TextEncoder();
    const bytes = encoder.encode(chunks.join("|"));
    const parts: Uint8Array[] = [];
    for (let from = 0; from < bytes.length; ) {
      const next = bytes.indexOf(124, from);
      parts.push(bytes.slice(from, next === -1 ? bytes.length : next));
      from = next === -1 ? bytes.length : next + 1;
    }
    const given = async function* () {
      yield* parts;
    };
    const found: string[] = [];
    for await (const each of readNames(given())) found.push(each);
    return found;
  };
  it("has a name a line, with or without carriage returns, the last one's end left out", async () => {
    assert.deepEqual(await names("a.jpg\r\nb c.p", "ng\n\nd"), ["a.jpg", "b c.png", "d"]);
  });
  it("has line ends in its names where NUL ends each", async () => {
    assert.deepEqual(await names("a\nb.jpg\0", "c.jpg\0"), ["a\nb.jpg", "c.jpg"]);
  });
  it("may be empty", async () => assert.deepEqual(await names(), []));
});
