import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { NodeModel } from "../node/node-model.js";
import type { ModelServer } from "./serve.js";
import {
  ask,
  grey,
  held,
  lightModel,
  lightness,
  say,
  startServer,
  tensorRequest,
  until,
} from "./testing/small-server.js";

const start = "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\n";

/** Sends a part of a body, and nothing more. */
function halfOpen(server: ModelServer, length: number, sent: number): Socket {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`${start}Content-Length: ${length}\r\n\r\n${"x".repeat(sent)}`);
  return socket;
}

describe("a server's limits", () => {
  const infer = "/v2/models/light/infer";
  let light: NodeModel;
  let server: ModelServer;
  before(async () => {
    light = await lightModel("light");
    // What waits for company waits long, so that there is a line to look at.
    const limits = { queue: 8, maxBody: 3000, maxBodies: 5000, maxPixels: 100, maxConnections: 12 };
    ({ server } = await startServer(light, { ...limits, batchWait: 1000, batchSize: 8 }));
  });
  after(async () => {
    await server.close();
    await light.dispose();
  });

  it("refuse longer bodies, by the length that they say or have", async () => {
    const said = await ask(server, "/v1/classify", { body: new Uint8Array(3001) });
    assert.equal(said.status, 413);
    assert.match(said.text, /longer than 3000 bytes/);
    assert.equal(said.headers.connection, "close");
    const chunk = `bb8\r\n${"x".repeat(3000)}\r\n`;
    const chunked = `${start}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`;
    assert.match(await say(server, chunked), /^HTTP\/1\.1 413 /);
  });

  it("refuse more pixels than are decoded, before they are", async () => {
    const { status, text } = await ask(server, "/v1/classify", { body: grey(1, 11) });
    assert.equal(status, 422);
    assert.match(text, /11 × 11 pixels, and 100 are decoded at most/);
  });

  it("refuse more images than ever are taken, and those that are too many just now", async () => {
    const ever = await ask(server, infer, tensorRequest(Array(9).fill(1)));
    assert.deepEqual([ever.status, ever.headers["retry-after"]], [413, undefined]);
    const first = ask(server, infer, tensorRequest(Array(7).fill(255)));
    await until(async () => (await held(server))[0] === "7");
    const now = await ask(server, infer, tensorRequest([1, 2]));
    assert.deepEqual([now.status, now.headers["retry-after"]], [503, "1"]);
    assert.match(now.text, /as many images to do as it takes \(8 images at most\)/);
    // The eighth fills the batch.
    assert.equal((await ask(server, infer, tensorRequest([0]))).status, 200);
    assert.equal(lightness(await first).length, 7);
    assert.deepEqual(await held(server), ["0", "0", "0"]);
  });

  it("refuse bodies where too many bytes are held", async () => {
    const halves = [1, 2].map(() => halfOpen(server, 2900, 2400));
    await until(async () => (await held(server))[2] === "4800");
    const { status, text } = await ask(server, "/v1/classify", { body: new Uint8Array(300) });
    assert.equal(status, 503);
    assert.match(text, /as many bytes to do as it takes/);
    for (const socket of halves) socket.destroy();
    await until(async () => (await held(server))[2] === "0");
  });

  it("forget those who are gone", async () => {
    const gone = connect(server.port, "127.0.0.1");
    const { body, headers } = tensorRequest([1]);
    gone.write(`POST ${infer} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body!.length}\r\n`);
    gone.write(`Inference-Header-Content-Length: ${headers!["Inference-Header-Content-Length"]}\r\n\r\n`);
    gone.write(body!);
    await until(async () => (await held(server))[1] === "1");
    gone.destroy();
    await until(async () => (await held(server)).join() === "0,0,0");
  });

  it("hold when far more connect than may", async () => {
    const sockets = Array.from({ length: 60 }, () => {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", () => undefined);
      return socket;
    });
    await sleep(50);
    for (const socket of sockets) socket.destroy();
    await until(async () => (await ask(server, "/v2/health/live").catch(() => undefined))?.status === 200);
  });

  it("hold whatever comes", async () => {
    const line = fc.constantFrom(
      "POST /v1/classify HTTP/1.1",
      `POST ${infer} HTTP/1.1`,
      "GET /v1/models HTTP/1.1",
      "Host: localhost",
      "Content-Length: 5",
      "Content-Type: multipart/form-data; boundary=b",
      "Transfer-Encoding: chunked",
      "Inference-Header-Content-Length: 2",
      "Expect: 100-continue",
      "Connection: Upgrade, close",
      "Upgrade: websocket",
      "",
      "{}",
      "0",
      "--b",
    );
    const noise = fc.oneof({ weight: 5, arbitrary: line }, { weight: 1, arbitrary: fc.string() });
    await fc.assert(
      fc.asyncProperty(fc.array(noise, { maxLength: 8 }), async (lines) => {
        const socket = connect(server.port, "127.0.0.1");
        socket.on("error", () => undefined);
        socket.resume();
        socket.end(`${lines.join("\r\n")}\r\n\r\n`);
        await new Promise((resolve) => socket.once("close", resolve).setTimeout(20, () => socket.destroy()));
        assert.equal((await ask(server, "/v2/health/ready")).status, 200);
      }),
      { numRuns: 40 },
    );
    await until(async () => (await held(server)).join() === "0,0,0");
  });
});

describe("a server's time", () => {
  let light: NodeModel;
  let server: ModelServer;
  before(async () => {
    light = await lightModel("light");
    ({ server } = await startServer(light, { timeout: 150, batchWait: 1000 }));
  });
  after(async () => {
    await server.close();
    await light.dispose();
  });

  it("is up for what is not answered by then", async () => {
    const { status, text } = await ask(server, "/v2/models/light/infer", tensorRequest([1]));
    assert.equal(status, 504);
    assert.match(text, /longer than 0\.15 s/);
    await until(async () => (await held(server)).join() === "0,0,0");
  });

  it("is up for a body that doesn't come", async () => {
    const heard = await say(server, `${start}Content-Length: 2900\r\n\r\nx`);
    assert.match(heard, /^HTTP\/1\.1 408 .*had not come whole after 0\.15 s/s);
    await until(async () => (await held(server)).join() === "0,0,0");
  });

  it("is up for a header that comes a byte at a time", async () => {
    const heard = await say(server, "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n", 60);
    assert.match(heard, /^HTTP\/1\.1 408 .*\{"error":"The request did not come in time\."\}/s);
  });
});
