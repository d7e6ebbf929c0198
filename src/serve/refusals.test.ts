import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { UsageError } from "../core/errors.js";
import { dense, flatten } from "../core/layers/index.js";
import { type NodeModel, sequential } from "../node/node-model.js";
import { type ModelServer, serve } from "./serve.js";
import { OpenServerError } from "./serve-error.js";
import { type Answer, ask, grey, lightModel, say, startServer } from "./testing/small-server.js";

const errorOf = ({ value }: Answer): string => (value as { error: string }).error;

describe("a server", () => {
  let light: NodeModel;
  let four: NodeModel;
  let server: ModelServer;
  before(async () => {
    light = await lightModel("light");
    four = sequential([flatten(), dense({ units: 3 })], { inputShape: [3, 2, 4], name: "four" });
    ({ server } = await startServer([light, four]));
  });
  after(async () => {
    await server.close();
    await light.dispose();
    await four.dispose();
  });

  const refused: readonly (readonly [string, string, Parameters<typeof ask>[2], number, RegExp])[] = [
    ["an unknown path", "/nothing", {}, 404, /openapi\.json says/],
    ["an unknown model", "/v2/models/x/infer", { body: "{}" }, 404, /No model has that name/],
    ["another version", "/v2/models/light/versions/1", {}, 404, /is at version [\da-f]{12}/],
    ["a name that climbs", "/v2/models/..%2F..%2Fetc%2Fpasswd", {}, 404, /No model has that name/],
    ["a path that climbs", "/v2/models/../../etc/passwd", {}, 404, /nothing here/],
    ["a name of a method of objects", "/v2/models/constructor", {}, 404, /No model has/],
    ["a name of NUL", "/v2/models/%00", {}, 404, /No model has/],
    ["a name that is no UTF-8", "/v2/models/%ff%fe", {}, 404, /No model has/],
    ["a backslash", "/v2\\models", {}, 400, /can't be understood/],
    ["another method", "/v1/classify", { method: "GET" }, 405, /only POST/],
    ["TRACE", "/v1/models", { method: "TRACE" }, 405, /only GET, HEAD/],
    ["OPTIONS without origins", "/v1/models", { method: "OPTIONS" }, 405, /only GET/],
    ["an unknown question", "/v1/classify?topk=3", { body: grey(0) }, 400, /topk/],
    ["a question twice", "/v1/classify?top_k=3&top_k=2", { body: grey(0) }, 400, /top_k/],
    ["no whole number", "/v1/classify?top_k=0", { body: grey(0) }, 400, /top_k/],
    ["no picture", "/v1/classify", { body: "text" }, 422, /no picture that can be read/],
    ["an empty body", "/v1/classify", { body: "" }, 422, /it is empty/],
    [
      "another type",
      "/v1/classify",
      { body: "{}", headers: { "Content-Type": "text/html" } },
      415,
      /Content-Type is "text\/html"/,
    ],
    [
      "an encoding",
      "/v1/classify",
      { body: grey(0), headers: { "Content-Encoding": "gzip" } },
      415,
      /encoded as gzip/,
    ],
    ["an unknown class", "/v1/explain?label=7", { body: grey(0) }, 404, /no class of that name/],
    [
      "a form to explain",
      "/v1/explain",
      { body: "", headers: { "Content-Type": "multipart/form-data; boundary=b" } },
      415,
      /send a picture/,
    ],
    [
      "a form cut off",
      "/v1/classify",
      { body: "--b", headers: { "Content-Type": "multipart/form-data; boundary=b" } },
      400,
      /cut off/,
    ],
    [
      "an empty form",
      "/v1/classify",
      { body: "--b--", headers: { "Content-Type": "multipart/form-data; boundary=b" } },
      400,
      /no parts/,
    ],
    [
      "pictures for a model of four planes",
      "/v1/classify?model=four",
      { body: grey(0) },
      422,
      /\/v2\/models/,
    ],
    [
      "another page's request",
      "/v1/models",
      { headers: { Origin: "https://evil.example" } },
      403,
      /may not ask/,
    ],
    ["another host's name", "/v1/models", { headers: { Host: "evil.example" } }, 403, /another host's name/],
  ];
  for (const [what, path, options, status, words] of refused)
    it(`refuses ${what}, in words`, async () => {
      const answer = await ask(server, path, options);
      assert.equal(answer.status, status, answer.text);
      assert.match(errorOf(answer), words);
      if (status === 405) assert.match(String(answer.headers.allow), /POST|GET/);
    });

  const start = "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\n";
  const smuggled: readonly (readonly [string, string])[] = [
    ["two lengths", `${start}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    ["a length and chunks", `${start}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["a length that is none", `${start}Content-Length: -1\r\n\r\n`],
    ["an encoding behind chunks", `${start}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
    ["a chunk that is none", `${start}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ["no host", "GET / HTTP/1.1\r\n\r\n"],
    ["no HTTP", "\x16\x03\x01\x02\x00 hello\r\n\r\n"],
    ["a header that never ends", `${start}X: ${"y".repeat(20_000)}\r\n\r\n`],
  ];
  for (const [what, text] of smuggled)
    it(`hangs up on ${what}`, async () => {
      const heard = await say(server, text);
      assert.match(heard, /^HTTP\/1\.1 4(00|08|31) .*(\{"error":"|\r\n\r\n$)/s);
    });
});

describe("a server that is asked for wrongly", () => {
  it("is refused", async () => {
    const light = await lightModel("light");
    await assert.rejects(serve(light, { host: "0.0.0.0" }), OpenServerError);
    await assert.rejects(serve([]), /serve takes runs' folders, model files or models, one at least/);
    await assert.rejects(serve([7 as never]), UsageError);
    await assert.rejects(serve(light, { token: "short" }), /token.*16 to 512 characters/);
    await assert.rejects(serve(light, { prot: 8080 } as never), /no option "prot"\. Did you mean port/);
    await assert.rejects(serve(light, { origins: ["good.example"] }), /origins\[0\]/);
    await assert.rejects(serve("no/such/run"), /no\/such\/run can't be read: it does not exist/);
    await assert.rejects(serve("package.json"), {
      name: "HeddleError",
      message: /^package\.json .*safetensors/,
    });
    const { server } = await startServer(light);
    await assert.rejects(serve(light, { port: server.port }), /another program listens there/);
    await server.close();
    await light.dispose();
  });
});
