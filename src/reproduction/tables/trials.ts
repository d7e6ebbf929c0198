import { modelDefinitions } from "../../core/models/index.js";
import { plural } from "../../core/words.js";
import { augmentationWords, optionWords } from "../../report/settings-words.js";
import type { TrialRecord } from "../plan/trial.js";
import { judgedEpoch, secondsOf } from "../results/measures.js";
import { rate } from "../results/numbers.js";
import type { ReproductionResults } from "../results/results.js";
import { missing, numberCell, type Table } from "./columns.js";

/** Everything it was trained with but model, batch size, epochs, seed and start rate, which have columns of their own. */
function settings({ config, factors }: TrialRecord): string {
  const { learningRate: _, ...schedule } = config.schedule;
  return [
    optionWords(config.optimizer),
    optionWords(schedule),
    `smoothing ${config.labelSmoothing}`,
    ...(factors.experiment === "without-dropout" ? ["no dropout"] : []),
    `augmentation ${augmentationWords(config.augmentation)}`,
    ...(config.limit === null ? [] : [`${config.limit} training images`]),
  ].join("; ");
}

/** "AMD EPYC, 2 threads, Node 20.1.0"; of a trial that went on elsewhere, both. */
function machine({ environment }: TrialRecord): string {
  const places = [environment, ...(environment.resumed ?? [])].map(
    ({ processor, threads, node }) => `${processor}, ${plural(threads, "thread")}, Node ${node}`,
  );
  return [...new Set(places)].join("; then ");
}

const files = ["file", "docs"] as const;

/** The trials kept, a row each, with a place to link to: what every number comes from. */
export function trialsTable({ records }: ReproductionResults): Table<TrialRecord> {
  return {
    id: "trials-table",
    title: "Trials",
    caption: "Accuracies in % and minutes of wall time, validation included. Times of the day are UTC.",
    columns: [
      { title: "trial", cell: ({ id }) => ({ text: id, anchor: `trial-${id}` }) },
      { title: "model", show: files, cell: ({ factors }) => modelDefinitions[factors.model].title },
      { title: "batch", numeric: true, show: files, cell: ({ config }) => numberCell(config.batchSize) },
      {
        title: "epochs",
        numeric: true,
        cell: ({ config: { epochs }, history: { length } }) => ({
          text: length < epochs ? `${length} of ${epochs}` : String(epochs),
          value: length,
        }),
      },
      { title: "seed", numeric: true, show: files, cell: ({ config }) => numberCell(config.seed) },
      {
        title: "start rate",
        numeric: true,
        cell: ({ config: { schedule } }) =>
          schedule.learningRate === undefined
            ? missing()
            : { text: rate(schedule.learningRate), value: schedule.learningRate },
      },
      { title: "best epoch", numeric: true, cell: ({ bestEpoch }) => numberCell(bestEpoch || null) },
      {
        title: "validation",
        numeric: true,
        cell: (record) => percentCell(judgedEpoch(record)?.validationAccuracy),
      },
      { title: "test", numeric: true, cell: ({ test }) => percentCell(test?.accuracy) },
      { title: "test loss", numeric: true, show: files, cell: ({ test }) => numberCell(test?.loss, 4) },
      { title: "minutes", numeric: true, cell: (record) => numberCell(secondsOf(record) / 60, 1) },
      {
        title: "outcome",
        cell: ({ outcome, message = "" }, place) =>
          outcome === "finished"
            ? outcome
            : {
                text: place === "page" ? outcome : `${outcome}: ${message}`,
                note: place === "page" ? message : undefined,
                tone: "bad",
              },
      },
      {
        title: "begun",
        numeric: true,
        show: files,
        cell: ({ environment }) => environment.startedAt.slice(0, 16).replace("T", " "),
      },
      { title: "settings", show: files, cell: settings },
      { title: "machine", show: files, cell: machine },
    ],
    rows: records,
  };
}

const percentCell = (share: number | undefined) => numberCell(share === undefined ? null : 100 * share, 2);
