import { type ExportOnnxOptions, exportOnnxOptions } from "../onnx/export/export-options.js";
import { type ExportCardOptions, exportCardOptions } from "./card/card-options.js";
import type { ExportFormat } from "./export-source.js";
import { type ExportHtmlOptions, exportHtmlOptions } from "./html/html-options.js";
import {
  type ExportSafetensorsOptions,
  exportSafetensorsOptions,
} from "./safetensors/safetensors-options.js";
import {
  type ExportTransformersOptions,
  exportTransformersOptions,
} from "./transformers/transformers-options.js";

/** What the model's name and digest are, its source says. */
const { name: _name, digest: _digest, ...onnxOptions } = exportOnnxOptions;

const onnx: ExportFormat<Omit<ExportOnnxOptions, "name" | "digest">> = {
  name: "onnx",
  meaning: "the whole network as an ONNX file, for ONNX Runtime and others",
  options: onnxOptions,
  files: async ({ name, digest, contents }, options) => {
    const { exportOnnx } = await import("../onnx/export/export-onnx.js");
    return [{ path: "", bytes: exportOnnx(contents, { ...options, name, digest }) }];
  },
};

const safetensors: ExportFormat<ExportSafetensorsOptions> = {
  name: "safetensors",
  meaning: "weights as a safetensors file, as heddle has them or for PyTorch",
  options: exportSafetensorsOptions,
  files: async ({ contents }, options) => {
    const { exportSafetensors } = await import("./safetensors/export-safetensors.js");
    return [{ path: "", bytes: exportSafetensors(contents, options) }];
  },
};

const transformers: ExportFormat<ExportTransformersOptions> = {
  name: "transformers",
  meaning: "a folder that transformers.js loads",
  options: exportTransformersOptions,
  files: async (source, options) =>
    (await import("./transformers/export-transformers.js")).exportTransformers(source, options),
};

const html: ExportFormat<ExportHtmlOptions> = {
  name: "html",
  meaning: "one page that names pictures by itself, from disk",
  options: exportHtmlOptions,
  files: async (source, options) => {
    const { exportHtml } = await import("./html/export-html.js");
    return [{ path: "", bytes: new TextEncoder().encode(await exportHtml(source, options)) }];
  },
};

const card: ExportFormat<ExportCardOptions> = {
  name: "card",
  meaning: "a model card in Markdown, with what model hubs read",
  options: exportCardOptions,
  readsRun: true,
  files: async (source, options) => {
    const { exportCard } = await import("./card/export-card.js");
    return [{ path: "", bytes: new TextEncoder().encode(exportCard(source, options)) }];
  },
};

/** Every way to take a model elsewhere, by its name. What writes it is imported when it is asked for. */
export const exportFormats = { onnx, safetensors, transformers, html, card } as const;

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
