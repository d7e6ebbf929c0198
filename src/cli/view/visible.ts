import { randomInt } from "node:crypto";

/**
 * What stands in a style's escape sequence that this program means: a number that no name, path or file from outside
 * can know. It has the form of parameters, so that whoever measures text still knows the sequence for one.
 */
const ours = `${randomInt(1000, 10_000)};${randomInt(1000, 10_000)}`;
const styles = new RegExp(`\\x1b\\[${ours};(\\d+)m`, "g");

/** The escape sequence of a style (ECMA-48, select graphic rendition), as `toTerminal` lets it through. */
export function styleSequence(code: number): string {
  return `\x1b[${ours};${code}m`;
}

// Controls of both sets but tab and line feed; what turns the direction of writing; line ends that are no line feed.
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * Text with every character that would steer a terminal as an escape, `\u001b` and so on, but for this program's own
 * styles. Text that is shown as JSON stays the same JSON.
 */
export function visible(text: string): string {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(styles)) {
    parts.push(text.slice(end, match.index).replaceAll(hidden, escaped), match[0]);
    end = match.index + match[0].length;
  }
  return parts.join("") + text.slice(end).replaceAll(hidden, escaped);
}

/** The same on one line: for a name from outside in a table or in front of a sentence. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll(/[\t\n]/g, escaped);
}

/** What goes out to a terminal, a pipe or a file. */
export function toTerminal(text: string): string {
  return visible(text).replaceAll(styles, "\x1b[$1m");
}
