import { HeddleError } from "../../core/errors.js";
import { resolveOptions } from "../../core/options/index.js";
import { plural } from "../../core/words.js";
import { exportOnnx } from "../../onnx/export/export-onnx.js";
import { checkedSource } from "../checked-source.js";
import type { ExportedFile, ExportSource } from "../export-source.js";
import { preprocessor } from "./preprocessor.js";
import { readMe } from "./read-me.js";
import { type ExportTransformersOptions, exportTransformersOptions } from "./transformers-options.js";

/**
 * The files of a folder that transformers.js loads as a classifier of images: `config.json`, `preprocessor_config.json`,
 * `onnx/model.onnx` from `pixel_values` to `logits`, and a README.
 *
 * @throws UsageError on an option that is not allowed, and where calibrated outputs are asked for of a model that was not
 * calibrated.
 * @throws HeddleError on a model of several labels an image, or of images that are no pictures.
 */
export function exportTransformers(
  given: ExportSource,
  settings: ExportTransformersOptions = {},
): readonly ExportedFile[] {
  const { calibrated, licence } = resolveOptions("exportTransformers", settings, exportTransformersOptions);
  const source = checkedSource("exportTransformers", given);
  const { contents, name, digest } = source;
  const channels = contents.inputShape[2];
  if (contents.loss === "binaryCrossEntropy")
    throw new HeddleError(
      "transformers.js takes one class an image, but the model gives any number of labels. Export it as ONNX.",
    );
  if (channels !== 1 && channels !== 3)
    throw new HeddleError(
      `transformers.js takes pictures, of 1 or 3 channels, but the model's images have ${plural(channels ?? 0, "channel")}. Export it as ONNX.`,
    );
  const network = exportOnnx(contents, {
    ...(channels === 1 && { input: "zero-to-one", fromRgb: true }),
    inputName: "pixel_values",
    foldBatchNorm: true,
    calibrated,
    licence,
    name,
    digest,
  });
  const { config, isNear } = preprocessor(contents);
  return [
    { path: "config.json", bytes: json(modelConfig(source)) },
    { path: "preprocessor_config.json", bytes: json(config) },
    { path: "onnx/model.onnx", bytes: network },
    { path: "README.md", bytes: new TextEncoder().encode(readMe(source, licence, isNear)) },
  ];
}

/** The architecture's name is one that its loader knows: it calls such a network by pixels for logits. */
function modelConfig({ contents: { classNames } }: ExportSource): object {
  return {
    model_type: "resnet",
    architectures: ["ResNetForImageClassification"],
    // Two classes may have one name, of which the last then stands in label2id.
    id2label: Object.fromEntries(classNames.map((name, index) => [String(index), name])),
    label2id: Object.fromEntries(classNames.map((name, index) => [name, index])),
    num_labels: classNames.length,
    num_channels: 3,
    "transformers.js_config": { dtype: "fp32" },
  };
}

const json = (value: object): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
