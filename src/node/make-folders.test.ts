import assert from "node:assert/strict";
import { mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { makeFolders } from "./make-folders.js";

describe("makeFolders", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("makes what is missing, many at once too, and leaves what is there", async () => {
    const deep = join(folder, "a", "b", "c");
    await Promise.all(Array.from({ length: 8 }, () => makeFolders(deep)));
    assert.ok((await stat(deep)).isDirectory());
    await makeFolders(deep);
    await symlink(join(folder, "a"), join(folder, "link"));
    await makeFolders(join(folder, "link"));
    await makeFolders(join(folder, "link", "d"));
    assert.ok((await stat(join(folder, "a", "d"))).isDirectory());
  });

  it("fails where there is a file, or no folder can be made", async () => {
    await writeFile(join(folder, "file"), "");
    await assert.rejects(makeFolders(join(folder, "file")), { code: "EEXIST" });
    await assert.rejects(makeFolders(join(folder, "file", "below")), { code: "ENOTDIR" });
    if (process.platform === "linux")
      await assert.rejects(makeFolders("/proc/heddle/below"), { code: "ENOENT" });
  });
});
