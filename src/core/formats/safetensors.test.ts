import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HeddleError } from "../errors.js";
import { shapeSize } from "../layers/shape.js";
import type { NamedTensor } from "../named-tensor.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";
import { deepList, fileOf, withoutDigest } from "./testing/files.js";

const example: readonly NamedTensor[] = [
  { name: "C1.kernel", shape: [2, 1, 2, 1], data: Float32Array.of(0, -0.5, 1 / 3, 3e-39) },
  { name: "C1.bias", shape: [1], data: Float32Array.of(7) },
];

describe("safetensors", () => {
  it("writes the very bytes that the reference package wrote, but for the digest, and reads them", () => {
    const reference = new Uint8Array(readFileSync("src/core/formats/fixtures/reference.safetensors"));
    const tensors = [
      { name: "C1.bias", shape: [3], data: Float32Array.of(0.5, -1.25, 3e-39) },
      { name: "C1.kernel", shape: [2, 1, 2, 3], data: Float32Array.from({ length: 12 }, (_, i) => i / 7) },
      { name: "empty", shape: [0, 4], data: new Float32Array(0) },
      { name: "scalar", shape: [], data: Float32Array.of(2.5) },
    ];
    const metadata = { classNames: '["Größe \\"1\\"","✓"]' };
    assert.deepEqual(withoutDigest(encodeSafetensors(tensors, metadata)), reference);
    const read = decodeSafetensors(reference, "reference");
    assert.deepEqual(read.metadata, metadata);
    assert.equal(read.hasDigest, false);
    assert.deepEqual(
      new Map(read.tensors.map((each) => [each.name, each])),
      new Map(tensors.map((each) => [each.name, each])),
    );
  });

  it("gives back what it was given, and the same bytes each time", () => {
    const name = fc.string({ unit: "grapheme" }).filter((text) => text !== "__metadata__");
    const tensor = fc
      .record({ name, shape: fc.array(fc.nat(4), { maxLength: 3 }) })
      .chain(({ name, shape }) => {
        const size = shapeSize(shape);
        return fc
          .float32Array({ minLength: size, maxLength: size, noNaN: true })
          .map((data) => ({ name, shape, data }));
      });
    const tensors = fc.uniqueArray(tensor, { selector: (each) => each.name, maxLength: 5 });
    fc.assert(
      fc.property(tensors, fc.dictionary(fc.string(), fc.string()), (list, metadata) => {
        const bytes = encodeSafetensors(list, metadata);
        const dataLength = list.reduce((sum, { data }) => sum + data.byteLength, 0);
        assert.equal((bytes.length - dataLength) % 8, 0);
        assert.deepEqual(
          encodeSafetensors(list, Object.fromEntries(Object.entries(metadata).reverse())),
          bytes,
        );
        const read = decodeSafetensors(bytes, "file");
        assert.ok(read.hasDigest);
        assert.deepEqual(new Map(Object.entries(read.metadata)), new Map(Object.entries(metadata)));
        assert.deepEqual(
          new Map(read.tensors.map((each) => [each.name, each])),
          new Map(list.map((each) => [each.name, each])),
        );
      }),
    );
  });

  it("refuses every truncation", () => {
    const bytes = encodeSafetensors(example, { format: "heddle" });
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => decodeSafetensors(bytes.subarray(0, length), "cut"), HeddleError);
    }
    assert.throws(
      () => decodeSafetensors(bytes.subarray(0, -1), "cut"),
      /holds 19 bytes of data of 20: it was cut off/,
    );
  });

  const most = Number.MAX_SAFE_INTEGER;
  const quarter = 2 ** 31 * 1000;
  const one = { dtype: "F32", shape: [1], data_offsets: [0, 4] };
  const cases: [string, Uint8Array, RegExp][] = [
    ["an empty file", new Uint8Array(0), /^x is not a whole safetensors file: it has 0 bytes/],
    [
      "a header that ends beyond the file",
      fileOf("{}", 0, 100),
      /ends after 10 bytes, within its header of 100/,
    ],
    [
      "an overlong header",
      fileOf("{}", 0, 200_000_000),
      /header has 200000000 bytes: expected at most 100000000/,
    ],
    ["a header that is not JSON", fileOf("{{", 0), /its header is not JSON/],
    ["a header that is not UTF-8", Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff), /its header is not UTF-8/],
    ["a header of many levels", fileOf(deepList, 0), /is not JSON, or nests/],
    ["a description of many levels", fileOf(`{"a":{"dtype":${deepList}}}`, 0), /is not JSON, or nests/],
    ["a header that is a list", fileOf([], 0), /its header is no JSON object/],
    ["a tensor that is no object", fileOf({ a: 1 }, 0), /describes tensor "a" by no object/],
    [
      "another type",
      fileOf({ a: { ...one, dtype: "F16" } }, 4),
      /"a" has values of type "F16": expected "F32"/,
    ],
    ["a negative size", fileOf({ a: { ...one, shape: [-1] } }, 4), /"a" has shape \[-1\]: expected sizes/],
    [
      "one offset",
      fileOf({ a: { ...one, data_offsets: [0] } }, 4),
      /"a" has offsets \[0\]: expected \[begin, end\]/,
    ],
    [
      "a shape unlike its bytes",
      fileOf({ a: { ...one, shape: [2] } }, 4),
      /"a" of shape \[2\] has 4 bytes: expected 8/,
    ],
    [
      "sizes that no file has",
      fileOf({ a: { dtype: "F32", shape: [most], data_offsets: [0, most] } }, 4),
      /"a" of shape \[9007199254740991\] has 9007199254740991 bytes: expected 36028797018963964/,
    ],
    [
      "offsets that no file has",
      fileOf({ a: { dtype: "F32", shape: [quarter], data_offsets: [0, 4 * quarter] } }, 4),
      /holds 4 bytes of data of 8589934592000: it was cut off/,
    ],
    [
      "sizes beyond what numbers count",
      fileOf({ a: { dtype: "F32", shape: Array(40).fill(most), data_offsets: [0, 4] } }, 4),
      /"a" of shape \[.*… 40 in all\] has 4 bytes: expected more than can be counted/,
    ],
    [
      "a size beyond the exact ones",
      fileOf(`{"a":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]}}`, 4),
      /"a" has shape \[9007199254740992\]: expected sizes/,
    ],
    ["an overlap", fileOf({ a: one, b: one }, 4), /tensor "b" overlaps/],
    [
      "a gap",
      fileOf({ a: { ...one, data_offsets: [4, 8] } }, 8),
      /nothing describes the 4 bytes before tensor "a"/,
    ],
    ["offsets beyond the data", fileOf({ a: one }, 3), /holds 3 bytes of data of 4/],
    ["bytes left over", fileOf({ a: one }, 6), /2 bytes follow its last tensor/],
    [
      "names that would steer a terminal",
      fileOf({ "\u001b[2J": 1 }, 0),
      /describes tensor "\\u001b\[2J" by no object/,
    ],
    ["metadata of numbers", fileOf({ __metadata__: { a: 1 } }, 0), /its metadata "a" is no string/],
  ];
  for (const [what, bytes, message] of cases) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => decodeSafetensors(bytes, "x"),
        (error: Error) => {
          assert.ok(error instanceof HeddleError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("takes an empty tensor with sizes that would overflow", () => {
    const shape = [most, most, 0];
    const empty = fileOf({ a: { dtype: "F32", shape, data_offsets: [0, 0] } }, 0);
    assert.deepEqual(decodeSafetensors(empty, "x").tensors, [
      { name: "a", shape, data: new Float32Array(0) },
    ]);
  });

  it("refuses to write a name twice, a reserved name, or a shape unlike its data", () => {
    const [kernel] = example;
    assert.throws(() => encodeSafetensors([kernel, kernel], {}), /"C1.kernel" is taken/);
    assert.throws(
      () => encodeSafetensors([{ ...kernel, name: "__metadata__" }], {}),
      /"__metadata__" is taken/,
    );
    assert.throws(
      () => encodeSafetensors([{ ...kernel, shape: [5] }], {}),
      /shape \[5\] has 4 values: expected 5/,
    );
    assert.throws(
      () => encodeSafetensors([{ ...kernel, shape: [-2, -2] }], {}),
      /has shape \[-2, -2\]: expected sizes/,
    );
    for (const key of ["heddleDigest", "heddleDigestOver"]) {
      assert.throws(() => encodeSafetensors([], { [key]: "" }), /can't be saved as "heddleDigest/);
    }
  });
});
