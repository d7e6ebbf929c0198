import type { TableCell, TableColumn, TableData } from "../../report/table.js";
import { extent, type TrialGroup } from "../results/groups.js";
import { type Measure, meanAndDeviation, measure, measures, scaleOf, written } from "../results/measures.js";
import { decimal, signed } from "../results/numbers.js";
import { type Spread, trialsOf } from "../results/spread.js";

/** Where a table is shown: as a file of its own, in docs/reproducing.md, in the page, in the README. */
export type Place = "file" | "docs" | "page" | "readme";

/** A column, and where it is shown (default: everywhere). */
export interface Column<Row> extends TableColumn {
  readonly show?: readonly Place[];
  cell(row: Row, place: Place): TableCell | string;
}

export interface Table<Row> extends Omit<TableData, "columns" | "rows" | "footRows"> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly footRows?: readonly Row[];
  /** What stands for the rows where there is none (default: that it isn't run yet). */
  readonly empty?: string;
}

/** A table with the columns that a place shows. */
export function tableAt<Row>(
  { columns, rows, footRows = [], ...table }: Table<Row>,
  place: Place,
): TableData & Pick<Table<Row>, "empty"> {
  const shown = columns.filter(({ show }) => show?.includes(place) ?? true);
  const cells = (list: readonly Row[]) => list.map((row) => shown.map(({ cell }) => cell(row, place)));
  return {
    ...table,
    columns: shown.map(({ title, group, numeric }) => ({ title, group, numeric })),
    rows: cells(rows),
    ...(footRows.length > 0 && { footRows: cells(footRows) }),
  };
}

/** Full precision is noise: what a CSV or a sort needs. */
const rounded = (value: number): number => Number(value.toPrecision(8));

/** What isn't there, in a word. */
export const missing = (text = "–"): TableCell => ({ text, tone: "muted" });

/** A number as it stands, or that there is none. */
export const numberCell = (value: number | null | undefined, places = 0): TableCell =>
  value === null || value === undefined ? missing() : { text: decimal(value, places), value };

/** Mean ± deviation, with the trials behind it; brief: the mean alone, the deviation in a note. */
export function spreadCell(spread: Spread | null, of: Measure, brief = false): TableCell {
  if (!spread) return missing();
  const { mean, deviation } = spread;
  return {
    text: brief ? written(of, mean) : meanAndDeviation(of, spread),
    value: rounded(scaleOf(of) * mean),
    sources: trialsOf(spread),
    note: brief && deviation !== null ? `± ${written(of, deviation)}` : undefined,
  };
}

/** Ours less another figure, which is in the column's unit; what is written as 0.00 is not behind. */
export function differenceCell(
  spread: Spread | null,
  other: number | null,
  of: Measure,
  places = of.places,
): TableCell {
  if (!spread || other === null) return missing();
  const difference = scaleOf(of) * spread.mean - other;
  const shown = Number(difference.toFixed(places));
  const ahead = of.better === "higher" ? shown >= 0 : shown <= 0;
  return {
    text: signed(difference, places),
    value: rounded(difference),
    tone: ahead ? "good" : "bad",
    sources: trialsOf(spread),
  };
}

/** A row of trials. */
export interface GroupRow {
  readonly group: TrialGroup;
}

type ColumnOptions = Omit<TableColumn, "title"> & {
  readonly show?: readonly Place[];
  /** Where the deviation is left to a note. */
  readonly brief?: readonly Place[];
};

/** A figure of each row's trials. */
export const measured = <Row extends GroupRow>(
  title: string,
  of: Measure | ((row: Row) => Measure),
  { brief = [], ...options }: ColumnOptions = {},
): Column<Row> => ({
  title,
  numeric: true,
  ...options,
  cell(row, place) {
    const figure = typeof of === "function" ? of(row) : of;
    return spreadCell(measure(row.group, figure), figure, brief.includes(place));
  },
});

/**
 * Three columns: the paper's figure, ours, and ours less the paper's.
 *
 * @param places of the paper's figures, and of differences to them (default: ours)
 */
export function besidePaper<Row extends GroupRow>(
  group: string,
  of: Measure | ((row: Row) => Measure),
  paper: (row: Row) => number | null,
  options: ColumnOptions & {
    readonly places?: { readonly paper?: number; readonly difference?: number };
    readonly showDifference?: readonly Place[];
  } = {},
): Column<Row>[] {
  const { places, showDifference = options.show, ...rest } = options;
  const figureOf = (row: Row): Measure => (typeof of === "function" ? of(row) : of);
  return [
    {
      title: "paper",
      group,
      numeric: true,
      show: rest.show,
      cell: (row) => numberCell(paper(row), places?.paper ?? 2),
    },
    measured<Row>("here", of, { ...rest, group }),
    {
      title: "diff.",
      group,
      numeric: true,
      show: showDifference,
      cell: (row) =>
        differenceCell(measure(row.group, figureOf(row)), paper(row), figureOf(row), places?.difference),
    },
  ];
}

/** Epochs to 90 %: of the seeds that got there, and how many did. */
export const epochsTo90: Column<GroupRow> = {
  title: "to 90 %",
  group: "epochs",
  numeric: true,
  cell({ group }) {
    const { kept } = group;
    const epochs = measure(group, measures.epochsTo90);
    if (kept.length === 0) return missing();
    const sources = kept.map(({ id }) => id);
    if (!epochs) return { text: "never", sources, tone: "muted" };
    const reached = epochs.observations.length;
    const text = meanAndDeviation(measures.epochsTo90, epochs);
    const some = reached < kept.length ? ` (${reached} of ${kept.length})` : "";
    return { text: `${text}${some}`, value: epochs.mean, sources };
  },
};

/** Seeds by epochs. */
export const behind: Column<GroupRow> = {
  title: "behind it",
  cell: ({ group }) => (group.kept.length === 0 ? missing("not run yet") : extent(group)),
};
