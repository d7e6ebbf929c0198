import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Link, LostThreadError } from "./engine/link.js";
import { Pictures } from "./engine/pictures.js";
import { Registry } from "./engine/registry.js";
import type { ModelServer } from "./serve.js";
import {
  ask,
  grey,
  held,
  lightModel,
  lightness,
  startServer,
  tensorRequest,
  until,
} from "./testing/small-server.js";

const infer = "/v2/models/light/infer";

/** Writes a model file in which light images are the second class, or the first. */
async function write(file: string, slope: number): Promise<void> {
  const model = await lightModel("light", slope);
  await model.save(file);
  await model.dispose();
}

describe("a server that is asked to stop", () => {
  it("answers what it has accepted, and nobody after that", async () => {
    const light = await lightModel("light");
    const { server } = await startServer(light, { batchWait: 400 });
    const agent = new Agent({ keepAlive: true });
    const { body, headers } = tensorRequest([255]);
    const accepted = new Promise<{ status?: number; connection?: string }>((resolve, reject) => {
      const asking = request(
        { host: "127.0.0.1", port: server.port, path: infer, method: "POST", headers, agent },
        (response) => {
          response.resume();
          response.on("end", () => resolve({ status: response.statusCode }));
        },
      );
      asking.on("error", reject);
      asking.end(body);
    });
    await until(async () => (await held(server))[0] === "1");
    const closed = server.close();
    assert.equal(server.close(), closed, "asked twice it is the same");
    assert.equal((await accepted).status, 200);
    await closed;
    await assert.rejects(ask(server, "/v2/health/live"), /ECONNREFUSED/);
    agent.destroy();
    await light.dispose();
  });
});

describe("a connection", () => {
  it("that never asked for anything holds nobody up", async () => {
    const light = await lightModel("light");
    const { server } = await startServer(light);
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    // The server has taken it once it has taken a later one.
    await ask(server, "/v2/health/live");
    await Promise.all([server.close(), once(socket, "close")]);
    await light.dispose();
  });

  it("that was answered once is still told what is wrong with its next request", async () => {
    const light = await lightModel("light");
    const { server } = await startServer(light);
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    const [first] = (await once(socket, "data")) as [Buffer];
    let heard = first.toString();
    socket.on("data", (chunk: Buffer) => {
      heard += chunk.toString();
    });
    socket.write(`GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`);
    await once(socket, "close");
    assert.match(heard, /^HTTP\/1\.1 200 .*HTTP\/1\.1 431 /s);
    await server.close();
    await light.dispose();
  });
});

describe("a model that is replaced", () => {
  let folder: string;
  let file: string;
  let server: ModelServer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-serve-"));
    file = join(folder, "light.safetensors");
    await write(file, 1);
    ({ server } = await startServer(file));
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it("loses no request, and each is answered by one of the two", async () => {
    const [{ version: first }] = server.models;
    const seen = new Map<string, Set<boolean>>();
    let going = true;
    let asked = 0;
    const askOn = async (): Promise<void> => {
      while (going) {
        const answer = await ask(server, infer, tensorRequest([255]));
        assert.equal(answer.status, 200, answer.text);
        const version = (answer.value as { model_version: string }).model_version;
        seen.set(version, (seen.get(version) ?? new Set()).add(lightness(answer)[0] > 0.5));
        asked++;
      }
    };
    const asking = [askOn(), askOn(), askOn()];
    await write(file, -1);
    const [outcome] = await server.reload();
    const [{ version: second }] = server.models;
    assert.deepEqual(outcome, { model: "light", outcome: "replaced", version: second });
    const then = asked;
    while (asked < then + 10) await sleep(5);
    going = false;
    await Promise.all(asking);
    assert.deepEqual(
      [...seen].map(([version, sides]) => [version, [...sides]]),
      [
        [first, [true]],
        [second, [false]],
      ],
    );
    const unchanged = await server.reload();
    assert.equal(unchanged[0].outcome, "kept");
  });

  it("stays where what is in its place can't be read", async () => {
    const [before] = server.models;
    await writeFile(file, "no model");
    const [{ outcome, version, error }] = await server.reload();
    assert.deepEqual([outcome, version], ["failed", before.version]);
    assert.match(error!, /light\.safetensors/);
    assert.equal((await ask(server, infer, tensorRequest([1]))).status, 200);
  });
});

