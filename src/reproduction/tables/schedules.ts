import type { TableCell } from "../../report/table.js";
import { type ScheduleOutcome, scheduleOutcomes } from "../results/groups.js";
import { judgedEpoch, measures } from "../results/measures.js";
import { hundredths, rate } from "../results/numbers.js";
import type { ReproductionResults } from "../results/results.js";
import { behind, epochsTo90, measured, missing, type Table } from "./columns.js";

const brief = ["page"] as const;

const chosenCell = ({ chosen }: ScheduleOutcome): TableCell =>
  chosen === null ? missing("not chosen yet") : { text: rate(chosen), value: chosen };

/** The schedules compared, each at its best start rate. */
export const schedulesTable = (results: ReproductionResults): Table<ScheduleOutcome> => ({
  id: "schedules",
  title: "Seven schedules, the Proposed CNN",
  caption:
    "Mean ± standard deviation over the seeds, from the start rate that did best; everything but the learning rate as the protocol has it. The gap is the accuracy on the training images, dropout and augmentation off, less that on the validation or test images, by the same weights, those of the epoch best by validation. Last: validation in the last epoch. 90 % is of the validation images. Behind it: seeds × epochs.",
  columns: [
    { title: "schedule", cell: ({ group }) => group.title },
    { title: "start", numeric: true, cell: chosenCell },
    measured("test", measures.testAccuracy, { group: "accuracy, %" }),
    measured("validation", measures.validationAccuracy, { group: "accuracy, %" }),
    measured("last", measures.lastValidationAccuracy, { group: "accuracy, %", brief }),
    epochsTo90,
    measured("validation", measures.validationGap, { group: "gap, points", brief }),
    measured("test", measures.testGap, { group: "gap, points", brief }),
    {
      title: behind.title,
      cell(row, place) {
        const run = row.tried.filter(({ record }) => record).length;
        return row.chosen === null
          ? missing(`${run} of ${row.tried.length} start rates tried`)
          : behind.cell(row, place);
      },
    },
  ],
  rows: scheduleOutcomes(results),
});

function triedCell({ tried }: ScheduleOutcome, wanted: number): TableCell {
  const found = tried.find(({ learningRate }) => learningRate === wanted);
  if (!found) return missing();
  const { record } = found;
  if (!record) return missing("not run yet");
  const epoch = judgedEpoch(record);
  if (!epoch) return { text: "diverged", sources: [record.id] };
  const diverged = record.outcome === "diverged" ? ", then diverged" : "";
  return {
    text: `${hundredths(epoch.validationAccuracy)}${diverged}`,
    value: 100 * epoch.validationAccuracy,
    sources: [record.id],
  };
}

/** Which start rates were tried with each schedule, and what they came to on the validation images. */
export function startRatesTable(results: ReproductionResults): Table<ScheduleOutcome> {
  const rows = scheduleOutcomes(results);
  const all = rows.flatMap(({ tried }) => tried.map(({ learningRate }) => learningRate));
  const rates = [...new Set(all)].sort((a, b) => a - b);
  return {
    id: "start-rates",
    title: "Start rates tried",
    caption:
      "One seed each: the best validation accuracy in %. Three rates are tried, and where the best is at the edge the next one out. The rate of the best goes on with all seeds.",
    columns: [
      { title: "schedule", cell: ({ group }) => group.title },
      ...rates.map((each) => ({
        title: rate(each),
        group: "start rate",
        numeric: true,
        cell: (row: ScheduleOutcome) => triedCell(row, each),
      })),
      { title: "chosen", numeric: true, cell: chosenCell },
    ],
    rows,
  };
}
