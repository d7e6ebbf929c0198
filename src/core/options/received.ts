const longestText = 80;
const mostItems = 8;

/**
 * What was received, in words for a message: `"abc"`, `[3, 0]`, `NaN`, `a Float32Array of 784`. Never throws,
 * and stays short whatever it is given.
 */
export function received(value: unknown): string {
  try {
    return words(value, 3);
  } catch {
    return "an object that can't be read";
  }
}

function words(value: unknown, depth: number): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "string":
      return quoted(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return "a function";
    case "object":
      return value === null ? "null" : objectWords(value, depth);
    default:
      return String(value);
  }
}

function objectWords(value: object, depth: number): string {
  if (Array.isArray(value)) {
    if (depth === 0) return "[…]";
    const items = Array.from(value.slice(0, mostItems), (item) => words(item, depth - 1));
    if (value.length > mostItems) items.push(`… ${value.length} in all`);
    return `[${items.join(", ")}]`;
  }
  const kind = kindOf(value);
  if (kind === "Promise") return "a promise (await it first)";
  if (kind === "Object") return "an object";
  const named = `${/^(?!U[Rin])[AEIOU]/.test(kind) ? "an" : "a"} ${kind}`;
  return ArrayBuffer.isView(value) && "length" in value ? `${named} of ${value.length}` : named;
}

/** `Object`, `Map`, `Float32Array`: what the language itself calls it, whatever realm it comes from. */
export function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** In quotes, with everything that could move a terminal's cursor or turn its text around spelt out. */
export function quoted(text: string): string {
  const shown = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  return JSON.stringify(shown).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
