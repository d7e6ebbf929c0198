import type { z } from "zod";
import { plural } from "../../core/words.js";
import { HttpError } from "../http/http-error.js";
import { type InferInput, type InferRequest, inferRequest } from "./infer-schema.js";

/** Bytes of JSON that are read: it is parsed at one go, while nobody else is answered. */
const mostJson = 4 * 2 ** 20;

/** A request, and the images that it asks about. */
export interface ReadInferRequest {
  readonly request: InferRequest;
  /** [N, H, W, C] as bytes. */
  readonly images: Uint8Array;
  readonly count: number;
}

/**
 * Reads a request of the Open Inference Protocol: JSON, with bytes of its tensor behind it where a header says how long the JSON is.
 *
 * @param headerLength `Inference-Header-Content-Length`
 * @throws HttpError 400 on what is none, or doesn't fit the model, saying what was expected; 413 on too much JSON
 */
export function readInferRequest(
  body: Buffer,
  headerLength: string | undefined,
  [height, width, channels]: readonly number[],
): ReadInferRequest {
  const split = headerLength === undefined ? body.length : lengthOf(headerLength, body.length);
  const request = parse(body.subarray(0, split));
  const [input] = request.inputs;
  if (input.name !== "images")
    throw bad(`inputs[0] is named ${quoted(input.name)}, and the model's only input is "images"`);
  const [count, ...image] = input.shape;
  if (input.shape.length !== 4 || image.join() !== [height, width, channels].join())
    throw bad(
      `inputs[0] has the shape [${input.shape.slice(0, 8)}], and the model takes [N, ${height}, ${width}, ${channels}]`,
    );
  const output = request.outputs?.[0]?.name;
  if (output !== undefined && output !== "probabilities")
    throw bad(`outputs[0] is named ${quoted(output)}, and the model's only output is "probabilities"`);
  const values = count * height * width * channels;
  const images = pixelsOf(input, values, body.subarray(split));
  return { request, images, count };
}

function lengthOf(text: string, most: number): number {
  const length = /^\d{1,10}$/u.test(text) ? Number(text) : Number.NaN;
  if (length <= most) return length;
  throw bad(
    `Inference-Header-Content-Length is ${quoted(text)}, and the body has ${plural(most, "byte")}: expected how many of them are JSON`,
  );
}

function parse(json: Buffer): InferRequest {
  if (json.length > mostJson)
    throw new HttpError(
      413,
      `The request has ${json.length} bytes of JSON, and ${mostJson} are taken at most. Send images as bytes behind the JSON (binary_data_size).`,
    );
  let value: unknown;
  try {
    value = JSON.parse(json.toString("utf8"));
  } catch {
    throw bad("its body is no JSON");
  }
  return checked(inferRequest, value);
}

/** @throws HttpError 400 naming what doesn't fit a schema */
export function checked<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw unfit(result.error.issues[0]);
}

/** Where something doesn't fit a schema, and how. */
interface Unfit {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
  readonly message: string;
}

/** What to say of something that doesn't fit a schema. */
export function unfit({ path = [], message }: Unfit): HttpError {
  const place = path.reduce<string>((text, part) => {
    const key = typeof part === "object" ? part.key : part;
    return typeof key === "number" ? `${text}[${key}]` : `${text}${text === "" ? "" : "."}${String(key)}`;
  }, "");
  return bad(`${place === "" ? "" : `${place}: `}${message.slice(0, 200)}`);
}

function pixelsOf(input: InferInput, values: number, behind: Buffer): Uint8Array {
  const { datatype, data, parameters } = input;
  const size = parameters?.binary_data_size;
  if (size === undefined) {
    if (behind.length > 0)
      throw bad(
        `${plural(behind.length, "byte")} follow the JSON, and no tensor's binary_data_size speaks of them`,
      );
    if (data === undefined) throw bad("inputs[0] has neither data nor a binary_data_size");
    return fromJson(data, input.shape, values, datatype);
  }
  if (data !== undefined) throw bad("inputs[0] has both data and a binary_data_size");
  const expected = values * (datatype === "FP32" ? 4 : 1);
  if (size !== expected || behind.length !== size)
    throw bad(
      `inputs[0] is ${plural(expected, "byte")} of ${datatype} by its shape, its binary_data_size is ${size}, and ${plural(behind.length, "byte")} follow the JSON: expected the same number`,
    );
  return datatype === "UINT8" ? behind : fromFloats(behind, values);
}

/** Notices floats from 0 to 1, of which rounding would make black pictures. */
class Scale {
  #fraction: number | undefined;
  #beyond = false;

  see(value: number): void {
    if (value > 1) this.#beyond = true;
    else if (!Number.isInteger(value)) this.#fraction ??= value;
  }

  /** @throws HttpError where nothing was above 1 and not all of it whole */
  check(): void {
    if (this.#beyond || this.#fraction === undefined) return;
    throw bad(
      `inputs[0] has no pixel above 1, and ${this.#fraction} among them: expected numbers from 0 to 255. Multiply floats from 0 to 1 by 255`,
    );
  }
}

/** Little-endian floats, which need not be aligned. */
function fromFloats(bytes: Buffer, values: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pixels = new Uint8Array(values);
  const scale = new Scale();
  for (let at = 0; at < values; at++) {
    const value = view.getFloat32(4 * at, true);
    if (!(value >= 0 && value <= 255)) throw outside(value);
    pixels[at] = Math.round(value);
    scale.see(value);
  }
  scale.check();
  return pixels;
}

function fromJson(
  data: readonly unknown[],
  shape: readonly number[],
  values: number,
  datatype: InferInput["datatype"],
): Uint8Array {
  const nested = Array.isArray(data[0]);
  const expected = nested ? shape[0] : values;
  // Before room is made: a shape alone may claim anything.
  if (data.length !== expected)
    throw bad(
      `inputs[0].data has ${plural(data.length, "item")}, and its shape [${shape}] asks for ${expected}`,
    );
  checkNested(data, nested ? shape : [values]);
  const pixels = new Uint8Array(values);
  const scale = new Scale();
  let at = 0;
  const fill = (list: readonly unknown[]): void => {
    for (const each of list) {
      if (Array.isArray(each)) {
        fill(each);
        continue;
      }
      if (typeof each !== "number" || !(each >= 0 && each <= 255)) throw outside(each);
      if (datatype === "UINT8" && !Number.isInteger(each)) throw outside(each);
      pixels[at++] = Math.round(each);
      scale.see(each);
    }
  };
  fill(data);
  scale.check();
  return pixels;
}

/** Lists in lists, each as long as the shape says. */
function checkNested(data: readonly unknown[], [length, ...inner]: readonly number[]): void {
  if (data.length !== length)
    throw bad("inputs[0].data has lists in it of other lengths than its shape says");
  for (const each of data) {
    if (Array.isArray(each) !== inner.length > 0)
      throw bad("inputs[0].data is nested otherwise than its shape says");
    if (inner.length > 0) checkNested(each as readonly unknown[], inner);
  }
}

const outside = (value: unknown): HttpError =>
  bad(
    `inputs[0] has ${quoted(value)} among its pixels: expected numbers from 0 to 255, whole ones where they are UINT8. Multiply floats from 0 to 1 by 255`,
  );

// NaN and infinities are null in JSON.
const quoted = (value: unknown): string =>
  (typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value))).slice(0, 60);

const bad = (what: string): HttpError => new HttpError(400, `The request can't be answered: ${what}.`);
