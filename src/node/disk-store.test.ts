import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { storeContract } from "../run/testing/store-contract.js";
import { diskStore } from "./disk-store.js";

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

describe("a store on disk", () => {
  storeContract(async (context) => diskStore(join(await temporaryFolder(context), "outer", "store")));

  it("sweeps what others left half-written, and never lists it", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFile(join(folder, ".a.json.0123abcd.tmp"), "half");
    assert.deepEqual(await diskStore(folder).list(), []);
    const lock = await diskStore(folder).lock();
    assert.deepEqual(await readdir(folder), ["run.lock"]);
    await lock.release();
    assert.deepEqual(await readdir(folder), []);
  });

  it("lists a link by what it leads to", async (context) => {
    const folder = await temporaryFolder(context);
    const links = join(folder, "links");
    await mkdir(links);
    await writeFile(join(folder, "file"), "");
    for (const to of ["links", "file", "nowhere"]) await symlink(join(folder, to), join(links, to));
    const kinds = (await diskStore(links).list())!.map(({ name, kind }) => `${name} ${kind}`).sort();
    assert.deepEqual(kinds, ["file file", "links store", "nowhere file"]);
  });

  it("says that there is a file in its place", async (context) => {
    const file = join(await temporaryFolder(context), "file");
    await writeFile(file, "");
    await assert.rejects(diskStore(file).list(), /file is a file; a run is a folder/);
    await assert.rejects(diskStore(file).within("a").make(), /file is a file, so no run can be kept in it/);
    assert.equal(await diskStore(file).make(), false);
  });
});
