import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { findPictures } from "./find-pictures.js";

describe("pictures by a pattern", () => {
  let folder: string;
  const startedIn = process.cwd();
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "heddle-test-"));
    mkdirSync(join(folder, "a", "b"), { recursive: true });
    for (const file of [["top.jpg"], ["a", "mid.jpg"], ["a", "b", "deep.jpg"], ["a", "note.txt"]])
      writeFileSync(join(folder, ...file), "");
    process.chdir(folder);
  });
  after(() => {
    process.chdir(startedIn);
    rmSync(folder, { recursive: true });
  });

  async function found(pattern: string): Promise<string[]> {
    const paths: string[] = [];
    for await (const { path, error } of findPictures(pattern)) paths.push(error ? `${path}!` : path);
    return paths.sort();
  }

  const all = [join("a", "b", "deep.jpg"), join("a", "mid.jpg"), "top.jpg"];

  it("are each given once, whatever matches the folders that they are in", async () => {
    for (const pattern of ["**", "**/**", "**/*.jpg", "**/**/*.jpg"])
      assert.deepEqual(await found(pattern), all);
    // A file that is named is itself, whatever it is called.
    assert.deepEqual(await found("**/*"), [...all, join("a", "note.txt")].sort());
  });

  it("are found below a folder too", async () => {
    assert.deepEqual(await found("a/**"), all.slice(0, 2));
    assert.deepEqual(await found("b*/**"), ["b*/**!"]);
  });
});
