import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../core/data/dataset.js";
import { HeddleError } from "../core/errors.js";
import { shapeSize } from "../core/layers/shape.js";
import { writeError } from "../node/file-errors.js";
import { makeFolders } from "../node/make-folders.js";
import { pageAssets } from "../node/page-assets.js";
import { writeFileWhole } from "../node/write-file.js";
import { chartSvg } from "../report/chart.js";
import type { TableData } from "../report/table.js";
import { tableCsv, tableMarkdown } from "../report/table.js";
import { articlePage } from "./article/article.js";
import { noticeOf } from "./article/notice.js";
import type { Pictures } from "./article/slots.js";
import { figures } from "./figures/index.js";
import { predictedNetworks } from "./results/networks.js";
import { readResults } from "./results/read-results.js";
import type { ReproductionResults } from "./results/results.js";
import { type ShownTable, tables } from "./tables/index.js";

export interface WriteOutputsOptions {
  /** Its test images illustrate the mistakes. */
  readonly dataset?: Dataset;
}

/** No page of a reproduction is larger: one that is, is a mistake of ours. */
export const largestPage = 3_000_000;

/** The words that mark a quick run in every file. */
const quickMark = "Quick run, not the reproduction";

/** A table as a Markdown file: title, notice, table, caption. */
function markdown(table: ShownTable, notice: string | undefined): string {
  const body = table.rows.length > 0 ? tableMarkdown(table) : `${table.empty ?? "Not run yet."}\n`;
  return [
    `# ${table.title}\n`,
    ...(notice ? [`**${notice}**\n`] : []),
    body,
    ...(table.caption && table.rows.length > 0 ? [`${table.caption}\n`] : []),
  ].join("\n");
}

/** A table as a CSV file; of a quick run a last column says so in every row. */
function csv(table: TableData, quick: boolean): string {
  if (!quick) return tableCsv(table);
  const marked = (rows: TableData["rows"] = []) => rows.map((row) => [...row, quickMark]);
  return tableCsv({
    ...table,
    columns: [...table.columns, { title: "note" }],
    rows: marked(table.rows),
    footRows: marked(table.footRows),
  });
}

/** The test images, where they are those that were judged; else why there is no picture. */
function picturesOf(results: ReproductionResults, dataset: Dataset | undefined): Pictures | string {
  if (!dataset) return "The data set was not at hand when this page was written: its pictures are left out.";
  const labels = predictedNetworks(results)[0]?.predictions.labels;
  const { test, imageShape, name } = dataset;
  const same = labels?.length === test.count && labels.every((label, image) => label === test.labels[image]);
  if (!same) return `The test images of ${name} are not those that were judged: pictures are left out.`;
  const { images } = test;
  if (typeof images === "function")
    return `The test images of ${name} are not in memory: pictures are left out.`;
  const size = shapeSize(imageShape);
  return { imageShape, pixelsOf: (image) => images.subarray(image * size, (image + 1) * size) };
}

/** Every table and figure that there can be: one that is not made any more must not stay. */
export const outputNames: readonly string[] = [
  ...Object.keys(tables).flatMap((name) => ["md", "csv"].map((kind) => join("tables", `${name}.${kind}`))),
  ...Object.keys(figures).map((name) => join("figures", `${name}.svg`)),
];

/** The tables and figures of a reproduction: path below the folder → content. */
export function tableAndFigureFiles(results: ReproductionResults): Map<string, string> {
  const notice = noticeOf(results);
  const files = new Map<string, string>();
  for (const [name, of] of Object.entries(tables)) {
    const table = of(results, "file");
    files.set(join("tables", `${name}.md`), markdown(table, notice));
    if (table.rows.length > 0) files.set(join("tables", `${name}.csv`), csv(table, results.quick));
  }
  for (const [name, of] of Object.entries(figures)) {
    const chart = of(results)?.chart;
    if (!chart) continue;
    const title = results.quick ? `${quickMark}: ${chart.title}` : chart.title;
    files.set(join("figures", `${name}.svg`), chartSvg({ ...chart, title }));
  }
  return files;
}

/**
 * All files of a reproduction's results but the trials: path below the folder → content.
 *
 * @throws HeddleError on a page that would be too large.
 */
export function outputFiles(
  results: ReproductionResults,
  { dataset }: WriteOutputsOptions = {},
): ReadonlyMap<string, string> {
  const files = tableAndFigureFiles(results);
  const page = articlePage(results, picturesOf(results, dataset), pageAssets());
  const size = new TextEncoder().encode(page).length;
  if (size >= largestPage) {
    throw new HeddleError(
      `The page would have ${size} bytes, and is to stay below ${largestPage}: the trials are kept; move some of them out of trials/ and it is made of the others.`,
    );
  }
  files.set("index.html", page);
  return files;
}

/**
 * Writes the tables (Markdown and CSV), the figures (SVG) and the page of the trials that a results folder holds:
 * `tables/`, `figures/` and `index.html`. The same trials give the same bytes.
 *
 * @throws HeddleError naming a trial that is damaged or a file that can't be written.
 */
export async function writeOutputs(folder: string, options: WriteOutputsOptions = {}): Promise<void> {
  const files = outputFiles(await readResults(folder), options);
  for (const part of ["tables", "figures"].map((name) => join(folder, name))) {
    await makeFolders(part).catch((cause: unknown) => {
      throw writeError(part, cause);
    });
  }
  for (const [name, content] of files) await writeFileWhole(join(folder, name), content);
  for (const name of outputNames.filter((each) => !files.has(each)))
    await rm(join(folder, name), { force: true });
}
