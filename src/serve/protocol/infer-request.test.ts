import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HttpError } from "../http/http-error.js";
import { readInferRequest } from "./infer-request.js";
import { writeInferResponse } from "./infer-response.js";

const shape = [2, 3, 1];

const input = (more: object, count = 1): object => ({
  inputs: [{ name: "images", shape: [count, ...shape], datatype: "UINT8", ...more }],
});

/** A body, and how long its JSON is. */
function bodyOf(request: object, behind: Uint8Array = new Uint8Array(0)): [Buffer, string] {
  const json = Buffer.from(JSON.stringify(request));
  return [Buffer.concat([json, behind]), String(json.length)];
}

const read = (request: object, behind?: Uint8Array): Uint8Array => {
  const [body, length] = bodyOf(request, behind);
  return readInferRequest(body, behind && length, shape).images;
};

const nested = (values: readonly number[], [first, ...inner]: readonly number[]): unknown[] => {
  const size = values.length / first;
  const rows = Array.from({ length: first }, (_, at) => values.slice(at * size, (at + 1) * size));
  return inner.length === 0 ? rows.map(([value]) => value) : rows.map((row) => nested(row, inner));
};

describe("a request of the Open Inference Protocol", () => {
  it("has the same images as bytes, floats, a list or lists in lists", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.nat(255), { minLength: 18, maxLength: 18 }),
        (count, all) => {
          const pixels = all.slice(0, count * 6);
          const floats = Buffer.alloc(4 * pixels.length);
          for (const [at, value] of pixels.entries()) floats.writeFloatLE(value, 4 * at);
          const ways = [
            read(input({ data: pixels }, count)),
            read(input({ data: nested(pixels, [count, ...shape]) }, count)),
            read(input({ data: pixels.map((value) => value * 0.999 + 0.1), datatype: "FP32" }, count)),
            read(input({ parameters: { binary_data_size: pixels.length } }, count), Uint8Array.from(pixels)),
            read(input({ parameters: { binary_data_size: floats.length }, datatype: "FP32" }, count), floats),
          ];
          for (const way of ways) assert.deepEqual([...way], pixels);
        },
      ),
      { numRuns: 30 },
    );
  });

  const six = [1, 2, 3, 4, 5, 6];
  const refused: readonly (readonly [string, object, RegExp, Uint8Array?])[] = [
    ["no inputs", {}, /inputs: /],
    [
      "a list in a flat one",
      input({ data: [0, [1, 2], 3, 4, 5, 6] }),
      /nested otherwise than its shape says/,
    ],
    ["an empty list in a flat one", input({ data: [0, [], 3, 4, 5, 6] }), /nested otherwise than its shape/],
    ["two inputs", { inputs: [{}, {}] }, /inputs/],
    [
      "another name",
      { inputs: [{ name: "x", shape: [1], datatype: "UINT8" }] },
      /named "x".*only input is "images"/,
    ],
    ["another type", input({ datatype: "INT64" }), /inputs\[0\]\.datatype/],
    [
      "another shape",
      { inputs: [{ name: "images", shape: [1, 2, 3], datatype: "UINT8" }] },
      /\[1,2,3\].*takes \[N, 2, 3, 1\]/,
    ],
    ["a shape that claims much", input({ data: [1] }, 2 ** 31), /has 1 item, and its shape/],
    ["no data", input({}), /neither data nor a binary_data_size/],
    ["both kinds of data", input({ data: six, parameters: { binary_data_size: 6 } }), /both data and/],
    ["too few pixels", input({ data: [1, 2] }), /has 2 items.* asks for 6/],
    ["other nesting", input({ data: [[[1], [2], [3]]] }), /lists in it of other lengths/],
    [
      "deeper nesting",
      input({
        data: [
          [
            [[1], [2], [3]],
            [[4], [5], [[6]]],
          ],
        ],
      }),
      /nested otherwise/,
    ],
    ["numbers out of range", input({ data: [1, 2, 3, 4, 5, 256] }), /has 256 among its pixels/],
    ["text", input({ data: [1, 2, 3, 4, 5, "6"] }), /has "6" among/],
    ["parts of whole pixels", input({ data: [0.5, 2, 3, 4, 5, 6] }), /Multiply floats/],
    [
      "a size that isn't the shape's",
      input({ parameters: { binary_data_size: 5 } }),
      /is 6 bytes of UINT8/,
      new Uint8Array(5),
    ],
    ["bytes that are missing", input({ parameters: { binary_data_size: 6 } }), /0 bytes follow/],
    ["bytes that nobody speaks of", input({ data: six }), /1 byte follow/, new Uint8Array(1)],
    [
      "floats that are none",
      input({ datatype: "FP32", parameters: { binary_data_size: 24 } }),
      /among its pixels/,
      new Uint8Array(24).fill(255),
    ],
    ["floats from 0 to 1", input({ datatype: "FP32", data: [0, 0.5, 1, 0.25, 0, 1] }), /no pixel above 1/],
    [
      "the same behind the JSON",
      input({ datatype: "FP32", parameters: { binary_data_size: 24 } }),
      /no pixel above 1, and 0\.5 among them: .* Multiply/,
      new Uint8Array(Float32Array.of(0, 1, 0.5, 0, 0, 1).buffer),
    ],
    [
      "another output",
      { ...input({ data: six }), outputs: [{ name: "y" }] },
      /only output is "probabilities"/,
    ],
  ];
  for (const [what, request, words, behind] of refused)
    it(`is refused with ${what}`, () => {
      assert.throws(
        () => read(request, behind),
        (error: unknown) => error instanceof HttpError && error.status === 400 && words.test(error.message),
      );
    });

  it("is refused with a length of its JSON that can't be", () => {
    const [body] = bodyOf(input({ data: six }));
    for (const length of ["-1", "x", "", "1e3", "99999", "0x10", "5"])
      assert.throws(() => readInferRequest(body, length, shape), HttpError);
  });

  it("is refused with more JSON than is parsed at one go", () => {
    const body = Buffer.alloc(5 * 2 ** 20, 32);
    assert.throws(
      () => readInferRequest(body, undefined, shape),
      (error: unknown) =>
        error instanceof HttpError && error.status === 413 && /binary_data_size/.test(error.message),
    );
  });

  it("is read or refused, whatever it is", () => {
    const [body, length] = bodyOf(input({ parameters: { binary_data_size: 6 } }), Uint8Array.from(six));
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(255), fc.nat(body.length), (at, byte, cut) => {
        const damaged = Buffer.from(body.subarray(0, byte % 3 === 0 ? cut : body.length));
        if (at < damaged.length) damaged[at] = byte;
        try {
          assert.equal(readInferRequest(damaged, length, shape).images.length % 6, 0);
        } catch (error) {
          assert.ok(error instanceof HttpError, String(error));
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.json(), (json) => {
        assert.throws(() => readInferRequest(Buffer.from(json), undefined, shape), HttpError);
      }),
    );
  });
});

