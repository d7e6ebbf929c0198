import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { HeddleError } from "../core/errors.js";
import { lockFolder } from "./lock.js";
import { ourselves } from "./process-mark.js";

const lockName = "test.lock";
const lock = (folder: string) => lockFolder(folder, lockName);

describe("the lock of a folder", () => {
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
    await (await lock(folder)).release();
    await place(holder);
  };
  const refuses = (message: RegExp): Promise<void> =>
    assert.rejects(lock(folder), (error) => {
      assert.ok(error instanceof HeddleError);
      assert.match(error.message, message);
      return true;
    });
  /** The number of a process that has ended. */
  const gone = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

  it("makes the folder, is held once, and is gone when released", async () => {
    const taken = await lock(join(folder, "deep"));
    assert.equal(taken.takenOver, undefined);
    await assert.rejects(lock(join(folder, "deep")), /works in .*deep already/);
    await taken.release();
    assert.deepEqual(await readdir(join(folder, "deep")), []);
    await (await lock(join(folder, "deep"))).release();
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
    const taken = await lock(folder);
    assert.match(taken.takenOver ?? "", new RegExp(`Process ${pid} on .* left .*: it was taken over`));
    const holder = JSON.parse(await readFile(join(folder, lockName), "utf8"));
    assert.equal(holder.pid, process.pid);
    assert.deepEqual(await readdir(folder), [lockName]);
    await taken.release();
  });

  it("is taken over from a process that had our number before us", async () => {
    await prepare({ pid: process.pid, host: hostname(), startedAt });
    const taken = await lock(folder);
    assert.match(taken.takenOver ?? "", /taken over/);
    await taken.release();
  });

  const linux = process.platform !== "linux" && "only Linux says when machine and process began";
  it("is taken over from before the machine was started again", { skip: linux }, async () => {
    await prepare({ ...ourselves(), boot: "another" });
    const taken = await lock(folder);
    assert.match(taken.takenOver ?? "", /taken over/);
    await taken.release();
  });

  it("is taken over from a process whose number another one has now", { skip: linux }, async () => {
    await prepare({ ...ourselves(), pid: process.ppid, ticks: "1" });
    const taken = await lock(folder);
    assert.match(taken.takenOver ?? "", /taken over/);
    await taken.release();
  });

  it("is taken over where who took it over was cut off, too", async () => {
    await prepare({ pid: gone(), host: hostname(), startedAt });
    const guard = { pid: gone(), host: hostname(), startedAt };
    await writeFile(join(folder, `${lockName}.taking-over`), JSON.stringify(guard));
    await writeFile(join(folder, `${lockName}.taking-over.taking-over`), JSON.stringify(guard));
    const tries = await Promise.allSettled(Array.from({ length: 4 }, () => lock(folder)));
    assert.equal(tries.filter(({ status }) => status === "fulfilled").length, 1);
    assert.deepEqual(await readdir(folder), [lockName]);
    for (const each of tries) if (each.status === "fulfilled") await each.value.release();
  });

  it("goes with its process, whenever that ends", async () => {
    const module = new URL("./lock.js", import.meta.url).href;
    const script = `const { lockFolder } = await import(${JSON.stringify(module)});
      await lockFolder(${JSON.stringify(folder)}, "${lockName}"); process.exit(3);`;
    const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
    assert.equal(status, 3);
    assert.deepEqual(await readdir(folder), []);
  });

  it("leaves another's lock alone when released", async () => {
    const taken = await lock(folder);
    await place({ pid: process.ppid, host: hostname(), startedAt });
    await taken.release();
    assert.deepEqual(await readdir(folder), [lockName]);
  });

  it("sweeps what those before left half-written, and nothing else", async () => {
    await prepare({ pid: gone(), host: hostname(), startedAt });
    for (const name of [".a.json.01234567.tmp", ".mine.tmp", "b.01234567.tmp"]) {
      await writeFile(join(folder, name), "");
    }
    const taken = await lock(folder);
    await taken.release();
    assert.deepEqual((await readdir(folder)).sort(), [".mine.tmp", "b.01234567.tmp"]);
  });

  it("is given to one of several processes that find it stale", async () => {
    await prepare({ pid: gone(), host: hostname(), startedAt });
    const module = new URL("./lock.js", import.meta.url).href;
    const script = `const { lockFolder } = await import(${JSON.stringify(module)});
      await lockFolder(${JSON.stringify(folder)}, "${lockName}").then(() => console.log("held"), () => console.log("not"));
      process.stdin.on("data", () => process.exit()); `;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ["--input-type=module", "-e", script]),
    );
    const answers = await Promise.all(
      children.map(async ({ stdout }) => String((await once(stdout, "data"))[0]).trim()),
    );
    for (const { stdin } of children) stdin.write("end");
    await Promise.all(children.map((child) => once(child, "close")));
    assert.equal(answers.filter((answer) => answer === "held").length, 1);
    assert.deepEqual(await readdir(folder), []);
  });

  it("is given to one of several calls that find it stale", async () => {
    await prepare({ pid: gone(), host: hostname(), startedAt });
    const tries = await Promise.allSettled(Array.from({ length: 4 }, () => lock(folder)));
    const [winner, ...others] = tries.filter(({ status }) => status === "fulfilled");
    assert.ok(winner?.status === "fulfilled");
    assert.deepEqual(others, []);
    await winner.value.release();
    assert.deepEqual(await readdir(folder), []);
  });

  it("is never taken over where nobody can say whether its process is gone", async () => {
    await prepare({ pid: 1, host: "another-machine", startedAt });
    await refuses(/Process 1 on another-machine, .*If it has ended, delete .*test\.lock/);
    await place("");
    await refuses(/It seems that another process works in .*If none does, delete .*test\.lock/);
  });

  it("says what is in the way of the folder", async () => {
    await writeFile(folder, "a file");
    await refuses(/can't be written/);
  });
});
