import { HeddleError, UsageError } from "../core/errors.js";
import { isRecord } from "../core/formats/json.js";
import { nearestName, received } from "../core/options/index.js";
import { listed } from "../core/words.js";
import type { DataOptions } from "../run/host.js";
import { resolveRunSettings, strangeSetting } from "../run/run-settings.js";
import {
  type Recipe,
  type RecipeImages,
  type RecipeSettings,
  type RecipeTeacher,
  recipeImages,
} from "./recipe.js";

/** Where a value of a file stands, for a message: `recipe.yaml, line 4`. */
export type PlaceOf = (path: readonly PropertyKey[]) => string;

const recipeParts = ["name", "meaning", "images", "pictures", "settings", "teacher"] as const;
const teacherParts = ["settings", "weight", "temperature", "softens", "views"] as const;

/**
 * A recipe as a file has it: `settings` as `trainRun` takes them, and where there is one a `teacher` with settings of its
 * own, a weight, a temperature and views. `images` says what it is made for, `pictures` what images are made of those that
 * come as pictures.
 *
 * @param value JSON values
 * @param place says where they stand
 * @throws HeddleError on anything that is no recipe, with its place
 */
export async function readRecipe(value: unknown, place: PlaceOf): Promise<Recipe> {
  const parts = partsOf(value, recipeParts, [], place);
  const settings = await readSettings(parts.settings, ["settings"], place);
  const teacher = parts.teacher === undefined ? undefined : await readTeacher(parts.teacher, settings, place);
  const { name = place([]), meaning = "" } = parts;
  if (typeof name !== "string" || typeof meaning !== "string") {
    const key = typeof name === "string" ? "meaning" : "name";
    throw new HeddleError(`${place([key])}: ${key} must be text, but is ${received(parts[key])}.`);
  }
  const images = imagesOf(parts.images, place);
  const pictures = picturesOf(parts.pictures, place);
  return {
    name,
    meaning,
    ...(images && { images }),
    ...(pictures && { pictures }),
    settings,
    ...(teacher && { teacher }),
  };
}

function imagesOf(value: unknown, place: PlaceOf): RecipeImages | undefined {
  if (value === undefined || recipeImages.some((known) => known === value)) return value as RecipeImages;
  throw new HeddleError(
    `${place(["images"])}: images must be ${listed(recipeImages, "or")}, but is ${received(value)}.`,
  );
}

function picturesOf(value: unknown, place: PlaceOf): DataOptions | undefined {
  if (value === undefined || isRecord(value)) return value;
  throw new HeddleError(
    `${place(["pictures"])}: pictures must be options of data by name, such as { size: 32 }, but is ${received(value)}.`,
  );
}

async function readTeacher(value: unknown, student: RecipeSettings, place: PlaceOf): Promise<RecipeTeacher> {
  const { settings: given, ...shares } = partsOf(value, teacherParts, ["teacher"], place);
  const settings = await readSettings(given, ["teacher", "settings"], place);
  // Any bytes will do: what is asked is whether the shares are right.
  const teacher = { ...shares, model: new Uint8Array(1) } as never;
  await checked({ ...student, teacher }, place(["teacher"]));
  return { ...(shares as Partial<RecipeTeacher>), settings };
}

function partsOf<Name extends string>(
  value: unknown,
  names: readonly Name[],
  path: readonly PropertyKey[],
  place: PlaceOf,
): Readonly<Partial<Record<Name, unknown>>> {
  const example =
    path.length === 0 ? "settings: { model: lenet, epochs: 5 }" : "settings: { model: resNet20 }";
  if (!isRecord(value)) {
    throw new HeddleError(
      `${place(path)}: expected ${path.length === 0 ? "a recipe" : "a teacher"}, such as ${example}, but got ${received(value)}.`,
    );
  }
  for (const name of Object.keys(value)) {
    if (names.includes(name as Name)) continue;
    const nearest = nearestName(name, names);
    throw new HeddleError(
      `${place([...path, name])}: ${JSON.stringify(name)} is nothing that is known there.${nearest === undefined ? "" : ` Did you mean ${nearest}?`} Expected: ${listed(names)}. What decides a training stands in settings.`,
    );
  }
  return value as Partial<Record<Name, unknown>>;
}

async function readSettings(
  value: unknown,
  path: readonly PropertyKey[],
  place: PlaceOf,
): Promise<RecipeSettings> {
  if (!isRecord(value)) {
    throw new HeddleError(
      `${place(path)}: expected settings by name, such as { model: lenet, epochs: 5 }, but got ${received(value)}.`,
    );
  }
  if (value.teacher !== undefined) {
    throw new HeddleError(
      `${place([...path, "teacher"])}: a teacher stands beside the settings, with settings of its own.`,
    );
  }
  const settings = value as RecipeSettings;
  for (const name of Object.keys(settings)) {
    const strange = strangeSetting(name);
    if (strange) throw new HeddleError(`${place([...path, name])}: ${JSON.stringify(name)} ${strange}`);
    // One by one, for the line of what is wrong; what doesn't go together is found behind that.
    await checked({ [name]: settings[name as keyof RecipeSettings] }, place([...path, name]));
  }
  await checked(settings, place(path));
  return settings;
}

/** Holds settings against what a run takes; a model and images may come later. */
async function checked(settings: object, where: string): Promise<void> {
  try {
    await resolveRunSettings({ model: "proposed", data: "images", ...settings });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new HeddleError(`${where}: ${error.message.replace(/^trainRun:? /u, "")}`, { cause: error });
  }
}
