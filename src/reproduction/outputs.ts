import { join } from "node:path";
import type { Dataset } from "../core/data/dataset.js";
import { HeddleError } from "../core/errors.js";
import { writeError } from "../node/file-errors.js";
import { makeFolders } from "../node/make-folders.js";
import { pageAssets } from "../node/page-assets.js";
import { writeFileWhole } from "../node/write-file.js";
import { chartSvg } from "../report/chart.js";
import type { TableData } from "../report/table.js";
import { tableCsv, tableMarkdown } from "../report/table.js";
import { claimsTable } from "./claims/claims.js";
import { dropoutCharts, paperFigures, scheduleCharts } from "./figures/index.js";
import { noticeOf } from "./page/notice.js";
import { reproductionPage } from "./page/page.js";
import { readResults } from "./results/read-results.js";
import { currentGroup, type ReproductionResults } from "./results/results.js";
import { shirtTable, type TestImages } from "./results/shirt.js";
import { arithmeticTable } from "./tables/arithmetic.js";
import { dropoutTable } from "./tables/dropout.js";
import { schedulesTable, startRatesTable } from "./tables/schedules.js";
import { table2 } from "./tables/table2.js";
import { table3Long } from "./tables/table3.js";
import { epochTimesTable, table4 } from "./tables/table4.js";
import { trialsTable } from "./tables/trials.js";

export interface WriteOutputsOptions {
  /** Its test images illustrate the mistakes. */
  readonly dataset?: Dataset;
}

/** No page of a reproduction is larger: one that is, is a mistake of ours. */
export const largestPage = 3_000_000;

/** The words that mark a quick run in every file. */
const quickMark = "Quick run, not the reproduction";

/** Every table by its file's name. */
function tables(results: ReproductionResults): ReadonlyMap<string, TableData> {
  const shirt = shirtTable(results);
  return new Map([
    ["table-2", table2(results)],
    ["table-3", table3Long(results)],
    ["table-4", table4(results)],
    ...(results.epochTimes ? [["epoch-times", epochTimesTable(results)] as const] : []),
    ["schedules", schedulesTable(results)],
    ["start-rates", startRatesTable(results)],
    ["dropout", dropoutTable(results)],
    ["claims", claimsTable(results)],
    ...(shirt ? [["shirt", shirt] as const] : []),
    ...(results.earlier.length > 0 ? [["arithmetic", arithmeticTable(results)] as const] : []),
    ["trials", trialsTable(results)],
  ]);
}

/** A table as a Markdown file: title, notice, table, caption. */
function markdown(table: TableData, notice: string | undefined): string {
  const body = table.rows.length > 0 ? tableMarkdown(table) : "Not run yet.\n";
  return [
    `# ${table.title}\n`,
    ...(notice ? [`**${notice}**\n`] : []),
    body,
    ...(table.caption ? [`${table.caption}\n`] : []),
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

/** Every figure by its file's name. */
function figures(results: ReproductionResults): ReadonlyMap<string, string> {
  const charts = [
    ...paperFigures(results).flatMap((figure) => figure.charts),
    ...scheduleCharts(results),
    ...dropoutCharts(results),
  ];
  return new Map(
    charts.map(({ name, chart }) => {
      const title = results.quick ? `${quickMark}: ${chart.title}` : chart.title;
      return [name, chartSvg({ ...chart, title })];
    }),
  );
}

/** The test images, where they are those that were judged; else why there is no picture. */
function testImages(results: ReproductionResults, dataset: Dataset | undefined): TestImages | string {
  if (!dataset) return "The data set was not at hand when this page was written: its pictures are left out.";
  const record = currentGroup(results, "proposed").kept.find(({ id }) => results.predictions.has(id));
  const labels = record && results.predictions.get(record.id)?.labels;
  const { test, imageShape } = dataset;
  const same = labels?.length === test.count && labels.every((label, image) => label === test.labels[image]);
  if (!same)
    return `The test images of ${dataset.name} are not those that were judged: pictures are left out.`;
  const { images } = test;
  if (typeof images !== "function") return { images, imageShape };
  return `The test images of ${dataset.name} are not in memory: pictures are left out.`;
}

/** The tables and figures of a reproduction: path below the folder → content. */
export function tableAndFigureFiles(results: ReproductionResults): Map<string, string> {
  const notice = noticeOf(results);
  const files = new Map<string, string>();
  for (const [name, table] of tables(results)) {
    files.set(join("tables", `${name}.md`), markdown(table, notice));
    files.set(join("tables", `${name}.csv`), csv(table, results.quick));
  }
  for (const [name, picture] of figures(results)) files.set(join("figures", `${name}.svg`), picture);
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
  const page = reproductionPage(results, testImages(results, dataset), pageAssets());
  const size = new TextEncoder().encode(page).length;
  if (size >= largestPage) {
    throw new HeddleError(
      `The page would have ${size} bytes, and is to stay below ${largestPage}: the trials are kept; ask for fewer seeds.`,
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
}
