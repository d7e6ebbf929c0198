import { join } from "node:path";
import { arithmeticVersion } from "#heddle/core/arithmetic.js";
import { counted, duration, percent, plural } from "#heddle/core/words.js";
import { modelNameOf } from "#heddle/recipes/file-settings.js";
import { type RecipeName, recipeNames, recipes } from "#heddle/recipes/index.js";
import type { AuditFile } from "../audit/file.js";
import { choosingSeeds, variantsOf } from "../recipes/ablations.js";
import { anchors } from "../recipes/anchors.js";
import {
  type AblationFile,
  arithmeticOf,
  type RecipeFile,
  type RecipeHead,
  type RecipeRun,
  type SearchFile,
  type SearchTrial,
} from "../recipes/file.js";
import { measuredRecipes } from "../recipes/measured.js";
import { chosenBy } from "../recipes/settings-of.js";
import { slowdownOf, type TimedRound, type TimesFile } from "../recipes/times.js";
import { accuracyWords, deviationOf, idleTimes, machineOf, resultOf, secondsOf } from "./recipe-figures.js";
import { markdownTable, mean, readResult, vectorsOf } from "./results.js";

const spread = (values: readonly number[]): string => accuracyWords(mean(values), deviationOf(values));

/** A row a recipe: what it came to on the test images, read once a seed. */
export function recipesSection(): string {
  const times = readResult<TimesFile>(join("recipes", "times.json"));
  const rows = measuredRecipes.map((name) => {
    const model = modelNameOf(recipes[name].settings);
    const runs = resultOf<RecipeFile>("", name)?.runs ?? [];
    if (runs.length === 0)
      return [`\`${name}\``, `${recipes[name].meaning}; ${model}`, "not run yet", "", "", "", "", ""];
    const [{ parameters, epochs, trainImages }] = runs;
    return [
      `\`${name}\``,
      `${recipes[name].meaning}; ${model}, ${counted(parameters)} parameters, ${counted(trainImages)} images, ${epochs} epochs`,
      `**${spread(runs.map(({ accuracy }) => accuracy))}**`,
      withoutLeaks(runs),
      calibrationWords(runs),
      timeWords(runs),
      node20Words(runs, times?.recipes[name]),
      String(runs.length),
    ];
  });
  const head = [
    "recipe",
    "what it is",
    "test accuracy",
    "without leaks",
    "calibration error",
    "training time",
    "under Node 20",
    "seeds",
  ];
  const environments = new Set(
    measuredRecipes.flatMap((name) => (resultOf<RecipeFile>("", name)?.runs ?? []).map(machineOf)),
  );
  return [
    markdownTable(head, rows, 2),
    "",
    `Mean ± standard deviation over seeds. _Without leaks_: of the test images whose picture is no training image as well, ${leaksLeftOut()}. _Calibration error_: expected, over 15 bins, of the softmax and at the recipe's temperature. Times are of runs that found a machine idle and had it to themselves as far as is known, the teacher's training included.`,
    ...(times ? ["", node20Legend(times)] : []),
    ...(environments.size > 0 ? ["", `Trained on: ${[...environments].sort().join("; ")}.`] : []),
    "",
    "`node dist/scripts/recipes.js NAME` → `results/recipes/NAME.json`, every run, and its receipts, which `heddle verify` holds against the images.",
    ...(resultOf<RecipeFile>("", "cifar") ? ["", cifarWords] : []),
    ...olderArithmetic(),
  ].join("\n");
}

/** How many were left out when runs were judged, and how many the audit finds today where that is another number. */
function leaksLeftOut(): string {
  const known = readResult<AuditFile>("audit-fashion-mnist.json")?.own?.leaks.testImages.length;
  const runs = measuredRecipes.flatMap((name) => resultOf<RecipeFile>("", name)?.runs ?? []);
  const judged = new Set(
    runs.flatMap(({ images, withoutLeaks }) => (withoutLeaks ? [images - withoutLeaks.images] : [])),
  );
  const others = [...judged].filter((count) => count !== known);
  const audit = "[the audit](audit.md)";
  if (known === undefined || others.length === 0) return `which ${audit} names`;
  return `${others.join(" or ")} less than all: those that ${audit} had found when they were judged, which finds ${known} by now`;
}

/** Says which figures were measured before the arithmetic changed. */
function olderArithmetic(): readonly string[] {
  const names = measuredRecipes.filter((name) => {
    const file = resultOf<RecipeFile>("", name);
    return file && isOlder(file);
  });
  if (names.length === 0) return [];
  const which = names.map((name) => `\`${name}\``).join(", ");
  return [
    "",
    `Trained before version ${arithmeticVersion} of the arithmetic, so that today's heddle may come to other bytes and \`heddle verify\` refuses the receipts: ${which}.`,
  ];
}

