import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chainOf, type Graph, graphConfig, graphOf } from "../../core/graph/index.js";
import {
  activation,
  add,
  averagePool2d,
  batchNorm,
  bilstm,
  concatenate,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  globalAveragePool2d,
  globalMaxPool2d,
  gru,
  input,
  layerNorm,
  layerTypes,
  maxPool2d,
  multiply,
  reshape,
  type Shape,
  scale,
  type Value,
  zeroPad2d,
} from "../../core/layers/index.js";
import { importOnnx } from "../import-onnx.js";
import {
  assertClose,
  contentsOf,
  imagesFor,
  normalized,
  probabilitiesOf,
} from "../testing/model-contents.js";
import { noRuntime, runOnnx } from "../testing/runtime.js";
import { exportOnnx } from "./export-onnx.js";
import { writeLayers } from "./layers.js";

const made = (shape: Shape, make: (x: Value) => Value): Graph => {
  const x = input(shape);
  return graphOf(x, make(x));
};
const convolution = (x: Value): Value => conv2d({ filters: 6, kernelSize: 3 })(x);
const classes = dense({ units: 3 });

/** What random graphs don't have, and where the order of an image's numbers matters. */
const cases: Readonly<Record<string, Graph>> = {
  "one number a channel times an image": made([6, 5, 2], (x) => {
    const y = convolution(x);
    const gate = activation("sigmoid")(dense({ units: 6 })(globalAveragePool2d()(y)));
    const pixel = reshape({ targetShape: [1, 1, 6] })(gate);
    return classes(flatten()(multiply()([multiply()([gate, y]), pixel, y])));
  }),
  "one number a channel times a sequence and a vector": made([6, 5, 1], (x) => {
    const steps = reshape({ targetShape: [6, 5] })(x);
    const gate = gru({ units: 5 })(steps);
    const weighed = multiply()([steps, gate, reshape({ targetShape: [1, 5] })(gate)]);
    return classes(multiply()([gate, reshape({ targetShape: [5] })(gru({ units: 5 })(weighed))]));
  }),
  "images and vectors side by side": made([6, 5, 2], (x) => {
    const y = convolution(x);
    const joined = concatenate()([y, scale(-0.3)(y), layerNorm()(y)]);
    return classes(concatenate()([globalMaxPool2d()(joined), flatten()(y), flatten()(layerNorm()(y))]));
  }),
  "a flattened image through functions of each value": chainOf(
    [
      conv2d({ filters: 6, kernelSize: 3 }),
      flatten(),
      activation("elu"),
      dropout(0.3),
      scale(2),
      dense({ units: 4 }),
      flatten(),
      dense({ units: 3 }),
    ],
    [6, 5, 2],
  ),
  "a flattened image beside a vector": made([4, 4, 2], (x) => {
    const y = conv2d({ filters: 3, kernelSize: 3 })(x);
    return classes(add()([flatten()(y), flatten()(y), dense({ units: 12 })(flatten()(x))]));
  }),
  "a flattened image that ends the model": chainOf(
    [conv2d({ filters: 2, kernelSize: [2, 1] }), flatten()],
    [2, 3, 2],
  ),
  "a flattened image, normalized": chainOf(
    [flatten(), batchNorm(), layerNorm(), dense({ units: 3 })],
    [3, 2, 2],
  ),
  "sequences, normalized": chainOf(
    [
      reshape({ targetShape: [6, 5] }),
      batchNorm(),
      bilstm({ units: 2, returnSequences: true }),
      batchNorm(),
      flatten(),
      dense({ units: 3 }),
    ],
    [6, 5, 1],
  ),
  "four axes": chainOf(
    [
      reshape({ targetShape: [2, 3, 5, 2] }),
      batchNorm(),
      layerNorm(),
      reshape({ targetShape: [6, 5, 2] }),
      maxPool2d(),
      flatten(),
      dense({ units: 3 }),
    ],
    [6, 5, 2],
  ),
  "a dilated window over each channel by itself": chainOf(
    [
      depthwiseConv2d({
        kernelSize: [3, 2],
        dilation: [2, 3],
        strides: 2,
        padding: "same",
        depthMultiplier: 2,
      }),
      depthwiseConv2d({ kernelSize: 2, dilation: 2, padding: { top: 1 }, activation: "relu" }),
      flatten(),
      dense({ units: 3 }),
    ],
    [9, 10, 2],
  ),
  "an image cut otherwise": chainOf(
    [
      conv2d({ filters: 4, kernelSize: 3 }),
      reshape({ targetShape: [6, 4, 2] }),
      conv2d({ filters: 2, kernelSize: 2 }),
      reshape({ targetShape: [5, 6] }),
      gru({ units: 4 }),
      dense({ units: 3 }),
    ],
    [6, 5, 2],
  ),
  "zeros that a pool reads": chainOf(
    [
      zeroPad2d({ padding: 2 }),
      maxPool2d(),
      zeroPad2d({ padding: [1, 0] }),
      dropout(0.1),
      averagePool2d(),
      flatten(),
      dense({ units: 3 }),
    ],
    [6, 6, 2],
  ),
  "a factor of the images": chainOf([scale(3), flatten(), dense({ units: 3 })], [3, 2, 2]),
  "a negative one": chainOf([scale(-1), flatten(), dense({ units: 3 })], [3, 2, 2]),
  "a factor that is nearly one": chainOf([flatten(), dense({ units: 3 }), scale(1.000001)], [3, 2, 2]),
  "dropout before a normalization": chainOf(
    [
      conv2d({ filters: 4, kernelSize: 3 }),
      dropout(0.2),
      batchNorm(),
      flatten(),
      dense({ units: 3, useBias: false }),
      batchNorm(),
    ],
    [6, 5, 2],
  ),
};

