import { exportOnnx } from "../../onnx/export/export-onnx.js";
import { type ExportOnnxOptions, exportOnnxOptions } from "../../onnx/export/export-options.js";
import type { ExportFormat } from "../export-source.js";

/** What the model's name and digest are, its source says. */
export type OnnxFormatOptions = Omit<ExportOnnxOptions, "name" | "digest">;

const { name: _name, digest: _digest, ...options } = exportOnnxOptions;

export const onnxFormat: ExportFormat<OnnxFormatOptions> = {
  name: "onnx",
  meaning: "the whole network as an ONNX file, for ONNX Runtime and others",
  options,
  files: ({ name, digest, contents }, given) => [
    { path: "", bytes: exportOnnx(contents, { ...given, name, digest }) },
  ],
};
