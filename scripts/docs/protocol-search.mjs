import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { markdownTable } from "./results.mjs";

const folder = join("results", "protocol-search");

/** weightDecay → weight decay */
const spaced = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A setting as words: plain, or a name and what of it is neither 0 nor off. */
function words(value) {
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  const { name, ...options } = value;
  const on = Object.entries(options).filter(([, each]) => each !== 0 && each !== false && each !== undefined);
  const list = on.map(([key, each]) => (each === true ? spaced(key) : `${spaced(key)} ${each}`));
  return [...(name ? [name] : []), ...list].join(", ") || "none";
}

/** What a trial is, without its name and length: setting → words. */
function settingsOf({ name: _, epochs: _epochs, seed: _seed, ...settings }) {
  return new Map(Object.entries(settings).map(([key, value]) => [key, words(value)]));
}

/** What makes a trial differ from the first of its length, or all of it for that one. */
function differences(config, base) {
  const own = settingsOf(config);
  const other = settingsOf(base);
  const shown = [...own].filter(([key, value]) => config === base || other.get(key) !== value);
  const missing = [...other.keys()].filter((key) => !own.has(key)).map((key) => `no ${spaced(key)}`);
  return (
    [...shown.map(([key, value]) => `${spaced(key)}: ${value}`), ...missing].join("; ") || "the seed alone"
  );
}

const percent = (value) => (value === undefined ? "–" : (100 * value).toFixed(2));

/** A row a trial of the search for the protocol, the best of each length first; none looks at the test images. */
export function protocolSearchSection() {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  if (names.length === 0)
    return "_Not run yet: `node scripts/search-protocol.mjs` runs it and keeps every trial in `results/protocol-search/`._";
  const trials = names.sort().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
  const best = ({ history, averaged }) =>
    Math.max(averaged?.validationAccuracy ?? 0, ...history.map((epoch) => epoch.validationAccuracy));
  const lengths = [...new Set(trials.map(({ config }) => config.epochs))].sort((a, b) => a - b);
  const tables = lengths.map((epochs) => {
    const own = trials.filter(({ config }) => config.epochs === epochs);
    const base = (own.find(({ config }) => /-centre$/.test(config.name)) ?? own[0]).config;
    const rows = [...own]
      .sort((a, b) => best(b) - best(a))
      .map((trial) => [
        `\`${trial.config.name}\``,
        differences(trial.config, base),
        String(trial.config.seed),
        percent(Math.max(...trial.history.map((epoch) => epoch.validationAccuracy))),
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
