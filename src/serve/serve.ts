import { UsageError } from "../core/errors.js";
import { received, resolveOptions } from "../core/options/index.js";
import { Model } from "../core/training/model.js";
import { Pictures } from "./engine/pictures.js";
import { Registry, type Reloaded } from "./engine/registry.js";
import { BodyRoom } from "./http/body.js";
import { isLoopback } from "./http/guard.js";
import type { ModelToServe } from "./model-file.js";
import type { Serving } from "./routes/serving.js";
import { OpenServerError } from "./serve-error.js";
import { type ServeOptions, serveOptions } from "./serve-options.js";
import { HttpServer } from "./server.js";
import type { ModelEntry } from "./watch/request-log.js";
import { ServerMetrics } from "./watch/server-metrics.js";

/** A server at work. */
export interface ModelServer {
  /** Such as "http://127.0.0.1:8080". */
  readonly url: string;
  readonly port: number;
  /** Names and versions of what is served. */
  readonly models: readonly { readonly name: string; readonly version: string }[];
  /**
   * Reads all models again, and replaces those whose files have changed once the new ones are ready. No request is lost:
   * the old ones answer what they have accepted. What can't be read stays as it is, and says so.
   */
  reload(): Promise<Reloaded[]>;
  /** Takes no more connections, answers what was accepted, and ends all threads. Asked again, it waits for the same. */
  close(): Promise<void>;
}

/**
 * Serves models over HTTP: the Open Inference Protocol, pictures, figures for Prometheus and a page.
 *
 * @param models runs' folders, model files, or models at hand, whose weights of this moment are served; named as their folders, files, or by
 * their own names
 * @example
 * const server = await serve(["runs/first"], { port: 8080 });
 * @throws UsageError on options that make no sense, and on a server that anybody could ask (`token`, `open`).
 * @throws HeddleError where a model can't be read, or the server can't listen.
 */
export async function serve(
  models: ModelToServe | readonly ModelToServe[],
  given: ServeOptions = {},
): Promise<ModelServer> {
  const options = resolveOptions("serve", given, serveOptions);
  const list = listOfModels(models);
  if (options.token === undefined && !options.open && !isLoopback(options.host))
    throw new OpenServerError(options.host);
  const tell = (level: ModelEntry["level"], model: string, message: string): void =>
    options.onLog?.({ time: new Date().toISOString(), level, event: "model", model, message });
  const metrics = new ServerMetrics();
  const pictures = new Pictures(options.maxPixels);
  const warming = pictures.warm();
  warming.catch(() => undefined);
  const starting = Registry.start(list, {
    ...options,
    onBatch: (model, images, seconds) => {
      metrics.batches.observe([model], images);
      metrics.inference.observe([model], seconds);
    },
    onTrouble: (model, words) => tell("error", model, words),
  });
  try {
    const registry = await starting;
    await warming;
    return await listening({ options, registry, pictures, metrics }, tell);
  } catch (error) {
    await Promise.allSettled([starting.then((registry) => registry.close()), pictures.close()]);
    throw error;
  }
}

async function listening(
  parts: Pick<Serving, "options" | "registry" | "pictures" | "metrics">,
  tell: (level: ModelEntry["level"], model: string, message: string) => void,
): Promise<ModelServer> {
  const { options, registry, pictures } = parts;
  const serving: Serving = {
    ...parts,
    bodies: new BodyRoom(Math.max(options.maxBodies, options.maxBody)),
    stopping: false,
    connections: () => http.connections,
  };
  const http = new HttpServer(serving);
  const endThreads = async (): Promise<void> => {
    await registry.close();
    await pictures.close();
  };
  const address = await http.listen(options.host, options.port);
  let closing: Promise<void> | undefined;
  const { port } = address;
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${host}:${port}`,
    port,
    get models() {
      return registry.models.map(({ name, version }) => ({ name, version }));
    },
    reload: async () => {
      const outcomes = await registry.reload();
      for (const { model, outcome, version, error } of outcomes) {
        if (outcome === "failed") tell("error", model, `It stays at version ${version}: ${error}`);
        else tell("info", model, `${outcome === "kept" ? "It stays at" : "It is now"} version ${version}.`);
      }
      return outcomes;
    },
    close: () => {
      serving.stopping = true;
      closing ??= http.close().then(endThreads);
      return closing;
    },
  };
}

function listOfModels(given: ModelToServe | readonly ModelToServe[]): readonly ModelToServe[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const wrong = list.find((each) => !(each instanceof Model) && !(typeof each === "string" && each !== ""));
  if (list.length > 0 && wrong === undefined) return list as readonly ModelToServe[];
  throw new UsageError(
    `serve takes runs' folders, model files or models, one at least, but got ${received(list.length === 0 ? given : wrong)}.`,
  );
}
