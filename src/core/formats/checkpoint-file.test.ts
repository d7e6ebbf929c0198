import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError } from "../errors.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.js";
import { decodeModel, encodeModel } from "./model-file.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

const tensor = (name: string, ...values: number[]) => ({
  name,
  shape: [values.length],
  data: Float32Array.from(values),
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

  it("is refused when any of its data has changed", () => {
    const dataStart = bytes.length - whole.tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
    for (let index = dataStart; index < bytes.length; index++) {
      const changed = bytes.slice();
      changed[index] ^= 1;
      assert.throws(() => decodeCheckpoint(changed, "x"), /damaged heddle checkpoint: .*checksum/);
    }
  });

  const refused: [string, Uint8Array, RegExp][] = [
    ["a model", encodeModel(checkpoint.model), /no heddle checkpoint: .*format "heddle", expected/],
    [
      "another version",
      encodeSafetensors(whole.tensors, { ...whole.metadata, version: "2" }),
      /checkpoint of version "2": expected "1"/,
    ],
    [
      "changed settings",
      encodeSafetensors(whole.tensors, { ...whole.metadata, settings: "{}" }),
      /doesn't have its checksum/,
    ],
    [
      "a best epoch that is yet to come",
      encodeCheckpoint({
        ...checkpoint,
        position: { epochsDone: 3, best: { ...checkpoint.position.best, epoch: 4 } },
      }),
      /no usable "position"/,
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
