import { HeddleError, UsageError } from "../core/errors.js";
import { isRecord } from "../core/formats/json.js";
import { nearestName } from "../core/options/index.js";
import { listed } from "../core/words.js";
import type { RunSummary } from "./list-runs.js";

/** What runs can be put in order by. */
export type RunSortName =
  | "started"
  | "name"
  | "model"
  | "data"
  | "epochs"
  | "validation"
  | "accuracy"
  | "time";

export const runSortNames: readonly RunSortName[] = [
  "started",
  "name",
  "model",
  "data",
  "epochs",
  "validation",
  "accuracy",
  "time",
];

const operators = ["!=", "<=", ">=", "=", "<", ">"] as const;

/** What a run must fulfil: `optimizer=adam`, `accuracy>=0.9` or `accuracy>=90%`. */
export interface RunFilter {
  /** One of `RunSummary` or of its settings, be it within one: `optimizer.momentum`. */
  readonly key: string;
  readonly operator: (typeof operators)[number];
  readonly value: string;
}

/** Which runs of a list, in which order. */
export interface RunSelection {
  /** All of them must be fulfilled (default: none). */
  readonly where?: readonly RunFilter[] | undefined;
  /** Names and times rise, accuracies fall: what is looked for comes first (default "started"). */
  readonly sort?: RunSortName | undefined;
  /** The other way around. */
  readonly reverse?: boolean | undefined;
}

/** Short words for what a summary calls otherwise. */
const shortWords: Readonly<Record<string, string>> = {
  started: "startedAt",
  accuracy: "testAccuracy",
  validation: "bestValidationAccuracy",
  time: "seconds",
};

/**
 * Reads what stands for a filter on a line: a key, one of =, !=, <, <=, > and >=, a value.
 *
 * @throws UsageError on anything else
 */
export function parseRunFilter(text: string): RunFilter {
  const found = /^\s*([\p{L}\p{N}_.]+)\s*(!=|<=|>=|=|<|>)\s*(.*?)\s*$/su.exec(text);
  if (found) {
    const [, key, operator, value] = found;
    return { key, operator: operator as RunFilter["operator"], value };
  }
  throw new UsageError(
    `"${text}" is no filter of runs: expected a setting or a figure, one of ${listed(operators, "or")}, and a value, such as epochs=50, optimizer=adam or accuracy>=0.9.`,
  );
}

/**
 * Those of the runs that fulfil all filters, in order; a run without what it is sorted by comes last.
 *
 * @throws HeddleError on a key that none of the runs has. @throws UsageError where a figure is to be more or less than what is
 * no number
 */
export function selectRuns(runs: readonly RunSummary[], selection: RunSelection): readonly RunSummary[] {
  const { where = [], sort = "started", reverse = false } = selection;
  for (const filter of where) {
    refuseUnknown(filter.key, runs);
    refuseNoNumber(filter, runs);
  }
  const chosen = runs.filter((run) => where.every((filter) => fulfils(valueFor(run, filter.key), filter)));
  const falls = (sort === "accuracy" || sort === "validation") !== reverse;
  const sorted = chosen.map((run) => ({ run, value: sortValue(run, sort) }));
  sorted.sort((a, b) => {
    if (a.value === undefined || b.value === undefined)
      return Number(a.value === undefined) - Number(b.value === undefined);
    if (a.value === b.value) return 0;
    return a.value < b.value === falls ? 1 : -1;
  });
  return sorted.map(({ run }) => run);
}

function sortValue(run: RunSummary, sort: RunSortName): string | number | undefined {
  if (sort === "name") return run.folder;
  if (sort === "epochs") return run.epochsDone;
  const value = valueFor(run, sort);
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}

/** All that a run can be asked for. */
const facts = ({ settings, ...summary }: RunSummary): Readonly<Record<string, unknown>> => ({
  ...settings,
  ...summary,
});

/** What a key says of a run, step by step; what has a name is called by that: `optimizer`. */
function valueFor(run: RunSummary, key: string): unknown {
  const [first, ...rest] = key.split(".");
  const all = facts(run);
  let value: unknown = all[Object.hasOwn(all, first) ? first : (shortWords[first] ?? first)];
  for (const part of rest) value = isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  return isRecord(value) && typeof value.name === "string" ? value.name : value;
}

function refuseUnknown(key: string, runs: readonly RunSummary[]): void {
  if (runs.length === 0 || runs.some((run) => valueFor(run, key) !== undefined)) return;
  const known = [...new Set([...Object.keys(shortWords), ...runs.flatMap((run) => Object.keys(facts(run)))])];
  if (known.includes(key)) return;
  const nearest = nearestName(key, known);
  throw new HeddleError(
    `No run has ${JSON.stringify(key)} to filter by.${nearest === undefined ? "" : ` Did you mean "${nearest}"?`} Known are ${listed(known.sort())}, and what is within them, such as optimizer.momentum.`,
  );
}

/** As text it would be compared by its letters, which nobody means. */
function refuseNoNumber({ key, operator, value }: RunFilter, runs: readonly RunSummary[]): void {
  if (operator === "=" || operator === "!=" || numberOf(value) !== undefined) return;
  const figure = runs.map((run) => valueFor(run, key)).find((its) => typeof its === "number");
  if (figure === undefined) return;
  throw new UsageError(
    `${key}${operator}${value} compares a number, such as ${figure}, with ${JSON.stringify(value)}: expected a number, or a share in percent, such as accuracy>=0.9 or accuracy>=90%.`,
  );
}

/** "0.9" and "90%" → 0.9; undefined of what is no number. */
function numberOf(text: string): number | undefined {
  const [, digits, percent] = /^(.*?)(\s*%)?$/su.exec(text) ?? ["", text];
  if (digits.trim() === "" || !Number.isFinite(Number(digits))) return undefined;
  if (percent === undefined) return Number(digits);
  // The nearest number to what is written, as a share that is written is: a division rounds once more.
  const shifted = Number(`${digits.trim()}e-2`);
  return Number.isNaN(shifted) ? Number(digits) / 100 : shifted;
}

/** Numbers are compared as numbers, all else as text; nothing is what has no value but "". */
function fulfils(value: unknown, { operator, value: wanted }: RunFilter): boolean {
  const text =
    value === undefined || value === null
      ? ""
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
  const number = typeof value === "number" ? numberOf(wanted) : undefined;
  const [left, right] = number === undefined ? [text, wanted] : [value as number, number];
  switch (operator) {
    case "=":
      return left === right;
    case "!=":
      return left !== right;
    default:
      // What a run hasn't is neither more nor less than anything.
      if (text === "") return false;
      if (operator === "<") return left < right;
      if (operator === "<=") return left <= right;
      return operator === ">" ? left > right : left >= right;
  }
}
