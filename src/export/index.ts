export type { ExportedFile, ExportFormat, ExportSource } from "./export-source.js";
export { type ExportFormatName, exportFormatNames, exportFormats } from "./formats.js";
export { exportSafetensors } from "./safetensors/export-safetensors.js";
export type { ExportSafetensorsOptions, TensorLayout } from "./safetensors/safetensors-options.js";
export { type ExportTransformersOptions, exportTransformers } from "./transformers/export-transformers.js";
