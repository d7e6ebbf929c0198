import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Gives text a style, or leaves it as it is. Whether there is colour is the caller's decision alone. */
export const painter =
  (colour: boolean) =>
  (style: Style, text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
