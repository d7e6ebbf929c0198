import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { built } from "./built.mjs";
import { markdownTable } from "./results.mjs";

const folder = join("results", "protocol-search");

/** A setting as words: plain, an optimizer or a schedule by its name, or an augmentation. */
function words(value) {
  if (value !== null && typeof value !== "object") return String(value);
  return value?.name ? built.optionWords(value) : built.augmentationWords(value);
}

/** What a trial is, without what has a column of its own or is its table's: setting → words. */
function settingsOf({ name: _, epochs: _epochs, seed: _seed, averageFrom: _from, ...settings }) {
  return new Map(Object.entries(settings).map(([key, value]) => [key, words(value)]));
}

/** What makes a trial differ from the base of its length, or all of it for the base. */
function differences(config, base) {
  const own = settingsOf(config);
  const other = settingsOf(base);
  const shown = [...own].filter(([key, value]) => config === base || other.get(key) !== value);
  const missing = [...other.keys()].filter((key) => !own.has(key)).map((key) => `no ${built.spaced(key)}`);
  return (
    [...shown.map(([key, value]) => `${built.spaced(key)}: ${value}`), ...missing].join("; ") ||
    "the seed alone"
  );
}

/** What the trials of a length are set against: the one that the protocol is of, else the centre of their stage. */
function baseOf(trials) {
  const { searchTrial } = built.protocols.at(-1);
  const base =
    trials.find(({ config }) => config.name === searchTrial) ??
    trials.find(({ config }) => config.name.endsWith("-centre")) ??
    trials[0];
  return base.config;
}

/** Undefined where no epoch ended. */
const bestEpoch = ({ history }) =>
  history.length > 0 ? Math.max(...history.map((epoch) => epoch.validationAccuracy)) : undefined;

const percent = (value) => (value === undefined ? "–" : (100 * value).toFixed(2));

/** A row a trial of the search for the protocol, the best of each length first; none looks at the test images. */
export function protocolSearchSection() {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  if (names.length === 0)
    return "_Not run yet: `node scripts/search-protocol.mjs` runs it and keeps every trial in `results/protocol-search/`._";
  const trials = names.sort().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
  const best = (trial) => Math.max(trial.averaged?.validationAccuracy ?? 0, bestEpoch(trial) ?? 0);
  const lengths = [...new Set(trials.map(({ config }) => config.epochs))].sort((a, b) => a - b);
  const tables = lengths.map((epochs) => {
    const own = trials.filter(({ config }) => config.epochs === epochs);
    const base = baseOf(own);
    const rows = [...own]
      .sort((a, b) => best(b) - best(a))
      .map((trial) => [
        `\`${trial.config.name}\``,
        differences(trial.config, base),
        String(trial.config.seed),
        percent(bestEpoch(trial)),
        percent(trial.history.at(-1)?.validationAccuracy),
        percent(trial.averaged?.validationAccuracy),
        trial.end === "finished" ? "" : trial.end,
      ]);
    const head = [
      "trial",
      "what differs",
      "seed",
      "best epoch, %",
      "last epoch, %",
      "averaged weights, %",
      "",
    ];
    return [
      `${epochs} epochs; \`${base.name}\` is what the others differ from:`,
      "",
      markdownTable(head, rows, 2),
    ].join("\n");
  });
  return [
    ...tables,
    "Accuracies on the 12,000 validation images. `node scripts/search-protocol.mjs` → `results/protocol-search/`, which holds every epoch.",
  ].join("\n\n");
}
