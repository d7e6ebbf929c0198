import type { CommandOutput } from "../commands/output.js";
import { styleSequence } from "./visible.js";

/** How a terminal is told to begin a style and to end it (ECMA-48, select graphic rendition). */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  black: [30, 39],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  bgGreen: [42, 49],
} as const;

export type Painter = (style: keyof typeof codes, text: string) => string;

/** Gives text a style, or leaves it as it is. Whether there is colour is the caller's decision alone. */
export const painter =
  (colour: boolean): Painter =>
  (style, text) => {
    if (!colour) return text;
    const [begin, end] = codes[style];
    return `${styleSequence(begin)}${text}${styleSequence(end)}`;
  };

/** A line on stderr that warns, with colour where that has it. */
export const warningLine = (errorColour: boolean, message: string): string =>
  `${painter(errorColour)("yellow", "warning:")} ${message}`;

/** What writes such lines to a command's stderr. */
export const warner =
  ({ stderr, errorColour }: Pick<CommandOutput, "stderr" | "errorColour">) =>
  (message: string): void =>
    stderr(warningLine(errorColour, message));
