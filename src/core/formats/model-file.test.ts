import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { HeddleError } from "../errors.js";
import { decodeModel, encodeModel, type ModelContents } from "./model-file.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";
import { deepList, withOneBitFlipped, withoutDigest } from "./testing/files.js";

const contents: ModelContents = {
  layers: [
    { type: "flatten", name: "flatten_1" },
    { type: "dense", name: "output", units: 2, activation: "linear" },
  ],
  inputShape: [1, 1, 1],
  normalization: { mean: [0.286], deviation: [0.353] },
  classNames: ["T-shirt/top", "Größe"],
  tensors: [
    { name: "output.kernel", shape: [1, 2], data: Float32Array.of(0.25, -1) },
    { name: "output.bias", shape: [2], data: Float32Array.of(0, 1) },
  ],
};

const bytes = encodeModel(contents);

/** The same model with one piece of metadata changed. */
function withMetadata(changed: Record<string, string>): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(bytes, "model");
  return encodeSafetensors(tensors, { ...metadata, ...changed });
}

describe("a model file", () => {
  it("gives the model back", () => {
    assert.deepEqual(decodeModel(bytes, "model"), contents);
  });

  it("may hold one mean and deviation for all channels, as files of 0.1 do", () => {
    const old = withMetadata({ normalization: '{"mean":0.25,"deviation":0.5}', inputShape: "[1,1,3]" });
    assert.deepEqual(decodeModel(old, "model").normalization, {
      mean: [0.25, 0.25, 0.25],
      deviation: [0.5, 0.5, 0.5],
    });
  });

  it("holds nothing but the model", () => {
    assert.deepEqual(Object.keys(decodeSafetensors(bytes, "model").metadata).sort(), [
      "classNames",
      "format",
      "inputShape",
      "layers",
      "normalization",
      "version",
    ]);
  });

  it("keeps what makes its probabilities mean something, where that was found", () => {
    const calibration = { temperature: 1.5, unsureBelow: null, goal: 0.95, images: 12 };
    const file = encodeModel({ ...contents, calibration });
    assert.deepEqual(decodeModel(file, "model"), { ...contents, calibration });
    const others = [{ ...calibration, temperature: 0 }, { ...calibration, unsureBelow: 2 }, {}, 1];
    for (const wrong of others) {
      assert.throws(
        () => encodeModel({ ...contents, calibration: wrong as never }),
        /calibration must be what/,
      );
      const damaged = withMetadata({ calibration: JSON.stringify(wrong) });
      assert.throws(() => decodeModel(damaged, "model"), /no usable "calibration"/);
    }
  });

  it("says how pictures become its images, where it was trained on such", () => {
    const preparation = { size: [1, 1], channels: 1, resize: "fit", background: 255 } as const;
    const file = encodeModel({ ...contents, preparation });
    assert.deepEqual(decodeModel(file, "model"), { ...contents, preparation });
    const others = [{ ...preparation, size: [1, 2] }, { ...preparation, resize: "squeeze" }, {}, [1]];
    for (const wrong of others) {
      assert.throws(() => encodeModel({ ...contents, preparation: wrong as never }), /preparation/);
      const damaged = withMetadata({ preparation: JSON.stringify(wrong) });
      assert.throws(
        () => decodeModel(damaged, "x"),
        /^HeddleError: x is a damaged .* no usable "preparation"/,
      );
    }
  });

  it("is refused with any bit of it flipped", () => {
    for (const { flipped, where } of withOneBitFlipped(bytes)) {
      assert.throws(() => decodeModel(flipped, "x"), HeddleError, where);
    }
  });

  it("may be one of heddle 0.1, which has no digest", () => {
    const old = readFileSync("src/core/formats/fixtures/model-0.1.safetensors");
    assert.equal(decodeSafetensors(old, "model").hasDigest, false);
    assert.deepEqual(decodeModel(old, "model"), contents);
  });

  const deep = `[{"type":"dense","name":"output","units":${deepList}}]`;
  const most = Number.MAX_SAFE_INTEGER;
  const cases: [string, Uint8Array, RegExp][] = [
    [
      "another's tensors",
      encodeSafetensors([], { format: "pt" }),
      /^x is a safetensors file, but no heddle model: .*"pt"/,
    ],
    ["another version", withMetadata({ version: "3" }), /heddle model of version "3": expected "2" or "1"/],
    ["one that lost its digest", withoutDigest(bytes), /^x is a damaged heddle model: it has no digest/],
    ["layers that are not JSON", withMetadata({ layers: "[" }), /no usable "layers"/],
    ["layers without a type", withMetadata({ layers: '[{"name":"a"}]' }), /no usable "layers"/],
    ["layers of many levels", withMetadata({ layers: deep }), /no usable "layers"/],
    [
      "a shape beyond counting",
      withMetadata({ inputShape: `[${most},${most},1]` }),
      /no usable "inputShape"/,
    ],
    ["a fractional shape", withMetadata({ inputShape: "[28,28.5,1]" }), /no usable "inputShape"/],
    [
      "a deviation of zero",
      withMetadata({ normalization: '{"mean":0,"deviation":0}' }),
      /no usable "normalization"/,
    ],
    [
      "channels without end",
      withMetadata({ normalization: '{"mean":0,"deviation":1}', inputShape: `[1,1,${most}]` }),
      /no usable "normalization"/,
    ],
    [
      "a mean too many",
      withMetadata({ normalization: '{"mean":[0,0],"deviation":[1,1]}' }),
      /no usable "normalization"/,
    ],
    ["no class names", withMetadata({ classNames: "[]" }), /no usable "classNames"/],
    ["a damaged file", bytes.subarray(0, 50), /^x is not a whole safetensors file/],
  ];
  it("says what becomes of an ONNX file", () => {
    assert.throws(
      () => decodeModel(Uint8Array.of(8, 7), "a.ONNX"),
      /a\.ONNX is an ONNX file: import it once/,
    );
  });

  for (const [what, given, message] of cases) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => decodeModel(given, "x"),
        (error: Error) => {
          assert.ok(error instanceof HeddleError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});
