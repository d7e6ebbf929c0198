import {
  checkedContents,
  encodeModel,
  type ModelContents,
  modelMetadata,
} from "../../core/formats/model-file.js";
import { encodeSafetensors } from "../../core/formats/safetensors.js";
import { resolveOptions } from "../../core/options/index.js";
import { modelGraph } from "../../core/training/model-from-bytes.js";
import { pytorchTensors } from "./pytorch-tensors.js";
import { type ExportSafetensorsOptions, exportSafetensorsOptions } from "./safetensors-options.js";

/**
 * A model as a safetensors file: as heddle keeps it, or as modules of PyTorch have their tensors. Of those the metadata
 * say `format` "pt", what a model file of heddle's says of layers, images and classes, and as `channelsFirst` which
 * layers read a flattened image channel by channel.
 *
 * @example
 * await writeFile("model.safetensors", exportSafetensors(decodeModel(bytes, file), { layout: "pytorch" }));
 * @throws UsageError on an option that is not allowed.
 * @throws HeddleError where layers, classes and tensors don't fit each other.
 */
export function exportSafetensors(given: ModelContents, options: ExportSafetensorsOptions = {}): Uint8Array {
  const { layout } = resolveOptions("exportSafetensors", options, exportSafetensorsOptions);
  const contents = checkedContents("exportSafetensors", given);
  const graph = modelGraph(contents, "The model");
  if (layout === "heddle") return encodeModel(contents);
  const { tensors: own, ...description } = contents;
  const { tensors, channelsFirst } = pytorchTensors(graph, own);
  return encodeSafetensors(tensors, {
    format: "pt",
    ...modelMetadata(description),
    channelsFirst: JSON.stringify(channelsFirst),
  });
}
