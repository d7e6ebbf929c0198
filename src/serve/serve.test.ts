import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dense, flatten } from "../core/layers/index.js";
import { type NodeModel, sequential } from "../node/node-model.js";
import { pngOf } from "../report/picture.js";
import type { ModelServer } from "./serve.js";
import { ask, grey, lightModel, lightness, startServer, tensorRequest } from "./testing/small-server.js";
import type { LogEntry } from "./watch/request-log.js";

interface InferAnswer {
  readonly outputs: readonly { readonly data: readonly number[] }[];
}

interface Listed {
  readonly label: string;
  readonly score: number;
}

describe("a server of models", () => {
  let light: NodeModel;
  let four: NodeModel;
  let server: ModelServer;
  let log: LogEntry[];
  before(async () => {
    light = await lightModel("light");
    four = sequential([flatten(), dense({ units: 3 })], { inputShape: [3, 2, 4], name: "four planes/ä" });
    ({ server, log } = await startServer([light, four, light], { maxPictures: 3 }));
  });
  after(async () => {
    await server.close();
    await light.dispose();
    await four.dispose();
  });

  it("gives each model a name and a version of its own", async () => {
    const { value } = await ask(server, "/v1/models");
    const listed = value as { name: string; version: string; inputShape: number[] }[];
    assert.deepEqual(
      listed.map(({ name }) => name),
      ["light", "four planes/ä", "light-2"],
    );
    assert.match(listed[0].version, /^[\da-f]{12}$/);
    assert.equal(listed[0].version, listed[2].version, "the same weights");
    assert.notEqual(listed[0].version, listed[1].version);
    assert.deepEqual(
      server.models,
      listed.map(({ name, version }) => ({ name, version })),
    );
  });

  it("speaks the Open Inference Protocol", async () => {
    const { value } = await ask(server, "/v2");
    assert.deepEqual((value as { extensions: string[] }).extensions, [
      "binary_tensor_data",
      "classification",
    ]);
    const [{ version }] = server.models;
    for (const place of ["/v2/models/light", `/v2/models/light/versions/${version}`]) {
      const about = (await ask(server, place)).value as { inputs: object[]; versions: string[] };
      assert.deepEqual(about.versions, [version]);
      assert.deepEqual(
        { ...about.inputs[0], parameters: {} },
        { name: "images", datatype: "UINT8", shape: [-1, 2, 2, 1], parameters: {} },
      );
      assert.deepEqual((await ask(server, `${place}/ready`)).value, { name: "light", ready: true });
      const answer = await ask(server, `${place}/infer`, tensorRequest([0, 255, 100]));
      assert.equal(answer.status, 200);
      const expected = await light.predict(
        Uint8Array.from([0, 255, 100].flatMap((level) => Array(4).fill(level))),
      );
      assert.deepEqual(
        lightness(answer),
        [...expected].filter((_, at) => at % 2 === 1),
      );
    }
    for (const place of ["live", "ready"])
      assert.equal((await ask(server, `/v2/health/${place}`)).status, 200);
    const escaped = await ask(server, "/v2/models/four%20planes%2F%C3%A4");
    assert.equal((escaped.value as { name: string }).name, "four planes/ä");
  });

  it("names pictures, raw or as a form's files, one or many", async () => {
    const one = await ask(server, "/v1/classify?top_k=1", {
      body: grey(255),
      headers: { "Content-Type": "image/png" },
    });
    const [{ label, score }, ...others] = one.value as Listed[];
    assert.deepEqual([label, others], ["1", []]);
    const raw = await light.predict(new Uint8Array(4).fill(255));
    assert.equal(Math.fround(score), raw[1]);
    const dark = await ask(server, "/v1/classify?top_k=1&invert=true", { body: grey(255) });
    assert.equal((dark.value as Listed[])[0].label, "0");
    const form = new FormData();
    for (const content of [grey(0), new Uint8Array(3), grey(255)])
      form.append("file", new Blob([content.slice()]));
    const sent = new Response(form);
    const type = sent.headers.get("content-type") ?? "";
    const body = new Uint8Array(await sent.arrayBuffer());
    const many = await ask(server, "/v1/classify?model=light-2", { body, headers: { "Content-Type": type } });
    const outcomes = many.value as (Listed[] | { error: string })[];
    assert.deepEqual(
      outcomes.map((outcome) => (Array.isArray(outcome) ? outcome.map((each) => each.label) : outcome.error)),
      [
        ["0", "1"],
        "The picture can't be used: it is no picture that can be read, expected JPEG, PNG, WebP or AVIF.",
        ["1", "0"],
      ],
    );
  });

  it("names them over the views that their model was calibrated for, and gives tensors none", async () => {
    await using model = sequential([flatten(), dense({ units: 2 })], {
      inputShape: [2, 2, 1],
      name: "viewed",
    });
    model.compile({ threads: 1 });
    const images = Uint8Array.from({ length: 160 }, (_, at) => (at * 97) % 256);
    const labels = Uint8Array.from({ length: 40 }, (_, at) => at % 2);
    await model.calibrate({ images, labels }, { views: { flip: true }, temperature: 2 });
    const image = Uint8Array.of(0, 255, 30, 200);
    const { server } = await startServer(model);
    try {
      const { value } = await ask(server, "/v1/classify", { body: pngOf(image, [2, 2, 1]) });
      const [{ predictions }] = await model.classifyImages(image);
      const wanted = predictions.map(({ className, probability }) => ({
        label: className,
        score: probability,
      }));
      assert.deepEqual(
        (value as Listed[]).map(({ label, score }) => ({ label, score })),
        wanted,
      );
      const input = { name: "images", shape: [1, 2, 2, 1], datatype: "UINT8", data: [...image] };
      const body = JSON.stringify({ inputs: [input] });
      const raw = (await ask(server, "/v2/models/viewed/infer", { body })).value as InferAnswer;
      assert.deepEqual(Float32Array.from(raw.outputs[0].data), await model.predict(image));
      const about = (await ask(server, "/v2/models/viewed")).value as { parameters: object };
      assert.deepEqual(about.parameters, { ...about.parameters, views: { flip: true, shift: 0 } });
    } finally {
      await server.close();
    }
  });

  it("draws where a class is seen", async () => {
    const { status, headers, bytes } = await ask(server, "/v1/explain?label=1", { body: grey(200) });
    assert.deepEqual([status, headers["content-type"]], [200, "image/png"]);
    assert.equal(bytes.toString("latin1", 1, 4), "PNG");
    assert.equal(bytes.readUInt32BE(16), 448);
  });

  it("takes a request's own id where it is sane, and makes one else", async () => {
    const id = async (given: string): Promise<string> =>
      String((await ask(server, "/v2", { headers: { "X-Request-Id": given } })).headers["x-request-id"]);
    assert.equal(await id("abc-1"), "abc-1");
    for (const odd of ["a b", "x".repeat(200), '{"a":1}']) assert.match(await id(odd), /^[\da-f-]{36}$/);
  });

  it("logs requests without what is in them, and counts them", async () => {
    log.length = 0;
    await ask(server, "/v1/classify?model=light", { body: grey(255), headers: { "X-Request-Id": "seen" } });
    await ask(server, "/no\x7f".replace("\x7f", "%7F"), {});
    const [first, second] = log as Extract<LogEntry, { event: "request" }>[];
    const { time, milliseconds, ...rest } = first;
    assert.ok(Date.parse(time) > 0 && milliseconds > 0);
    assert.deepEqual(rest, {
      level: "info",
      event: "request",
      id: "seen",
      method: "POST",
      path: "/v1/classify",
      status: 200,
      bytes: grey(255).length,
      client: "127.0.0.1",
      model: "light",
      version: server.models[0].version,
      images: 1,
    });
    assert.deepEqual([second.status, second.level], [404, "warn"]);
    const { text } = await ask(server, "/metrics");
    for (const line of [
      /^heddle_http_requests_total\{route="\/v1\/classify",method="POST",status="200"\} \d+$/m,
      /^heddle_http_requests_total\{route="none",method="GET",status="404"\} \d+$/m,
      /^heddle_http_request_duration_seconds_count\{route="\/v1\/classify"\} \d+$/m,
      /^heddle_batch_images_sum\{model="light"\} \d+$/m,
      /^heddle_queue_images\{model="light"\} 0$/m,
      /^heddle_body_bytes 0$/m,
    ])
      assert.match(text, line);
  });

  it("describes itself by the schemas that it checks with", async () => {
    const { value } = await ask(server, "/openapi.json");
    const { paths, openapi } = value as { paths: Record<string, object>; openapi: string };
    assert.equal(openapi, "3.1.0");
    assert.deepEqual(Object.keys(paths).sort(), [
      "/v1/classify",
      "/v1/explain",
      "/v1/models",
      "/v2",
      "/v2/health/live",
      "/v2/health/ready",
      "/v2/models/{model}",
      "/v2/models/{model}/infer",
      "/v2/models/{model}/ready",
      "/v2/models/{model}/versions/{version}",
      "/v2/models/{model}/versions/{version}/infer",
      "/v2/models/{model}/versions/{version}/ready",
    ]);
    assert.match(JSON.stringify(paths["/v1/classify"]), /"top_k"/);
  });

  it("has a page that carries all it needs and may ask its own server alone", async () => {
    const { text, headers } = await ask(server, "/");
    assert.match(text, /^<!doctype html>/);
    assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org)/);
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /^default-src 'none'; script-src 'sha256-/);
    assert.doesNotMatch(policy, /unsafe/);
  });
});

