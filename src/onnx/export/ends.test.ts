import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { type ModelProto, ModelProtoSchema } from "onnx-buf";
import { chainOf } from "../../core/graph/index.js";
import { batchNorm, conv2d, dense, dropout, flatten } from "../../core/layers/index.js";
import { atTemperature } from "../../core/metrics/temperature.js";
import { importOnnx } from "../import-onnx.js";
import {
  assertClose,
  channelsFirst,
  contentsOf,
  imagesFor,
  normalized,
  probabilitiesOf,
} from "../testing/model-contents.js";
import { noRuntime, runOnnx } from "../testing/runtime.js";
import { exportOnnx } from "./export-onnx.js";
import type { OnnxImageLayout, OnnxInput } from "./export-options.js";

const graph = chainOf(
  [conv2d({ filters: 4, kernelSize: 3 }), dropout(0.5), batchNorm(), flatten(), dense({ units: 3 })],
  [6, 5, 2],
);
const contents = contentsOf(graph, {
  normalization: { mean: [0.4, 0.6], deviation: [0.2, 0.3] },
  classNames: ["a/b", "line\nfeed", "\ud800 alone"],
});
const images = imagesFor(contents, 3);
const read = (file: Uint8Array): ModelProto => fromBinary(ModelProtoSchema, file);
const metadata = (file: Uint8Array) =>
  Object.fromEntries(read(file).metadataProps.map(({ key, value }) => [key, value]));
const sizes = (file: Uint8Array, end: "input" | "output") =>
  read(file).graph![end].map(({ type }) =>
    type?.value.case === "tensorType"
      ? type.value.value.shape?.dim.map(({ value }) => String(value.value))
      : [],
  );

