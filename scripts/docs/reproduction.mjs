import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { built } from "./built.mjs";
import { markdownTable } from "./results.mjs";

const folder = join("results", "reproduction");
const picture = "figures/figure-6.svg";

const notYet = "_Not run yet: `npx heddle reproduce --out results/reproduction` does it._";

/** What the results folder holds. */
let results;

export async function loadReproduction() {
  results = await built.readResults(folder);
}

const isEmpty = () => results.records.length === 0;

/** A table under its title, with its caption. */
function titled(table) {
  const title = `### ${table.title}`;
  const body = table.rows.length > 0 ? built.tableMarkdown(table).trimEnd() : notYet;
  return [title, body, ...(table.caption ? [table.caption] : [])].join("\n\n");
}

/** Table 2 in short, with a picture, for the README. */
export function reproductionHeadlineSection(root) {
  if (isEmpty()) return notYet;
  const table = built.headlineTable(results);
  return [
    built.tableMarkdown(table).trimEnd(),
    `${table.caption} The page with all tables, figures and claims: [index.html](${root}results/reproduction/index.html).`,
    ...(existsSync(join(folder, picture))
      ? [
          `![Confusion matrix of the Proposed CNN on the 10,000 test images](${root}results/reproduction/${picture})`,
        ]
      : []),
  ].join("\n\n");
}

/** What the whole reproduction consists of, and how much of it is done, on what, in what time. */
export function reproductionCostSection() {
  const whole = { part: "all", data: "fashion-mnist", ...built.planLengths.whole, limit: null };
  const records = new Map(results.records.map((record) => [record.id, record]));
  const { trials, undecided } = built.planTrials(whole, records);
  const parts = [
    ["Table 2, and with it Table 3 and the figures", ({ experiments }) => experiments.includes("table2")],
    ["the printed setting", ({ experiments }) => experiments.includes("printed")],
    [
      "Table 4, what Table 2 hasn't",
      ({ experiments }) => experiments.includes("table4") && !experiments.includes("table2"),
    ],
    ["the schedules", ({ experiments }) => experiments.includes("schedules")],
    ["without dropout", ({ experiments }) => experiments.includes("dropout")],
  ];
  const sum = (list, of) => list.reduce((total, each) => total + of(each), 0);
  const rows = parts.map(([title, belongs]) => {
    const own = trials.filter(belongs);
    const later = belongs({ experiments: ["schedules"] }) ? undecided : [];
    return [
      title,
      own.length + sum(later, ({ count }) => count),
      sum(own, ({ config }) => config.epochs) + sum(later, ({ count, config }) => count * config.epochs),
    ];
  });
  rows.push(["all", ...[1, 2].map((column) => sum(rows, (row) => row[column]))]);
  const epochs = results.records.flatMap(({ history }) => history);
  const machines = [...new Set(results.records.map(({ environment }) => environment.processor))].sort();
  const done = isEmpty()
    ? "None of it is done yet."
    : `Done: ${results.records.length} trials, ${built.counted(epochs.length)} epochs, ${built.duration(sum(epochs, ({ seconds }) => seconds))} of training on ${built.listed(machines)}.`;
  const cells = rows.map(([title, ...counts]) => [title, ...counts.map(built.counted)]);
  return `${markdownTable(["part", "trials", "epochs"], cells)}\n\n${done}`;
}

/** Every table of results. */
export function reproductionTablesSection() {
  if (isEmpty()) return notYet;
  const tables = [
    built.table2(results),
    ...["proposed", "cnn", "lenet", "lstm", "bilstm"].map((model) => built.table3(results, model)),
    built.table4(results),
    built.schedulesTable(results),
    built.startRatesTable(results),
    built.dropoutTable(results),
  ];
  return [...tables.map(titled), built.epochTimesNote(results.epochTimes)].join("\n\n");
}

export function reproductionClaimsSection() {
  if (isEmpty()) return notYet;
  const table = built.claimsTable(results);
  return `${built.tableMarkdown(table).trimEnd()}\n\n${table.caption}`;
}

/** Writes the tables and figures of the trials that are there, or only compares. @returns the files that differ */
export function updateReproduction(check) {
  if (isEmpty()) return [];
  return [...built.tableAndFigureFiles(results)].flatMap(([name, content]) => {
    const file = join(folder, name);
    if (existsSync(file) && readFileSync(file, "utf8") === content) return [];
    if (!check) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return [file];
  });
}
