import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { HeddleError, UsageError } from "../errors.js";
import { decodeModel, encodeModel, type ModelContents } from "../formats/model-file.js";
import { graphConfig } from "../graph/index.js";
import type { LayerConfig } from "../layers/layer.js";
import { modelFromBytes } from "./model-from-bytes.js";

const old = readFileSync("src/core/formats/fixtures/model-0.1.safetensors");

/** flatten, then a dense layer of two units on one pixel. */
const contents: ModelContents = decodeModel(old, "old");

const dense = (units: unknown): LayerConfig => ({ type: "dense", name: "output", units });
const flat: LayerConfig = { type: "flatten", name: "flat" };

/** A file of a few hundred bytes, whatever its layers ask for. */
const small = (inputShape: readonly number[], ...layers: readonly LayerConfig[]): Uint8Array =>
  encodeModel({ ...contents, layers, inputShape, tensors: [] });

describe("modelFromBytes", () => {
  it("gives layers and state back", () => {
    const { graph, state } = modelFromBytes(encodeModel(contents), "model");
    assert.deepEqual(graphConfig(graph), contents.layers);
    assert.deepEqual(graph.inputShape, contents.inputShape);
    const { tensors: weights, normalization, classNames } = contents;
    assert.deepEqual(state, { weights, normalization, classNames });
  });

  it("says what it takes", () => {
    const calls: readonly [() => unknown, RegExp][] = [
      [
        () => modelFromBytes("file" as never, "file"),
        /^modelFromBytes: bytes must be a Uint8Array, but is "file"/,
      ],
      [() => modelFromBytes(old, undefined as never), /^modelFromBytes: sourceName must be text/],
      [() => decodeModel([] as never, "file"), /^decodeModel: bytes must be a Uint8Array/],
    ];
    for (const [call, message] of calls) assert.throws(call, { name: "UsageError", message });
  });

  it("gives a model of heddle 0.1", () => {
    assert.deepEqual(modelFromBytes(old, "model").state.weights, contents.tensors);
  });

  const most = Number.MAX_SAFE_INTEGER;
  const missing = /^x: these are weights of another model: output.kernel is missing/;
  const unbuilt = /^x describes no model that can be built\. /;
  const cases: [string, Uint8Array, RegExp][] = [
    ["30,000,000 units in a file of 500 bytes", small([100, 100, 1], flat, dense(30_000_000)), missing],
    ["as many units as can be counted", small([1, 1, 1], flat, dense(most)), missing],
    ["a tensor that has more values than can be counted", small([1, most, 1], flat, dense(most)), missing],
    [
      "a kernel and steps without end",
      small(
        [1, most, 1],
        { type: "conv2d", name: "C1", filters: most, kernelSize: [1, most] },
        flat,
        dense(2),
      ),
      /^x: these are weights of another model: C1.kernel is missing/,
    ],
    [
      "an LSTM without end",
      small(
        [1, most, 1],
        { type: "reshape", name: "rows", targetShape: [most, 1] },
        { type: "bilstm", name: "output", units: most },
      ),
      /^x: these are weights of another model: output.forward.kernel is missing/,
    ],
    [
      "more values in a layer than can be counted",
      small([1, most, 1], { type: "conv2d", name: "C1", filters: 5, kernelSize: 1 }, flat, dense(2)),
      unbuilt,
    ],
    [
      "layers that don't fit each other",
      small([1, 1, 1], dense(2)),
      /^x describes .*"output" takes input \[f/,
    ],
    [
      "a layer that can't be made",
      small([1, 1, 1], flat, dense(0.5)),
      /^x describes .*units must be a whole/,
    ],
    ["an unknown layer", small([1, 1, 1], { ...flat, type: "magic" as "flatten" }), /type must be one of/],
    ["two layers of one name", small([1, 1, 1], flat, flat, dense(2)), /built\. .*"flat"/],
    ["other weights", encodeModel({ ...contents, tensors: contents.tensors.slice(1) }), missing],
    [
      "fewer names than classes",
      encodeModel({ ...contents, classNames: ["one"] }),
      /^x describes no classifier: its layers give \[2\], and it names 1 classes/,
    ],
    [
      "images for classes",
      small([2, 1, 1], { type: "dropout", name: "drop", rate: 0.5 }),
      /^x describes no classifier: its layers give \[2, 1, 1\]/,
    ],
  ];
  for (const [what, bytes, message] of cases) {
    it(`refuses ${what}, whatever its size`, () => {
      assert.throws(
        () => modelFromBytes(bytes, "x"),
        (error) => {
          assert.ok(error instanceof HeddleError);
          assert.ok(!(error instanceof UsageError));
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});
