import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { HeddleError } from "../core/errors.js";
import { type FileSystem, writeFileWhole } from "./write-file.js";

describe("writing a file whole", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** A disk in memory that notes what is done, and fails where the test wants. */
  function fakeDisk(failing?: { step: "open" | "write" | "sync" | "rename"; code: string }) {
    const done: string[] = [];
    const act = (step: string, what: string): void => {
      if (failing?.step === step) throw Object.assign(new Error(failing.code), { code: failing.code });
      done.push(`${step} ${what}`);
    };
    const fileSystem: FileSystem = {
      open: async (path, flags) => {
        if (flags !== "r") act("open", path);
        return {
          writeFile: async () => act("write", path),
          sync: async () => act("sync", path),
          close: async () => act("close", path),
        };
      },
      rename: async (from, to) => act("rename", `${from} ${to}`),
      remove: async (path) => act("remove", path),
    };
    return { done, fileSystem };
  }

  const posix = { skip: process.platform === "win32" && "there are no such files" };
  it("replaces what a link leads to, and keeps the file's mode", posix, async () => {
    const at = (name: string): string => join(folder, name);
    await writeFile(at("real.csv"), "old", { mode: 0o600 });
    await symlink("real.csv", at("link.csv"));
    await writeFileWhole(at("link.csv"), "new");
    assert.ok((await lstat(at("link.csv"))).isSymbolicLink());
    assert.equal(await readFile(at("real.csv"), "utf8"), "new");
    assert.equal((await stat(at("real.csv"))).mode & 0o777, 0o600);
    for (const name of ["link.csv", "real.csv"]) await rm(at(name));
  });

  it("writes into a pipe, which stays one", posix, async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const [read] = await Promise.all([readFile(pipe, "utf8"), writeFileWhole(pipe, "told")]);
    assert.equal(read, "told");
    assert.ok((await lstat(pipe)).isFIFO());
    await rm(pipe);
  });

  it("writes beside, syncs, renames, then syncs the folder", async () => {
    const { done, fileSystem } = fakeDisk();
    await writeFileWhole("runs/a/best.safetensors", "x", fileSystem);
    const beside = done[0].slice("open ".length);
    assert.match(beside, /^runs\/a\/\.best\.safetensors\.[0-9a-f]{8}\.tmp$/);
    assert.deepEqual(done, [
      `open ${beside}`,
      `write ${beside}`,
      `sync ${beside}`,
      `close ${beside}`,
      `rename ${beside} runs/a/best.safetensors`,
      "sync runs/a",
      "close runs/a",
    ]);
  });

  it("replaces what was there and leaves nothing beside", async () => {
    const file = join(folder, "value.json");
    await writeFileWhole(file, "old");
    await writeFileWhole(file, new TextEncoder().encode("new"));
    assert.equal(await readFile(file, "utf8"), "new");
    assert.deepEqual(await readdir(folder), ["value.json"]);
  });

  it("takes several writers at once", async () => {
    const file = join(folder, "shared.json");
    const contents = ["first", "second", "third"];
    await Promise.all(contents.map((content) => writeFileWhole(file, content)));
    assert.ok(contents.includes(await readFile(file, "utf8")));
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes("shared")),
      ["shared.json"],
    );
  });

  const failures = [
    { step: "write", code: "ENOSPC", message: /can't be written: the disk is full\. Free some space/ },
    {
      step: "sync",
      code: "EDQUOT",
      message: /can't be written: your share of the disk is used up\. Free some/,
    },
    { step: "open", code: "EMFILE", message: /this process has too many files open\. .*ulimit -n/ },
    { step: "open", code: "EACCES", message: /permission denied\. Choose a folder that you may write to/ },
    { step: "rename", code: "EROFS", message: /the disk is read-only\. Choose a folder/ },
  ] as const;
  for (const { step, code, message } of failures) {
    it(`names the file and the remedy on ${code} at ${step}, and takes the rest away`, async () => {
      const { done, fileSystem } = fakeDisk({ step, code });
      await assert.rejects(writeFileWhole("runs/a/last.safetensors", "x", fileSystem), (error) => {
        assert.ok(error instanceof HeddleError);
        assert.match(error.message, /^runs\/a\/last\.safetensors /);
        assert.match(error.message, message);
        return true;
      });
      assert.match(done.at(-1) ?? "", /^remove runs\/a\/\.last\.safetensors/);
    });
  }

  it("writes once more where somebody took the file beside away", async () => {
    const { done, fileSystem } = fakeDisk();
    let renames = 0;
    const swept: FileSystem = {
      ...fileSystem,
      rename: async (from, to) => {
        if (renames++ === 0) throw Object.assign(new Error("gone"), { code: "ENOENT" });
        await fileSystem.rename(from, to);
      },
    };
    await writeFileWhole("runs/a/evaluation.json", "x", swept);
    assert.equal(done.filter((step) => step.startsWith("write ")).length, 2);
    assert.equal(done.filter((step) => step.startsWith("rename ")).length, 1);
  });

  it("leaves the old content where the new one can't be written", async () => {
    const file = join(folder, "kept.json");
    await writeFile(file, "old");
    const full: FileSystem = {
      ...fakeDisk({ step: "write", code: "ENOSPC" }).fileSystem,
      rename: async () => assert.fail("a file that was not written must not take the old one's place"),
    };
    await assert.rejects(writeFileWhole(file, "new", full), /disk is full/);
    assert.equal(await readFile(file, "utf8"), "old");
  });

  it("says so when the folder is not there", async () => {
    await assert.rejects(
      writeFileWhole(join(folder, "none", "a.csv"), "x"),
      /a\.csv can't be written: its folder .* does not exist\. Make it/,
    );
  });
});
