import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Point } from "./curve.js";

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

export interface LineSeries {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface LineChartOptions {
  readonly title: string;
  /** What the picture shows, for those who don't see it. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly LineSeries[];
  /** Pixels (default 720 × 420). */
  readonly width?: number;
  readonly height?: number;
}

const ink = "#1f2933";
const faint = "#d9dee4";

/** Colours that stay apart for colour-blind eyes (Okabe and Ito 2008). */
const palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Draws lines as an SVG picture on a light ground, with a title and a description that screen readers find. */
export function lineChartSvg(options: LineChartOptions): string {
  const { title, description, xLabel, yLabel, series, width = 720, height = 420 } = options;
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  const axis = {
    nameTextStyle: { color: ink },
    axisLabel: { color: ink },
    splitLine: { lineStyle: { color: faint } },
  };
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      color: palette,
      textStyle: { fontFamily: "system-ui, sans-serif" },
      title: { text: title, left: "center", textStyle: { color: ink, fontSize: 16 } },
      legend: { show: series.length > 1, bottom: 4, textStyle: { color: ink } },
      grid: { left: 76, right: 28, top: 52, bottom: series.length > 1 ? 84 : 60 },
      xAxis: { ...axis, type: "value", name: xLabel, nameLocation: "middle", nameGap: 30, max: "dataMax" },
      yAxis: { ...axis, type: "value", name: yLabel, nameLocation: "middle", nameGap: 54 },
      series: series.map(({ name, points }) => ({
        type: "line",
        name,
        data: points.map((point) => [...point]),
        showSymbol: false,
        lineStyle: { width: 2 },
      })),
    });
    const words = `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`;
    return chart.renderToSVGString().replace(/<svg ([^>]*)>/, `<svg role="img" $1>${words}`);
  } finally {
    chart.dispose();
  }
}
