import { UsageError } from "../errors.js";
import { type OptionKind, Refusal, readAs } from "./kind.js";
import { nearestName } from "./nearest.js";
import { kindOf, quoted, received } from "./received.js";

/** An option that has to be given. */
export interface RequiredOption<Given> {
  /** A sentence's worth for people, without its full stop. */
  readonly meaning: string;
  readonly kind: OptionKind<unknown, Given>;
}

/** An option that has a value of its own where it is left out. */
export interface DefaultedOption<Given> extends RequiredOption<Given> {
  readonly default: Given;
}

/** An option that stays undefined where it is left out, and what that means. */
export interface OpenOption<Given> extends RequiredOption<Given> {
  /** In words: `as poolSize`, `all steps of the run`. */
  readonly otherwise: string;
}

/**
 * Every option of an interface, declared once: `const table = { units: … } satisfies OptionTable<DenseOptions>`.
 * A missing or an extra name, or a kind that refuses what the interface allows, doesn't compile.
 */
export type OptionTable<Options> = {
  readonly [Name in keyof Options]-?: undefined extends Options[Name]
    ? DefaultedOption<Exclude<Options[Name], undefined>> | OpenOption<Exclude<Options[Name], undefined>>
    : RequiredOption<Options[Name]>;
};

/** Any table, whoever's it is. */
export type AnyOptionTable = Readonly<Record<string, AnyOption>>;

/** Any option of a table: what it means, what it may be, and what stands for it where it is left out. */
export interface AnyOption {
  readonly meaning: string;
  readonly kind: OptionKind<unknown, never>;
  readonly default?: unknown;
  readonly otherwise?: string;
}

/** What a table makes of options: every value canonical, and undefined only where `otherwise` says what that means. */
export type ResolvedOptions<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends { readonly kind: OptionKind<infer Value, never> }
    ? Table[Name] extends { readonly otherwise: string }
      ? Value | undefined
      : Value
    : never;
};

