import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { balancedAccuracy, hasUnevenClasses } from "../../core/metrics/balanced-accuracy.js";
import type { ResolvedGroup } from "../../core/optimizers/index.js";
import { counted, duration, figure, gibibytes, listed, percent } from "../../core/words.js";
import { bestOf } from "../../run/best-of.js";
import { epochsDone } from "../../run/epochs-done.js";
import { knownModel } from "../../run/known-model.js";
import type { RunConfig } from "../../run/run-config.js";
import type { RunRecord } from "../../run/run-record.js";
import { augmentationWords, optionWords, viewsWords } from "../settings-words.js";
import type { TableCell, TableData, TableRow } from "../table.js";

/** Nothing where no image validates. */
const finite = (value: number | undefined): number | undefined => (Number.isNaN(value) ? undefined : value);

interface Figure {
  readonly title: string;
  readonly text: (value: number) => string;
  readonly read: (run: RunRecord) => number | null | undefined | false;
  /** Whether more or less of it is better; left out where neither is. */
  readonly better?: "more" | "less";
}

const percentText = (value: number): string => percent(value);
const figureText = (value: number): string => figure(value);

const figures: readonly Figure[] = [
  { title: "Test accuracy", text: percentText, read: (run) => run.evaluation?.accuracy, better: "more" },
  {
    title: "Balanced accuracy",
    text: percentText,
    read: ({ evaluation }) => evaluation && hasUnevenClasses(evaluation) && balancedAccuracy(evaluation),
    better: "more",
  },
  {
    title: "Without images that training has too",
    text: percentText,
    read: ({ evaluation }) => evaluation?.withoutLeaks?.accuracy,
    better: "more",
  },
  { title: "Test loss (nats)", text: figureText, read: (run) => run.evaluation?.loss, better: "less" },
  {
    title: "Top-2 accuracy",
    text: percentText,
    read: (run) => run.evaluation?.top2Accuracy,
    better: "more",
  },
  { title: "Macro F1", text: figureText, read: (run) => run.evaluation?.macro.f1, better: "more" },
  { title: "AUC, macro", text: figureText, read: (run) => run.evaluation?.macroAuc, better: "more" },
  { title: "AUC, micro", text: figureText, read: (run) => run.evaluation?.microAuc, better: "more" },
  {
    title: "Expected calibration error",
    text: percentText,
    read: (run) => run.evaluation?.expectedCalibrationError,
    better: "less",
  },
  {
    title: "Best validation accuracy",
    text: percentText,
    read: (run) => finite(bestOf(run.history, run.config.earlyStopping)?.validationAccuracy),
    better: "more",
  },
  { title: "Best epoch", text: String, read: (run) => bestOf(run.history, run.config.earlyStopping)?.epoch },
  { title: "Epochs done", text: String, read: (run) => epochsDone(run.history) },
  {
    title: "Training time",
    text: duration,
    read: (run) => run.history.reduce((sum, { seconds }) => sum + seconds, 0),
  },
];

/** How good the runs are, in a figure a row, side by side; of several, the best of each row is marked. */
export function headlineTable(runs: readonly RunRecord[], id = "figures"): TableData {
  const viewed = runs.some(({ evaluation }) => evaluation?.views);
  return {
    id,
    title: "In figures",
    caption:
      `Of the best epoch's weights on the test images${viewed ? ", over each run's views" : ""}.${runs.length > 1 ? " The best of each row is in colour." : ""} ` +
      "Calibration error: over 15 bins of confidence.",
    fixed: true,
    columns: [{ title: "" }, ...runs.map(({ name }) => ({ title: name, numeric: true }))],
    rows: figures.map((row) => figureRow(row, runs)).filter((row) => row !== undefined),
  };
}

function figureRow({ title, text, read, better }: Figure, runs: readonly RunRecord[]): TableRow | undefined {
  const values = runs.map((run) => {
    const value = read(run);
    return typeof value === "number" ? value : undefined;
  });
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  const best = better === "more" ? Math.max(...known) : Math.min(...known);
  const tells = better !== undefined && new Set(known).size > 1;
  const cells = values.map((value): TableCell => {
    if (value === undefined) return { text: "–", tone: "muted" };
    return { text: text(value), value, tone: tells && value === best ? "good" : undefined };
  });
  return [title, ...cells];
}

/** Everything that decides a run's result; what the runs differ in is said above the table. */
export function settingsTable(runs: readonly RunRecord[], id = "settings"): TableData {
  const settings = runs.map((run) => settingsOf(run, optionWords));
  const titles = [...new Set(settings.flatMap((each) => Object.keys(each)))];
  const rows = titles.map((title): TableRow => [title, ...settings.map((each) => each[title] ?? "–")]);
  // Words leave out what is off, and round: what is written differs in more.
  const written = runs.map((run) => settingsOf(run, JSON.stringify));
  const differing = titles.filter((title) => new Set(written.map((each) => each[title])).size > 1);
  return {
    id,
    title: "Settings",
    caption: runs.length > 1 ? differenceWords(differing.map((title) => title.toLowerCase())) : undefined,
    fixed: true,
    columns: [{ title: "" }, ...runs.map(({ name }) => ({ title: name }))],
    rows,
  };
}

