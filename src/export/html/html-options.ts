import { flag, type OptionTable } from "../../core/options/index.js";

/** What `exportHtml` takes beside the model. */
export interface ExportHtmlOptions {
  /**
   * Whether kernels are rounded to float16, so that the page has about half the size and says a little other
   * probabilities than the model (default false).
   */
  readonly half?: boolean | undefined;
}

export const exportHtmlOptions = {
  half: { meaning: "whether kernels are rounded to float16", kind: flag(), default: false },
} satisfies OptionTable<ExportHtmlOptions>;
