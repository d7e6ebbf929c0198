import { UsageError } from "../core/errors.js";
import { strangeSetting } from "../run/run-settings.js";
import {
  type Configuration,
  configurationsOf,
  gridSize,
  isDrawn,
  mostConfigurations,
} from "./configurations.js";
import { checkSettings, type Settings, withSetting, withSettings } from "./settings.js";
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
      if (/^(seed|data|dataOptions)(\.|$)/u.test(path))
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

/** What was given at a place of the specification, and what is wrong in each configuration that has it. */
interface Given {
  readonly place: readonly PropertyKey[];
  readonly settings: Settings;
  readonly problems: (string | undefined)[];
}

async function checkValues(spec: SweepSpec, complain: Complaint): Promise<void> {
  const given = new Map<string, Given>();
  for (const { settings, varied, name } of configurations(spec, complain)) {
    const problem = await problemOf(settings);
    for (const each of [{ place: ["base"], settings: {} }, ...givenIn(spec, name, varied)]) {
      const key = JSON.stringify(each.place);
      const entry = given.get(key) ?? { ...each, problems: [] };
      entry.problems.push(problem);
      given.set(key, entry);
    }
  }
  // A place is suspected where nothing that has it can be trained.
  const suspects = [...given.values()].filter(({ problems }) => problems.every((each) => each !== undefined));
  for (const { place, settings, problems } of suspects) {
    const alone = await problemOf(withSettings(spec.base, settings));
    if (alone === undefined || !problems.includes(alone)) continue;
    throw complain(await narrowed(place, settings, alone, spec), `can't be trained: ${alone}`);
  }
  // None is wrong by itself, and what one of them is given beside it can't be trained in any trial.
  const suspect = suspects.find(({ place }) => place.length > 1);
  if (suspect) throw complain(suspect.place, `can't be trained: ${suspect.problems[0]}`);
}

/** Settings that can be trained. */
const plain: Settings = { model: "lenet", epochs: 1 };

/** Which of the settings that stand at a place is wrong, where one is by itself. */
async function narrowed(
  place: readonly PropertyKey[],
  settings: Settings,
  problem: string,
  { kind, base }: SweepSpec,
): Promise<readonly PropertyKey[]> {
  if (place.length === 1) {
    for (const [name, value] of Object.entries(base))
      if ((await problemOf({ ...plain, [name]: value })) === problem) return [...place, name];
    return place;
  }
  if (kind !== "list") return place;
  for (const [path, value] of Object.entries(settings))
    if ((await problemOf(withSettings(base, { [path]: value }))) === problem) return [...place, path];
  return place;
}

function configurations(spec: SweepSpec, complain: Complaint): readonly Configuration[] {
  try {
    return configurationsOf(spec, spec.budget.trials ?? (isDrawn(spec) ? drawnToTry : mostConfigurations));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw complain(placeWithoutParts(spec), `can't be trained: ${error.message}`);
  }
}

/** Where a setting is given that is a part of what has none: `model.name` where the model is a name. */
function placeWithoutParts({ kind, base, vary, list }: SweepSpec): readonly PropertyKey[] {
  const isMisplaced = (path: string): boolean => {
    try {
      withSetting(base, path, 0);
      return false;
    } catch {
      return true;
    }
  };
  if (kind !== "list") {
    const dimension = vary.find(({ paths }) => paths.some(isMisplaced));
    return dimension ? ["vary", dimension.name] : ["vary"];
  }
  for (const [index, { settings }] of list.entries()) {
    const path = Object.keys(settings).find(isMisplaced);
    if (path !== undefined) return ["trials", index, "settings", path];
  }
  return ["trials"];
}

/** What sets a configuration apart, place by place. */
function givenIn(
  { kind, vary, list }: SweepSpec,
  name: string,
  varied: Settings,
): Pick<Given, "place" | "settings">[] {
  if (kind === "list") {
    const index = list.findIndex((each) => each.name === name);
    return [{ place: ["trials", index, "settings"], settings: varied }];
  }
  return vary.map(({ name: dimension, paths, domain }) => {
    const settings = Object.fromEntries(paths.map((path) => [path, varied[path]]));
    if (isRange(domain)) return { place: ["vary", dimension], settings };
    const row = JSON.stringify(paths.map((path) => varied[path]));
    const index = domain.findIndex((values) => JSON.stringify(values) === row);
    return { place: ["vary", dimension, index], settings };
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
    return error.message.replace(/^trainRun:? /u, "");
  }
}
