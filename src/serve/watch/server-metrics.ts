import type { Registry } from "../engine/registry.js";
import type { BodyRoom } from "../http/body.js";
import { Counter, Gauge, Histogram, metricsText } from "./metrics.js";

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** What a server counts and measures. */
export class ServerMetrics {
  readonly requests = new Counter("heddle_http_requests_total", "Requests that were answered.", [
    "route",
    "method",
    "status",
  ]);
  readonly latency = new Histogram(
    "heddle_http_request_duration_seconds",
    "From a request's header to its answer.",
    ["route"],
    seconds,
  );
  readonly images = new Counter("heddle_images_total", "Images that were predicted.", ["model"]);
  readonly batches = new Histogram(
    "heddle_batch_images",
    "Images that were taken together.",
    ["model"],
    sizes,
  );
  readonly inference = new Histogram(
    "heddle_batch_duration_seconds",
    "From a batch's way to the model to its way back.",
    ["model"],
    seconds,
  );
  readonly #begin = Date.now() / 1000;

  /** The content of `/metrics`. */
  text(registry: Registry, bodies: BodyRoom, connections: number): string {
    const { models } = registry;
    const each = (read: (model: (typeof models)[number]) => number) => () =>
      models.map((model) => [[model.name], read(model)] as const);
    return metricsText([
      this.requests,
      this.latency,
      this.images,
      this.batches,
      this.inference,
      new Gauge(
        "heddle_queue_images",
        "Images that wait for their batch.",
        ["model"],
        each(({ waiting }) => waiting),
      ),
      new Gauge(
        "heddle_accepted_images",
        "Images that were accepted and are not answered yet.",
        ["model"],
        each(({ held }) => held),
      ),
      new Gauge("heddle_model_ready", "1 where a model answers.", ["model", "version"], () =>
        models.map(({ name, version, ready }) => [[name, version], Number(ready)] as const),
      ),
      new Gauge("heddle_body_bytes", "Bytes of bodies that are held.", [], () => [[[], bodies.taken]]),
      new Gauge("heddle_connections", "Connections that are open.", [], () => [[[], connections]]),
      new Gauge("process_resident_memory_bytes", "Memory of the process.", [], () => [
        [[], process.memoryUsage.rss()],
      ]),
      new Gauge("process_start_time_seconds", "When the server started, in seconds since 1970.", [], () => [
        [[], this.#begin],
      ]),
    ]);
  }
}
