import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { HeddleError } from "../errors.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.js";
import { decodeModel, encodeModel } from "./model-file.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";
import { dataStartOf, deepList, withOneBitFlipped, withoutDigest } from "./testing/files.js";

const tensor = (name: string, ...values: number[]) => ({
  name,
  shape: [values.length],
  data: Float32Array.from(values),
});

const matrix = (name: string, ...values: number[]) => ({
  ...tensor(name, ...values),
  shape: [1, values.length],
});

const checkpoint: Checkpoint = {
  model: {
    layers: [{ type: "dense", name: "best/output", units: 2, activation: "linear" }],
    inputShape: [1, 1, 1],
    normalization: { mean: [0.286], deviation: [0.353] },
    classNames: ["T-shirt/top", "Größe"],
    tensors: [tensor("best/output.kernel", 0.1, -0), tensor("best/output.bias", 1e-42, 1)],
  },
  optimizerState: [tensor("firstMoment/best/output.kernel", 3, 4)],
  bestTensors: [tensor("best/output.kernel", 5, 6), tensor("best/output.bias", 7, 8)],
  position: { epochsDone: 3, best: { epoch: 2, validationAccuracy: 0.1 + 0.2, validationLoss: 1 / 3 } },
  settings: { seed: 1, limit: null, optimizer: { name: "adam", beta1: 0.9 } },
};

const bytes = encodeCheckpoint(checkpoint);
const whole = decodeSafetensors(bytes, "x");

describe("a checkpoint file", () => {
  it("gives everything back, to the bit", () => {
    assert.deepEqual(decodeCheckpoint(bytes, "x"), checkpoint);
    assert.deepEqual(encodeCheckpoint(decodeCheckpoint(bytes, "x")), bytes);
  });

  it("takes the last weights for the best where the last epoch is the best", () => {
    const best = { ...checkpoint.position.best, epoch: 3 };
    const { model } = checkpoint;
    const smaller = encodeCheckpoint({ ...checkpoint, position: { epochsDone: 3, best } });
    assert.ok(smaller.length < bytes.length);
    assert.deepEqual(decodeCheckpoint(smaller, "x").bestTensors, model.tensors);
  });

  it("says where no best weights are kept", () => {
    const { bestTensors: _, ...without } = checkpoint;
    assert.deepEqual(decodeCheckpoint(encodeCheckpoint(without), "x"), without);
  });

  it("keeps figures that are not numbers", () => {
    const best = { epoch: 2, validationAccuracy: Number.NaN, validationLoss: Number.NaN };
    const position = { epochsDone: 3, best };
    const read = decodeCheckpoint(encodeCheckpoint({ ...checkpoint, position }), "x");
    assert.deepEqual(read.position, position);
  });

  it("has no best epoch that is yet to come", () => {
    const position = { epochsDone: 3, best: { ...checkpoint.position.best, epoch: 4 } };
    assert.throws(() => encodeCheckpoint({ ...checkpoint, position }), {
      message:
        /^encodeCheckpoint: position must be the epochs done and the best of them, counted from 1, but is/,
    });
  });

  it("is never taken for a model", () => {
    assert.throws(() => decodeModel(bytes, "x"), /x is a safetensors file, but no heddle model/);
  });

  it("is refused at every length but its own", () => {
    for (let length = 0; length < bytes.length; length += 7) {
      assert.throws(
        () => decodeCheckpoint(bytes.subarray(0, length), "x"),
        /^HeddleError: x is not a whole safetensors file/,
      );
    }
  });

  it("is refused with any bit of it flipped", () => {
    for (const { flipped, where } of withOneBitFlipped(bytes)) {
      assert.throws(() => decodeCheckpoint(flipped, "x"), HeddleError, where);
    }
  });

  describe("of heddle 0.1", () => {
    const old = new Uint8Array(readFileSync("src/core/formats/fixtures/checkpoint-0.1.safetensors"));
    const contents = decodeSafetensors(old, "x");

    it("is read, without a digest", () => {
      assert.equal(contents.hasDigest, false);
      assert.deepEqual(decodeCheckpoint(old, "x"), {
        ...checkpoint,
        model: {
          ...checkpoint.model,
          layers: [
            { type: "flatten", name: "flatten_1" },
            { type: "dense", name: "output", units: 2, activation: "linear" },
          ],
          tensors: [matrix("output.kernel", 0.1, -0), tensor("output.bias", 1e-42, 1)],
        },
        optimizerState: [matrix("firstMoment/output.kernel", 3, 4)],
        bestTensors: [matrix("output.kernel", 5, 6), tensor("output.bias", 7, 8)],
      });
    });

    it("is refused when any of its data has changed", () => {
      for (let index = dataStartOf(old); index < old.length; index++) {
        const changed = old.slice();
        changed[index] ^= 1;
        assert.throws(() => decodeCheckpoint(changed, "x"), /damaged heddle checkpoint: .*checksum/);
      }
    });

    it("is refused when its metadata has changed", () => {
      const changed = encodeSafetensors(contents.tensors, { ...contents.metadata, settings: "{}" });
      assert.throws(() => decodeCheckpoint(changed, "x"), /damaged heddle checkpoint: .*checksum/);
    });
  });

  const refused: [string, Uint8Array, RegExp][] = [
    ["a model", encodeModel(checkpoint.model), /no heddle checkpoint: .*format "heddle", expected/],
    [
      "another version",
      encodeSafetensors(whole.tensors, { ...whole.metadata, version: "3" }),
      /checkpoint of version "3": expected "2" or "1"/,
    ],
    ["one that lost its digest", withoutDigest(bytes), /damaged heddle checkpoint: it has no digest/],
    [
      "settings of many levels",
      encodeSafetensors(whole.tensors, {
        ...whole.metadata,
        settings: `{"seed":${deepList}}`,
      }),
      /no usable "settings"/,
    ],
  ];
  for (const [what, content, message] of refused) {
    it(`is not ${what}`, () => {
      assert.throws(
        () => decodeCheckpoint(content, "x"),
        (error) => {
          assert.ok(error instanceof HeddleError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});
