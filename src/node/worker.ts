import { parentPort } from "node:worker_threads";
import { createWorkerLoop } from "../core/engine/threads/worker-loop.js";

const port = parentPort!;
port.on(
  "message",
  createWorkerLoop(
    (message) => port.postMessage(message),
    () => performance.now(),
  ),
);
