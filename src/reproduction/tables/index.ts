import type { TableData } from "../../report/table.js";
import { paperModels } from "../paper/paper.js";
import type { ReproductionResults } from "../results/results.js";
import { arithmeticTable } from "./arithmetic.js";
import { claimsTable } from "./claims.js";
import { type Place, type Table, tableAt } from "./columns.js";
import { distancesTable } from "./distances.js";
import { dropoutTable } from "./dropout.js";
import { epochTimesTable } from "./epoch-times.js";
import { schedulesTable, startRatesTable } from "./schedules.js";
import { shirtTable } from "./shirt.js";
import { table2 } from "./table2.js";
import { table3, table3OfAll } from "./table3.js";
import { table4 } from "./table4.js";
import { trialsTable } from "./trials.js";

export type { Place } from "./columns.js";

/** A table as a place shows it, and what stands for its rows where there is none. */
export type ShownTable = TableData & Pick<Table<unknown>, "empty">;

type Make = (results: ReproductionResults, place: Place) => ShownTable;

const make =
  <Row>(of: (results: ReproductionResults) => Table<Row>): Make =>
  (results, place) =>
    tableAt(of(results), place);

/** Every table that is a file, by its name. */
export const tables: Readonly<Record<string, Make>> = {
  "table-2": make(table2),
  "table-3": make(table3OfAll),
  "table-4": make(table4),
  "epoch-times": make(epochTimesTable),
  schedules: make(schedulesTable),
  "start-rates": make(startRatesTable),
  dropout: make(dropoutTable),
  distances: make(distancesTable),
  claims: make(claimsTable),
  shirt: make(shirtTable),
  arithmetic: make(arithmeticTable),
  trials: make(trialsTable),
};

/** The tables that the article shows: those, and a model's part of Table 3. */
export const shownTables: Readonly<Record<string, Make>> = {
  ...tables,
  ...Object.fromEntries(
    paperModels.map((model) => [`table-3-${model}`, make((results) => table3(results, model))]),
  ),
};
