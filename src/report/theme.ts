/** A colour of the page, on the light ground and on the dark one. */
interface Shade {
  readonly light: string;
  readonly dark: string;
}

/**
 * The page's colours, by the names of their CSS variables. The series are Okabe and Ito's (2008), which stay apart
 * for colour-blind eyes, made darker or lighter until a line has a contrast of 3 : 1 with either ground
 * (WCAG 2.2, 1.4.11).
 */
export const shades = {
  ground: { light: "#ffffff", dark: "#14181d" },
  raised: { light: "#f4f6f8", dark: "#1d232a" },
  ink: { light: "#1b232c", dark: "#e4e8ec" },
  muted: { light: "#56616d", dark: "#a3adb8" },
  line: { light: "#d5dbe1", dark: "#39424c" },
  link: { light: "#005f99", dark: "#72b9ee" },
  good: { light: "#00694a", dark: "#4fcfa5" },
  bad: { light: "#a83f00", dark: "#ff9a66" },
  notice: { light: "#fff3d6", dark: "#3a2f14" },
  heat: { light: "#4c9bcb", dark: "#28618a" },
  "heat-wrong": { light: "#ee9354", dark: "#8a4a1f" },
  "series-1": { light: "#0072b2", dark: "#56b4e9" },
  "series-2": { light: "#d05a00", dark: "#f0803c" },
  "series-3": { light: "#00855f", dark: "#2cc296" },
  "series-4": { light: "#b04a86", dark: "#e793c3" },
  "series-5": { light: "#8f6a00", dark: "#f0d442" },
  "series-6": { light: "#3b8fbd", dark: "#9adcff" },
  "series-7": { light: "#4a545f", dark: "#c3cad1" },
} as const satisfies Record<string, Shade>;

export type ShadeName = keyof typeof shades;

/** How many series colours there are before they begin again. */
export const paletteSize = 7;

/** A CSS reference to one of the page's colours; a chart's option may hold it wherever it holds a colour. */
export const shade = (name: ShadeName): string => `var(--${name})`;

/** The colour of a series, counted from 0; after the last comes the first. */
export function seriesColor(index: number): string {
  return `var(--series-${(index % paletteSize) + 1})`;
}

/** Declarations of all variables for one ground. */
export function shadeDeclarations(ground: keyof Shade): string {
  return Object.entries(shades)
    .map(([name, colours]) => `--${name}:${colours[ground]}`)
    .join(";");
}

/** Puts the colours of the light ground in the place of their variables, for a picture that stands alone. */
export function onLightGround(text: string): string {
  return text.replace(/var\(--([\w-]+)\)/g, (whole, name: string) =>
    Object.hasOwn(shades, name) ? shades[name as ShadeName].light : whole,
  );
}
