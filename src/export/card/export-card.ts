import { resolveOptions } from "../../core/options/index.js";
import { modelGraph } from "../../core/training/model-from-bytes.js";
import { checkedSource } from "../checked-source.js";
import type { ExportSource } from "../export-source.js";
import { type ExportCardOptions, exportCardOptions } from "./card-options.js";
import { dataSection } from "./data-section.js";
import { figuresSection } from "./figures-section.js";
import { frontMatter } from "./front-matter.js";
import { limitsSection } from "./limits-section.js";
import { markdownText, sections } from "./markdown.js";
import { modelSection } from "./model-section.js";
import { receiptSection } from "./receipt-section.js";
import { trainingSection } from "./training-section.js";
import { usageSection } from "./usage-section.js";

/**
 * A model card: Markdown with the front matter that model hubs read. All that it says is of the model and of the run
 * that trained it, and of what nobody recorded it says so.
 *
 * @throws UsageError on a source that is none, and on an option that is not allowed.
 * @throws HeddleError where layers, classes and tensors don't fit each other.
 */
export function exportCard(given: ExportSource, options: ExportCardOptions = {}): string {
  const resolved = resolveOptions("exportCard", options, exportCardOptions);
  const source = checkedSource("exportCard", given);
  const graph = modelGraph(source.contents, "The model");
  return sections(
    frontMatter(source, resolved),
    `# ${markdownText(source.name)}`,
    modelSection(source, graph),
    dataSection(source),
    trainingSection(source),
    receiptSection(source),
    figuresSection(source),
    limitsSection(source, resolved),
    usageSection(source),
  );
}
