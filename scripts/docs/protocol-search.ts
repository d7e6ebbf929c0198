import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EpochRecord, StopReason, TrainingSettings } from "heddle";
import { augmentationWords, optionWords, spaced } from "#heddle/report/settings-words.js";
import { protocol } from "#heddle/reproduction/plan/protocol.js";
import { markdownTable } from "./results.js";

const folder = join("results", "protocol-search");

/** One training of the search, as its file has it: with every option of its settings. */
interface SearchTrial
  extends Pick<
    TrainingSettings,
    "epochs" | "seed" | "optimizer" | "schedule" | "labelSmoothing" | "augmentation"
  > {
  /** Of its file. */
  readonly name: string;
  /** Left out of the Proposed CNN. */
  readonly model?: string;
  /** First weights other than Glorot's. */
  readonly initializer?: "heUniform";
  /** The first epoch whose weights the mean has that is judged beside the last ones. */
  readonly averageFrom?: number;
}

/** What a trial came to, before there were sweeps: results/protocol-search/<name>.json. */
interface SearchResult {
  readonly config: SearchTrial;
  readonly end: StopReason;
  /** Of the averaged weights. */
  readonly averaged?: { readonly validationAccuracy: number };
  readonly history: readonly Pick<EpochRecord, "validationAccuracy">[];
}

type Settings = Omit<SearchTrial, "name" | "epochs" | "seed" | "averageFrom">;

type Setting = Exclude<Settings[keyof Settings], undefined>;

/** A setting as words: plain, an optimizer or a schedule by its name, or an augmentation. */
function words(value: Setting): string {
  if (value !== null && typeof value !== "object") return String(value);
  return value && "name" in value ? optionWords(value) : augmentationWords(value);
}

/** What a trial is, without what has a column of its own or is its table's: setting → words. */
function settingsOf({
  name: _,
  epochs: _epochs,
  seed: _seed,
  averageFrom: _from,
  ...settings
}: SearchTrial): ReadonlyMap<string, string> {
  const given = Object.entries<Setting>(settings satisfies Settings);
  return new Map(given.map(([key, value]) => [key, words(value)]));
}

/** What makes a trial differ from the base of its length, or all of it for the base. */
function differences(config: SearchTrial, base: SearchTrial): string {
  const own = settingsOf(config);
  const other = settingsOf(base);
  const shown = [...own].filter(([key, value]) => config === base || other.get(key) !== value);
  const missing = [...other.keys()].filter((key) => !own.has(key)).map((key) => `no ${spaced(key)}`);
  return (
    [...shown.map(([key, value]) => `${spaced(key)}: ${value}`), ...missing].join("; ") || "the seed alone"
  );
}

/** What the trials of a length are set against: the one that the protocol is of, else the centre of their stage. */
function baseOf(trials: readonly SearchResult[]): SearchTrial {
  const { searchTrial } = protocol;
  const base =
    trials.find(({ config }) => config.name === searchTrial) ??
    trials.find(({ config }) => config.name.endsWith("-centre")) ??
    trials[0];
  return base.config;
}

/** Undefined where no epoch ended. */
const bestEpoch = ({ history }: SearchResult): number | undefined =>
  history.length > 0 ? Math.max(...history.map((epoch) => epoch.validationAccuracy)) : undefined;

const percent = (value: number | undefined): string => (value === undefined ? "–" : (100 * value).toFixed(2));

/** A row a trial of the search for the protocol, the best of each length first; none looks at the test images. */
export function protocolSearchSection(): string {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  if (names.length === 0) return "_Not run yet: `heddle sweep results/protocol-search/spec.yaml` runs it._";
  const trials = names
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as SearchResult);
  const best = (trial: SearchResult): number =>
    Math.max(trial.averaged?.validationAccuracy ?? 0, bestEpoch(trial) ?? 0);
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
    "Accuracies on the 12,000 validation images. `results/protocol-search/` holds every epoch, and `spec.yaml` there is the search for `heddle sweep`.",
  ].join("\n\n");
}
