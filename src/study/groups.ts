import type { Facts } from "./trial.js";

/** Whatever carries facts. */
interface Carrier {
  readonly factors: Facts;
}

/** Things whose facts are the same under some names. */
export interface Group<Item extends Carrier, Key extends keyof Item["factors"]> {
  /** The facts that they share. */
  readonly facts: Pick<Item["factors"], Key>;
  /** In the order in which they came. */
  readonly items: readonly Item[];
}

/** Groups by the facts of these names, in the order in which they first came. */
export function groupBy<Item extends Carrier, Key extends keyof Item["factors"]>(
  items: Iterable<Item>,
  keys: readonly Key[],
): Group<Item, Key>[] {
  const groups = new Map<string, { facts: Pick<Item["factors"], Key>; items: Item[] }>();
  for (const item of items) {
    const factors: Item["factors"] = item.factors;
    const entries = keys.map((key) => [key, factors[key]]);
    const name = JSON.stringify(entries);
    const facts = Object.fromEntries(entries) as Pick<Item["factors"], Key>;
    const group = groups.get(name) ?? { facts, items: [] as Item[] };
    group.items.push(item);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** Those that have all of these facts. */
export const withFacts = <Item extends Carrier>(
  items: readonly Item[],
  facts: Partial<Item["factors"]>,
): Item[] =>
  items.filter(({ factors }) => Object.entries(facts).every(([name, fact]) => factors[name] === fact));