function differenceWords(differing: readonly string[]): string {
  return differing.length === 0
    ? "The runs have the same settings."
    : `The runs differ in ${listed(differing)}.`;
}

function settingsOf({ config }: RunRecord, words: typeof optionWords): Record<string, string> {
  const { augmentation, classWeights, earlyStopping, limit, parameterGroups, weightAverage } = config;
  const { teacher, temperature, validationShare, views } = config;
  const known = knownModel(config);
  return {
    Model: config.model,
    ...(known
      ? { Dropout: known.dropout ? "as the model has it" : "left out" }
      : { Layers: config.layers?.map(layerWords).join(", ") ?? "–" }),
    Data: config.ownData ? `${config.data}, handed over by a program` : config.data,
    ...(config.preparation && { Pictures: preparationWords(config.preparation) }),
    Epochs: String(config.epochs),
    "Batch size": String(config.batchSize),
    Optimizer: words(config.optimizer),
    Schedule: words(config.schedule),
    "Label smoothing": String(config.labelSmoothing),
    ...(config.clipNorm !== undefined && { "Gradients clipped at": `norm ${config.clipNorm}` }),
    ...(parameterGroups && { "Parameter groups": parameterGroups.map(groupWords).join("; ") }),
    ...(weightAverage && { "Average of the weights": `decay ${weightAverage.decay}` }),
    Augmentation: augmentationWords(augmentation),
    ...(classWeights && { "Class weights": String(classWeights).replaceAll(",", ", ") }),
    ...(earlyStopping && { "Early stopping": words({ name: earlyStopping.monitor, ...earlyStopping }) }),
    ...(teacher && { Teacher: teacherWords(teacher) }),
    ...(views && { "Predictions over": viewsWords(views) }),
    ...(temperature !== undefined && { "Temperature, given": String(temperature) }),
    ...(validationShare !== undefined && {
      "Validation images": validationShare === 0 ? "none" : `${percent(validationShare, 1)} of each class`,
    }),
    "Training images": limit === null ? "all" : `the first ${counted(limit)}, evenly per class`,
    Seed: String(config.seed),
    "Split seed": String(config.splitSeed),
    Arithmetic: `version ${config.arithmeticVersion}, ${config.portable ? "portable, not fused" : "fused where the processor does"}`,
  };
}

const preparationWords = ({ size, channels, resize, background }: PicturePreparation): string =>
  `${size.join("×")}, ${channels === 1 ? "grey" : "colour"}, ${resize}${resize === "fit" ? ` on grey ${background}` : ""}`;

/** A group as in `conv2d_*: frozen`. */
function groupWords({ match, frozen, learningRateFactor, weightDecay }: ResolvedGroup): string {
  const facts = [
    ...(frozen ? ["frozen"] : []),
    ...(learningRateFactor === 1 ? [] : [`${learningRateFactor} of the rate`]),
    ...(weightDecay === undefined ? [] : [`weight decay ${weightDecay}`]),
  ];
  return `${match}: ${facts.join(", ") || "as the others"}`;
}

/** "runs/large, half of the loss" */
const teacherWords = ({
  name,
  weight,
  temperature,
  softens,
  views,
}: NonNullable<RunConfig["teacher"]>): string =>
  [
    name,
    `${percent(weight, 0)} of the loss`,
    ...(temperature === 1
      ? []
      : [`temperature ${temperature}${softens === "teacher" ? " of its answers alone" : ""}`]),
    ...(views ? [`over ${viewsWords(views)}`] : []),
  ].join(", ");

/** A layer's type, and its name where it has one of its own. */
const layerWords = ({ type, name }: { readonly type: string; readonly name: string }): string =>
  name.toLowerCase().startsWith(type.toLowerCase()) ? name : `${name} (${type})`;

/** What the runs ran on; none of it changes a result. */
export function environmentTable(runs: readonly RunRecord[], id = "environment"): TableData {
  const environments = runs.map(environmentOf);
  return {
    id,
    title: "Where it was trained",
    caption: "None of this changes a result but the time it takes.",
    fixed: true,
    columns: [{ title: "" }, ...runs.map(({ name }) => ({ title: name }))],
    rows: Object.keys(environments[0]).map((title) => [
      title,
      ...environments.map((each) => each[title] ?? "–"),
    ]),
  };
}

function environmentOf({ environment = {} }: RunRecord): Record<string, string | undefined> {
  const {
    startedAt,
    heddle,
    node,
    processor,
    processors,
    threads,
    platform,
    architecture,
    memoryBytes,
    vectorBits,
  } = environment;
  return {
    Started: startedAt?.slice(0, 16).replace("T", " ").concat(" UTC"),
    heddle,
    "Node.js": node,
    Processor: processor,
    Processors: processors === undefined ? undefined : String(processors),
    Threads: threads === undefined ? undefined : String(threads),
    Vectors: vectorBits === undefined ? undefined : `${vectorBits} bits`,
    System: platform && `${platform}${architecture === undefined ? "" : `, ${architecture}`}`,
    Memory: memoryBytes === undefined ? undefined : gibibytes(memoryBytes),
  };
}
