import type { TableCell, TableData } from "../../report/table.js";
import { extent, judgedEpoch, measure, measures } from "../results/measures.js";
import { hundredths, rate } from "../results/numbers.js";
import type { ReproductionResults } from "../results/results.js";
import { type RateTried, scheduleOutcomes, scheduleTitle } from "../results/schedules.js";
import { asPercent, epochsTo90Cell, missing, spreadCell } from "./cells.js";

/**
 * The schedules compared, each at its best start rate.
 *
 * @param brief how the figures that matter less are written
 */
export function schedulesTable(results: ReproductionResults, brief = spreadCell): TableData {
  return {
    id: "schedules",
    title: "Seven schedules, the Proposed CNN",
    caption:
      "Mean ± standard deviation over the seeds, from the start rate that did best; everything but the learning rate as the protocol has it. The gap is the accuracy on the training images, dropout and augmentation off, less that on the validation or test images, by the same weights, those of the epoch best by validation. Last: validation in the last epoch. 90 % is of the validation images. Behind it: seeds × epochs.",
    columns: [
      { title: "schedule" },
      { title: "start", numeric: true },
      { title: "test", group: "accuracy, %", numeric: true },
      { title: "validation", group: "accuracy, %", numeric: true },
      { title: "last", group: "accuracy, %", numeric: true },
      { title: "to 90 %", group: "epochs", numeric: true },
      { title: "validation", group: "gap, points", numeric: true },
      { title: "test", group: "gap, points", numeric: true },
      { title: "behind it" },
    ],
    rows: scheduleOutcomes(results).map(({ schedule, chosen, group, tried }) => [
      scheduleTitle(schedule),
      chosen === null ? missing("not chosen yet") : { text: rate(chosen), value: chosen },
      spreadCell(measure(group, measures.testAccuracy), asPercent),
      spreadCell(measure(group, measures.validationAccuracy), asPercent),
      brief(measure(group, measures.lastValidationAccuracy), asPercent),
      epochsTo90Cell(group),
      brief(measure(group, measures.validationGap), asPercent),
      brief(measure(group, measures.testGap), asPercent),
      chosen === null
        ? missing(`${tried.filter(({ record }) => record).length} of ${tried.length} start rates tried`)
        : extent(group),
    ]),
  };
}

function triedCell(tried: RateTried | undefined): TableCell {
  if (!tried) return missing("–");
  const { record } = tried;
  if (!record) return missing();
  const epoch = judgedEpoch(record);
  if (!epoch) return { text: "diverged", sources: [record.id], value: 0 };
  const diverged = record.outcome === "diverged" ? ", then diverged" : "";
  return {
    text: `${hundredths(epoch.validationAccuracy)}${diverged}`,
    value: 100 * epoch.validationAccuracy,
    sources: [record.id],
  };
}

/** Which start rates were tried with each schedule, and what they came to on the validation images. */
export function startRatesTable(results: ReproductionResults): TableData {
  const outcomes = scheduleOutcomes(results);
  const all = outcomes.flatMap(({ tried }) => tried.map(({ learningRate }) => learningRate));
  const rates = [...new Set(all)].sort((a, b) => a - b);
  return {
    id: "start-rates",
    title: "Start rates tried",
    caption:
      "One seed each: the best validation accuracy in %. Three rates are tried, and where the best is at the edge the next one out. The rate of the best goes on with all seeds.",
    columns: [
      { title: "schedule" },
      ...rates.map((learningRate) => ({ title: rate(learningRate), group: "start rate", numeric: true })),
      { title: "chosen", numeric: true },
    ],
    rows: outcomes.map(({ schedule, tried, chosen }) => [
      scheduleTitle(schedule),
      ...rates.map((wanted) => triedCell(tried.find(({ learningRate }) => learningRate === wanted))),
      chosen === null ? missing("not chosen yet") : { text: rate(chosen), value: chosen },
    ]),
  };
}
