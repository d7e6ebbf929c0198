// What programs are told on their command lines.

/** A whole number. @throws Error that names the argument where it is none, or less than `least` */
export function wholeNumber(text: string, name: string, least = 1): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} takes a whole number from ${least} on; received "${text}".`);
}

/**
 * What was asked for of what there is, in its order; all of it where nothing was.
 *
 * @throws Error that names what there isn't
 */
export function chosen<Name extends string>(
  asked: readonly string[],
  known: readonly Name[],
): readonly Name[] {
  if (asked.length === 0) return known;
  const strange = asked.filter((name) => !known.some((other) => other === name));
  if (strange.length > 0)
    throw new Error(`There is no ${strange.join(", no ")}; there are ${known.join(", ")}.`);
  return known.filter((name) => asked.includes(name));
}
