// One thread of the engine, started by `browserPlatform`: it serves one network after the other.
import { createWorkerLoop } from "../../core/engine/threads/worker-loop.js";
import { leave, left } from "./leaving.js";

const newLoop = () =>
  createWorkerLoop(
    (message) => postMessage(message),
    () => performance.now(),
  );

let hear = newLoop();

addEventListener("message", ({ data }) => {
  if (data !== leave) return hear(data);
  // Memory and programs go with the loop that knew them.
  hear = newLoop();
  postMessage(left);
});