describe("a thread that ends", () => {
  it("fails those who wait for it, and those who come", async () => {
    const worker = new Worker(
      `require("node:worker_threads").parentPort.once("message", () => process.exit(3));`,
      { eval: true },
    );
    const reasons: string[] = [];
    const link = new Link<string>(worker, ({ message }) => reasons.push(message));
    await assert.rejects(link.ask("go"), /ended \(3\)/);
    await assert.rejects(link.ask("again"), LostThreadError);
    assert.equal(reasons.length, 1);
    await link.close();
  });

  it("says where it failed", async () => {
    const worker = new Worker(
      `function deep() { throw new Error("It failed."); }
       require("node:worker_threads").parentPort.once("message", deep);`,
      { eval: true },
    );
    const link = new Link<string>(worker);
    await assert.rejects(link.ask("go"), (error: Error) =>
      /It failed\.\n +at .*deep/.test(error.stack ?? ""),
    );
    await link.close();
  });

  /** Threads that this one starts while something is done. */
  async function withThreads<Result>(
    start: () => Promise<Result>,
  ): Promise<{ result: Result; threads: readonly Worker[] }> {
    const threads: Worker[] = [];
    const note = (thread: Worker): void => void threads.push(thread);
    process.on("worker", note);
    try {
      return { result: await start(), threads };
    } finally {
      process.off("worker", note);
    }
  }

  it("has those who waited for it ask again", async () => {
    const light = await lightModel("light");
    const { result, threads } = await withThreads(() => startServer(light, { batchWait: 1000 }));
    const { server, log } = result;
    const answer = ask(server, infer, tensorRequest([255]));
    await until(async () => (await held(server))[0] === "1");
    await Promise.all(threads.map((thread) => thread.terminate()));
    const { status, headers, value } = await answer;
    assert.deepEqual([status, headers["retry-after"]], [503, "2"]);
    assert.match((value as { error: string }).error, /ended, and is started again\. Ask again/);
    assert.ok(
      log.some(
        (entry) => entry.event === "request" && /A thread of the server ended/.test(entry.error ?? ""),
      ),
    );
    await server.close();
    await light.dispose();
  });

  it("is no fault of the picture that it made an image of, and the next one is made", async () => {
    const pictures = new Pictures(1e6);
    const size = [2, 2] as const;
    const prepare = () =>
      pictures.prepare(
        grey(7),
        [{ size, channels: 1, resize: "crop", background: 255 }],
        new AbortController().signal,
      );
    const { result, threads } = await withThreads(async () => {
      const lost = assert.rejects(prepare(), LostThreadError);
      await sleep(0);
      return { lost };
    });
    await threads[0].terminate();
    await result.lost;
    assert.deepEqual(await prepare(), [Uint8Array.of(7, 7, 7, 7)]);
    await pictures.close();
  });

  it("is started again", async () => {
    const light = await lightModel("light");
    const troubles: string[] = [];
    const registry = await Registry.start([light], {
      threads: 1,
      wideVectors: false,
      batchSize: 8,
      batchWait: 0,
      queue: 8,
      weights: "best",
      onBatch: () => undefined,
      onTrouble: (model, words) => troubles.push(`${model}: ${words}`),
    });
    const [before] = registry.models;
    await (before as unknown as { link: { worker: Worker } }).link.worker.terminate();
    assert.equal(before.ready, false);
    await assert.rejects(before.predict(new Uint8Array(4)), /ended/);
    while (registry.models[0] === before) await sleep(20);
    assert.ok(registry.models[0].ready);
    assert.equal((await registry.models[0].predict(new Uint8Array(4))).length, 2);
    assert.match(troubles[0], /^light: The model's thread ended: .* It is started again\.$/);
    await registry.close();
    await light.dispose();
  });
});
