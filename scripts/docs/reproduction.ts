import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { counted } from "#heddle/core/words.js";
import { loadDataset } from "#heddle/node/index.js";
import { pageAssets } from "#heddle/node/page-assets.js";
import { tableMarkdown } from "#heddle/report/table.js";
import { articleMarkdown, articlePage } from "#heddle/reproduction/article/article.js";
import { tableAndFigureFiles, writeOutputs } from "#heddle/reproduction/outputs.js";
import { experiments, experimentTitles } from "#heddle/reproduction/plan/experiments.js";
import { planLengths, planTrials } from "#heddle/reproduction/plan/plan.js";
import type { ReproductionResults } from "#heddle/reproduction/results/results.js";
import { tables } from "#heddle/reproduction/tables/index.js";
import { protocolSearchSection } from "./protocol-search.js";
import { markdownTable, type Section } from "./results.js";

export const reproductionFolder = join("results", "reproduction");
const picture = "figures/figure-6.svg";

const notYet = "_Not run yet: `npx heddle reproduce --out results/reproduction` does it._";

const isEmpty = ({ records }: ReproductionResults): boolean => records.length === 0;

/** Table 2 in short, with a picture, for the README. */
function headline(results: ReproductionResults, root: string): string {
  if (isEmpty(results)) return notYet;
  const table = tables["table-2"](results, "readme");
  const shown = `![Confusion matrix of the Proposed CNN on the 10,000 test images](${root}results/reproduction/${picture})`;
  return [
    tableMarkdown(table).trimEnd(),
    `${table.caption} The page with all tables, figures and claims: [index.html](${root}results/reproduction/index.html).`,
    ...(existsSync(join(reproductionFolder, picture)) ? [shown] : []),
  ].join("\n\n");
}

const sum = <Of>(list: readonly Of[], of: (each: Of) => number): number =>
  list.reduce((total, each) => total + of(each), 0);

/** What the whole reproduction consists of. */
function cost(results: ReproductionResults): string {
  const whole = { part: "all", ...planLengths.whole, limit: null } as const;
  const records = new Map(results.records.map((record) => [record.id, record]));
  const { trials, undecided } = planTrials(whole, records);
  const counts = experiments.map((experiment) => {
    const own = trials.filter((trial) => trial.experiments[0] === experiment);
    const later = undecided.filter(({ like }) => like.experiments[0] === experiment);
    return {
      title: experimentTitles[experiment],
      trials: own.length + sum(later, ({ count }) => count),
      epochs:
        sum(own, ({ settings }) => settings.epochs) +
        sum(later, ({ count, like }) => count * like.settings.epochs),
    };
  });
  const all = {
    title: "all",
    trials: sum(counts, (part) => part.trials),
    epochs: sum(counts, (part) => part.epochs),
  };
  const cells = [...counts, all].map((part) => [part.title, counted(part.trials), counted(part.epochs)]);
  return markdownTable(["part", "trials", "epochs"], cells);
}

/** The parts of README.md that are made of the reproduction's trials, by name. */
export const reproductionSections = (results: ReproductionResults): Readonly<Record<string, Section>> => ({
  reproduction: (root) => headline(results, root),
});

/** docs/reproducing.md, whole: the article, with what only that document has. */
export const reproducingDocument = (results: ReproductionResults): string =>
  articleMarkdown(results, "../results/reproduction", {
    cost: () => cost(results),
    search: protocolSearchSection,
  });

/** Stands in for the pictures, which only a machine with the images has. */
const noPictures = "the pictures";

/** Whether the page holds all that the trials come to, its pictures left alone. */
function pageIsNew(results: ReproductionResults, page: string): boolean {
  const kept = new Set(page.split("\n"));
  const wanted = articlePage(results, noPictures, pageAssets()).split("\n");
  return wanted.every((line) => kept.has(line) || line.includes(noPictures));
}

/** Writes the page of the trials anew, with its pictures, or only compares; a folder without one is left so. */
export async function updateReproductionPage(
  results: ReproductionResults,
  check: boolean,
): Promise<readonly string[]> {
  const file = join(reproductionFolder, "index.html");
  if (!existsSync(file) || pageIsNew(results, readFileSync(file, "utf8"))) return [];
  if (!check) {
    const { dataset } = await loadDataset(results.data);
    await writeOutputs(reproductionFolder, { dataset });
  }
  return [file];
}

/** Writes the tables and figures of the trials that are there, or only compares. @returns the files that differ */
export function updateReproduction(results: ReproductionResults, check: boolean): readonly string[] {
  if (isEmpty(results)) return [];
  return [...tableAndFigureFiles(results)].flatMap(([name, content]) => {
    const file = join(reproductionFolder, name);
    if (existsSync(file) && readFileSync(file, "utf8") === content) return [];
    if (!check) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return [file];
  });
}
