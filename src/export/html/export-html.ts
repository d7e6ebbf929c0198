import { resolveOptions } from "../../core/options/index.js";
import { modelGraph } from "../../core/training/model-from-bytes.js";
import { checkedSource } from "../checked-source.js";
import type { ExportSource } from "../export-source.js";
import { classifierPage } from "./classifier-page.js";
import { type ExportHtmlOptions, exportHtmlOptions } from "./html-options.js";

/**
 * A model as a page that names pictures by itself: one HTML file, opened from disk, which asks nobody for anything. Its
 * answers are heddle's own, but for how a browser decodes what isn't PNG.
 *
 * @throws UsageError on a source that is none, and on an option that is not allowed.
 * @throws HeddleError on a model whose images no picture becomes, and where layers, classes and tensors don't fit each
 * other.
 */
export async function exportHtml(
  given: Omit<ExportSource, "run">,
  options: ExportHtmlOptions = {},
): Promise<string> {
  const { half } = resolveOptions("exportHtml", options, exportHtmlOptions);
  const source = checkedSource("exportHtml", given);
  modelGraph(source.contents, "The model");
  // A third of a megabyte that nothing else needs.
  const bundle = await import("./page-bundle.js");
  return classifierPage(source, half, bundle);
}
