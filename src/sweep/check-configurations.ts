import { UsageError } from "../core/errors.js";
import { strangeSetting } from "../run/run-settings.js";
import {
  type Configuration,
  configurationsOf,
  gridSize,
  isDrawn,
  mostConfigurations,
} from "./configurations.js";
import { checkSettings, type Settings } from "./settings.js";
import { type Complaint, isRange, type SweepSpec } from "./sweep-spec.js";

/** Draws that are tried where nothing says how many there will be. */
const drawnToTry = 100;

/**
 * Whether the settings that a specification names are a run's, and what it varies them over can be trained at all: a
 * value that is wrong in every trial that has it is a slip. One that only some trials can't take is left to them.
 *
 * @throws what the complaint makes of the first that is wrong
 */
export async function checkConfigurations(spec: SweepSpec, complain: Complaint): Promise<void> {
  const { kind, base, vary, list } = spec;
  for (const name of Object.keys(base)) checkName(name, ["base", name], complain);
  for (const { name, paths } of vary) for (const path of paths) checkName(path, ["vary", name], complain);
  for (const [index, { settings }] of list.entries())
    for (const path of Object.keys(settings)) {
      checkName(path, ["trials", index, "settings", path], complain);
      if (/^(seed|data|dataOptions)$/u.test(path))
        throw complain(
          ["trials", index, "settings", path],
          "is no trial's own: it stands in base, for all of them.",
        );
    }
  if (!isDrawn(spec) && kind !== "list" && gridSize(vary) > mostConfigurations && !spec.budget.trials)
    throw complain(
      ["vary"],
      `makes ${gridSize(vary)} configurations, and ${mostConfigurations} are the most. Vary less, or draw some of them by kind: random.`,
    );
  await checkValues(spec, complain);
}

function checkName(path: string, place: readonly PropertyKey[], complain: Complaint): void {
  const strange = strangeSetting(path.split(".")[0]);
  if (strange) throw complain(place, strange);
}

/** Where a value was given, and what is wrong in each configuration that has it. */
interface Given {
  readonly place: readonly PropertyKey[];
  readonly problems: (string | undefined)[];
}

async function checkValues(spec: SweepSpec, complain: Complaint): Promise<void> {
  const given = new Map<string, Given>();
  for (const { settings, varied, name } of configurations(spec, complain)) {
    const problem = await problemOf(settings);
    for (const place of [["base"], ...placesOf(spec, name, varied)]) {
      const key = JSON.stringify(place);
      const entry = given.get(key) ?? { place, problems: [] };
      entry.problems.push(problem);
      given.set(key, entry);
    }
  }
  // The base is to blame where all trials fail of one thing, a value where all that have it do.
  for (const { place, problems } of given.values()) {
    const [first] = problems;
    const isToBlame =
      place.length === 1
        ? problems.every((problem) => problem === first)
        : problems.every((problem) => problem !== undefined);
    if (first !== undefined && isToBlame) throw complain(place, `can't be trained: ${first}`);
  }
}

function configurations(spec: SweepSpec, complain: Complaint): readonly Configuration[] {
  try {
    return configurationsOf(spec, spec.budget.trials ?? (isDrawn(spec) ? drawnToTry : mostConfigurations));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw complain([spec.kind === "list" ? "trials" : "vary"], `can't be trained: ${error.message}`);
  }
}

/** Places of what sets a configuration apart. */
function placesOf({ kind, vary, list }: SweepSpec, name: string, varied: Settings): PropertyKey[][] {
  if (kind === "list") return [["trials", list.findIndex((each) => each.name === name), "settings"]];
  return vary.map(({ name: dimension, paths, domain }) => {
    if (isRange(domain)) return ["vary", dimension];
    const row = JSON.stringify(paths.map((path) => varied[path]));
    return ["vary", dimension, domain.findIndex((values) => JSON.stringify(values) === row)];
  });
}

/** Why settings can't be trained, as far as they alone show it. */
async function problemOf(settings: Settings): Promise<string | undefined> {
  if (!("epochs" in settings)) return "it has no epochs. Say in base how many a trial gets: epochs: 10.";
  if (settings.validationShare === 0)
    return "with a validationShare of 0 no image validates, and those are what a sweep chooses by. Leave it out, and train the best on all images later.";
  try {
    await checkSettings(settings);
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message.replace(/^trainRun(?:: )?/u, "");
  }
}
