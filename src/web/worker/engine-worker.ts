// One thread of the engine, started by `browserPlatform`: it serves one network after the other.
import { createWorkerLoop } from "../../core/engine/threads/worker-loop.js";
import { tellOfUnreadable } from "./unreadable.js";

const hear = createWorkerLoop(
  (message) => postMessage(message),
  () => performance.now(),
);

addEventListener("message", ({ data }) => hear(data));

tellOfUnreadable(self);
