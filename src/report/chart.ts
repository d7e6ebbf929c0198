import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { standaloneOption, themedOption } from "./chart-theme.js";
import { escapeHtml, type Html, html, jsonForScript, trustedHtml } from "./html.js";
import { legendHtml } from "./legend.js";
import { stillPicture } from "./still-picture.js";
import { onLightGround } from "./theme.js";

use([
  LineChart,
  BarChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  TitleComponent,
  MarkLineComponent,
  SVGRenderer,
]);

export interface ChartData {
  /** Of the element in the page: letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What the picture shows, in words that stand in for it. */
  readonly description: string;
  /**
   * An ECharts option that JSON can hold, of line, bar or scatter series. The theme gives it colours, grid and
   * fonts, and the kit its legend; where a series has a colour of its own, `seriesColor(index)` names it.
   */
  readonly option: object;
  /** Pixels (default 360). */
  readonly height?: number;
  /** Behind each value that is shown on hover, e.g. "%". */
  readonly unit?: string;
}

/** Pixels of the pictures drawn without a page: about a page's width. */
const width = 680;
const usualHeight = 360;

/** A figure: the chart as a drawn picture, and what the page's script needs to put a live one in its place. */
export function chartHtml(chart: ChartData): Html {
  const { id, title, description, height = usualHeight, unit } = chart;
  const option = themedOption(chart.option);
  const svg = drawn(option, { id, width, height }).replace(
    /<svg [^>]*?(viewBox="[^"]*")[^>]*>/,
    (_, viewBox) =>
      `<svg ${viewBox} role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-desc">${escapeHtml(description)}</desc>`,
  );
  return html`<figure class="chart" id="${id}">
<figcaption><strong>${title}</strong></figcaption>
${legendHtml(chart.option)}<div class="static">${trustedHtml(svg)}</div>
<div class="live" role="img" aria-label="${`${title}. ${description}`}" data-height="${height}"${unit !== undefined && html` data-unit="${unit}"`} hidden></div>
<script type="application/json">${jsonForScript(option)}</script>
</figure>
`;
}

/** A picture that stands alone, on a light ground, with a title and a description that screen readers find. */
export function chartSvg(chart: ChartData): string {
  const { id, title, description, height = usualHeight } = chart;
  const { option, added } = standaloneOption(chart.option, title);
  const svg = drawn(option, { id, width, height: height + added });
  const words = `<title>${escapeHtml(title)}</title><desc>${escapeHtml(description)}</desc>`;
  return `${onLightGround(svg.replace(/<svg ([^>]*)>/, `<svg role="img" $1>${words}`))}\n`;
}

function drawn(option: EChartsCoreOption, size: { id: string; width: number; height: number }): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: size.width, height: size.height });
  try {
    const { tooltip: _, ...still } = option;
    chart.setOption(withPlainPowers(still));
    return stillPicture(chart.renderToSVGString(), size.id);
  } finally {
    chart.dispose();
  }
}

/** The ticks of a logarithmic axis as people write them: some engines make 0.00009999999999999999 of 10 ** -4. */
function withPlainPowers(option: EChartsCoreOption): EChartsCoreOption {
  const { yAxis } = option as { yAxis?: { type?: string; axisLabel?: object } };
  if (yAxis?.type !== "log") return option;
  const formatter = (value: number): string => String(Number(value.toPrecision(6)));
  return { ...option, yAxis: { ...yAxis, axisLabel: { ...yAxis.axisLabel, formatter } } };
}
