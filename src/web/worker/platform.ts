import type { Platform, PlatformWorker } from "../../core/platform.js";
import { leave, left } from "./leaving.js";
import { notLoaded } from "./not-loaded.js";

/** Milliseconds that an engine worker has to leave what it does before it is ended as it is. */
const leaveLimit = 5_000;

/** Workers that have left their network, for the next one. */
const idle: Worker[] = [];

/**
 * A browser ends a worker some time after it was told to, and doesn't say when; until then it would go on in memory
 * that is another network's by then. So it is asked to leave, and kept for the next once it says that it has.
 */
function startWorker(): PlatformWorker {
  // Bundlers know this form, and only this one: the address and the options stand in the call.
  const worker = idle.pop() ?? new Worker(new URL("./engine-worker.js", import.meta.url), { type: "module" });
  const use = new AbortController();
  const { signal } = use;
  const mourners: ((reason: string) => void)[] = [];
  let dead = false;
  const end = (reason: string): void => {
    dead = true;
    worker.terminate();
    for (const mourn of mourners) mourn(reason);
  };
  const onError = (event: ErrorEvent): void => {
    event.preventDefault();
    end(event.message || notLoaded);
  };
  worker.addEventListener("error", onError, { signal });
  return {
    postMessage: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.addEventListener("message", ({ data }) => listener(data), { signal }),
    onExit: (listener) => mourners.push(listener),
    terminate: async () => {
      if (!dead) {
        const gone = new Promise<void>((resolve) => {
          worker.addEventListener("message", ({ data }) => data === left && resolve(), { signal });
          mourners.push(() => resolve());
        });
        const limit = setTimeout(end, leaveLimit, "it was ended");
        worker.postMessage(leave);
        await gone;
        clearTimeout(limit);
      }
      use.abort();
      if (!dead) idle.push(worker);
    },
  };
}

/** Milliseconds in which a browser has really ended a worker that was at rest. */
const endLimit = 100;

/**
 * Ends the workers that no network uses, before the one that started them ends. Chromium keeps that one for good now
 * and then where it ends while they are there, or are just ending.
 */
export async function endIdleWorkers(): Promise<void> {
  if (idle.length === 0) return;
  for (const worker of idle.splice(0)) worker.terminate();
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
  startWorker,
  now: () => performance.now(),
  yield: nextTurn,
};
