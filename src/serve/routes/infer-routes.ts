import type { Context, Hono } from "hono";
import { z } from "zod";
import { heddleVersion } from "../../node/version.js";
import type { ServedModel } from "../engine/served-model.js";
import { exchangeOf } from "../http/exchange.js";
import { readInferRequest } from "../protocol/infer-request.js";
import { writeInferResponse } from "../protocol/infer-response.js";
import { inferRequest, inferResponse, modelMetadata, serverMetadata } from "../protocol/infer-schema.js";
import {
  binaryContent,
  described,
  fromBody,
  modelAtWork,
  modelFor,
  names,
  type ServeEnv,
  type Serving,
} from "./serving.js";

const tag = "Open Inference Protocol";
const modelParam = z.object({ model: z.string().min(1) });
const versionParam = z.object({ model: z.string().min(1), version: z.string().min(1) });
const readiness = z.object({ name: z.string(), ready: z.boolean() }).meta({ id: "Readiness" });
const headerLength = "Inference-Header-Content-Length";

const notReady = "It is being started again, or is stopping.";

type Place = { readonly model: string; readonly version?: string };

/** The Open Inference Protocol, as KServe, Triton and their clients speak it. */
export function addInferRoutes(app: Hono<ServeEnv>, serving: Serving): void {
  const json = (schema: z.ZodType) => ({ "application/json": schema });
  app.get(
    "/v2",
    described(
      { tag, summary: "The server" },
      { description: "Its name and extensions.", content: json(serverMetadata) },
      [],
    ),
    (c) =>
      c.json({
        name: "heddle",
        version: heddleVersion(),
        extensions: ["binary_tensor_data", "classification"],
      }),
  );
  const live = z.object({ live: z.boolean() });
  app.get(
    "/v2/health/live",
    described({ tag, summary: "Whether it runs" }, { description: "It does.", content: json(live) }, []),
    (c) => c.json({ live: true }),
  );
  const ready = z.object({ ready: z.boolean() });
  app.get(
    "/v2/health/ready",
    described(
      { tag, summary: "Whether it answers" },
      { description: "It does.", content: json(ready) },
      [503],
    ),
    (c) => {
      const answers = !serving.stopping && serving.registry.models.every((model) => model.ready);
      return answers ? c.json({ ready: true }) : c.json({ ready: false, error: notReady }, 503);
    },
  );
  for (const [path, param] of [
    ["/v2/models/:model", modelParam],
    ["/v2/models/:model/versions/:version", versionParam],
  ] as const) {
    const place = (c: Context<ServeEnv>): Place => c.req.param() as unknown as Place;
    app.get(
      path,
      described(
        { tag, summary: "A model" },
        { description: "Its inputs and outputs.", content: json(modelMetadata) },
        [404],
      ),
      names(param),
      (c) => {
        const { model, version } = place(c);
        return c.json(metadataOf(modelFor(serving, exchangeOf(c.env.incoming), model, version)));
      },
    );
    app.get(
      `${path}/ready`,
      described(
        { tag, summary: "Whether a model answers" },
        { description: "It does.", content: json(readiness) },
        [404, 503],
      ),
      names(param),
      (c) => {
        const { model, version } = place(c);
        const found = modelFor(serving, exchangeOf(c.env.incoming), model, version);
        const answers = found.ready && !serving.stopping;
        const { name } = found;
        return answers ? c.json({ name, ready: true }) : c.json({ name, ready: false, error: notReady }, 503);
      },
    );
    app.post(
      `${path}/infer`,
      described(
        {
          tag,
          summary: "Probabilities of images",
          description: `JSON, or JSON with the bytes of its tensor behind it: then the header ${headerLength} says how many bytes are JSON.`,
        },
        {
          description: "The probabilities of each image's classes.",
          content: { "application/json": inferResponse, "application/octet-stream": z.string() },
        },
        [400, 404, 408, 413, 415, 503, 504],
        { content: { "application/json": inferRequest, "application/octet-stream": binaryContent } },
      ),
      names(param),
      (c) => {
        const { model, version } = place(c);
        return infer(c, serving, modelAtWork(serving, exchangeOf(c.env.incoming), model, version));
      },
    );
  }
}

function infer(c: Context<ServeEnv>, serving: Serving, model: ServedModel): Promise<Response> {
  return fromBody(c, serving, model, async (body, { signal }, hold) => {
    const { request, images, count } = readInferRequest(body, c.req.header(headerLength), model.inputShape);
    hold(count);
    const probabilities = await model.predict(images, signal);
    serving.metrics.images.add([model.name], count);
    const { json, behind } = writeInferResponse(model, request, probabilities);
    if (!behind) return c.body(json, 200, { "Content-Type": "application/json" });
    const head = Buffer.from(json, "utf8");
    const whole = new Uint8Array(head.length + behind.length);
    whole.set(head);
    whole.set(behind, head.length);
    return c.body(whole, 200, {
      "Content-Type": "application/octet-stream",
      [headerLength]: String(head.length),
    });
  });
}

function metadataOf(model: ServedModel): z.infer<typeof modelMetadata> {
  const { inputShape, classNames, about } = model;
  const pixels = "0 to 255, in row-major order: bytes, or as FP32 the same numbers, which are rounded";
  const means =
    about.loss === "binaryCrossEntropy" ? "of each label by itself" : "of the classes, which add up to 1";
  return {
    name: model.name,
    versions: [model.version],
    platform: "heddle",
    inputs: [{ name: "images", datatype: "UINT8", shape: [-1, ...inputShape], parameters: { pixels } }],
    outputs: [
      {
        name: "probabilities",
        datatype: "FP32",
        shape: [-1, classNames.length],
        parameters: { means: `probabilities ${means}; no calibration is applied` },
      },
    ],
    parameters: {
      digest: model.digest,
      class_names: classNames,
      ...(about.preparation && { preparation: about.preparation }),
      ...(about.calibration && { temperature: about.calibration.temperature }),
      // What the temperature is for: means over views, which no request of this protocol gets.
      ...(about.calibration?.views && { views: about.calibration.views }),
    },
  };
}
