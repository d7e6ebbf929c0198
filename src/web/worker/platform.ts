import { WorkerPool } from "../../core/engine/threads/worker-pool.js";
import { UsageError } from "../../core/errors.js";
import type { Platform } from "../../core/platform.js";
import { notLoaded } from "./not-loaded.js";

const pool = new WorkerPool({
  start: ({ message, exit }) => {
    // Bundlers know this form, and only this one: the address and the options stand in the call.
    const worker = new Worker(new URL("./engine-worker.js", import.meta.url), { type: "module" });
    const end = (reason: string): void => {
      worker.terminate();
      exit(reason);
    };
    worker.addEventListener("message", ({ data }) => message(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      end(event.message || notLoaded);
    });
    return { postMessage: (told) => worker.postMessage(told), terminate: async () => end("it was ended") };
  },
  later: (milliseconds, then) => {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
  endsAtOnce: false,
  mostResting: Number.POSITIVE_INFINITY,
  mostBytes: Number.POSITIVE_INFINITY,
});

/** Where a page itself asks for threads: the runtime would let it wait for none of them, and say so in its own words. */
const onPage = (): UsageError =>
  new UsageError(
    "A page's own thread may not wait for other threads, so a model with threads can't compute there. Give the model to " +
      "a worker: startModel and openModel start one for it; or make it in a worker of your own, which the page starts by " +
      'new Worker(new URL("./worker.js", import.meta.url), { type: "module" }).',
  );

/** Milliseconds in which a browser has really ended a worker that was at rest. */
const endLimit = 100;

/**
 * Ends the workers that no network uses, before the one that started them ends. Chromium keeps that one for good now
 * and then where it ends while they are there, or are just ending.
 */
export async function endIdleWorkers(): Promise<void> {
  if (pool.resting === 0) return;
  await pool.endResting();
  await new Promise((resolve) => setTimeout(resolve, endLimit));
}

let turns: MessageChannel | undefined;
const waiting: (() => void)[] = [];

/** A message to itself: timers are held back by some milliseconds. */
function nextTurn(): Promise<void> {
  if (!turns) {
    turns = new MessageChannel();
    turns.port1.onmessage = () => waiting.shift()?.();
  }
  const { port2 } = turns;
  return new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });
}

/**
 * A browser's worker, where a model may run: a page's own thread is not allowed to wait for others. It has other
 * workers to compute with where the page is cross-origin isolated, and computes on one thread elsewhere.
 */
export const browserPlatform: Platform = {
  // Left out by what renders pages on a server, which imports this but never trains.
  cores: Math.max(1, globalThis.navigator?.hardwareConcurrency ?? 1),
  sharedMemory: globalThis.crossOriginIsolated === true,
  startWorker: () => {
    if ("document" in globalThis) throw onPage();
    return pool.startWorker();
  },
  now: () => performance.now(),
  yield: nextTurn,
};
