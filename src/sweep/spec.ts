import { HeddleError, UsageError } from "../core/errors.js";
import { isRecord } from "../core/formats/json.js";
import { received } from "../core/options/index.js";
import { listed, plural } from "../core/words.js";
import type { SettingsFile } from "../node/settings-file.js";
import { checkConfigurations } from "./check-configurations.js";
import { stepsOf } from "./configurations.js";
import { plannedConfigurations } from "./plan.js";
import { withRecipe } from "./recipe-base.js";
import type { Json, Settings } from "./settings.js";
import { issueWords, specSchema } from "./spec-schema.js";
import { type Complaint, type Dimension, isRange, type Range, type SweepSpec } from "./sweep-spec.js";

/**
 * A sweep out of its file.
 *
 * @throws HeddleError on the first thing that is wrong in it: the line, what was received, what was expected
 */
export function specOfFile({ value, file, place }: SettingsFile): Promise<SweepSpec> {
  return specOf(value, (path, words) => {
    const where = pathWords(path);
    return new HeddleError(
      `${path.length > 0 ? place(path) : file}: ${where === "" ? "it" : where} ${words}`,
    );
  });
}

/**
 * A sweep that a program asks for.
 *
 * @throws UsageError on the first thing that is wrong in it: the place, what was received, what was expected
 */
export function sweepSpec(value: unknown): Promise<SweepSpec> {
  return specOf(value, (path, words) => new UsageError(`sweep: ${pathWords(path) || "the spec"} ${words}`));
}

async function specOf(value: unknown, complain: Complaint): Promise<SweepSpec> {
  const result = specSchema.safeParse(value);
  if (!result.success) {
    const { path, words } = issueWords(result.error.issues[0], value);
    throw complain(path, words);
  }
  const { vary, trials, seeds, halving, base: written, ...rest } = result.data;
  const { base, pictures } = withRecipe(written, complain);
  const { kind, budget } = rest;
  if (kind === "list") {
    if (!trials)
      throw complain(
        [],
        "has no trials, and is a list of them. Add trials: [{ name: first, settings: {} }].",
      );
    for (const stray of ["vary", "halving"] as const)
      if (result.data[stray])
        throw complain([stray], `is of another kind of sweep: a list says its trials one by one.`);
  } else {
    if (!vary || Object.keys(vary).length === 0)
      throw complain([], `varies nothing. Say what: vary: { "schedule.learningRate": [0.001, 0.002] }.`);
    if (trials) throw complain(["trials"], `is of a list: give kind: list, or leave it out.`);
  }
  const names = trials?.map(({ name }) => name.toLowerCase()) ?? [];
  const repeated = names.findIndex((name, index) => names.indexOf(name) !== index);
  // Folders on some disks tell no capitals.
  if (repeated >= 0) throw complain(["trials", repeated, "name"], "is there twice.");
  if (halving && kind !== "halving")
    throw complain(["halving"], `is of another kind than ${kind}: leave it out.`);
  if (kind === "random" && budget.trials === undefined && budget.epochs === undefined)
    throw complain([], "draws without end. Say how many: budget: { trials: 20 }, or how many epochs in all.");
  const { data, dataOptions, ...others } = base;
  const spec: SweepSpec = {
    ...rest,
    base: others,
    data: { ...dataOf(data, dataOptions, complain), ...(pictures && { pictures }) },
    vary: Object.entries(vary ?? {}).map(([name, domain]) => dimensionOf(name, domain, complain)),
    list: trials ?? [],
    seeds: seedsOf(seeds, base, complain),
    halving: { from: 1, factor: 3, ...halving },
  };
  checkDimensions(spec, complain);
  await checkConfigurations(spec, complain);
  if (plannedConfigurations(spec).length === 0)
    throw complain(
      ["budget", "epochs"],
      `is too little for one configuration with ${plural(spec.seeds.length, "seed")}: give more.`,
    );
  return spec;
}

function dataOf(name: Json | undefined, options: Json | undefined, complain: Complaint): SweepSpec["data"] {
  if (name !== undefined && (typeof name !== "string" || name === ""))
    throw complain(["base", "data"], `must be the name of a data set or folder, but is ${received(name)}.`);
  if (options !== undefined && !isRecord(options))
    throw complain(["base", "dataOptions"], `must be an object of options, but is ${received(options)}.`);
  return {
    ...(name !== undefined && { name }),
    ...(options && { options: options as SweepSpec["data"]["options"] }),
  };
}

function seedsOf(
  seeds: readonly number[] | undefined,
  base: Settings,
  complain: Complaint,
): readonly number[] {
  if (seeds && "seed" in base)
    throw complain(["base", "seed"], "says a seed, and so do the seeds beside the base. Leave one out.");
  const repeated = seeds?.findIndex((seed, index) => seeds.indexOf(seed) !== index) ?? -1;
  if (repeated >= 0)
    throw complain(["seeds", repeated], `is there twice, and a seed gives the same trial again.`);
  if (seeds) return seeds;
  const { seed = 1 } = base;
  if (typeof seed === "number" && Number.isSafeInteger(seed) && seed >= 0) return [seed];
  throw complain(["base", "seed"], `must be a whole number of 0 or more, but is ${received(seed)}.`);
}