const isOlder = (file: RecipeHead): boolean => arithmeticOf(file) < arithmeticVersion;

const cifarWords =
  "The figures of `cifar` are of CIFAR-10's pictures as JPEG files of quality 75 with colours at half the size both ways (4:2:0): near to the published pixels, not equal to them.";

function withoutLeaks(runs: readonly RecipeRun[]): string {
  const known = runs.flatMap((run) => (run.withoutLeaks ? [run.withoutLeaks.accuracy] : []));
  return known.length === runs.length ? percent(mean(known)) : "–";
}

function calibrationWords(runs: readonly RecipeRun[]): string {
  const before = percent(mean(runs.map(({ calibrationError }) => calibrationError)));
  const after = runs.flatMap(({ calibrated }) => (calibrated ? [calibrated.calibrationError] : []));
  return after.length === runs.length ? `${before} → ${percent(mean(after))}` : before;
}

function timeWords(runs: readonly RecipeRun[]): string {
  const times = [...idleTimes(runs)];
  if (times.length === 0) return `not timed alone (${duration(mean(runs.map(secondsOf)))} beside others)`;
  return times
    .map(([machine, seconds]) => `${duration(mean(seconds))}, ${plural(seconds.length, "run")} (${machine})`)
    .join("; ");
}

/** How much longer a training takes under Node 20, a teacher's part by its share of the time. */
function node20Words(runs: readonly RecipeRun[], rounds: readonly TimedRound[] | undefined): string {
  if (!rounds) return "–";
  const { own, teacher = own } = slowdownOf(rounds);
  const slower = mean(
    runs.map((run) => (own * run.seconds + teacher * (run.teacher?.seconds ?? 0)) / secondsOf(run)),
  );
  return `${slower.toFixed(2)} ×`;
}

const node20Legend = ({ command, environment, nodes, images }: TimesFile): string =>
  `_Under Node 20_, whose vectors have 128 bits, a training comes to the same bytes, but takes that many times as long: the median of rounds of an epoch of ${counted(images)} images, trained under Node ${nodes.node20} and then, or before, under Node ${nodes.node24} (${environment.processor}, ${vectorsOf(environment.vectors)}, ${plural(environment.processors, "processor")}): \`${command}\` → \`results/recipes/times.json\`.`;

/** Each ingredient of two recipes taken out, on images held back from those that train. */
export function recipeAblationsSection(): string {
  return (["swift", "paper-budget"] as const)
    .flatMap((name) => {
      const today = resultOf<AblationFile>("ablation-", name);
      const file = today ?? readResult<AblationFile>(join("recipes", "earlier", `ablation-${name}.json`));
      const title = `### \`${name}\`${file && !today ? ", as it was before" : ""}`;
      if (!file || file.rows.length === 0)
        return [title, "", `_Not run yet: \`node dist/scripts/recipes.js ${name} --ablation\` does it._`, ""];
      const whole = file.rows.find(({ change }) => change === "");
      const base = whole && mean(whole.runs.map(({ accuracy }) => accuracy));
      const rows = file.rows.map(({ change, runs }) => {
        const accuracy = mean(runs.map((run) => run.accuracy));
        return [
          change || "the recipe as it is",
          spread(runs.map((run) => run.accuracy)),
          base === undefined || change === "" ? "" : points(accuracy - base),
          String(runs.length),
        ];
      });
      return [
        title,
        "",
        markdownTable(["", "accuracy", "points", "seeds"], rows),
        "",
        ...(today ? soFar(today, variantsOf(chosenBy(recipes[name])).length) : []),
        `\`${file.command}\` → \`results/recipes/${today ? "" : "earlier/"}ablation-${name}.json\`${isOlder(file) ? `, with version ${arithmeticOf(file)} of the arithmetic` : ""}.`,
        "",
      ];
    })
    .join("\n")
    .trimEnd();
}

function soFar({ rows }: AblationFile, variants: number): readonly string[] {
  const [done, all] = [rows.reduce((sum, { runs }) => sum + runs.length, 0), choosingSeeds.length * variants];
  return done < all ? [`So far ${done} of ${all} trainings; the same command goes on with them.`, ""] : [];
}

const points = (difference: number): string =>
  `${difference < 0 ? "−" : "+"}${Math.abs(100 * difference).toFixed(2)}`;