export interface ResolveSettings {
  /** Names of options that somebody else reads: messages list them with this table's. */
  readonly besides?: readonly string[];
  /** Names that may stand beside the options, such as `type`, and of which nothing is said; or whatever else is there. */
  readonly ignored?: readonly string[] | "the rest";
  /** A call that is right, for who gives no object of options. */
  readonly example?: string;
  /** What to say of names that belong elsewhere: `{ learningRate: "Give it to compile." }`. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/**
 * Checks options against their table and fills in defaults. One that is undefined is not given.
 *
 * @param owner begins every message: `dense`, `The cosine schedule`
 * @throws UsageError on what is no object of options, an unknown name, a missing one, or a value not allowed
 */
export function resolveOptions<const Table extends AnyOptionTable>(
  owner: string,
  given: unknown,
  table: Table,
  settings: ResolveSettings = {},
): ResolvedOptions<Table> {
  const resolved = readOptions(given, table, settings);
  if (!(resolved instanceof Refusal)) return resolved;
  throw new UsageError(resolved.say(owner, ""), resolved.because);
}

/** What a table takes: the kinds' own types, optional where there is a default. */
export type GivenOptions<Table> = {
  readonly [Name in keyof Table as Table[Name] extends MayBeLeftOut ? never : Name]: GivenValue<Table[Name]>;
} & {
  readonly [Name in keyof Table as Table[Name] extends MayBeLeftOut ? Name : never]?: GivenValue<Table[Name]>;
};

type MayBeLeftOut = { readonly default: unknown } | { readonly otherwise: string };

type GivenValue<Entry> = Entry extends { readonly kind: OptionKind<unknown, infer Given> } ? Given : never;

/** Options within an option: `fit: augmentation.shift must be …`. */
export function optionsOf<const Table extends AnyOptionTable>(
  table: Table,
  settings: ResolveSettings = {},
): OptionKind<ResolvedOptions<Table>, GivenOptions<Table>> {
  return {
    expected: `an object of options (${Object.keys(table).join(", ")})`,
    read: (value) => readOptions(value, table, settings),
  };
}

function readOptions<Table extends AnyOptionTable>(
  given: unknown,
  table: Table,
  { besides = [], ignored = [], example, elsewhere = {} }: ResolveSettings,
): ResolvedOptions<Table> | Refusal {
  const names = Object.keys(table);
  let values: ReadonlyMap<string, unknown> | undefined;
  try {
    values = optionValues(given, names);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return new Refusal((owner, option) => `${placeWords(owner, option)}: ${error.message}`, error);
  }
  if (values === undefined) {
    return new Refusal((owner, option) => {
      const what = names.length > 0 ? `an object of options (${names.join(", ")})` : "no options";
      const such = example === undefined ? "" : ` Such as ${example}.`;
      return `${placeWords(owner, option)} takes ${what}, but got ${received(given)}.${such}`;
    });
  }
  const listed = [...names, ...besides];
  for (const name of values.keys()) {
    if (ignored === "the rest" || listed.includes(name) || ignored.includes(name)) continue;
    return unknownName(name, listed, elsewhere);
  }
  const resolved: Record<string, unknown> = {};
  for (const name of names) {
    const { kind, default: standard, otherwise } = table[name];
    const value = values.has(name) ? values.get(name) : standard;
    if (value === undefined && otherwise !== undefined) continue;
    const read = readAs(kind, value);
    if (read instanceof Refusal) return read.within((outer) => (outer === "" ? name : `${outer}.${name}`));
    resolved[name] = read;
  }
  return resolved as ResolvedOptions<Table>;
}

function unknownName(
  name: string,
  names: readonly string[],
  elsewhere: Readonly<Record<string, string>>,
): Refusal {
  const nearest = nearestName(name, [...names, ...Object.keys(elsewhere)]);
  const meant = nearest !== undefined && names.includes(nearest) ? `Did you mean ${nearest}?` : "";
  const hint = nearest === undefined ? "" : ` ${meant || elsewhere[nearest]}`;
  const all = names.length > 0 ? `Its options: ${names.join(", ")}.` : "It takes none.";
  return new Refusal((owner, option) => {
    return `${placeWords(owner, option)} has no option ${quoted(name)}.${hint} ${all}`;
  });
}

const placeWords = (owner: string, option: string): string => (option === "" ? owner : `${owner}: ${option}`);

/** Modules are objects of options too: `import * as settings from "./settings.js"`. */
const objectKinds = ["Object", "Module"];

/**
 * The values that are given, each read once; undefined where this is no object of options. An object of a class has
 * those of its class too: its getters, and of its methods those that are options.
 *
 * @param known names of options
 * @throws UsageError on what can't be read, with what was thrown as its cause
 */
export function optionValues(
  given: unknown,
  known: readonly string[] = [],
): ReadonlyMap<string, unknown> | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  let reading = "The options";
  try {
    if (!objectKinds.includes(kindOf(given))) return undefined;
    const values = new Map<string, unknown>();
    const inherited = inheritedNames(Object.getPrototypeOf(given), known);
    for (const name of new Set([...Object.keys(given), ...inherited])) {
      reading = `The option ${quoted(name)}`;
      const value: unknown = Reflect.get(given, name);
      if (value !== undefined) values.set(name, value);
    }
    return values;
  } catch (cause) {
    throw new UsageError(`${reading} can't be read: its getter fails. Give the value itself.`, { cause });
  }
}

/** The same options as a plain object, which can be taken apart; what is no object of options stays as it is. */
export function plainOptions<Given>(given: Given, table: AnyOptionTable): Given {
  const values = optionValues(given, Object.keys(table));
  return values ? (Object.fromEntries(values) as Given) : given;
}

/** The same, once it fits its table. @throws UsageError as `resolveOptions` does */
export function checkedOptions<Given>(owner: string, given: Given, table: AnyOptionTable): Given {
  const plain = plainOptions(given, table);
  resolveOptions(owner, plain, table);
  return plain;
}

/** Names that a class, or a class of a class, gives its objects. */
function inheritedNames(from: object | null, known: readonly string[]): string[] {
  const next: object | null = from && Object.getPrototypeOf(from);
  // The last one is the language's own, of this realm or another's.
  if (!from || !next) return [];
  const own = Object.entries(Object.getOwnPropertyDescriptors(from))
    .filter(([name, { get, enumerable }]) => get || enumerable || known.includes(name))
    .map(([name]) => name);
  return [...own, ...inheritedNames(next, known)];
}

/** One option as documents and commands show it. */
export interface OptionDescription {
  readonly name: string;
  readonly meaning: string;
  /** `a whole number of 1 or more` */
  readonly expected: string;
  readonly required: boolean;
  /** What it is where left out, in words; undefined where it has to be given. */
  readonly default: string | undefined;
}

/** A table's rows, in its order. */
export function describeOptions(table: AnyOptionTable): OptionDescription[] {
  return Object.entries(table).map(([name, { meaning, kind, default: standard, otherwise }]) => ({
    name,
    meaning,
    expected: kind.expected,
    required: standard === undefined && otherwise === undefined,
    default: standard === undefined ? otherwise : received(standard),
  }));
}
