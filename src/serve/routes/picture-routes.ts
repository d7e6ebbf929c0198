import type { Context, Hono } from "hono";
import { z } from "zod";
import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { preparationFor } from "../../core/data/pictures/usual-preparation.js";
import { HeddleError } from "../../core/errors.js";
import { shapeText } from "../../core/layers/shape.js";
import type { ServedModel } from "../engine/served-model.js";
import { exchangeOf } from "../http/exchange.js";
import { HttpError } from "../http/http-error.js";
import { readMultipart } from "../protocol/multipart.js";
import {
  classifyQuery,
  explainQuery,
  modelList,
  pictureOutcome,
  predictions,
} from "../protocol/picture-schema.js";
import {
  binaryContent,
  described,
  fromBody,
  modelAtWork,
  query,
  type ServeEnv,
  type Serving,
} from "./serving.js";

const tag = "Pictures";
const types = ["image/jpeg", "image/png", "image/webp", "image/avif", "application/octet-stream"] as const;
const rawContent = Object.fromEntries(types.map((type) => [type, binaryContent]));
const formContent = {
  type: "object",
  description: "A picture in each field, whatever it is called; fields of one name are several pictures.",
  minProperties: 1,
  additionalProperties: {},
} as const;

/** Pixels that a picture with a heat map has along its longer side, at least: a model's own images may be tiny. */
const leastSide = 448;

type Predictions = z.infer<typeof predictions>;
type PictureOutcome = z.infer<typeof pictureOutcome>;

/** Pictures as people send them. */
export function addPictureRoutes(app: Hono<ServeEnv>, serving: Serving): void {
  app.get(
    "/v1/models",
    described(
      { tag, summary: "The models" },
      {
        description: "The first one answers where none is named.",
        content: { "application/json": modelList },
      },
      [],
    ),
    (c) =>
      c.json(
        serving.registry.models.map(({ name, version, ready, inputShape, classNames, about }) => ({
          name,
          version,
          ready,
          inputShape,
          classNames,
          loss: about.loss,
          calibrated: about.calibration !== undefined,
        })),
      ),
  );
  app.post(
    "/v1/classify",
    described(
      {
        tag,
        summary: "What pictures are",
        description:
          "One picture as the body: its classes. Or a form with pictures as files: a list of that for each in their order, and { error } in the place of one that can't be used.",
      },
      {
        description: "The most probable classes.",
        content: { "application/json": z.union([predictions, z.array(pictureOutcome)]) },
      },
      [400, 404, 408, 413, 415, 422, 503, 504],
      { content: { ...rawContent, "multipart/form-data": formContent } },
    ),
    query(classifyQuery),
    (c) => {
      const { model, top_k: topK, invert } = c.req.valid("query");
      const found = modelAtWork(serving, exchangeOf(c.env.incoming), model);
      return classify(c, serving, found, { topK, invert: invert === "true" });
    },
  );
  app.post(
    "/v1/explain",
    described(
      {
        tag,
        summary: "Where in a picture its class is seen",
        description: "The picture, with a heat map laid over it.",
      },
      { description: "A PNG.", content: { "image/png": z.string() } },
      [400, 404, 408, 413, 415, 422, 503, 504],
      { content: rawContent },
    ),
    query(explainQuery),
    (c) => {
      const { model, label, invert } = c.req.valid("query");
      const found = modelAtWork(serving, exchangeOf(c.env.incoming), model);
      return explain(c, serving, found, { label, invert: invert === "true" });
    },
  );
}

