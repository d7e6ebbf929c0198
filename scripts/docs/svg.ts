import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import { counted } from "#heddle/core/words.js";
import { stillPicture } from "#heddle/report/still-picture.js";

use([
  BarChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LabelLayout,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  SVGRenderer,
]);

export const ink = "#1f2933";
export const faint = "#d9dee4";

/** Colours that stay apart for colour-blind eyes (Okabe and Ito 2008). */
export const blue = "#0072b2";
export const orange = "#d55e00";
export const green = "#009e73";
export const purple = "#cc79a7";
export const grey = "#7b8794";

/** Large enough to be read where a telephone shows the picture at half its size. */
export const text = { color: ink, fontSize: 15 };

const escaped = (words: string): string =>
  words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export interface Picture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What it shows, in words. */
  readonly description: string;
  readonly option: EChartsCoreOption;
}

/** An SVG picture on a light ground of its own, so that it reads on a dark page too; the same bytes every time. */
export function svg({ width, height, title, description, option }: Picture): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      textStyle: { fontFamily: "system-ui, sans-serif", ...text },
      ...option,
    });
    const words = `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`;
    const drawn = stillPicture(chart.renderToSVGString(), "zr");
    return `${drawn.replace(/<svg ([^>]*)>/, `<svg role="img" $1>${words}`)}\n`;
  } finally {
    chart.dispose();
  }
}

/** Labels of a logarithmic axis: its ends, where they are no power of ten, go without one. */
export const powerOfTen = (value: number): string =>
  Number.isInteger(Math.log10(value)) ? counted(value) : "";
