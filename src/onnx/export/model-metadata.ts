import type { ModelContents } from "../../core/formats/model-file.js";
import { imageLayoutOf, type ResolvedExportOptions } from "./export-options.js";

/** What a file says of itself beside its graph: text by keys, what is no text as JSON. */
export function onnxMetadata(
  { classNames, normalization, preparation, calibration, loss }: ModelContents,
  resolved: ResolvedExportOptions,
): Readonly<Record<string, string>> {
  const { input, calibrated, licence, name, digest } = resolved;
  const { mean, deviation } = normalization;
  const described = {
    class_names: classNames,
    normalization: { mean, deviation },
    // What the input is, for who has pictures: the normalization is still to be done, or is in the graph.
    input,
    image_layout: imageLayoutOf(resolved),
    loss,
    preparation,
    calibration,
    // Whether the logits are divided by its temperature.
    ...(calibrated && { calibrated }),
    licence,
    name,
    digest,
  };
  return Object.fromEntries(
    Object.entries(described)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [`heddle.${key}`, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
