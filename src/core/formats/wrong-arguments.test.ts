import { describe } from "node:test";
import { fuzzed, itRefusesWrongArguments } from "../../testing/wrong-arguments.js";
import * as formats from "./index.js";

const tensors = [
  { name: "output.kernel", shape: [1, 2], data: Float32Array.of(0.25, -1) },
  { name: "output.bias", shape: [2], data: Float32Array.of(0, 1) },
];

const model: formats.ModelContents = {
  layers: [{ type: "dense", name: "output", units: 2, activation: "linear" }],
  inputShape: [1, 1, 1],
  normalization: { mean: [0.286], deviation: [0.353] },
  classNames: ["a", "b"],
  tensors,
};

const checkpoint: formats.Checkpoint = {
  model,
  optimizerState: [],
  bestTensors: tensors,
  position: { epochsDone: 2, best: { epoch: 1, validationAccuracy: 0.5, validationLoss: 1 } },
  settings: { seed: 1 },
};

describe("formats", () => {
  itRefusesWrongArguments({
    encodeSafetensors: fuzzed({
      call: formats.encodeSafetensors,
      args: [tensors, { format: "x" }],
      holds: (bytes) => formats.decodeSafetensors(bytes, "x").tensors.length <= 3,
    }),
    decodeSafetensors: fuzzed({
      call: formats.decodeSafetensors,
      args: [formats.encodeSafetensors(tensors, {}), "x"],
      holds: (contents) => contents.tensors.length === 2,
    }),
    encodeModel: fuzzed({
      call: formats.encodeModel,
      args: [model],
      // Whether a layer has such options is for who builds it to see.
      holds: (bytes) => formats.decodeModel(bytes, "x").classNames.length > 0,
      takes: /layers\[0\]\.(name|units|activation|type) = /,
    }),
    decodeModel: fuzzed({
      call: formats.decodeModel,
      args: [formats.encodeModel(model), "x"],
      holds: ({ classNames }) => classNames.length === 2,
    }),
    encodeCheckpoint: fuzzed({
      call: formats.encodeCheckpoint,
      args: [checkpoint],
      holds: (bytes) => formats.decodeCheckpoint(bytes, "x").position.epochsDone > 0,
      // Not a number, a figure of a run that validates on nothing, is kept as null.
      takes: /layers\[0\]\.(units|activation) = |validation(Accuracy|Loss) = |settings\.seed = /,
    }),
    decodeCheckpoint: fuzzed({
      call: formats.decodeCheckpoint,
      args: [formats.encodeCheckpoint(checkpoint), "x"],
      holds: ({ position }) => position.epochsDone === 2,
    }),
  });
});
