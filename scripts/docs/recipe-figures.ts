import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { duration, percent, plural } from "#heddle/core/words.js";
import { type RecipeFigures, type RecipeName, recipeNames, recipes } from "#heddle/recipes/index.js";
import type { RecipeFile, RecipeRun } from "../recipes/file.js";
import { chosenBy, settingsOf } from "../recipes/settings-of.js";
import { mean, readResult } from "./results.js";

const folder = join("src", "recipes");

/** A file of results about a recipe as it is today; undefined where there is none, or of other settings. */
export function resultOf<File extends { readonly settings: unknown }>(
  kind: "" | "ablation-" | "selection-",
  name: RecipeName,
): File | undefined {
  const file = readResult<File>(join("recipes", `${kind}${name}.json`));
  const recipe = kind === "" ? recipes[name] : chosenBy(recipes[name]);
  return file && JSON.stringify(file.settings) === JSON.stringify(settingsOf(recipe)) ? file : undefined;
}

/** Of training, the teacher's included. */
export const secondsOf = ({ seconds, teacher }: RecipeRun): number => seconds + (teacher?.seconds ?? 0);

/** The standard deviation of a sample; undefined of fewer than two. */
export function deviationOf(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/** `AMD EPYC, 2 threads, Node 24` */
export const machineOf = ({ environment: { processor, threads, node } }: RecipeRun): string =>
  `${processor}, ${plural(threads ?? 1, "thread")}, Node ${node?.split(".")[0]}`;

/** Runs that had a machine to themselves, by where that was. */
export function idleTimes(runs: readonly RecipeRun[]): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  for (const run of runs.filter(({ idle }) => idle))
    times.set(machineOf(run), [...(times.get(machineOf(run)) ?? []), secondsOf(run)]);
  return times;
}

/** What a recipe came to; undefined where it wasn't run. */
export function figuresOf(name: RecipeName): RecipeFigures | undefined {
  const runs = resultOf<RecipeFile>("", name)?.runs ?? [];
  if (runs.length === 0) return undefined;
  const accuracies = runs.map(({ accuracy }) => accuracy);
  const deviation = deviationOf(accuracies);
  const [first] = [...idleTimes(runs)].sort(([, a], [, b]) => mean(a) - mean(b));
  return {
    seeds: runs.length,
    accuracy: mean(accuracies),
    ...(deviation !== undefined && { deviation }),
    ...(first && { seconds: mean(first[1]), machine: first[0] }),
  };
}

/** `93.10 ± 0.12 %` */
export const accuracyWords = (accuracy: number, deviation: number | undefined): string =>
  deviation === undefined ? percent(accuracy) : `${(100 * accuracy).toFixed(2)} ± ${percent(deviation)}`;

function headerOf(name: RecipeName): string {
  const figures = figuresOf(name);
  if (!figures) return "Not run yet.";
  const { accuracy, deviation, seeds, seconds, machine } = figures;
  const time =
    seconds === undefined
      ? "not timed yet on a machine of its own"
      : `${duration(seconds)} of training (${machine})`;
  return `Test accuracy ${accuracyWords(accuracy, deviation)}, ${plural(seeds, "seed")}; ${time}: results/recipes/${name}.json.`;
}

/**
 * Writes what the recipes came to into their files' headers and src/recipes/figures.ts, or only compares (`check`).
 *
 * @returns the files that differ
 */
export function updateRecipes(check: boolean): readonly string[] {
  if (!existsSync(folder)) return [];
  const texts = new Map<string, string>();
  const known: Partial<Record<RecipeName, RecipeFigures>> = {};
  for (const name of recipeNames) {
    const figures = figuresOf(name);
    if (figures) known[name] = figures;
    const file = join(folder, `${name}.ts`);
    const [command, second, ...rest] = readFileSync(file, "utf8").split("\n");
    // Those of anybody's pictures have their figures elsewhere, and say where.
    if (command.startsWith(`// heddle train --recipe ${name}`) && second.startsWith("//"))
      texts.set(file, [command, `// ${headerOf(name)}`, ...rest].join("\n"));
  }
  const file = join(folder, "figures.ts");
  const text = readFileSync(file, "utf8");
  const marker = "export const recipeFigures: Readonly<Partial<Record<RecipeName, RecipeFigures>>> = ";
  const at = text.indexOf(marker);
  if (at < 0) throw new Error(`${file} has no recipeFigures to fill.`);
  texts.set(file, `${text.slice(0, at)}${marker}${literal(known)};\n`);
  return [...texts].flatMap(([path, content]) => {
    if (readFileSync(path, "utf8") === content) return [];
    if (!check) writeFileSync(path, content);
    return [path];
  });
}

/** As the formatter has it: an entry of the record a line or more. */
function literal(known: Partial<Record<RecipeName, RecipeFigures>>): string {
  const entries = Object.entries(known);
  if (entries.length === 0) return "{}";
  const lines = entries.flatMap(([name, figures]) => [
    `  ${/^\w+$/u.test(name) ? name : JSON.stringify(name)}: {`,
    ...Object.entries(figures).map(([key, value]) => `    ${key}: ${JSON.stringify(value)},`),
    "  },",
  ]);
  return ["{", ...lines, "}"].join("\n");
}
