/** Whether a parsed JSON value is an object, not null and not an array. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Far more than anything of ours nests, far less than a recursion over it could take. */
const deepest = 100;

/**
 * Parses the JSON of a file that anybody may have made: what looks at the value may follow it down by recursion.
 *
 * @throws Error on what isn't JSON, or has lists and objects more than 100 deep.
 */
export function parseJson(text: string): unknown {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    if (depth > deepest) throw new Error(`it is more than ${deepest} levels deep`);
  }
  return JSON.parse(text);
}

/** The index of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
