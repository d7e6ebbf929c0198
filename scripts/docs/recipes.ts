import { join } from "node:path";
import { counted, duration, percent } from "#heddle/core/words.js";
import { type RecipeName, recipeNames, recipes } from "#heddle/recipes/index.js";
import { anchors } from "../recipes/anchors.js";
import type { AblationFile, RecipeFile, RecipeRun, TriedFile } from "../recipes/file.js";
import { accuracyWords, deviationOf, idleTimes, machineOf, resultOf, secondsOf } from "./recipe-figures.js";
import { markdownTable, mean, readResult } from "./results.js";

/** Those of one data set, which have figures of their own. */
const measured = recipeNames.filter((name) => recipes[name].images === "fashion-mnist" || name === "cifar");

const spread = (values: readonly number[]): string => accuracyWords(mean(values), deviationOf(values));

/** A row a recipe: what it came to on the test images, read once a seed. */
export function recipesSection(): string {
  const rows = measured.map((name) => {
    const model = modelOf(name);
    const runs = resultOf<RecipeFile>("", name)?.runs ?? [];
    if (runs.length === 0)
      return [`\`${name}\``, `${recipes[name].meaning}; ${model}`, "not run yet", "", "", "", ""];
    const [{ parameters, epochs, trainImages }] = runs;
    return [
      `\`${name}\``,
      `${recipes[name].meaning}; ${model}, ${counted(parameters)} parameters, ${counted(trainImages)} images, ${epochs} epochs`,
      `**${spread(runs.map(({ accuracy }) => accuracy))}**`,
      withoutLeaks(runs),
      calibrationWords(runs),
      timeWords(runs),
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
    "seeds",
  ];
  const environments = new Set(
    measured.flatMap((name) => (resultOf<RecipeFile>("", name)?.runs ?? []).map(machineOf)),
  );
  return [
    markdownTable(head, rows, 2),
    "",
    "Mean ± standard deviation over seeds. _Without leaks_: of the test images whose picture is no training image as well ([the audit](audit.md) names them). _Calibration error_: expected, over 15 bins, of the softmax and at the recipe's temperature. Times are of runs that had a machine to themselves, the teacher's training included.",
    ...(environments.size > 0 ? ["", `Trained on: ${[...environments].sort().join("; ")}.`] : []),
    "",
    "`node dist/scripts/recipes.js NAME` → `results/recipes/NAME.json`, every run, and its receipts, which `heddle verify` holds against the images.",
    ...(resultOf<RecipeFile>("", "cifar") ? ["", cifarWords] : []),
  ].join("\n");
}

const cifarWords =
  "The figures of `cifar` are of CIFAR-10's pictures as JPEG files: near to the published pixels, not equal to them.";

function modelOf(name: RecipeName): string {
  const { model } = recipes[name].settings;
  return typeof model === "string" ? model : model && "name" in model ? model.name : "a network of its own";
}

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
  return times.map(([machine, seconds]) => `${duration(mean(seconds))} (${machine})`).join("; ");
}

/** Each ingredient of two recipes taken out, on images held back from those that train. */
export function recipeAblationsSection(): string {
  return (["swift", "paper-budget"] as const)
    .flatMap((name) => {
      const file = resultOf<AblationFile>("ablation-", name);
      const title = `### \`${name}\``;
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
        `\`${file.command}\` → \`results/recipes/ablation-${name}.json\`.`,
        "",
      ];
    })
    .join("\n")
    .trimEnd();
}

const points = (difference: number): string =>
  `${difference < 0 ? "−" : "+"}${Math.abs(100 * difference).toFixed(2)}`;

/** What was tried for a recipe and lost. */
export function recipesTriedSection(): string {
  const file = readResult<TriedFile>(join("recipes", "tried.json"));
  if (!file || file.rows.length === 0)
    return "_Nothing is written down yet: `results/recipes/tried.json` holds it._";
  const rows = file.rows.map(({ recipe, what, accuracy, base, seeds }) => [
    `\`${recipe}\``,
    what,
    percent(accuracy),
    points(accuracy - base),
    String(seeds),
  ]);
  return [
    file.how,
    "",
    markdownTable(["for", "tried", "accuracy", "points", "seeds"], rows, 2),
    "",
    "`results/recipes/tried.json`.",
  ].join("\n");
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