/** Every trial of the search that the settings come from, those of equal settings together. */
export function recipesTriedSection(): string {
  const file = readResult<SearchFile>(join("recipes", "search.json"));
  if (!file) return "_Not searched yet: `scripts/search-recipes.py` does it._";
  const trials = file.trials.filter(hasResult);
  const families = [...new Set(trials.map(({ family }) => family))].filter((name) => name !== "teacher");
  return [
    `${trials.length} trainings with PyTorch ${file.torch} on one ${file.device}, where they take seconds, of 48,000 images and judged on the 12,000 that were held back (40,000 and 10,000 of CIFAR-10's, as JPEG), each over its mirror image too, with the last weights or their average, whichever was better. One seed is uncertain by some 0.2 points, so that a tenth decides nothing. What isn't said is Muon at 0.02 with a weight decay of 0.05, a momentum of 0.9 and 3 iterations, cosine behind an epoch of warmup, batches of 128, labels smoothed by 0.05, and flips; a teacher's temperature was of what it says alone.`,
    ...families.flatMap((family) => {
      const rows = groupsOf(trials.filter((trial) => trial.family === family));
      return [
        "",
        `<details><summary>${family}: ${rows.length} settings, ${percent(rows[0].accuracy)} to ${percent(rows[rows.length - 1].accuracy)}</summary>`,
        "",
        markdownTable(
          ["settings", "accuracy", "seeds"],
          rows.map(({ settings, accuracy, seeds }) => [settings, percent(accuracy), String(seeds)]),
        ),
        "",
        "</details>",
      ];
    }),
    "",
    `\`${file.command}\`${file.note ? ` ${file.note}` : ""}`,
    "",
    ...earlierForms(),
    ...earlierArithmetic(),
  ].join("\n");
}

/** Why another recipe of the name took a recipe's place, after test images had been read with it. */
const replaced: Readonly<Partial<Record<RecipeName, string>>> = {
  "paper-budget":
    "it kept the paper's rates of dropout and had earlyPool48 for a teacher. The search then said on images held back that a quarter of the dropout is worth more than a teacher",
  swift:
    "its whitening had a bias, for whose gradient alone every step went back through the widest convolution",
};

function earlierForms(): readonly string[] {
  return Object.entries(replaced).flatMap(([name, why]) => {
    const place = join("recipes", "earlier");
    const earlier = readResult<RecipeFile>(join(place, `${name}.json`));
    return earlier
      ? [`- \`${name}\` was another recipe first: ${cameTo(earlier)}; ${why} (\`results/${place}\`).`]
      : [];
  });
}

/** What recipes came to before the arithmetic changed. */
function earlierArithmetic(): readonly string[] {
  return recipeNames.flatMap((name) => {
    const place = join("recipes", "earlier", "arithmetic-2");
    const file = readResult<RecipeFile>(join(place, `${name}.json`));
    if (!file) return [];
    return [
      `- \`${name}\` with version ${arithmeticOf(file)} of the arithmetic: ${cameTo(file)} (\`results/${place}\`).`,
    ];
  });
}

function cameTo({ runs }: RecipeFile): string {
  const seeds = runs.length === 1 ? "one seed" : `${runs.length} seeds`;
  return `${spread(runs.map(({ accuracy }) => accuracy))} of the test images (${seeds}), ${timeWords(runs)}`;
}

const hasResult = (trial: SearchTrial): trial is Required<SearchTrial> => trial.result !== undefined;

/** The best first. */
function groupsOf(trials: readonly Required<SearchTrial>[]) {
  const groups = new Map<string, number[]>();
  for (const { settings, result } of trials) {
    const accuracy = Math.max(result.last.accuracyOfBothSides, result.average.accuracyOfBothSides);
    const text = settingsWords(settings);
    groups.set(text, [...(groups.get(text) ?? []), accuracy]);
  }
  return [...groups]
    .map(([settings, accuracies]) => ({ settings, accuracy: mean(accuracies), seeds: accuracies.length }))
    .sort((a, b) => b.accuracy - a.accuracy);
}

/** What is usual in the search, and not said. */
const usual: SearchTrial["settings"] = {
  learningRate: 0.02,
  weightDecay: 0.05,
  momentum: 0.9,
  iterations: 3,
  adamShare: 0.1,
  beta2: 0.999,
  warmup: 1,
  schedule: "cosine",
  labelSmoothing: 0.05,
  flip: true,
  shift: 0,
  reflect: false,
  erase: 0,
  batchSize: 128,
  batchNormKeep: 0.9,
  logitScale: 1,
  dropout: 1,
  sharpness: 0,
};

/** The weights' average is told of every trial, whatever its decay. */
function settingsWords({
  network,
  epochs,
  seed,
  weightAverage,
  ...settings
}: SearchTrial["settings"]): string {
  const others = Object.entries(settings)
    .filter(([name, value]) => value !== usual[name])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return [`${network}, ${epochs} epochs`, ...others.map(([name, value]) => `${name} ${value}`)].join(", ");
}

/** What others have published. */
export function recipeAnchorsSection(): string {
  const rows = anchors.map(({ name, accuracy, parameters = "", epochs, source }) => [
    name,
    source,
    `${accuracy.toFixed(2)} %`,
    parameters,
    epochs === undefined ? "" : String(epochs),
  ]);
  return markdownTable(["", "source", "test accuracy", "parameters", "epochs"], rows, 2);
}
