import { modelDefinitions } from "../../core/models/index.js";
import type { TableData } from "../../report/table.js";
import { cellOf } from "../../report/table-data.js";
import { arithmeticSince } from "../paper/arithmetic.js";
import { paperModels } from "../paper/paper.js";
import type { TrialRecord } from "../plan/trial.js";
import { extent, measure, measures } from "../results/measures.js";
import { currentGroup, type ReproductionResults, type TrialGroup } from "../results/results.js";
import { asPercent, differenceCell, spreadCell } from "./cells.js";

/** Models whose bytes a later arithmetic changed, by both: what rounding alone does to a result. */
export function arithmeticTable(results: ReproductionResults): TableData {
  const rows = paperModels.flatMap((model) => {
    const now = currentGroup(results, model);
    const before = beforeOf(now, results.earlier);
    if (before.kept.length === 0 || now.kept.length === 0) return [];
    const [accuracy, earlier] = [now, before].map((group) => measure(group, measures.testAccuracy));
    const versions = [...new Set(before.kept.map(({ arithmeticVersion }) => arithmeticVersion))];
    return [
      [
        modelDefinitions[model].title,
        `${versions.join(", ")} → ${arithmeticSince[model]}`,
        // Its trials are not those that the page leads to.
        { ...cellOf(spreadCell(earlier, asPercent)), sources: undefined },
        spreadCell(accuracy, asPercent),
        differenceCell(accuracy, (earlier?.mean ?? 0) * 100, asPercent, "up"),
        extent(now),
      ],
    ];
  });
  return {
    id: "arithmetic-table",
    title: "The same trials by two versions of the arithmetic",
    caption:
      "Test accuracy, mean ± standard deviation over the same seeds: what a change in the order of sums alone comes to. Models that aren't here give the same bytes by both. Behind it: seeds × epochs.",
    columns: [
      { title: "network" },
      { title: "version" },
      { title: "before, %", numeric: true },
      { title: "now, %", numeric: true },
      { title: "difference, points", numeric: true },
      { title: "behind it" },
    ],
    rows,
  };
}

/** The same trials' records by an earlier arithmetic. */
function beforeOf({ ids }: TrialGroup, earlier: readonly TrialRecord[]): TrialGroup {
  const kept = ids.flatMap((id) => earlier.filter((record) => record.id === id));
  return { ids, kept, epochs: [...new Set(kept.map(({ history }) => history.length))] };
}
