// One thread of the engine, started by `browserPlatform`.
import { createWorkerLoop } from "../../core/engine/worker-loop.js";
import { leave, left } from "./leaving.js";

const hear = createWorkerLoop(
  (message) => postMessage(message),
  () => performance.now(),
);

addEventListener("message", ({ data }) => {
  if (data !== leave) return hear(data);
  postMessage(left);
  close();
});