describe("a layer normalization that is spelled out", () => {
  it("has its own ε again, and is refused where nothing tells it", () => {
    const again = (epsilon: number) => {
      const graph = chainOf(
        [conv2d({ filters: 3, kernelSize: 1 }), layerNorm({ epsilon }), flatten(), dense({ units: 3 })],
        [2, 2, 1],
      );
      const file = exportOnnx(contentsOf(graph), { opset: 13 });
      const { nodes } = importOnnx(file).graph;
      return nodes.find(({ layer }) => layer.type === "layerNorm")?.layer.config().epsilon as number;
    };
    assert.equal(again(1e-5), 1e-5);
    assert.equal(Math.fround(again(0.00123456789)), Math.fround(0.00123456789));
    assert.throws(() => again(2), /means over channels/);
  });
});

describe("exporting layers as ONNX", () => {
  it("can write every type", () => {
    assert.deepEqual(Object.keys(writeLayers).sort(), [...layerTypes].sort());
  });

  for (const [name, graph] of Object.entries(cases)) {
    const contents = contentsOf(graph, { normalization: { mean: [0.9, 0.7], deviation: [0.2, 0.3] } });
    const { normalization: all, inputShape, classNames } = contents;
    const [height, width, channels] = inputShape;
    const normalization = { mean: all.mean.slice(0, channels), deviation: all.deviation.slice(0, channels) };
    const model = { ...contents, normalization };
    const images = imagesFor(model, 3);

    it(`gives the same bytes after an import: ${name}`, async () => {
      const { graph: again, weights } = importOnnx(exportOnnx(model), { normalization, classNames });
      const imported = { ...model, layers: graphConfig(again), tensors: weights };
      assert.deepEqual(await probabilitiesOf(imported, images), await probabilitiesOf(model, images));
    });

    it(`reads its bytes after an import: ${name}`, async () => {
      const { graph: again, weights, normalization: own } = importOnnx(exportOnnx(model, { input: "bytes" }));
      const imported = { ...model, normalization: own, layers: graphConfig(again), tensors: weights };
      assertClose(await probabilitiesOf(imported, images), await probabilitiesOf(model, images));
    });

    it(`gives ONNX Runtime's probabilities, folded or not: ${name}`, { skip: noRuntime }, async () => {
      const wanted = await probabilitiesOf(model, images);
      const dims = [3, channels, height, width];
      for (const options of [{ opset: 13 }, { foldBatchNorm: true }, { opset: 22 }] as const) {
        const file = exportOnnx(model, { ...options, output: "probabilities" });
        assertClose((await runOnnx(file, normalized(model, images), dims)).data, wanted);
      }
    });
  }
});