describe("what an exported ONNX file takes and gives", () => {
  const floats = Float32Array.from(images, (pixel) => pixel / 255);
  const inputs: readonly [OnnxInput, OnnxImageLayout, Float32Array | Uint8Array][] = [
    ["normalized", "nchw", normalized(contents, images)],
    ["zero-to-one", "nchw", channelsFirst(contents.inputShape, images).map((pixel) => pixel / 255)],
    ["zero-to-one", "nhwc", floats],
    ["bytes", "nchw", Uint8Array.from(channelsFirst(contents.inputShape, images))],
    ["bytes", "nhwc", images],
  ];
  for (const [input, imageLayout, data] of inputs)
    it(`is ${input} ${imageLayout}`, { skip: noRuntime }, async () => {
      const file = exportOnnx(contents, { input, imageLayout, output: "probabilities" });
      const dims = imageLayout === "nchw" ? [3, 2, 6, 5] : [3, 6, 5, 2];
      assertClose((await runOnnx(file, data, dims)).data, await probabilitiesOf(contents, images));
    });

  it("is colours of which the graph makes grey as pictures are made grey", { skip: noRuntime }, async () => {
    const grey = contentsOf(chainOf([flatten(), dense({ units: 3 })], [4, 3, 1]));
    const colours = imagesFor({ ...grey, inputShape: [4, 3, 3] }, 2);
    const greys = Uint8Array.from({ length: 24 }, (_, at) => {
      const [red, green, blue] = colours.subarray(3 * at);
      return 0.299 * red + 0.587 * green + 0.114 * blue + 0.5;
    });
    const wanted = await probabilitiesOf(grey, greys);
    const options = { fromRgb: true, output: "probabilities" } as const;
    const bytes = exportOnnx(grey, { ...options, input: "bytes" });
    assertClose((await runOnnx(bytes, colours, [2, 4, 3, 3])).data, wanted);
    const floats = channelsFirst([4, 3, 3], colours).map((pixel) => pixel / 255);
    const shares = exportOnnx(grey, { ...options, input: "zero-to-one" });
    assertClose((await runOnnx(shares, floats, [2, 3, 4, 3])).data, wanted);
  });

  it("is bytes [N, H, W, C] of any number, where nothing else is said of bytes", () => {
    const file = exportOnnx(contents, { input: "bytes" });
    assert.deepEqual(sizes(file, "input"), [["batch", "6", "5", "2"]]);
    assert.deepEqual(sizes(file, "output"), [["batch", "3"]]);
  });

  it("is logits, of which softmax or sigmoids make probabilities", { skip: noRuntime }, async () => {
    const data = normalized(contents, images);
    const logits = await runOnnx(exportOnnx(contents), data, [3, 2, 6, 5]);
    assert.deepEqual(logits.dims, [3, 3]);
    const several = { ...contents, loss: "binaryCrossEntropy" } as const;
    const labels = await runOnnx(exportOnnx(several, { output: "probabilities" }), data, [3, 2, 6, 5]);
    assertClose(
      labels.data,
      logits.data.map((logit) => 1 / (1 + Math.exp(-logit))),
    );
    assertClose(labels.data, await probabilitiesOf(several, images));
  });

  it("is calibrated where that is asked for", { skip: noRuntime }, async () => {
    const calibration = { temperature: 2.5, unsureBelow: 0.5, goal: 0.95, images: 100 };
    const file = exportOnnx({ ...contents, calibration }, { calibrated: true, output: "probabilities" });
    const { data } = await runOnnx(file, normalized(contents, images), [3, 2, 6, 5]);
    assertClose(data, atTemperature(await probabilitiesOf(contents, images), 3, 2.5));
  });

  it("has the batch, the names and the version of the operators that were asked for", () => {
    const file = exportOnnx(contents, {
      batchSize: 8,
      opset: 20,
      inputName: "pixel_values",
      outputName: "conv2d_1/Conv",
      name: "mine",
    });
    const { graph: written, opsetImport, irVersion, producerName } = read(file);
    assert.deepEqual(
      [written!.input[0].name, written!.output[0].name, written!.name, producerName],
      ["pixel_values", "conv2d_1/Conv", "mine", "heddle"],
    );
    assert.deepEqual([opsetImport[0].version, irVersion], [20n, 9n]);
    assert.deepEqual(sizes(file, "input"), [["8", "2", "6", "5"]]);
    const names = written!.node.flatMap(({ output }) => output);
    assert.equal(new Set(names).size, names.length);
  });

  it("says what classes are called, how pixels enter and where it comes from", () => {
    const preparation = { size: [6, 5], channels: 1, resize: "fit", background: 7 } as const;
    const grey = contentsOf(chainOf([flatten(), dense({ units: 3 })], [6, 5, 1]), { preparation });
    const file = exportOnnx(grey, { licence: "CC-BY-4.0", digest: "murmur3-128:00", name: "mine" });
    const { "heddle.normalization": normalization, ...others } = metadata(file);
    assert.deepEqual(JSON.parse(normalization), grey.normalization);
    assert.deepEqual(others, {
      "heddle.class_names": '["class 0","class 1","class 2"]',
      "heddle.input": "normalized",
      "heddle.image_layout": "nchw",
      "heddle.preparation": JSON.stringify(preparation),
      "heddle.licence": "CC-BY-4.0",
      "heddle.name": "mine",
      "heddle.digest": "murmur3-128:00",
    });
  });

  it("keeps names with slashes, line feeds and half characters as JSON has them", () => {
    const written = metadata(exportOnnx(contents))["heddle.class_names"];
    assert.deepEqual(JSON.parse(written), contents.classNames);
  });

  it("has 1,001 classes and more", () => {
    const many = contentsOf(chainOf([flatten(), dense({ units: 1001 })], [2, 2, 1]));
    const { normalization } = many;
    assert.equal(importOnnx(exportOnnx(many), { normalization }).graph.outputShape[0], 1001);
  });

  it("has no dropout and no batch normalization where they are folded", () => {
    const operators = (file: Uint8Array) => read(file).graph!.node.map(({ opType }) => opType);
    assert.deepEqual(operators(exportOnnx(contents)), [
      "Conv",
      "Dropout",
      "BatchNormalization",
      "Flatten",
      "Gemm",
    ]);
    assert.deepEqual(operators(exportOnnx(contents, { foldBatchNorm: true })), ["Conv", "Flatten", "Gemm"]);
  });

  it("takes a layer that reads the images and changes nothing", () => {
    const passing = contentsOf(chainOf([dropout(0.5), flatten()], [1, 1, 2]));
    for (const foldBatchNorm of [false, true])
      assert.ok(read(exportOnnx(passing, { foldBatchNorm })).graph!.node.length > 0);
  });

  it("refuses what it can't do, in words", () => {
    const refused = (options: object, words: RegExp, model: object = contents) =>
      assert.throws(() => exportOnnx(model as typeof contents, options), words);
    refused({ calibrated: true }, /calibrated outputs were asked for, but the model was not calibrated/);
    const calibration = { temperature: 2, unsureBelow: null, goal: 0.9, images: 0 };
    const viewed = { ...contents, calibration: { ...calibration, views: { flip: true, shift: 0 } } };
    refused({ calibrated: true }, /was calibrated for means over views of an image/, viewed);
    refused({ opset: 12 }, /opset must be a whole number from 13 to 22, but is 12/);
    refused({ input: "floats" }, /input must be one of "normalized", "zero-to-one", "bytes"/);
    refused({ inputName: "x", outputName: "x" }, /inputName and outputName are both "x"/);
    refused({ fromRgb: true, input: "bytes" }, /the model's have 2 channels and input is "bytes"/);
    refused({ folded: true }, /has no option "folded"/);
    refused({}, /conv2d_1\.kernel is missing/, { ...contents, tensors: [] });
  });
});
