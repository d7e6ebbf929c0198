import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { chainOf, type Graph, graphOf, summarize, tensorsOf } from "../../core/graph/index.js";
import {
  activation,
  add,
  averagePool2d,
  batchNorm,
  bilstm,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  globalAveragePool2d,
  input,
  lstm,
  maxPool2d,
  reshape,
} from "../../core/layers/index.js";
import type { Layer } from "../../core/layers/layer.js";
import { shapeSize } from "../../core/layers/shape.js";
import { networkGraph, tableNetworks } from "../networks.js";
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

const fixture = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../../src/bench/onnx/fixtures/${name}.onnx`, import.meta.url)));

const plain = chainOf(
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

/** Uneven zeros, groups, a filter a channel, a sum, normalization, both ways to numbers. */
function graph(): Graph {
  const images = input([5, 6, 2]);
  const strided = conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", useBias: false })(images);
  const normalized = activation("tanh")(batchNorm()(strided));
  const grouped = conv2d({ filters: 4, kernelSize: [1, 3], padding: "same", groups: 2 })(normalized);
  const alone = depthwiseConv2d({ kernelSize: 3, padding: "same", activation: "sigmoid" })(normalized);
  const sum = add()([grouped, alone, normalized]);
  const multiplied = depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2 })(sum);
  const hidden = dense({ units: 8, activation: "relu" })(flatten()(sum));
  return graphOf(images, dense({ units: 3 })(add()([hidden, globalAveragePool2d()(multiplied)])));
}

const rows = chainOf(
  [reshape({ targetShape: [6, 6] }), bilstm({ units: 2 }), dense({ units: 2 })],
  inputShape,
);
const downward = chainOf(
  [reshape({ targetShape: [6, 6] }), lstm({ units: 2 }), dense({ units: 2 })],
  inputShape,
);

describe("the ONNX file that rivals run", () => {
  // Each of them was seen to give ONNX Runtime heddle's outputs, as scripts/bench/onnx-files.ts asks of every network.
  for (const [name, model] of Object.entries({ small: plain, graph: graph(), rows, downward }))
    it(`is, byte for byte, the one that ONNX Runtime was seen to read: ${name}`, () => {
      assert.deepEqual(Buffer.from(onnxModel(model, counted(model))), fixture(name));
    });

  it("can be written of every network of the table", () => {
    for (const { name } of tableNetworks) {
      const network = networkGraph(name);
      const parameters = tensorsOf(network).map((tensor) => ({
        ...tensor,
        data: new Float32Array(shapeSize(tensor.shape)),
      }));
      assert.ok(onnxModel(network, parameters).length > 4 * summarize(network).parameters, name);
    }
  });

  it("refuses layers that it can't write, by name", () => {
    const refused = (...layers: Layer[]) => {
      const graph = chainOf(layers, inputShape);
      return () => onnxModel(graph, counted(graph));
    };
    assert.throws(refused(averagePool2d()), /averagePool2d\S* \(averagePool2d\) can't be written as ONNX/);
    assert.throws(refused(activation("gelu")), /\(activation\) can't be written .*: its function is gelu/);
    assert.throws(
      refused(conv2d({ filters: 1, kernelSize: 2, dilation: 2 })),
      /\(conv2d\) can't be written as ONNX here: it is dilated/,
    );
    assert.throws(refused(flatten(), batchNorm()), /\(batchNorm\) .*: it follows a flatten/);
    assert.throws(
      refused(conv2d({ filters: 2, kernelSize: 1 }), reshape({ targetShape: [6, 12] })),
      /\(reshape\) .*: its images have several channels/,
    );
    assert.throws(
      refused(reshape({ targetShape: [6, 6] }), lstm({ units: 2, returnSequences: true }), flatten()),
      /\(lstm\) .*: it gives every step's output/,
    );
    assert.throws(
      () => onnxModel(chainOf([dense({ name: "out", units: 2 })], [4]), []),
      /There is no tensor "out\.kernel" to write/,
    );
  });
});
