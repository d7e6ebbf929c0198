import type { TableCell, TableData, TableRow } from "../../report/table.js";
import { measure, measures } from "../results/measures.js";
import { decimal, hundredths, meanAndDeviation, signed } from "../results/numbers.js";
import type { TrialGroup } from "../results/results.js";
import { type Spread, trialsOf } from "../results/spread.js";

/** How a column's figures are written. */
export interface Unit {
  /** From a share of 1 or nats to what the column shows. */
  readonly scale: number;
  readonly places: number;
}

export const asPercent: Unit = { scale: 100, places: 2 };
export const asLoss: Unit = { scale: 1, places: 3 };
export const asArea: Unit = { scale: 1, places: 4 };
/** Precision, recall and F1, as the paper's Table 3 has them but for a digit more. */
export const asShare: Unit = { scale: 1, places: 3 };

const write =
  ({ scale, places }: Unit) =>
  (value: number): string =>
    scale === 100 ? hundredths(value, places) : decimal(scale * value, places);

/** Full precision is noise: what a CSV or a sort needs. */
const rounded = (value: number): number => Number(value.toPrecision(8));

/** What isn't there, in a word. */
export const missing = (text = "not run yet"): TableCell => ({ text, tone: "muted" });

/** Mean ± deviation, with the trials behind it. */
export function spreadCell(spread: Spread | null, unit: Unit, note?: string): TableCell {
  if (!spread) return missing("–");
  return {
    text: meanAndDeviation(spread, write(unit)),
    value: rounded(unit.scale * spread.mean),
    sources: trialsOf(spread),
    note,
  };
}

/** The same with the mean alone, the deviation on hover: for a table of many columns. */
export function meanCell(spread: Spread | null, unit: Unit): TableCell {
  const cell = spreadCell(spread, unit);
  if (!spread) return cell;
  const note = spread.deviation === null ? undefined : `± ${write(unit)(spread.deviation)}`;
  return { ...cell, text: write(unit)(spread.mean), note };
}

/** Epochs to 90 %: of the seeds that got there, and how many did. */
export function epochsTo90Cell(group: TrialGroup): TableCell {
  const epochs = measure(group, measures.epochsTo90);
  if (group.kept.length === 0) return missing("–");
  const sources = group.kept.map(({ id }) => id);
  if (!epochs) return { text: "never", value: Number.MAX_SAFE_INTEGER, sources, tone: "muted" };
  const reached = epochs.observations.length;
  const text = meanAndDeviation(epochs, (value) => decimal(value, 1));
  return {
    text: reached < group.kept.length ? `${text} (${reached} of ${group.kept.length})` : text,
    value: epochs.mean,
    sources,
  };
}

/** Some of a table's columns, in the order given. */
export function pickColumns(table: TableData, kept: readonly number[]): TableData {
  const pick = (rows: readonly TableRow[] = []) => rows.map((cells) => kept.map((index) => cells[index]));
  return {
    ...table,
    columns: kept.map((index) => table.columns[index]),
    rows: pick(table.rows),
    footRows: pick(table.footRows),
  };
}

/** A figure that the paper prints, in the column's unit, with its number of places. */
export const paperCell = (value: number, places: number): TableCell => ({
  text: decimal(value, places),
  value,
});

/**
 * Ours less the paper's.
 *
 * @param paper in the column's unit
 * @param better which sign is the better one; a column that has none is left without a tone
 */
export function differenceCell(
  spread: Spread | null,
  paper: number,
  unit: Unit,
  better: "up" | "down",
): TableCell {
  if (!spread) return missing("–");
  const difference = unit.scale * spread.mean - paper;
  // What is written as 0.00 is not behind.
  const shown = Number(difference.toFixed(unit.places));
  const ahead = better === "up" ? shown >= 0 : shown <= 0;
  return {
    text: signed(difference, unit.places),
    value: rounded(difference),
    tone: ahead ? "good" : "bad",
    sources: trialsOf(spread),
  };
}
