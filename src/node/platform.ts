import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Platform, PlatformWorker } from "../core/platform.js";

// Node 20's V8 has relaxed SIMD behind a flag; it must be set before the first module is compiled.
if (Number(process.versions.node.split(".")[0]) < 22) setFlagsFromString("--experimental-wasm-relaxed-simd");

function startWorker(): PlatformWorker {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { execArgv: [] });
  let reason = "it was ended from outside";
  worker.on("error", (error) => {
    reason = String(error);
  });
  // A pool nobody closed must not keep the process alive.
  worker.once("message", () => worker.unref());
  return {
    postMessage: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on("message", listener),
    onExit: (listener) => worker.on("exit", () => listener(reason)),
    terminate: async () => {
      await worker.terminate();
    },
  };
}

/** Node: worker threads over shared memory. */
export const nodePlatform: Platform = {
  cores: availableParallelism(),
  sharedMemory: true,
  startWorker,
  now: () => performance.now(),
  yield: () => new Promise((resolve) => setImmediate(resolve)),
};
