import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { chainOf, type Graph, tensorsOf } from "../../core/graph/index.js";
import { averagePool2d, conv2d, dense, dropout, flatten, maxPool2d } from "../../core/layers/index.js";
import type { Layer } from "../../core/layers/layer.js";
import { shapeSize } from "../../core/layers/shape.js";
import { onnxModel } from "./model.js";

const inputShape = [6, 6, 1];

/** Weights that count up from 1 in hundredths: a kernel written in the wrong order shows. */
function counted(graph: Graph) {
  let next = 0;
  return tensorsOf(graph).map(({ name, shape }) => {
    const data = Float32Array.from({ length: shapeSize(shape) }, () => ++next / 100);
    return { name, shape, data };
  });
}

describe("the ONNX file that rivals run", () => {
  it("is, byte for byte, the one that ONNX Runtime was seen to read", () => {
    const graph = chainOf(
      [
        conv2d({ filters: 2, kernelSize: 3, activation: "relu" }),
        maxPool2d(),
        dropout(0.5),
        conv2d({ filters: 3, kernelSize: 2 }),
        flatten(),
        dense({ units: 2 }),
      ],
      inputShape,
    );
    const fixture = fileURLToPath(new URL("../../../src/bench/onnx/fixtures/small.onnx", import.meta.url));
    assert.deepEqual(Buffer.from(onnxModel(graph, counted(graph))), readFileSync(fixture));
  });

  it("refuses layers that it can't write, by name", () => {
    const refused = (...layers: Layer[]) => {
      const graph = chainOf(layers, inputShape);
      return () => onnxModel(graph, counted(graph));
    };
    assert.throws(refused(averagePool2d()), /averagePool2d\S* \(averagePool2d\) can't be written as ONNX/);
    assert.throws(
      refused(conv2d({ filters: 1, kernelSize: 3, padding: "same" })),
      /\(conv2d\) can't be written/,
    );
    assert.throws(refused(flatten()), /\(flatten\) can't be written/);
    assert.throws(
      () => onnxModel(chainOf([dense({ name: "out", units: 2 })], [4]), []),
      /There is no tensor "out\.kernel" to write/,
    );
  });
});
