export type { ExportCardOptions } from "./card/card-options.js";
export { exportCard } from "./card/export-card.js";
export type { ExportedFile, ExportSource } from "./export-source.js";
export { exportHtml } from "./html/export-html.js";
export type { ExportHtmlOptions } from "./html/html-options.js";
export { exportSafetensors } from "./safetensors/export-safetensors.js";
export type { ExportSafetensorsOptions, TensorLayout } from "./safetensors/safetensors-options.js";
export { exportTransformers } from "./transformers/export-transformers.js";
export type { ExportTransformersOptions } from "./transformers/transformers-options.js";
