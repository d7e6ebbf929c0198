import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { describeRoute, resolver, validator } from "hono-openapi";
import type { z } from "zod";
import type { Pictures } from "../engine/pictures.js";
import type { Registry } from "../engine/registry.js";
import type { ServedModel } from "../engine/served-model.js";
import { type BodyRoom, withBody } from "../http/body.js";
import { type Exchange, exchangeOf, orGivenUp } from "../http/exchange.js";
import { HttpError } from "../http/http-error.js";
import { unfit } from "../protocol/infer-request.js";
import { failure } from "../protocol/picture-schema.js";
import type { ResolvedServeOptions } from "../serve-options.js";
import type { ServerMetrics } from "../watch/server-metrics.js";

/** What all routes answer from. */
export interface Serving {
  readonly registry: Registry;
  readonly pictures: Pictures;
  readonly metrics: ServerMetrics;
  readonly bodies: BodyRoom;
  readonly options: ResolvedServeOptions;
  /** Whether it answers what it has accepted and takes no more. */
  stopping: boolean;
  connections(): number;
}

export type ServeEnv = { Bindings: HttpBindings };

/** @throws HttpError 404 on a name that no model has; 503 where the model's thread is gone for now */
export function modelFor(
  { registry }: Serving,
  exchange: Exchange,
  name?: string,
  version?: string,
): ServedModel {
  const found = name === undefined ? registry.models[0] : registry.find(name);
  if (!found) throw new HttpError(404, "No model has that name: GET /v1/models lists those that there are.");
  exchange.model = found.name;
  exchange.version = found.version;
  if (version !== undefined && version !== found.version)
    throw new HttpError(404, `The model is at version ${found.version}, and has no other.`);
  return found;
}

/** The same of one that is to do something. */
export function modelAtWork(
  serving: Serving,
  exchange: Exchange,
  name?: string,
  version?: string,
): ServedModel {
  const found = modelFor(serving, exchange, name, version);
  if (found.ready) return found;
  throw new HttpError(503, "The model is being started again. Ask again in a moment.", {
    "Retry-After": "2",
  });
}

/**
 * Reads a request's body and answers from it, unless the exchange is given up before. What goes on then is counted until it ends: else
 * who hangs up early could have more done than the limits allow.
 */
export function fromBody(
  c: Context<ServeEnv>,
  { bodies, options }: Serving,
  model: ServedModel,
  answer: (body: Buffer, exchange: Exchange, count: (images: number) => void) => Promise<Response>,
): Promise<Response> {
  const { incoming } = c.env;
  const exchange = exchangeOf(incoming);
  const limits = { most: options.maxBody, room: bodies };
  // Where the model is full nothing is read.
  const work = model.holding((hold) =>
    withBody(incoming, exchange, limits, (body) =>
      answer(body, exchange, (images) => {
        hold(images);
        exchange.images = images;
      }),
    ),
  );
  return orGivenUp(exchange.signal, work);
}

/** Checks what stands behind a path's question mark, and describes it. */
export const query = <Schema extends z.ZodType>(schema: Schema) =>
  validator("query", schema, (result) => {
    if (!result.success) throw unfit(result.error[0]);
  });

/** The same of names in a path. */
export const names = <Schema extends z.ZodType>(schema: Schema) =>
  validator("param", schema, (result) => {
    if (!result.success) throw unfit(result.error[0]);
  });

const failures = {
  400: "What is asked can't be understood.",
  401: "The token is missing or another.",
  403: "Asked by a page, or for a name, that may not ask.",
  404: "There is nothing of that name.",
  408: "The request did not come whole in time.",
  413: "There is too much of it.",
  415: "It is encoded or typed as nothing that is taken.",
  431: "The address, or another part of the header, is too long.",
  422: "The picture can't be used.",
  503: "There is too much to do, or a thread that ended is being started again; Retry-After says when to ask again.",
  504: "The answer took too long.",
} as const;

/** Describes a route for the OpenAPI document. */
export function described(
  about: { readonly summary: string; readonly description?: string; readonly tag: string },
  success: { readonly description: string; readonly content: Readonly<Record<string, z.ZodType>> },
  refusals: readonly (keyof typeof failures)[],
  requestBody?: { readonly content: Readonly<Record<string, z.ZodType | object>> },
) {
  const content = Object.entries(success.content).map(
    ([type, schema]) => [type, { schema: resolver(schema) }] as const,
  );
  const refused = [401, 403, 431, ...refusals].map(
    (status) =>
      [
        status,
        {
          description: failures[status as keyof typeof failures],
          content: { "application/json": { schema: resolver(failure) } },
        },
      ] as const,
  );
  return describeRoute({
    summary: about.summary,
    ...(about.description !== undefined && { description: about.description }),
    tags: [about.tag],
    responses: {
      200: { description: success.description, content: Object.fromEntries(content) },
      ...Object.fromEntries(refused),
    },
    ...(requestBody && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          Object.entries(requestBody.content).map(([type, schema]) => [
            type,
            { schema: "_zod" in schema ? resolver(schema as z.ZodType) : schema },
          ]),
        ),
      },
    }),
  });
}

/** Any bytes, for a description. */
export const binaryContent = { type: "string", format: "binary" } as const;
