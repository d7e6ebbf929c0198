import { HeddleError } from "../core/errors.js";
import { type Graph, graphConfig, graphFromConfig } from "../core/graph/index.js";
import { Architecture } from "../core/training/architecture.js";
import { Link, workerEnded } from "./link.js";
import { WebModel } from "./web-model.js";
import { notLoaded } from "./worker/not-loaded.js";
import type { Origin, Reply, Request, WebModelOptions } from "./worker/protocol.js";

/**
 * A new model in a worker of its own, which starts others to compute with where the page is cross-origin isolated.
 *
 * @example
 * const model = await startModel(chainOf([flatten(), dense({ units: 10 })], [28, 28, 1]));
 * @throws UsageError on options that make no sense.
 * @throws HeddleError on a graph that ends in no classes, or when the worker can't start.
 */
export async function startModel(graph: Graph, options: WebModelOptions = {}): Promise<WebModel> {
  const { inputShape } = new Architecture(graph);
  return start({ layers: graphConfig(graph), inputShape }, options, () => graph);
}

/**
 * A model from a file's bytes, as `toBytes` and `save` write them, in a worker of its own.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the bytes hold no such model, or the worker can't start.
 */
export async function openModel(
  file: Uint8Array,
  {
    sourceName = "The model file",
    ...options
  }: Omit<WebModelOptions, "state"> & { sourceName?: string } = {},
): Promise<WebModel> {
  return start({ file, sourceName }, options, ({ layers, inputShape }) =>
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
  return { link, end };
}

/** Waits for a worker's end, whatever it dies of: no event tells of that, but the lock that it held is free. */
async function watch(lock: string, link: Link): Promise<void> {
  const gone = navigator.locks.request(lock, () => link.end(workerEnded("it was closed from outside")));
  // Refused where the page itself is going.
  await gone.catch(() => undefined);
}
