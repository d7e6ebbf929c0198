import { HeddleError, UsageError } from "../core/errors.js";
import { checkFile } from "../core/formats/arguments.js";
import { type Graph, graphConfig, graphFromConfig, isGraph } from "../core/graph/index.js";
import { received } from "../core/options/index.js";
import { Architecture } from "../core/training/architecture.js";
import { bytesThere } from "../core/training/check-data.js";
import { Link, workerEnded } from "./link.js";
import { resolveOpenOptions, resolveStartOptions } from "./start-options.js";
import { WebModel } from "./web-model.js";
import { notLoaded } from "./worker/not-loaded.js";
import type { Origin, Reply, Request, WebModelOptions } from "./worker/protocol.js";

/**
 * A new model in a worker of its own, which starts others to compute with where the page is cross-origin isolated.
 *
 * @example
 * const model = await startModel(chainOf([flatten(), dense({ units: 10 })], [28, 28, 1]));
 * @throws UsageError on what is no graph, and on options that make no sense.
 * @throws HeddleError on a graph that ends in no classes, or when the worker can't start.
 */
export async function startModel(graph: Graph, options: WebModelOptions = {}): Promise<WebModel> {
  if (!isGraph(graph)) {
    throw new UsageError(
      `startModel takes a graph, made by chainOf([…], [height, width, channels]) or graphOf(…), but got ${received(graph)}.`,
    );
  }
  const { inputShape } = new Architecture(graph);
  const resolved = resolveStartOptions(options);
  return start({ layers: graphConfig(graph), inputShape }, resolved, () => graph);
}

/**
 * A model from a file's bytes, as `toBytes` and `save` write them, in a worker of its own.
 *
 * @param options `sourceName` is the file, for errors
 * @throws UsageError on what are no bytes, and on options that make no sense.
 * @throws HeddleError when the bytes hold no such model, or the worker can't start.
 */
export async function openModel(
  file: Uint8Array,
  options: Omit<WebModelOptions, "state"> & { sourceName?: string } = {},
): Promise<WebModel> {
  const { sourceName, ...resolved } = resolveOpenOptions(options);
  checkFile("openModel", file, sourceName);
  bytesThere("openModel: bytes", file);
  return start({ file, sourceName }, resolved, ({ layers, inputShape }) =>
    graphFromConfig(layers, inputShape),
  );
}

async function start(
  origin: Origin,
  options: WebModelOptions,
  graphOf: (described: { layers: readonly unknown[]; inputShape: Graph["inputShape"] }) => Graph,
): Promise<WebModel> {
  const { link, end } = startWorker();
  try {
    const lock = await link.ready;
    const gone = lock === undefined ? Promise.resolve() : watch(lock, link);
    const description = await link.call("start", [origin, options]);
    return new WebModel(graphOf(description), description, link, async () => {
      end();
      await gone;
    });
  } catch (error) {
    end();
    throw error;
  }
}

function startWorker(): { link: Link; end: () => void } {
  let worker: Worker;
  try {
    // Bundlers know this form, and only this one: the address and the options stand in the call.
    worker = new Worker(new URL("./worker/training-worker.js", import.meta.url), { type: "module" });
  } catch (cause) {
    throw new HeddleError(`The page may start no worker: ${String(cause)}. See docs/web.md.`, { cause });
  }
  const link = new Link({
    postMessage: (message: Request, transfer) => worker.postMessage(message, transfer),
    addEventListener: (type, listener: (event: MessageEvent<Reply>) => void) =>
      worker.addEventListener(type, listener),
  });
  const end = (): void => worker.terminate();
  worker.addEventListener("error", (event) => {
    end();
    link.end(workerEnded(event.message || notLoaded));
  });
  // Nothing says whose answer it was, so that whoever asked would wait for ever.
  worker.addEventListener("messageerror", () => {
    end();
    link.end(workerEnded("an answer could not be read, probably for lack of memory"));
  });
  return { link, end };
}

/** Waits for a worker's end, whatever it dies of: no event tells of that, but the lock that it held is free. */
async function watch(lock: string, link: Link): Promise<void> {
  const gone = navigator.locks.request(lock, () => link.end(workerEnded("it was closed from outside")));
  // Refused where the page itself is going.
  await gone.catch(() => undefined);
}
