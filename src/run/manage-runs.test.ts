import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chainOf } from "../core/graph/index.js";
import { dense, flatten } from "../core/layers/index.js";
import { tinyShape } from "../core/training/testing/tiny-model.js";
import { listRuns } from "./list-runs.js";
import { deleteRun, noteRun } from "./manage-runs.js";
import { memoryStore } from "./memory-store.js";
import { RunError } from "./run-error.js";
import { type Lock, LockedError, type Store } from "./store.js";
import { tinyHost } from "./testing/runs.js";
import { trainRun } from "./train-run.js";

async function trained(run: Store, stopped = false): Promise<Store> {
  const controller = new AbortController();
  const { signal } = controller;
  const onEvent = ({ event }: { event: string }) => event === "epoch" && stopped && controller.abort();
  const model = chainOf([flatten(), dense({ units: 3 })], tinyShape);
  const settings = { model, data: "tiny", epochs: 2, batchSize: 8, threads: 1 };
  await trainRun({ ...settings, signal, onEvent }, { run }, tinyHost);
  return run;
}

const namesIn = async (store: Store) => (await store.list())?.map(({ name }) => name).sort();

describe("deleting a run", () => {
  it("takes away all that it has, and its place", async () => {
    const runs = memoryStore("runs");
    const run = await trained(runs.within("a"));
    await noteRun(run, "no use");
    // Runs that were taught have the one, those of studies the other.
    for (const file of ["teacher.safetensors", "predictions.safetensors"])
      await run.write(file, new Uint8Array(1));
    const names = await namesIn(run);
    const { deleted, left } = await deleteRun(run);
    assert.deepEqual([...deleted].sort(), names);
    assert.deepEqual(left, []);
    assert.deepEqual(await runs.list(), []);
  });

  it("takes away what is left of one that was stopped", async () => {
    const run = await trained(memoryStore(), true);
    assert.ok((await namesIn(run))?.includes("interrupted.safetensors"));
    await deleteRun(run);
    assert.equal(await run.list(), undefined);
  });

  it("leaves what is no file of a run, and tells it", async () => {
    const run = await trained(memoryStore("run"));
    await run.write("thesis.txt", new Uint8Array(1));
    await run.within("figures").make();
    const { left } = await deleteRun(run);
    assert.deepEqual([...left].sort(), ["figures", "thesis.txt"]);
    assert.deepEqual(await namesIn(run), ["figures", "thesis.txt"]);
  });

  it("refuses what is no run, and touches nothing in it", async () => {
    const other = memoryStore("photos");
    await assert.rejects(deleteRun(other), (error) => error instanceof RunError && error.code === "noRun");
    await other.make();
    await other.write("last.safetensors", new Uint8Array(1));
    await assert.rejects(deleteRun(other), /photos is no run: it has no config\.json/);
    assert.deepEqual(await namesIn(other), ["last.safetensors"]);
  });

  it("refuses a run that is being trained", async () => {
    const run = await trained(memoryStore("run"));
    const before = await namesIn(run);
    const lock: Lock = await run.lock();
    await assert.rejects(deleteRun(run), LockedError);
    assert.deepEqual(await namesIn(run), before);
    await lock.release();
  });

  it("can be done again where it was cut off", async () => {
    const run = await trained(memoryStore("run"));
    let removals = 0;
    const failing: Store = {
      ...run,
      remove: async (file) => {
        if (++removals > 2) throw new Error("The disk is gone.");
        await run.remove(file);
      },
    };
    await assert.rejects(deleteRun(failing), /The disk is gone/);
    assert.ok((await namesIn(run))?.includes("config.json"));
    assert.deepEqual((await deleteRun(run)).left, []);
  });
});

describe("a note of a run", () => {
  it("is kept, listed, written over, and taken away", async () => {
    const runs = memoryStore("runs");
    const run = await trained(runs.within("a"));
    const noted = async () => (await listRuns(runs))[0].note;
    assert.equal(await noted(), undefined);
    await noteRun(run, " first try\n");
    assert.equal(await noted(), "first try");
    await noteRun(run, "second\ntry");
    assert.equal(await noted(), "second\ntry");
    await noteRun(run, "");
    assert.equal(await noted(), undefined);
    assert.ok(!(await namesIn(run))?.includes("note.txt"));
  });

  it("is refused where there is no run, where it is no text, and where it is a book", async () => {
    const run = await trained(memoryStore("run"));
    await assert.rejects(noteRun(memoryStore("nowhere"), "x"), /There is no run at nowhere/);
    await assert.rejects(noteRun(run, 7 as unknown as string), /note must be a text, but is 7/);
    await assert.rejects(noteRun(run, "x".repeat(10_001)), /at most 10000/);
  });
});
