import { UsageError } from "../core/errors.js";
import type { AnyOptionTable } from "../core/options/index.js";

// Options that belong to some of several named things, optimizers or schedules, as flags.

/** Who has an option: "sgd, rmsprop (default: 0), muon (default: 0.95)", defaults where all have a plain one. */
export function having(
  option: string,
  tables: readonly (readonly [name: string, table: AnyOptionTable])[],
): string {
  const those = tables
    .filter(([, table]) => Object.hasOwn(table, option))
    .map(([name, table]) => ({ name, usual: table[option].default }));
  const plain = those.every(({ usual }) => usual !== undefined);
  const words = those.map(({ name, usual }, index) =>
    plain && those[index + 1]?.usual !== usual ? `${name} (default: ${usual})` : name,
  );
  return words.join(", ");
}

/** What to say of an option that the named thing hasn't. */
export function notTaken(what: string, option: string, takes: readonly string[]): UsageError {
  const known =
    takes.length > 0 ? `It takes ${takes.map(flagOf).join(", ")}.` : "It takes no options of its own.";
  return new UsageError(`${what} takes no ${flagOf(option)}. ${known}`);
}

/** decaySteps → --decay-steps */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** --decay-steps → decaySteps, and --no-dropout → dropout */
export function optionOf(flag: string): string {
  return flag.replace(/^--(no-)?/u, "").replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