function classify(
  c: Context<ServeEnv>,
  serving: Serving,
  model: ServedModel,
  { topK, invert }: { readonly topK: number; readonly invert: boolean },
): Promise<Response> {
  const type = contentType(c);
  const isForm = type.startsWith("multipart/");
  if (isForm && !/^multipart\/form-data\s*(;|$)/u.test(type)) throw wrongType(type);
  const preparation = preparationOf(model);
  return fromBody(c, serving, model, async (body, { signal }, hold) => {
    const prepared = async (bytes: Uint8Array): Promise<Uint8Array> => {
      const [image] = await serving.pictures.prepare(bytes, [preparation], signal);
      return invert ? inverted(image) : image;
    };
    // What fails from here on is no picture's fault.
    const answered = (image: Uint8Array): Promise<Predictions> =>
      predicted(serving, model, image, topK, signal);
    if (!isForm) {
      hold(1);
      return c.json(await answered(await prepared(body).catch(unusable)));
    }
    const pictures = filesOf(body, c.req.header("content-type") ?? "", serving);
    hold(pictures.length);
    const outcomes = pictures.map(async (bytes): Promise<PictureOutcome> => {
      const image = await prepared(bytes).catch((error: unknown) => {
        if (!(error instanceof HeddleError) || error instanceof HttpError) throw error;
        return error;
      });
      return image instanceof HeddleError ? { error: image.message } : answered(image);
    });
    return c.json(await Promise.all(outcomes));
  });
}

async function predicted(
  { metrics }: Serving,
  model: ServedModel,
  image: Uint8Array,
  topK: number,
  signal: AbortSignal,
): Promise<Predictions> {
  const found = await model.classify(image, topK, signal);
  metrics.images.add([model.name]);
  return found.predictions.map(({ className, probability }, place) => ({
    label: className,
    score: Math.min(1, Math.max(0, probability)),
    ...(place === 0 && found.unsure && { unsure: true as const }),
  }));
}

function explain(
  c: Context<ServeEnv>,
  serving: Serving,
  model: ServedModel,
  { label, invert }: { readonly label?: string; readonly invert: boolean },
): Promise<Response> {
  const type = contentType(c);
  if (type.startsWith("multipart/")) throw wrongType(type);
  const named = label === undefined ? undefined : model.classNames.indexOf(label);
  if (named === -1)
    throw new HttpError(404, "The model has no class of that name: GET /v1/models lists them.");
  const preparation = preparationOf(model);
  const [height, width] = preparation.size;
  const times = Math.ceil(leastSide / Math.max(height, width));
  const shape = [height * times, width * times, 3] as const;
  const shown: PicturePreparation = { ...preparation, size: [shape[0], shape[1]], channels: 3 };
  return fromBody(c, serving, model, async (body, { signal }, hold) => {
    hold(1);
    const both = [preparation, shown];
    const [image, picture] = await serving.pictures.prepare(body, both, signal).catch(unusable);
    const seen = invert ? inverted(image) : image;
    const png = await model.explain({ image: seen, label: named, shown: picture, shape }, signal);
    return c.body(new Uint8Array(png), 200, { "Content-Type": "image/png" });
  });
}

const inverted = (image: Uint8Array): Uint8Array => image.map((pixel) => 255 - pixel);

function contentType(c: Context<ServeEnv>): string {
  const type = (c.req.header("content-type") ?? "application/octet-stream").toLowerCase();
  if (/^(image\/|application\/octet-stream|multipart\/)/u.test(type)) return type;
  // What curl --data-binary says of any file.
  if (type === "application/x-www-form-urlencoded") return type;
  throw wrongType(type);
}

const wrongType = (type: string): HttpError =>
  new HttpError(
    415,
    `The request's Content-Type is ${JSON.stringify(type.slice(0, 60))}: send a picture (image/jpeg, image/png, image/webp, image/avif or application/octet-stream), or to classify several a form of files (multipart/form-data).`,
    { Connection: "close" },
  );

function filesOf(body: Buffer, type: string, { options }: Serving): Buffer[] {
  const parts = readMultipart(body, type, options.maxPictures);
  if (parts.length > 0) return parts.map(({ content }) => content);
  throw new HttpError(400, "The form has no parts: expected a picture in each.");
}

/** @throws HttpError 422 where no picture becomes the model's images */
function preparationOf(model: ServedModel): PicturePreparation {
  try {
    return preparationFor(model);
  } catch {
    throw new HttpError(
      422,
      `The model takes images of ${shapeText(model.inputShape)}, which no picture becomes: send them as tensors to /v2/models/…/infer.`,
    );
  }
}

function unusable(error: unknown): never {
  if (error instanceof HeddleError && !(error instanceof HttpError)) throw new HttpError(422, error.message);
  throw error;
}
