import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HeddleError } from "../errors.js";
import { modelFromBytes } from "../training/model-from-bytes.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.js";
import { decodeModel, encodeModel } from "./model-file.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";
import { dataStartOf, fileOf, withoutDigest } from "./testing/files.js";

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(`src/core/formats/fixtures/${name}-0.1.safetensors`));

const oldModel = fixture("model");
const oldCheckpoint = fixture("checkpoint");
const model = encodeModel(decodeModel(oldModel, "old"));
const checkpoint = encodeCheckpoint(decodeCheckpoint(oldCheckpoint, "old"));

/** What each reader makes of bytes: its content, or undefined where it refuses them as it should. */
const readers: readonly [string, (bytes: Uint8Array) => unknown][] = [
  ["decodeSafetensors", (bytes) => decodeSafetensors(bytes, "x")],
  ["decodeModel", (bytes) => decodeModel(bytes, "x")],
  ["decodeCheckpoint", (bytes) => decodeCheckpoint(bytes, "x")],
  ["modelFromBytes", (bytes) => modelFromBytes(bytes, "x").state],
];

/** A place in a file, as a share of its length. */
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

type Change = (file: Uint8Array) => Uint8Array;

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** The lengths of two places, the smaller first. */
const span = (file: Uint8Array, a: number, b: number): [number, number] => {
  const [from, to] = [a, b].sort((one, other) => one - other);
  return [Math.floor(from * file.length), Math.ceil(to * file.length)];
};

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(7)).map(
    ([at, bit]): Change =>
      (file) =>
        file.map((byte, index) => (index === Math.floor(at * file.length) ? byte ^ (1 << bit) : byte)),
  ),
  fc.tuple(place, place, fc.constantFrom(0x00, 0x20, 0xff)).map(
    ([a, b, value]): Change =>
      (file) =>
        file.slice().fill(value, ...span(file, a, b)),
  ),
  fc.tuple(place, place).map(
    ([a, b]): Change =>
      (file) => {
        const [from, to] = span(file, a, b);
        return joined(file.subarray(0, from), file.subarray(to));
      },
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 20 })).map(
    ([at, bytes]): Change =>
      (file) => {
        const cut = Math.floor(at * file.length);
        return joined(file.subarray(0, cut), bytes, file.subarray(cut));
      },
  ),
  // Two blocks in each other's place, as a disk may give them.
  fc.tuple(place, place, fc.integer({ min: 1, max: 64 })).map(
    ([a, b, length]): Change =>
      (file) => {
        const swapped = file.slice();
        const [from, to] = [a, b].map((at) => Math.floor(at * Math.max(1, file.length - length)));
        swapped.set(file.subarray(to, to + length), from);
        swapped.set(file.subarray(from, from + length), to);
        return swapped;
      },
  ),
  fc.tuple(fc.nat(7), fc.nat(255)).map(
    ([index, byte]): Change =>
      (file) =>
        file.map((each, at) => (at === index ? byte : each)),
  ),
);

/** The content, or undefined after the one error that a reader may throw. */
function contentOf(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): unknown {
  try {
    return read(bytes);
  } catch (error) {
    assert.ok(error instanceof HeddleError, `${error instanceof Error ? error.stack : error}`);
    assert.ok(error.message.length < 1000, "the message is a few sentences");
    return undefined;
  }
}

describe("damaged files", () => {
  for (const [what, file] of [
    ["a model", model],
    ["a checkpoint", checkpoint],
  ] as const) {
    it(`are ${what} still, or refused`, () => {
      const whole = new Map(readers.map(([name, read]) => [name, contentOf(read, file)]));
      fc.assert(
        fc.property(fc.array(changes, { minLength: 1, maxLength: 4 }), (list) => {
          const changed = list.reduce<Uint8Array>((bytes, change) => change(bytes), file);
          for (const [name, read] of readers) {
            const content = contentOf(read, changed);
            if (content !== undefined) assert.deepEqual(content, whole.get(name), name);
          }
        }),
        { numRuns: 1500 },
      );
    });
  }

  it("without a digest are refused by no other error", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(oldModel, oldCheckpoint),
        fc.array(changes, { maxLength: 4 }),
        (file, list) => {
          const changed = list.reduce((bytes, change) => change(bytes), file);
          for (const [, read] of readers) contentOf(read, changed);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    -1,
    0.5,
    1e308,
    -0,
    Number.MAX_SAFE_INTEGER,
    2 ** 31,
    2 ** 32,
    30_000_000,
    null,
  ),
  fc.constantFrom<unknown>("", "__proto__", "constructor", "dense", [], {}, true, "F32"),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A JSON value with one of its parts, however deep, replaced or left out. */
function altered(value: unknown, path: readonly number[], put: unknown): unknown {
  const [first, ...rest] = path;
  if (typeof value !== "object" || value === null || first === undefined) return put;
  const entries = Object.entries(value);
  if (entries.length === 0) return put;
  const [key, part] = entries[first % entries.length];
  const replaced = entries.map(([name, each]) => [name, name === key ? altered(part, rest, put) : each]);
  const kept = replaced.filter(([, each]) => each !== undefined);
  return Array.isArray(value) ? kept.map(([, each]) => each) : Object.fromEntries(kept);
}

const path = fc.array(fc.nat(20), { maxLength: 4 });
const alterations = fc.array(fc.tuple(path, fc.option(odd, { nil: undefined })), {
  minLength: 1,
  maxLength: 3,
});

const alteredBy = (value: unknown, list: readonly [number[], unknown][]): unknown =>
  list.reduce((before, [at, put]) => altered(before, at, put), value);

const isMetadata = (value: unknown): value is Record<string, string> =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => typeof each === "string");

describe("crafted files", () => {
  it("whose header says something else are refused by no other error", () => {
    fc.assert(
      fc.property(fc.constantFrom(oldModel, withoutDigest(checkpoint)), alterations, (file, list) => {
        const dataStart = dataStartOf(file);
        const header = JSON.parse(Buffer.from(file.subarray(8, dataStart)).toString());
        const crafted = fileOf(alteredBy(header, list) ?? "", file.length - dataStart);
        for (const [, read] of readers) contentOf(read, crafted);
      }),
      { numRuns: 1500 },
    );
  });

  it("with the right digest and any metadata are refused by no other error, or read and written alike", () => {
    fc.assert(
      fc.property(fc.constantFrom(model, checkpoint), alterations, (file, list) => {
        const { tensors, metadata } = decodeSafetensors(file, "x");
        const values = Object.fromEntries(
          Object.entries(metadata).map(([key, text]) => [
            key,
            text.startsWith("heddle") ? text : JSON.parse(text),
          ]),
        );
        const changed = alteredBy(values, list) as Record<string, unknown>;
        const texts = Object.fromEntries(
          Object.entries({ ...changed, format: metadata.format, version: metadata.version }).map(
            ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)],
          ),
        );
        assert.ok(isMetadata(texts));
        const crafted = encodeSafetensors(tensors, texts);
        for (const [, read] of readers) contentOf(read, crafted);
        const read = contentOf(readers[2][1], crafted) as Checkpoint | undefined;
        if (read) assert.deepEqual(decodeCheckpoint(encodeCheckpoint(read), "x"), read);
      }),
      { numRuns: 1500 },
    );
  });
});
