import { parseAugmentation } from "../core/data/augmentation.js";
import { fashionMnist } from "../core/data/fashion-mnist.js";
import { UsageError } from "../core/errors.js";
import { isRecord } from "../core/formats/json.js";
import { received } from "../core/options/index.js";
import { resolveRunSettings } from "../run/run-settings.js";

/** What a file of settings can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Settings of a run, as `trainRun` takes them and files of JSON hold them. */
export type Settings = { readonly [name: string]: Json };

/** Settings that may be written as a name or a list, and are objects all the same. */
const longForms: Readonly<Record<string, (text: string) => object>> = {
  optimizer: (name) => ({ name }),
  schedule: (name) => ({ name }),
  augmentation: (list) => parseAugmentation(list),
};

/** What stands in the place of those that nobody gave. */
const usual: Readonly<Record<string, object>> = {
  optimizer: { name: "adam" },
  schedule: { name: "constant" },
};

/**
 * Settings with another value at a path: `schedule.learningRate` is the rate within the schedule, be that written as an
 * object or by its name alone.
 *
 * @throws UsageError where something stands on the way that has no parts
 */
export function withSetting(settings: Settings, path: string, value: Json): Settings {
  const [name, ...inner] = path.split(".");
  if (inner.length === 0) return { ...settings, [name]: value };
  const outer = Object.hasOwn(settings, name) ? settings[name] : null;
  const long = typeof outer === "string" ? (longForms[name]?.(outer) ?? outer) : (outer ?? usual[name] ?? {});
  if (!isRecord(long))
    throw new UsageError(`${path} is no setting: ${name} is ${received(outer)}, which has no parts.`);
  return { ...settings, [name]: withSetting(long as Settings, inner.join("."), value) };
}

/** Settings with other values at several paths, one after the other. @throws UsageError as `withSetting` does */
export const withSettings = (settings: Settings, values: Settings): Settings =>
  Object.entries(values).reduce((whole, [path, value]) => withSetting(whole, path, value), settings);

/** What the settings have at a path; undefined where they say nothing of it. */
export function settingAt(settings: Settings, path: string): Json | undefined {
  const [name, ...inner] = path.split(".");
  const value = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (inner.length === 0) return value;
  if (isRecord(value)) return settingAt(value as Settings, inner.join("."));
  return typeof value === "string" && inner.join() === "name" ? value : undefined;
}

/** Checks settings, but for their images. @throws UsageError as `trainRun` does */
export async function checkSettings(settings: Settings): Promise<void> {
  await resolveRunSettings({ data: fashionMnist, ...settings });
}