function dimensionOf(name: string, domain: Range | readonly Json[], complain: Complaint): Dimension {
  const path = ["vary", name];
  const paths = name.split(",").map((each) => each.trim());
  if (isRange(domain)) {
    if (paths.length > 1)
      throw complain(path, "is several settings at once: they take a list of lists, a value a setting.");
    checkRange(domain, (part, words) => complain([...path, part], words));
    return { name, paths, domain };
  }
  const rows = domain.map((value, index) => {
    if (paths.length === 1) return [value];
    if (Array.isArray(value) && value.length === paths.length) return value;
    throw complain(
      [...path, index],
      `must be a list of ${paths.length} values, one for each of ${listed(paths)}, but is ${received(value)}.`,
    );
  });
  const texts = domain.map((value) => JSON.stringify(value));
  const repeated = texts.findIndex((text, index) => texts.indexOf(text) !== index);
  if (repeated >= 0) throw complain([...path, repeated], "is there twice, and gives the same trials again.");
  return { name, paths, domain: rows };
}

function checkRange(range: Range, complain: (part: string, words: string) => HeddleError) {
  const { from, to, scale, whole: isWhole, steps } = range;
  if (from >= to) throw complain("to", `must be above from, ${from}, but is ${to}.`);
  if (scale === "log" && from <= 0)
    throw complain("from", `must be above 0 where the scale is log, but is ${from}.`);
  if (isWhole && !(Number.isSafeInteger(from) && Number.isSafeInteger(to)))
    throw complain("whole", `asks for whole numbers, but the range is from ${from} to ${to}.`);
  if (isWhole && steps !== undefined && steps > to - from + 1)
    throw complain(
      "steps",
      `must be at most ${to - from + 1}, the whole numbers from ${from} to ${to}, but is ${steps}.`,
    );
  const values = steps === undefined ? [] : stepsOf(range);
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined)
    throw complain(
      "steps",
      `makes ${repeated} of more than one of ${steps} steps, which gives the same trials again: take fewer.`,
    );
}

function checkDimensions({ kind, base, vary, list, budget, halving }: SweepSpec, complain: Complaint): void {
  for (const [index, { settings }] of list.entries()) {
    const paths = Object.keys(settings);
    for (const [at, path] of paths.entries()) {
      const words = wordsOfWholeSweep(path);
      if (words) throw complain(["trials", index, "settings", path], words);
      const behind = paths.slice(at + 1).find((each) => path.startsWith(`${each}.`));
      if (behind !== undefined) throw complain(["trials", index, "settings", behind], replaces(path));
    }
  }
  const paths = vary.flatMap((each) => each.paths.map((path) => ({ path, name: each.name })));
  for (const [index, { path, name }] of paths.entries()) {
    const behind = paths
      .slice(index + 1)
      .find((each) => each.path === path || path.startsWith(`${each.path}.`));
    if (behind) throw complain(["vary", behind.name], replaces(path));
    if (path === "seed") throw complain(["vary", name], "is varied by seeds: [1, 2, 3], beside the base.");
    if (/^data(Options)?(\.|$)/u.test(path))
      throw complain(["vary", name], "is no setting to vary: all trials of a sweep take the same images.");
    const words = wordsOfWholeSweep(path);
    if (words) throw complain(["vary", name], words);
    if (kind === "halving" && path === "epochs")
      throw complain(
        ["vary", name],
        "is what halving shares out: give it in base, the most that a trial gets.",
      );
  }
  if (kind === "halving" && typeof base.epochs === "number" && halving.from >= base.epochs) {
    throw complain(
      ["halving", "from"],
      `must be below the ${plural(base.epochs, "epoch")} of the base, but is ${halving.from}: there would be one round.`,
    );
  }
  for (const { name, domain } of vary) {
    const everywhere =
      kind === "grid" || (kind === "halving" && budget.trials === undefined && budget.epochs === undefined);
    if (everywhere && isRange(domain) && domain.steps === undefined) {
      const remedy = kind === "grid" ? "" : ", or budget: { trials: 20 } to draw from it";
      throw complain(
        ["vary", name],
        `is a range, of which a grid takes evenly spaced values: say how many with steps${remedy}.`,
      );
    }
  }
}

/** Why a setting is one of all trials together, if it is. */
function wordsOfWholeSweep(path: string): string | undefined {
  const [setting] = path.split(".");
  if (setting === "validationShare" || setting === "splitSeed" || setting === "limit")
    return "decides which images trials are compared on, and those have to be the same: give it in base.";
  if (setting === "views" || setting === "temperature")
    return "changes none of the figures that trials are compared by: give it in base, or to the training of the best.";
  return undefined;
}

const replaces = (path: string): string => `replaces ${path}, which stands before it. Put it before.`;

/** `vary.schedule.learningRate[2]` */
const pathWords = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (words, part) =>
      typeof part === "number" ? `${words}[${part}]` : `${words}${words && "."}${String(part)}`,
    "",
  );
