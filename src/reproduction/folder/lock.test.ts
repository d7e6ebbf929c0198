import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { HeddleError } from "../../core/errors.js";
import { lockFolder, lockName } from "./lock.js";

describe("the lock of a results folder", () => {
  let parent: string;
  let folder: string;
  let number = 0;
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "heddle-test-"));
  });
  beforeEach(() => {
    folder = join(parent, `case-${number++}`);
  });
  after(() => rm(parent, { recursive: true }));

  const startedAt = "2020-01-01T00:00:00.000Z";
  const place = (holder: object | string): Promise<void> =>
    writeFile(join(folder, lockName), typeof holder === "string" ? holder : JSON.stringify(holder));
  const prepare = async (holder: object | string): Promise<void> => {
    await (await lockFolder(folder)).release();
    await place(holder);
  };
  const refuses = (message: RegExp): Promise<void> =>
    assert.rejects(lockFolder(folder), (error) => {
      assert.ok(error instanceof HeddleError);
      assert.match(error.message, message);
      return true;
    });
  /** The number of a process that has ended. */
  const gone = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

  it("makes the folder, is held once, and is gone when released", async () => {
    const lock = await lockFolder(join(folder, "deep"));
    assert.equal(lock.takenOver, undefined);
    await assert.rejects(lockFolder(join(folder, "deep")), /works in .*deep already/);
    await lock.release();
    assert.deepEqual(await readdir(join(folder, "deep")), []);
    await (await lockFolder(join(folder, "deep"))).release();
  });

  it("says who holds it", async () => {
    await prepare({ pid: process.ppid, host: hostname(), startedAt });
    await refuses(
      new RegExp(
        `Process ${process.ppid} on .*, begun at 2020-01-01T00:00:00.000Z, works in .*Wait for its end`,
      ),
    );
    assert.ok(existsSync(join(folder, lockName)));
  });

  it("is taken over from a process that is gone, with a word", async () => {
    const pid = gone();
    await prepare({ pid, host: hostname(), startedAt });
    const lock = await lockFolder(folder);
    assert.match(lock.takenOver ?? "", new RegExp(`Process ${pid} on .* left .*: it was taken over`));
    const holder = JSON.parse(await readFile(join(folder, lockName), "utf8"));
    assert.equal(holder.pid, process.pid);
    assert.deepEqual(await readdir(folder), [lockName]);
    await lock.release();
  });

  it("is taken over from a process that had our number before us", async () => {
    await prepare({ pid: process.pid, host: hostname(), startedAt });
    const lock = await lockFolder(folder);
    assert.match(lock.takenOver ?? "", /taken over/);
    await lock.release();
  });

  it("is given to one of several who find it stale", async () => {
    await prepare({ pid: gone(), host: hostname(), startedAt });
    const tries = await Promise.allSettled(Array.from({ length: 4 }, () => lockFolder(folder)));
    const [winner, ...others] = tries.filter(({ status }) => status === "fulfilled");
    assert.ok(winner?.status === "fulfilled");
    assert.deepEqual(others, []);
    await winner.value.release();
    assert.deepEqual(await readdir(folder), []);
  });

  it("is never taken over where nobody can say whether its process is gone", async () => {
    await prepare({ pid: 1, host: "another-machine", startedAt });
    await refuses(/Process 1 on another-machine, .*If it has ended, delete .*reproduction\.lock/);
    await place("");
    await refuses(/It seems that another process works in .*If none does, delete .*reproduction\.lock/);
  });

  it("says what is in the way of the folder", async () => {
    await writeFile(folder, "a file");
    await refuses(/can't be written/);
  });
});
