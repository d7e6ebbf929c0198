import stringWidth from "string-width";

const graphemes = new Intl.Segmenter();

/** Columns that text takes on a terminal: two a character of Chinese, Japanese or Korean, and an emoji. */
export const widthOf = (text: string): number => stringWidth(text);

/** As much of the text as so many columns hold, an ellipsis at its end where that isn't all. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  for (const { segment } of graphemes.segment(text)) {
    if (widthOf(kept + segment) > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

export const padStart = (text: string, columns: number): string => fill(text, columns) + text;

export const padEnd = (text: string, columns: number): string => text + fill(text, columns);

const fill = (text: string, columns: number): string => " ".repeat(Math.max(0, columns - widthOf(text)));
