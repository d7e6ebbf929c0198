import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { modelNames } from "#heddle/core/models/index.js";
import { counted, duration, listed } from "#heddle/core/words.js";
import { type TableData, tableMarkdown } from "#heddle/report/table.js";
import { claimsTable } from "#heddle/reproduction/claims/claims.js";
import { tableAndFigureFiles } from "#heddle/reproduction/outputs.js";
import { isPaperModel } from "#heddle/reproduction/paper/paper.js";
import type { Experiment } from "#heddle/reproduction/plan/experiments.js";
import { planLengths, planTrials } from "#heddle/reproduction/plan/plan.js";
import type { ReproductionResults } from "#heddle/reproduction/results/results.js";
import { dropoutTable } from "#heddle/reproduction/tables/dropout.js";
import { schedulesTable, startRatesTable } from "#heddle/reproduction/tables/schedules.js";
import { headlineTable, table2 } from "#heddle/reproduction/tables/table2.js";
import { table3 } from "#heddle/reproduction/tables/table3.js";
import { epochTimesNote, table4 } from "#heddle/reproduction/tables/table4.js";
import { markdownTable, type Section } from "./results.js";

export const reproductionFolder = join("results", "reproduction");
const picture = "figures/figure-6.svg";

const notYet = "_Not run yet: `npx heddle reproduce --out results/reproduction` does it._";

const isEmpty = ({ records }: ReproductionResults): boolean => records.length === 0;

/** What makes a section of the trials that are there. */
type Make = (results: ReproductionResults, root: string) => string;

/** A section that says so where no trial is there. */
const unlessEmpty =
  (make: Make): Make =>
  (results, root) =>
    isEmpty(results) ? notYet : make(results, root);

/** Table 2 in short, with a picture, for the README. */
const headline = unlessEmpty((results, root) => {
  const table = headlineTable(results);
  const shown = `![Confusion matrix of the Proposed CNN on the 10,000 test images](${root}results/reproduction/${picture})`;
  return [
    tableMarkdown(table).trimEnd(),
    `${table.caption} The page with all tables, figures and claims: [index.html](${root}results/reproduction/index.html).`,
    ...(existsSync(join(reproductionFolder, picture)) ? [shown] : []),
  ].join("\n\n");
});

/** The parts of the reproduction, and which experiments belong to each. */
const parts: readonly (readonly [title: string, belongs: (experiments: readonly Experiment[]) => boolean])[] =
  [
    ["Table 2, and with it Table 3 and the figures", (of) => of.includes("table2")],
    ["the printed setting", (of) => of.includes("printed")],
    ["Table 4, what Table 2 hasn't", (of) => of.includes("table4") && !of.includes("table2")],
    ["the schedules", (of) => of.includes("schedules")],
    ["without dropout", (of) => of.includes("dropout")],
  ];

const sum = <Of>(list: readonly Of[], of: (each: Of) => number): number =>
  list.reduce((total, each) => total + of(each), 0);

/** What the whole reproduction consists of, and how much of it is done, on what, in what time. */
const cost: Make = (results) => {
  const whole = { part: "all", data: "fashion-mnist", ...planLengths.whole, limit: null } as const;
  const records = new Map(results.records.map((record) => [record.id, record]));
  const { trials, undecided } = planTrials(whole, records);
  const counts = parts.map(([title, belongs]) => {
    const own = trials.filter(({ experiments }) => belongs(experiments));
    const later = belongs(["schedules"]) ? undecided : [];
    return {
      title,
      trials: own.length + sum(later, ({ count }) => count),
      epochs:
        sum(own, ({ config }) => config.epochs) + sum(later, ({ count, config }) => count * config.epochs),
    };
  });
  const all = {
    title: "all",
    trials: sum(counts, (part) => part.trials),
    epochs: sum(counts, (part) => part.epochs),
  };
  const epochs = results.records.flatMap(({ history }) => history);
  const machines = [...new Set(results.records.map(({ environment }) => environment.processor))].sort();
  const time = duration(sum(epochs, ({ seconds }) => seconds));
  const done = isEmpty(results)
    ? "None of it is done yet."
    : `Done: ${results.records.length} trials, ${counted(epochs.length)} epochs, ${time} of training on ${listed(machines)}.`;
  const cells = [...counts, all].map((part) => [part.title, counted(part.trials), counted(part.epochs)]);
  return `${markdownTable(["part", "trials", "epochs"], cells)}\n\n${done}`;
};

/** A table under its title, with its caption. */
function titled(table: TableData): string {
  const title = `### ${table.title}`;
  const body = table.rows.length > 0 ? tableMarkdown(table).trimEnd() : notYet;
  return [title, body, ...(table.caption ? [table.caption] : [])].join("\n\n");
}

/** Every table of results. */
const tables = unlessEmpty((results) => {
  const all = [
    table2(results),
    ...modelNames.filter(isPaperModel).map((model) => table3(results, model)),
    table4(results),
    schedulesTable(results),
    startRatesTable(results),
    dropoutTable(results),
  ];
  return [...all.map(titled), epochTimesNote(results.epochTimes)].join("\n\n");
});

const claims = unlessEmpty((results) => {
  const table = claimsTable(results);
  return `${tableMarkdown(table).trimEnd()}\n\n${table.caption}`;
});

/** The sections that are made of the reproduction's trials, by name. */
export const reproductionSections = (results: ReproductionResults): Readonly<Record<string, Section>> => ({
  reproduction: (root) => headline(results, root),
  "reproduction-claims": (root) => claims(results, root),
  "reproduction-cost": (root) => cost(results, root),
  "reproduction-tables": (root) => tables(results, root),
});

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
