import type { Platform } from "../../../core/platform.js";

/** A worker of a page from disk, which shares memory with nobody: everything is computed where it is called. */
export const oneThread: Platform = {
  cores: 1,
  sharedMemory: false,
  startWorker: () => {
    throw new Error("There is one thread alone.");
  },
  now: () => performance.now(),
  yield: () => new Promise((resolve) => setTimeout(resolve)),
};