describe("an answer of the Open Inference Protocol", () => {
  const model = { name: "m", version: "v", classNames: ["a", "b", "c:d"] };
  const probabilities = Float32Array.of(0.25, 0.5, 0.25, 0, 0.125, 0.875);
  const written = (more: object) => {
    const request = { inputs: [], ...more } as never;
    const { json, behind } = writeInferResponse(model, request, probabilities);
    return { behind, ...JSON.parse(json) };
  };
  it("has its probabilities as JSON, or as bytes behind it where that is asked for", () => {
    const plain = written({ id: "7" });
    assert.equal(plain.id, "7");
    assert.deepEqual(plain.outputs, [
      { name: "probabilities", datatype: "FP32", shape: [2, 3], data: [...probabilities] },
    ]);
    for (const asked of [
      { parameters: { binary_data_output: true } },
      { outputs: [{ name: "probabilities", parameters: { binary_data: true } }] },
    ]) {
      const { behind, outputs } = written(asked);
      assert.deepEqual(outputs[0].parameters, { binary_data_size: 24 });
      assert.equal(Buffer.from(behind).readFloatLE(20), 0.875);
    }
    const no = { outputs: [{ name: "probabilities", parameters: { binary_data: false } }] };
    assert.equal(written({ ...no, parameters: { binary_data_output: true } }).behind, undefined);
  });
  it("has classes as text, the most probable first", () => {
    const asked = (binary: boolean) => ({
      outputs: [{ name: "probabilities", parameters: { classification: 2, binary_data: binary } }],
    });
    const [output] = written(asked(false)).outputs;
    const texts = ["0.500000:1:b", "0.250000:0:a", "0.875000:2:c:d", "0.125000:1:b"];
    assert.deepEqual(output, { name: "probabilities", datatype: "BYTES", shape: [2, 2], data: texts });
    const { behind } = written(asked(true));
    assert.equal(Buffer.from(behind).readUInt32LE(0), 12);
    assert.equal(Buffer.from(behind).toString("utf8", 4, 16), texts[0]);
  });
});
