import { cardFormat } from "./card/export-card.js";
import type { ExportFormat } from "./export-source.js";
import { htmlFormat } from "./html/export-html.js";
import { onnxFormat } from "./onnx/onnx-format.js";
import { safetensorsFormat } from "./safetensors/export-safetensors.js";
import { transformersFormat } from "./transformers/export-transformers.js";

/** Every way to take a model elsewhere, by its name. */
export const exportFormats = {
  onnx: onnxFormat,
  safetensors: safetensorsFormat,
  transformers: transformersFormat,
  html: htmlFormat,
  card: cardFormat,
} as const;

/** A name of a format. */
export type ExportFormatName = keyof typeof exportFormats;

/** Every such name. */
export const exportFormatNames = Object.keys(exportFormats) as readonly ExportFormatName[];

/** An option of some format. */
export type ExportOptionName = {
  [Name in ExportFormatName]: (typeof exportFormats)[Name] extends ExportFormat<infer Options>
    ? keyof Options & string
    : never;
}[ExportFormatName];
