import { modelDefinitions } from "../../core/models/index.js";
import { epochTimesFile } from "../folder/own-files.js";
import { paperProtocol, paperTable4, trainedModels } from "../paper/paper.js";
import { type EpochTime, type EpochTimes, epochTimeOf, epochTimesCommand } from "../results/epoch-times.js";
import type { ReproductionResults } from "../results/results.js";
import { numberCell, type Table } from "./columns.js";

/** How the times came to be, or how to make them. */
export function epochTimesNote(times: EpochTimes | null): string {
  if (!times) {
    return `The time of an epoch is measured apart, on an idle machine, and not yet here: \`${epochTimesCommand}\` prints what belongs in \`${epochTimesFile}\`.`;
  }
  return (
    `The median step of \`heddle bench\`, which trains with Adam, on a machine meant to be idle (${times.processor}, ` +
    `Node ${times.node}), times the steps that 48,000 images take; validation not counted. ` +
    "The ceiling is the rate of multiply-adds that the same threads reach, in vectors of the same width; shares above 100 % come from products saved."
  );
}

/** What the paper leaves out: how long an epoch takes, of every network and at every batch size. */
export const epochTimesTable = ({ epochTimes }: ReproductionResults): Table<EpochTime> => ({
  id: "epoch-times",
  title: "Time of an epoch, by network and by batch size",
  columns: [
    { title: "model", cell: ({ model }) => modelDefinitions[model].title },
    { title: "batch", numeric: true, cell: ({ batchSize }) => numberCell(batchSize) },
    { title: "seconds an epoch", numeric: true, cell: ({ seconds }) => numberCell(seconds, 1) },
    { title: "steps", numeric: true, cell: ({ steps }) => numberCell(steps) },
    { title: "ms a step", numeric: true, cell: ({ stepMilliseconds }) => numberCell(stepMilliseconds, 2) },
    {
      title: "of the ceiling, %",
      numeric: true,
      cell: ({ ofCeiling }) => numberCell(ofCeiling === null ? null : 100 * ofCeiling),
    },
    { title: "threads", numeric: true, cell: ({ threads }) => numberCell(threads) },
  ],
  rows: [
    ...trainedModels.map((model) => ({ model, batchSize: paperProtocol.batchSize })),
    ...otherBatchSizes.map((batchSize) => ({ model: "proposed", batchSize }) as const),
  ].flatMap(({ model, batchSize }) => epochTimeOf(epochTimes, model, batchSize) ?? []),
});

const otherBatchSizes = paperTable4
  .map(({ batchSize }) => batchSize)
  .filter((batchSize) => batchSize !== paperProtocol.batchSize);
