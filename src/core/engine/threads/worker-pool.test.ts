import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { nodePlatform } from "../../../node/platform.js";
import { dense, flatten } from "../../layers/index.js";
import type { PlatformWorker } from "../../platform.js";
import { createTrial, upTo } from "../testing/trial.js";
import { left, type WorkerMessage } from "./worker-loop.js";
import { type EngineThread, type ThreadEvents, WorkerPool, type WorkerPoolOptions } from "./worker-pool.js";

interface Fake extends EngineThread {
  readonly events: ThreadEvents;
  readonly heard: WorkerMessage[];
  ended: boolean;
}

/** A pool of threads that answer `left` at once, unless they are `deaf`, and timers that `ring` when asked. */
function fakePool(options: Partial<WorkerPoolOptions> & { deaf?: boolean } = {}) {
  const threads: Fake[] = [];
  const timers = new Set<() => void>();
  const pool = new WorkerPool({
    start: (events) => {
      const fake: Fake = {
        events,
        heard: [],
        ended: false,
        postMessage: (message) => {
          fake.heard.push(message);
          if (message.kind === "leave" && !options.deaf) queueMicrotask(() => events.message(left));
        },
        terminate: async () => {
          fake.ended = true;
          events.exit("it was ended");
        },
      };
      threads.push(fake);
      return fake;
    },
    later: (_, then) => {
      timers.add(then);
      return () => timers.delete(then);
    },
    endsAtOnce: true,
    mostResting: 2,
    mostBytes: 100,
    ...options,
  });
  const ring = (): void => {
    for (const then of timers) then();
  };
  return { pool, threads, timers, ring };
}

const memoryOf = (bytes: number): WorkerMessage => ({
  kind: "memory",
  memory: { buffer: new ArrayBuffer(bytes) },
  thread: 1,
  idle: 0,
});

const leave = (worker: PlatformWorker): Promise<void> | undefined => worker.leave?.();

describe("threads that serve one network after the other", () => {
  it("are handed out again once they have left, and are heard by the next alone", async () => {
    const { pool, threads, timers } = fakePool();
    const first = pool.startWorker();
    const told: string[] = [];
    first.onMessage(() => told.push("first"));
    first.onExit(() => told.push("first's end"));
    await Promise.all([leave(first), leave(first)]);
    assert.deepEqual([pool.resting, timers.size], [1, 0]);
    const second = pool.startWorker();
    second.onMessage(() => told.push("second"));
    second.onExit(() => told.push("second's end"));
    told.length = 0;
    threads[0].events.message("ready");
    await leave(first);
    await first.terminate();
    assert.deepEqual([threads.length, threads[0].ended, told], [1, false, ["second"]]);
    await second.terminate();
    assert.deepEqual([threads[0].ended, told], [true, ["second", "second's end"]]);
  });

  it("are ended where they have served too much memory, or too many rest", async () => {
    const { pool, threads } = fakePool();
    for (const bytes of [60, 60]) {
      const worker = pool.startWorker();
      worker.postMessage(memoryOf(bytes));
      await leave(worker);
    }
    assert.deepEqual(
      threads.map(({ ended }) => ended),
      [true],
    );
    const three = [1, 2, 3].map(() => pool.startWorker());
    await Promise.all(three.map(leave));
    assert.deepEqual([pool.resting, threads.filter(({ ended }) => ended).length], [2, 2]);
    await pool.endResting();
    assert.deepEqual([pool.resting, threads.every(({ ended }) => ended)], [0, true]);
  });

  it("are handed out no more where they have died at rest", async () => {
    const { pool, threads } = fakePool();
    await leave(pool.startWorker());
    threads[0].events.exit("out of memory");
    assert.equal(pool.resting, 0);
    pool.startWorker();
    assert.equal(threads.length, 2);
  });

  it("are ended where they don't leave in time, and don't rest where they end meanwhile", async () => {
    for (const end of ["time", "death"]) {
      const { pool, threads, ring } = fakePool({ deaf: true });
      const leaving = leave(pool.startWorker());
      if (end === "time") ring();
      else threads[0].events.exit("out of memory");
      await leaving;
      assert.deepEqual([pool.resting, threads[0].ended], [0, end === "time"], end);
    }
  });

  it("don't rest where they leave after their time, while they are ending", async () => {
    const { pool, threads, ring } = fakePool({ deaf: true });
    const worker = pool.startWorker();
    threads[0].terminate = async () => {
      threads[0].ended = true;
    };
    const leaving = leave(worker);
    ring();
    threads[0].events.message(left);
    await leaving;
    assert.deepEqual([pool.resting, threads[0].ended], [0, true]);
  });

  it("hear nothing more from a network that they have left", async () => {
    const { pool, threads } = fakePool();
    const worker = pool.startWorker();
    await leave(worker);
    worker.postMessage(memoryOf(8));
    assert.deepEqual(threads[0].heard, [{ kind: "leave" }]);
  });

  it("are asked to leave before they are ended where nobody can tell when they have", async () => {
    const { pool, threads } = fakePool({ endsAtOnce: false });
    await pool.startWorker().terminate();
    assert.deepEqual([pool.resting, threads[0].heard, threads[0].ended], [1, [{ kind: "leave" }], false]);
  });

  it("come to the same bytes as new ones", async () => {
    let started = 0;
    const pool = new WorkerPool({
      start: ({ message, exit }) => {
        started++;
        const worker = new Worker(new URL("../../../node/worker.js", import.meta.url), { execArgv: [] });
        worker.on("message", message);
        worker.on("exit", () => exit("it was ended"));
        return {
          postMessage: (told) => worker.postMessage(told),
          terminate: async () => void (await worker.terminate()),
        };
      },
      later: () => () => undefined,
      endsAtOnce: true,
      mostResting: 2,
      mostBytes: 1024 ** 3,
    });
    const trained = async (units: number) => {
      const trial = await createTrial({
        layers: [flatten(), dense({ units }), dense({ units: 10 })],
        inputShape: [9, 7, 1],
        batch: 5,
        threads: 3,
        platform: { ...nodePlatform, startWorker: pool.startWorker },
      });
      for (let step = 0; step < 3; step++)
        await trial.network.trainStep({
          indices: upTo(5),
          step,
          optimizerStep: step,
          seed: 0,
          learningRate: 0.01,
        });
      const parameters = await trial.network.readParameters();
      await trial.network.close();
      return parameters;
    };
    const first = await trained(20);
    await trained(33);
    assert.deepEqual(await trained(20), first);
    assert.deepEqual([started, pool.resting], [2, 2]);
    await pool.endResting();
  });
});
