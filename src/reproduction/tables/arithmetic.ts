import { modelDefinitions } from "../../core/models/index.js";
import { arithmeticSince } from "../paper/arithmetic.js";
import { type PaperModel, paperModels } from "../paper/paper.js";
import { modelGroup, type TrialGroup } from "../results/groups.js";
import { measure, measures } from "../results/measures.js";
import type { ReproductionResults } from "../results/results.js";
import { behind, differenceCell, type GroupRow, measured, spreadCell, type Table } from "./columns.js";

interface Row extends GroupRow {
  readonly model: PaperModel;
  /** The same trials by an earlier arithmetic. */
  readonly before: TrialGroup;
}

const accuracy = measures.testAccuracy;

const meanBefore = ({ before }: Row): number => 100 * (measure(before, accuracy)?.mean ?? 0);

/** Models whose bytes a later arithmetic changed, by both: what rounding alone does to a result. */
export const arithmeticTable = (results: ReproductionResults): Table<Row> => ({
  id: "arithmetic-table",
  title: "The same trials by two versions of the arithmetic",
  caption:
    "Test accuracy, mean ± standard deviation over the same seeds: what a change in the order of sums alone comes to. Models that aren't here give the same bytes by both. Behind it: seeds × epochs.",
  empty: "No trial by an earlier version is kept.",
  columns: [
    { title: "network", cell: ({ model }) => modelDefinitions[model].title },
    {
      title: "version",
      cell: ({ model, before }) => {
        const versions = new Set(before.kept.map(({ config }) => config.arithmeticVersion));
        return `${[...versions].join(", ")} → ${arithmeticSince[model]}`;
      },
    },
    {
      title: "before, %",
      numeric: true,
      // Its trials are not those that the page leads to.
      cell: ({ before }) => ({ ...spreadCell(measure(before, accuracy), accuracy), sources: undefined }),
    },
    measured("now, %", accuracy),
    {
      title: "difference, points",
      numeric: true,
      cell: (row) => differenceCell(measure(row.group, accuracy), meanBefore(row), accuracy),
    },
    behind,
  ],
  rows: paperModels.flatMap((model) => {
    const group = modelGroup(results, model);
    const before = new Map(results.earlier.map((record) => [record.id, record]));
    const kept = group.kept.filter(({ id }) => before.has(id));
    if (kept.length === 0) return [];
    const both = { ...group, ids: kept.map(({ id }) => id) };
    const earlier = both.ids.map((id) => before.get(id)!);
    return [{ model, group: { ...both, kept }, before: { ...both, kept: earlier } }];
  }),
});