describe("a server with a token", () => {
  const token = "0123456789abcdef";
  let light: NodeModel;
  let server: ModelServer;
  before(async () => {
    light = await lightModel("light");
    ({ server } = await startServer(light, { token, origins: ["https://good.example"] }));
  });
  after(async () => {
    await server.close();
    await light.dispose();
  });

  it("answers those who have it, and tells others no more than that it lives", async () => {
    for (const path of ["/", "/v2/health/live", "/v2/health/ready"])
      assert.equal((await ask(server, path)).status, 200);
    const { status } = await ask(server, "/v2", { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(status, 200);
    const paths = [
      "/v2",
      "/v1/models",
      "/metrics",
      "/openapi.json",
      "/nothing",
      "//",
      "/v2/health/live/",
      "/./v2",
    ];
    for (const path of paths) {
      const { status, headers, text } = await ask(server, path);
      assert.deepEqual([path, status], [path, 401]);
      assert.match(String(headers["www-authenticate"]), /^Bearer/);
      assert.doesNotMatch(text, new RegExp(token));
    }
  });

  it("isn't guessed", async () => {
    const guesses = Array.from({ length: 200 }, (_, at) => token.slice(0, at % 16) + at);
    for (let at = 0; at < guesses.length; at += 50) {
      const answers = guesses
        .slice(at, at + 50)
        .map((guess) => ask(server, "/v1/models", { headers: { Authorization: `Bearer ${guess}` } }));
      for (const { status } of await Promise.all(answers)) assert.equal(status, 401);
    }
  });

  it("lets pages of an allowed origin ask", async () => {
    const headers = { Origin: "https://good.example", "Access-Control-Request-Method": "POST" };
    const before = await ask(server, "/v1/classify", { method: "OPTIONS", headers });
    assert.equal(before.status, 204);
    assert.equal(before.headers["access-control-allow-origin"], "https://good.example");
    const refused = await ask(server, "/v1/models", { headers: { Origin: "https://good.example" } });
    assert.equal(refused.status, 401);
    assert.equal(
      refused.headers["access-control-allow-origin"],
      "https://good.example",
      "so that the page can read it",
    );
  });
});
