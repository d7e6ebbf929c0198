import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { CacheError, cacheFolder, writeCacheFile } from "./cache.js";
import { temporaryFolder } from "./testing/small-fashion.js";

describe("the cache folder", () => {
  const home = resolve("/home/someone");
  const cases: readonly [NodeJS.Platform, Record<string, string>, string][] = [
    ["linux", {}, join(home, ".cache", "heddle")],
    ["linux", { XDG_CACHE_HOME: "/elsewhere" }, join("/elsewhere", "heddle")],
    ["linux", { HEDDLE_DATA: "/data", XDG_CACHE_HOME: "/elsewhere" }, resolve("/data")],
    ["linux", { HEDDLE_DATA: "data" }, resolve("data")],
    ["linux", { HEDDLE_DATA: "" }, join(home, ".cache", "heddle")],
    ["darwin", {}, join(home, "Library", "Caches", "heddle")],
    ["win32", { LOCALAPPDATA: "local" }, join("local", "heddle")],
    ["win32", {}, join(home, "AppData", "Local", "heddle")],
  ];
  for (const [platform, environment, expected] of cases) {
    it(`is ${expected} on ${platform} with ${JSON.stringify(environment)}`, () => {
      assert.equal(cacheFolder(environment, platform, home), expected);
    });
  }
});

describe("writing to the cache", () => {
  it("makes the folder, replaces the file and leaves nothing beside it", async (context) => {
    const folder = join(await temporaryFolder(context), "a", "b");
    const path = join(folder, "file");
    await writeCacheFile(path, Uint8Array.of(1, 2));
    await writeCacheFile(path, Uint8Array.of(3));
    assert.deepEqual([...(await readFile(path))], [3]);
    assert.deepEqual(await readdir(folder), ["file"]);
  });

  it("says what is wrong and how to mend it", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFile(join(folder, "file"), "");
    await assert.rejects(
      writeCacheFile(join(folder, "file", "inside"), Uint8Array.of(1)),
      (error) => error instanceof CacheError && /Set HEDDLE_DATA to a folder that can/.test(error.message),
    );
  });
});
