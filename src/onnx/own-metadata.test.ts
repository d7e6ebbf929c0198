import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, StringStringEntryProtoSchema } from "onnx-buf";
import { decodeModel, type ModelContents } from "../core/formats/model-file.js";
import { chainOf } from "../core/graph/index.js";
import { batchNorm, conv2d, dense, flatten } from "../core/layers/index.js";
import type { Shape } from "../core/layers/layer.js";
import { exportOnnx } from "./export/export-onnx.js";
import type { ExportOnnxOptions } from "./export/export-options.js";
import { importedModelFile, importOnnx } from "./import-onnx.js";
import type { ImportOptions } from "./options.js";
import { contentsOf, imagesFor, probabilitiesOf } from "./testing/model-contents.js";

const layers = () => [
  conv2d({ filters: 3, kernelSize: 3, activation: "relu" }),
  batchNorm(),
  flatten(),
  dense({ units: 4 }),
];

const calibration = { temperature: 1.5, unsureBelow: 0.6, goal: 0.95, images: 40 };
const names = ["a", "b/c", "", "d\n"];

const modelOf = (inputShape: Shape, more: Partial<ModelContents> = {}): ModelContents =>
  contentsOf(chainOf(layers(), inputShape), { classNames: names, calibration, ...more });

const photos = modelOf([6, 5, 3], {
  preparation: { size: [6, 5], channels: 3, resize: "fit", background: 9 },
});

/** The file with other metadata. */
function changed(file: Uint8Array, metadata: Readonly<Record<string, string>>): Uint8Array {
  const model = fromBinary(ModelProtoSchema, file);
  const kept = model.metadataProps.filter(({ key }) => !Object.hasOwn(metadata, key));
  const added = Object.entries(metadata).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  );
  return toBinary(ModelProtoSchema, { ...model, metadataProps: [...kept, ...added] });
}

const again = (file: Uint8Array, options: ImportOptions = {}): ModelContents =>
  decodeModel(importedModelFile(importOnnx(file, options)), "the file");

describe("what heddle exported and imports again", () => {
  const cases: readonly [string, ModelContents, ExportOnnxOptions][] = [
    ["of pictures", photos, {}],
    ["that takes bytes", photos, { input: "bytes" }],
    ["that takes shares of one, channels last", photos, { input: "zero-to-one", imageLayout: "nhwc" }],
    ["of several labels", modelOf([6, 5, 1], { calibration: undefined, loss: "binaryCrossEntropy" }), {}],
    ["of as many channels as rows and columns", modelOf([5, 5, 5]), { imageLayout: "nhwc" }],
    ["of many channels", modelOf([5, 6, 40]), { input: "bytes" }],
    ["of many channels that come first", modelOf([7, 8, 33]), {}],
  ];
  for (const [what, contents, options] of cases) {
    it(`is the model that it was, with nothing told: ${what}`, async () => {
      const { layers: _, tensors, ...imported } = again(exportOnnx(contents, options));
      const { layers: __, tensors: before, preparation, ...were } = contents;
      const usual =
        contents.inputShape[2] === 1
          ? { size: [6, 5], channels: 1, resize: "crop", background: 0 }
          : undefined;
      const wanted = preparation ?? usual;
      const others = JSON.parse(JSON.stringify(were));
      assert.deepEqual(imported, { ...others, ...(wanted && { preparation: wanted }) });
      assert.deepEqual(
        tensors.map(({ data }) => data),
        before.map(({ data }) => data),
      );
      const images = imagesFor(contents, 2);
      const file = { ...contents, ...again(exportOnnx(contents, options)) };
      assert.deepEqual(await probabilitiesOf(file, images), await probabilitiesOf(contents, images));
    });
  }

  it("is calibrated no second time where its logits are", () => {
    assert.equal(again(exportOnnx(photos, { calibrated: true })).calibration, undefined);
  });

  it("takes what is given before what it says, and says so", () => {
    const given = { normalization: { mean: [0.5], deviation: [0.25] }, classNames: ["1", "2", "3", "4"] };
    const { classNames, normalization, report } = importOnnx(exportOnnx(photos), given);
    assert.deepEqual(classNames, given.classNames);
    assert.deepEqual(normalization, { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] });
    assert.match(
      report.notes.join("\n"),
      /^pixels enter as given\nthe file itself says otherwise: mean 0\.\d/,
    );
    assert.match(report.notes.join("\n"), /^classes are called as given, though the file itself calls/mu);
    const same = importOnnx(exportOnnx(photos), { normalization: photos.normalization, classNames: names });
    assert.deepEqual(same.report.notes, ["pixels enter as given"]);
  });

  const damage: readonly [key: string, value: string][] = [
    ["class_names", '["a"]'],
    ["class_names", "[1,2,3,4]"],
    ["class_names", "["],
    ["preparation", '{"size":[6,6],"channels":3,"resize":"fit","background":9}'],
    ["preparation", `${"[".repeat(200)}${"]".repeat(200)}`],
    ["calibration", '{"temperature":-1}'],
    ["loss", "hinge"],
    ["normalization", '{"mean":[0,0,0],"deviation":[1,1,0]}'],
  ];
  for (const [key, value] of damage) {
    it(`passes over what can't be its ${key}: ${value.slice(0, 30)}`, () => {
      const file = changed(exportOnnx(photos, { input: "bytes" }), { [`heddle.${key}`]: value });
      const { report } = importOnnx(file);
      assert.ok(report.notes.some((note) => note.startsWith(`its heddle.${key} is not what heddle writes`)));
    });
  }

  it("asks how pixels enter where its own words can't be read", () => {
    const file = changed(exportOnnx(photos), { "heddle.normalization": '{"mean":[0],"deviation":[1]}' });
    assert.throws(() => importOnnx(file), /nothing in The ONNX model says how pixels enter it/);
  });
});
