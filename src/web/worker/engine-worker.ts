// One thread of the engine, started by `browserPlatform`.
import { createWorkerLoop } from "../../core/engine/worker-loop.js";
import { leave, left } from "./leaving.js";

const hear = createWorkerLoop(
  (message) => postMessage(message),
  () => performance.now(),
);

addEventListener("message", ({ data }) => {
  if (data !== leave) return hear(data);
  // No close(): in Chromium a worker that closes itself and is ended from outside too keeps its parent alive for good.
  postMessage(left);
});
