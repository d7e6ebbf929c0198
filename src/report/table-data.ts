export interface TableCell {
  readonly text: string;
  /** What the column is sorted by (default: the text). */
  readonly value?: number;
  /** Names of the trials that a number comes from. */
  readonly sources?: readonly string[];
  /** Shown on hover, and read out. */
  readonly note?: string;
  readonly tone?: "good" | "bad" | "muted";
  /** Of the element, for links to it: letters, digits, dots and hyphens. */
  readonly anchor?: string;
}

export interface TableColumn {
  readonly title: string;
  /** Set to the right, in figures of one width. */
  readonly numeric?: boolean;
  /** A heading over neighbours of the same group. */
  readonly group?: string;
}

/** A row: a cell a column; the first one names it. */
export type TableRow = readonly (TableCell | string)[];

export interface TableData {
  /** Of the element in the page: letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  readonly caption?: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** Averages and sums: they stay below, however the rows are sorted. */
  readonly footRows?: readonly TableRow[];
  /** The order of the rows says something, so readers can't sort them. */
  readonly fixed?: boolean;
}

export const cellOf = (cell: TableCell | string): TableCell =>
  typeof cell === "string" ? { text: cell } : cell;

/** The trials that a row's numbers come from, each once, in order. */
export function sourcesOf(row: TableRow): readonly string[] {
  return [...new Set(row.flatMap((cell) => cellOf(cell).sources ?? []))];
}

export const hasSources = ({ rows, footRows = [] }: TableData): boolean =>
  [...rows, ...footRows].some((row) => sourcesOf(row).length > 0);
