import { modelDefinitions } from "../../core/models/index.js";
import { type Html, html, trustedHtml } from "../../report/html.js";
import { augmentationWords, optionWords } from "../../report/settings-words.js";
import { type TableCell, type TableData, tableHtml } from "../../report/table.js";
import type { TrialRecord } from "../plan/trial.js";
import { judgedEpoch, measures } from "../results/measures.js";
import { decimal, hundredths, rate } from "../results/numbers.js";
import type { ReproductionResults } from "../results/results.js";
import { missing } from "./cells.js";

const number = (value: number | null | undefined, write: (value: number) => string): TableCell =>
  value === null || value === undefined ? missing("–") : { text: write(value), value };

/** Everything it was trained with but model, batch size, epochs, seed and start rate, which have columns of their own. */
const settings = ({ config }: TrialRecord): string => {
  const { learningRate: _, ...schedule } = config.schedule;
  return [
    optionWords(config.optimizer),
    optionWords(schedule),
    `smoothing ${config.labelSmoothing}`,
    ...(config.dropout ? [] : ["no dropout"]),
    `augmentation ${augmentationWords(config.augmentation)}`,
    ...(config.limit === null ? [] : [`${config.limit} training images`]),
  ].join("; ");
};

/** "AMD EPYC, 2 threads, Node 20.1.0"; of a trial that went on elsewhere, both. */
const machine = ({ environment }: TrialRecord): string => {
  const places = [environment, ...(environment.resumed ?? [])].map(
    ({ processor, threads, node }) => `${processor}, ${threads} threads, Node ${node}`,
  );
  return [...new Set(places)].join("; then ");
};

/** The trials kept, a row each: what every number of the page comes from. */
export function trialsTable({ records }: ReproductionResults): TableData {
  return {
    id: "trials-table",
    title: "Trials",
    caption: "Accuracies in % and minutes of wall time, validation included. Times of the day are UTC.",
    columns: [
      { title: "trial" },
      { title: "model" },
      { title: "batch", numeric: true },
      { title: "epochs", numeric: true },
      { title: "seed", numeric: true },
      { title: "start rate", numeric: true },
      { title: "best epoch", numeric: true },
      { title: "validation", numeric: true },
      { title: "test", numeric: true },
      { title: "test loss", numeric: true },
      { title: "minutes", numeric: true },
      { title: "outcome" },
      { title: "begun", numeric: true },
      { title: "settings" },
      { title: "machine" },
    ],
    rows: records.map((record) => {
      const { id, config, history, bestEpoch, test, outcome, environment } = record;
      const epochs =
        history.length < config.epochs ? `${history.length} of ${config.epochs}` : String(config.epochs);
      return [
        id,
        modelDefinitions[config.model].title,
        { text: String(config.batchSize), value: config.batchSize },
        { text: epochs, value: history.length },
        { text: String(config.seed), value: config.seed },
        number(config.schedule.learningRate, rate),
        number(bestEpoch === 0 ? null : bestEpoch, String),
        number(judgedEpoch(record)?.validationAccuracy, hundredths),
        number(test?.accuracy, hundredths),
        number(test?.loss, (value) => decimal(value, 4)),
        number(measures.minutes(record), (value) => decimal(value, 1)),
        outcome === "diverged" ? { text: `diverged: ${record.message ?? ""}`, tone: "bad" } : outcome,
        environment.startedAt.slice(0, 16).replace("T", " "),
        settings(record),
        machine(record),
      ];
    }),
  };
}

/** Words that many rows share, by a letter each: A, B, …, Z, A2, … */
class Lettered {
  readonly #letters = new Map<string, string>();

  letterOf(words: string): string {
    const known = this.#letters.get(words);
    if (known !== undefined) return known;
    const index = this.#letters.size;
    const round = Math.floor(index / 26);
    const letter = String.fromCharCode(65 + (index % 26)) + (round === 0 ? "" : String(round + 1));
    this.#letters.set(words, letter);
    return letter;
  }

  html(title: string): Html {
    const items = [...this.#letters].map(([words, letter]) => html`<li><b>${letter}</b>: ${words}</li>`);
    return html`<h3>${title}</h3>
<ul>${items}</ul>
`;
  }
}

/**
 * The trials of the page, with a place to link to at each (`#trial-<id>`); settings and machines, which many share, as
 * letters that the lists below explain.
 */
export function trialsHtml(results: ReproductionResults): Html {
  const [settingLetters, machineLetters] = [new Lettered(), new Lettered()];
  const { columns, rows, ...table } = trialsTable(results);
  const kept = [0, 3, 5, 6, 7, 8, 10, 11, 12];
  const brief = rows.map((row, index) => {
    const { outcome, message } = results.records[index];
    const cells = kept.map((column) => row[column]);
    cells[7] = outcome === "diverged" ? { text: outcome, note: message, tone: "bad" } : outcome;
    const record = results.records[index];
    return [...cells, settingLetters.letterOf(settings(record)), machineLetters.letterOf(machine(record))];
  });
  const titles = [...kept.map((column) => columns[column]), { title: "settings" }, { title: "machine" }];
  const known = new Set(results.records.map(({ id }) => id));
  const anchored = tableHtml({ ...table, columns: titles, rows: brief }).html.replace(
    /<th scope="row">([\w.-]+)<\/th>/g,
    (whole, id: string) => (known.has(id) ? `<th scope="row" id="trial-${id}">${id}</th>` : whole),
  );
  return html`${trustedHtml(anchored)}
${settingLetters.html("Settings")}
${machineLetters.html("Machines")}`;
}
