import { type Html, html } from "./html.js";
import { outlineOf } from "./symbols.js";
import { seriesColor } from "./theme.js";

/** What a legend reads of a series of an ECharts option. */
interface NamedSeries {
  readonly name?: string;
  readonly type?: string;
  readonly color?: string;
  readonly symbol?: string;
  readonly showSymbol?: boolean;
  readonly lineStyle?: { readonly type?: string; readonly color?: string };
  readonly itemStyle?: { readonly color?: string };
}

const dashes: Readonly<Record<string, string>> = { dashed: "6 3", dotted: "2 3" };

function markerHtml(symbol: string, color: string): Html | undefined {
  const outline = outlineOf(symbol);
  return outline === undefined
    ? undefined
    : html`<path d="${outline}" transform="translate(8 0)" fill="${color}"/>`;
}

/** What a series is drawn in: its own colour, or the palette's. */
export function colorOf({ color, itemStyle, lineStyle }: NamedSeries, index: number): string {
  return color ?? itemStyle?.color ?? lineStyle?.color ?? seriesColor(index);
}

function swatch(series: NamedSeries, index: number): Html {
  const color = colorOf(series, index);
  const dash = dashes[series.lineStyle?.type ?? ""];
  const line = html`<path d="M1 6h26" stroke="${color}" stroke-width="2"${dash !== undefined && html` stroke-dasharray="${dash}"`}/>`;
  const shown = series.type === "line" ? series.showSymbol !== false : true;
  return html`<svg viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">${series.type === "line" && line}${shown && markerHtml(series.symbol ?? (series.type === "bar" ? "rect" : "circle"), color)}</svg>`;
}

/**
 * The names of a chart's series beside how they are drawn; nothing where there is only one. The page's script makes
 * each a button that hides and shows its series.
 */
export function legendHtml(option: object): Html | undefined {
  const series = "series" in option && Array.isArray(option.series) ? (option.series as NamedSeries[]) : [];
  const entries = series
    .map((each, index) => ({ each, index }))

    // Series of one name are one entry: it hides and shows them together.
    .filter(
      ({ each }, index) =>
        each.name !== undefined && series.findIndex(({ name }) => name === each.name) === index,
    );
  if (entries.length < 2) return undefined;
  return html`<ul class="legend">${entries.map(
    ({ each, index }) =>
      html`<li><span class="entry" data-series="${each.name}">${swatch(each, index)} ${each.name}</span></li>`,
  )}</ul>
`;
}
