export { exportOnnx } from "./export/export-onnx.js";
export type { ExportOnnxOptions, OnnxImageLayout, OnnxInput, OnnxOutput } from "./export/export-options.js";
export { ImportError, type ImportErrorCode } from "./import-error.js";
export { type ImportedModel, type ImportReport, importedModelFile, importOnnx } from "./import-onnx.js";
export type { ImportOptions } from "./options.js";
export { type PixelRange, pixelRangeNames } from "./pixel-ranges.js";
