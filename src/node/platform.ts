import { freemem } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { WorkerPool } from "../core/engine/threads/worker-pool.js";
import type { Platform } from "../core/platform.js";
import { usableProcessors } from "./processors.js";
import { tilingOf, vectorWidth, widenVectors } from "./vector-width.js";

// Node 20's V8 has relaxed SIMD behind a flag; it must be set before the first module is compiled.
if (Number(process.versions.node.split(".")[0]) < 22) setFlagsFromString("--experimental-wasm-relaxed-simd");

const pool = new WorkerPool({
  start: ({ message, exit }) => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { execArgv: [] });
    let reason = "it was ended from outside";
    worker.on("error", (error) => {
      reason = String(error);
    });
    worker.on("message", message);
    worker.on("exit", () => exit(reason));
    // A pool nobody closed must not keep the process alive.
    worker.once("message", () => worker.unref());
    return {
      postMessage: (told) => worker.postMessage(told),
      terminate: async () => {
        await worker.terminate();
      },
    };
  },
  later: (milliseconds, then) => {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
  endsAtOnce: true,
  mostResting: 8,
  mostBytes: 128 * 1024 ** 2,
});

/**
 * What the machine has left, and a container's own limit. macOS counts only pages that nothing has touched,
 * which says little. Of what a container has used of its limit only this process's part is taken off: most of the
 * rest may be files read before, which make room.
 */
function availableMemory(): number {
  const free = process.platform === "darwin" ? Number.POSITIVE_INFINITY : freemem();
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(free, limit - process.memoryUsage.rss()) : free;
}

/** Node: worker threads over shared memory. */
export const nodePlatform: Platform = {
  cores: usableProcessors(),
  sharedMemory: true,
  availableMemory,
  tiling: tilingOf,
  vectorWidth,
  widenVectors,
  startWorker: pool.startWorker,
  now: () => performance.now(),
  yield: () => new Promise((resolve) => setImmediate(resolve)),
};
