import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { HeddleError, UsageError } from "../core/errors.js";
import { generatorMeta } from "../report/page.js";
import { LockedError } from "../run/store.js";
import { diskStore } from "./disk-store.js";
import { deleteRun, noteRun, renameRun } from "./manage-runs.js";

describe("a run's folder", () => {
  let runs: string;
  const inRuns = (...path: readonly string[]): string => join(runs, ...path);
  beforeEach(async () => {
    runs = await mkdtemp(join(tmpdir(), "heddle-runs-"));
    await mkdir(inRuns("a"));
    for (const file of ["config.json", "history.jsonl", "last.safetensors"])
      await writeFile(inRuns("a", file), "{}");
  });
  afterEach(() => rm(runs, { recursive: true }));

  it("is deleted with the report that heddle wrote into it", async () => {
    await writeFile(inRuns("a", "report.html"), `<!doctype html>${generatorMeta}`);
    const { deleted, left } = await deleteRun(inRuns("a"));
    assert.ok(deleted.includes("report.html"));
    assert.deepEqual(left, []);
    assert.deepEqual(await readdir(runs), []);
  });

  it("stays with a report of somebody else's", async () => {
    await writeFile(inRuns("a", "report.html"), "<p>my own</p>");
    assert.deepEqual((await deleteRun(inRuns("a"))).left, ["report.html"]);
    assert.deepEqual(await readdir(inRuns("a")), ["report.html"]);
  });

  it("is not deleted through a link", async () => {
    await symlink(inRuns("a"), inRuns("link"));
    await assert.rejects(
      deleteRun(inRuns("link")),
      /link is a link to .*a\. Delete the run by its own folder/,
    );
    assert.equal((await readdir(inRuns("a"))).length, 3);
  });

  it("gets another name, all of it, and can be trained in at once", async () => {
    await noteRun(inRuns("a"), "mine");
    assert.equal(await renameRun(inRuns("a"), "b"), inRuns("b"));
    assert.deepEqual((await readdir(inRuns("b"))).sort(), [
      "config.json",
      "history.jsonl",
      "last.safetensors",
      "note.txt",
    ]);
    assert.deepEqual(await readdir(runs), ["b"]);
    await (await diskStore(inRuns("b")).lock()).release();
    assert.equal(await renameRun(inRuns("b"), "c"), inRuns("c"));
  });

  it("gets another name from within", async () => {
    const before = process.cwd();
    process.chdir(inRuns("a"));
    try {
      assert.equal(await renameRun(".", "b"), join(await realpath(runs), "b"));
    } finally {
      process.chdir(before);
    }
    assert.equal(await renameRun(inRuns("b", "."), "c"), inRuns("c"));
    assert.deepEqual(await readdir(runs), ["c"]);
  });

  it("keeps its name where something has the other one already, and its own is no other", async () => {
    await mkdir(inRuns("b"));
    for (const name of ["b", "a"])
      await assert.rejects(renameRun(inRuns("a"), name), /exists already, and nothing is ever written over/);
    assert.equal((await readdir(inRuns("a"))).length, 3);
  });

  it("takes no path and nothing unprintable for a name", async () => {
    for (const name of ["", ".", "..", "x/y", "../x", "x\\y", "x\u0000", "x\u001b[2J", "x".repeat(201)]) {
      await assert.rejects(renameRun(inRuns("a"), name), (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, /name must be the name of a folder, without a path/);
        return true;
      });
    }
  });

  it("is neither renamed nor deleted while it is trained in, and never where it is no run's", async () => {
    const lock = await diskStore(inRuns("a")).lock();
    await assert.rejects(renameRun(inRuns("a"), "b"), LockedError);
    await assert.rejects(deleteRun(inRuns("a")), LockedError);
    await lock.release();
    await mkdir(inRuns("photos"));
    await assert.rejects(renameRun(inRuns("photos"), "b"), /is no run/);
    await assert.rejects(deleteRun(inRuns("nothing")), HeddleError);
    assert.deepEqual((await readdir(runs)).sort(), ["a", "photos"]);
  });
});
