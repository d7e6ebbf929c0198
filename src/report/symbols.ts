/** Markers that tell series apart where colours don't: outlines in a box of 12 × 12, about as wide as high. */
const outlines = {
  circle: "M2 6a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  rect: "M2.5 2.5h7v7h-7z",
  triangle: "M6 1.5l4.5 8h-9z",
  diamond: "M6 1l4.5 5-4.5 5-4.5-5z",
  down: "M1.5 2.5h9l-4.5 8z",
  cross: "M4.5 1.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
  saltire: "M3.5 1.5L6 4L8.5 1.5L10.5 3.5L8 6L10.5 8.5L8.5 10.5L6 8L3.5 10.5L1.5 8.5L4 6L1.5 3.5z",
} as const;

export type SymbolName = keyof typeof outlines;

const names = Object.keys(outlines) as readonly SymbolName[];

/** The marker of a series, counted from 0; after the last comes the first. */
export const seriesSymbol = (index: number): SymbolName => names[index % names.length];

/** As ECharts takes it. */
export function echartsSymbol(name: SymbolName): string {
  const known = name === "circle" || name === "rect" || name === "triangle" || name === "diamond";
  return known ? name : `path://${outlines[name]}`;
}

/** The outline of a marker as an ECharts option names it; undefined where it is none of these. */
export function outlineOf(symbol: string): string | undefined {
  if (symbol.startsWith("path://")) return symbol.slice("path://".length);
  return Object.hasOwn(outlines, symbol) ? outlines[symbol as SymbolName] : undefined;
}
