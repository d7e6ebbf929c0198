import { request } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { dense, flatten } from "../../core/layers/index.js";
import { type NodeModel, sequential } from "../../node/node-model.js";
import { pngOf } from "../../report/picture.js";
import { type ModelServer, serve } from "../serve.js";
import type { ServeOptions } from "../serve-options.js";
import type { LogEntry } from "../watch/request-log.js";

/** Two classes of images of two by two pixels: dark ones and light ones, the surer the greater `slope` is. */
export async function lightModel(name: string, slope = 1): Promise<NodeModel> {
  const model = sequential([flatten(), dense({ name: "D", units: 2 })], { inputShape: [2, 2, 1], name });
  model.compile({ threads: 1 });
  await model.setWeights([
    {
      name: "D.kernel",
      shape: [4, 2],
      data: Float32Array.from({ length: 8 }, (_, at) => (at % 2 ? slope : -slope)),
    },
    { name: "D.bias", shape: [2], data: Float32Array.of(1, -1) },
  ]);
  return model;
}

export const grey = (level: number, side = 5): Uint8Array =>
  pngOf(new Uint8Array(side * side).fill(level), [side, side, 1]);

/** A server that listens at any free port, and what it has logged. */
export async function startServer(
  models: Parameters<typeof serve>[0],
  options: ServeOptions = {},
): Promise<{ server: ModelServer; log: LogEntry[] }> {
  const log: LogEntry[] = [];
  const server = await serve(models, { port: 0, threads: 1, onLog: (entry) => log.push(entry), ...options });
  return { server, log };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
  /** Of a JSON answer. */
  readonly value: unknown;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** Asks a server as it is told, path and all. */
export function ask(server: ModelServer, path: string, options: AskOptions = {}): Promise<Answer> {
  const { body, headers = {}, method = body === undefined ? "GET" : "POST" } = options;
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: "127.0.0.1", port: server.port, path, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString("utf8");
          const isJson = response.headers["content-type"]?.startsWith("application/json") === true;
          const value: unknown = isJson && text !== "" ? JSON.parse(text) : undefined;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text, value });
        });
      },
    );
    asking.on("error", reject);
    asking.end(body);
  });
}

/** Says something to a server, byte by byte where `pause` milliseconds are given, and hears all that it answers until it hangs up. */
export function say(server: ModelServer, text: string, pause?: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, "127.0.0.1");
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    if (pause === undefined) socket.write(text);
    else {
      let at = 0;
      const timer = setInterval(() => {
        if (at < text.length && socket.writable) socket.write(text[at++]);
      }, pause);
      socket.on("close", () => clearInterval(timer));
    }
    socket.on("close", () => resolve(heard));
  });
}

/** A request of the Open Inference Protocol about light images of a model of `lightModel`. */
export function tensorRequest(levels: readonly number[]): AskOptions {
  const parameters = { binary_data_size: 4 * levels.length };
  const json = JSON.stringify({
    inputs: [{ name: "images", shape: [levels.length, 2, 2, 1], datatype: "UINT8", parameters }],
  });
  const behind = Buffer.from(levels.flatMap((level) => [level, level, level, level]));
  return {
    body: Buffer.concat([Buffer.from(json), behind]),
    headers: {
      "Inference-Header-Content-Length": String(json.length),
      "Content-Type": "application/octet-stream",
    },
  };
}

/** The probability of the second class in each row of an answer to `tensorRequest`. */
export function lightness({ value }: Answer): number[] {
  const { outputs } = value as { outputs: { data: number[] }[] };
  return outputs[0].data.filter((_, at) => at % 2 === 1);
}

/** Images that are accepted, images that wait for their batch, and bytes of bodies that are held. */
export const held = async (server: ModelServer): Promise<readonly string[]> => {
  const { text } = await ask(server, "/metrics");
  return ["accepted_images", "queue_images", "body_bytes"].map(
    (name) => new RegExp(`^heddle_${name}\\S* (\\d+)$`, "m").exec(text)![1],
  );
};

/** Waits for something to come to be, for two seconds at most. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries === 200) throw new Error("It never came to be.");
    await sleep(10);
  }
}
