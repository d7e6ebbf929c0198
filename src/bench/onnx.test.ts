import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import {
  averagePool2d,
  conv2d,
  dense,
  dropout,
  flatten,
  maxPool2d,
  namedLayers,
} from "../core/layers/index.js";
import type { Layer } from "../core/layers/layer.js";
import { onnxModel } from "./onnx.js";

const inputShape = [6, 6, 1];

/** Weights that count up from 1 in hundredths: a kernel written in the wrong order shows. */
function counted(layers: readonly Layer[]) {
  let shape: readonly number[] = inputShape;
  let next = 0;
  return layers.flatMap((layer) => {
    const own = layer.parameters(shape).map((spec) => {
      const length = spec.shape.reduce((product, size) => product * size, 1);
      const data = Float32Array.from({ length }, () => ++next / 100);
      return { name: `${layer.name}.${spec.name}`, shape: spec.shape, data };
    });
    shape = layer.outputShape(shape);
    return own;
  });
}

describe("the ONNX file that rivals run", () => {
  it("is, byte for byte, the one that ONNX Runtime was seen to read", () => {
    const layers = namedLayers([
      conv2d({ filters: 2, kernelSize: 3, activation: "relu" }),
      maxPool2d(),
      dropout(0.5),
      conv2d({ filters: 3, kernelSize: 2 }),
      flatten(),
      dense({ units: 2 }),
    ]);
    const fixture = fileURLToPath(new URL("../../src/bench/fixtures/small.onnx", import.meta.url));
    assert.deepEqual(Buffer.from(onnxModel(layers, inputShape, counted(layers))), readFileSync(fixture));
  });

  it("refuses layers that it can't write, by name", () => {
    const refused = (...layers: Layer[]) => {
      const named = namedLayers(layers);
      return () => onnxModel(named, inputShape, counted(named));
    };
    assert.throws(refused(averagePool2d()), /averagePool2d\S* \(averagePool2d\) can't be written as ONNX/);
    assert.throws(
      refused(conv2d({ filters: 1, kernelSize: 3, padding: "same" })),
      /\(conv2d\) can't be written/,
    );
    assert.throws(refused(flatten()), /\(flatten\) can't be written/);
    assert.throws(
      () => onnxModel(namedLayers([dense({ name: "out", units: 2 })]), [4], []),
      /There is no tensor "out\.kernel" to write/,
    );
  });
});
