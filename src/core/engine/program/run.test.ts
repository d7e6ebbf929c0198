import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { portableArithmetic } from "../../kernels/arithmetic.js";
import { narrowTiling } from "../../kernels/tiling.js";
import { i32, ModuleBuilder } from "../../wasm/index.js";
import { instantiate } from "../../wasm/testing/evaluate.js";
import { control, failure, stopOf } from "../control.js";
import { counterBytes, emitRun } from "./run.js";

const counters = control.end;
const stages = 3;
const tasks = 2;
/** A word each task of each stage counts up. */
const done = counters + counterBytes(stages, 2);

/** A step of three stages of two tasks for two threads, as one thread sees it that plays both. */
function twoThreads() {
  const module = new ModuleBuilder({ maximumPages: 1, shared: true });
  const emitter = { module, arithmetic: portableArithmetic, tiling: narrowTiling, constants: () => 0 };
  const plan = Array.from({ length: stages }, (_, stage) => ({
    preparation: false,
    jobs: [
      {
        name: `stage ${stage}`,
        tasks,
        run: module.function(["task", "scratch"], (f, { task }) => {
          const at = f.let(i32.add(i32.mul(task, 4), done + stage * tasks * 4));
          f.do(i32.store(at, i32.add(i32.load(at), 1)));
        }),
      },
    ],
  }));
  emitRun(emitter, plan, { threads: 2, counters, scratch: 0, scratchBytes: 0, spins: 50 });
  const { exports, buffer } = instantiate(module, true);
  const { run } = exports;
  const words = new Int32Array(buffer);
  return { run, words, counts: () => [...words.subarray(done / 4, done / 4 + stages * tasks)] };
}

describe("a step that waits for another thread", () => {
  it("stops to have a look, and goes on where it was", () => {
    const { run, words, counts } = twoThreads();
    for (const turn of [0, 1]) {
      let status = run(0, turn, 0);
      assert.deepEqual(stopOf(status), { code: failure.look, stage: 0 });
      // The other thread arrives, and waits behind the next stage: it is told to give up there.
      words[control.failure / 4] = failure.crashed;
      assert.deepEqual(stopOf(run(1, turn, 0)), { code: failure.crashed, stage: 1 });
      words[control.failure / 4] = failure.none;
      status = run(0, turn, status);
      assert.deepEqual(stopOf(status), { code: failure.look, stage: 2 });
      status = run(0, turn, status);
      assert.deepEqual(stopOf(status), { code: failure.look, stage: 2 }, "and looks again");
      // The last one to come: it takes up where the other thread was, by the same code.
      const atSecond = (failure.look << 16) | 2;
      assert.equal(run(1, turn, atSecond), 0);
      assert.equal(run(0, turn, status), 0);
      assert.deepEqual(counts(), Array(stages * tasks).fill(turn + 1), "every task once");
    }
  });
});

describe("a stage of thousands of jobs", () => {
  it("does every task of each once", () => {
    const jobs = 6_000;
    const module = new ModuleBuilder({ maximumPages: 1, shared: false });
    const emitter = { module, arithmetic: portableArithmetic, tiling: narrowTiling, constants: () => 0 };
    const places: number[] = [];
    const plan = Array.from({ length: jobs }, (_, index) => {
      const first = places.length;
      const own = 1 + (index % 3);
      for (let task = 0; task < own; task++) places.push(index);
      // A task's own place tells whether it came with its number within the job.
      const run = module.function(["task", "scratch"], (f, { task }) => {
        const at = f.let(i32.add(i32.mul(task, 4), control.end + first * 4));
        f.do(i32.store(at, i32.add(i32.load(at), 1)));
      });
      return { name: `job ${index}`, tasks: own, run };
    });
    const stage = { preparation: false, jobs: plan };
    emitRun(emitter, [stage], { threads: 1, counters: 0, scratch: 0, scratchBytes: 0, spins: 0 });
    const { exports, buffer } = instantiate(module, false);
    assert.equal(exports.run(0, 0, 0), 0);
    const counts = new Int32Array(buffer).subarray(control.end / 4, control.end / 4 + places.length);
    assert.ok(counts.every((count) => count === 1));
  });
});
