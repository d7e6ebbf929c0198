import { colorOf } from "./legend.js";
import { paletteSize, seriesColor, shade } from "./theme.js";

type Settings = { readonly [name: string]: unknown };

const isSettings = (value: unknown): value is Settings =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What an option says goes before the theme; both are gone into as far as both have settings. */
function merged(theme: Settings, own: Settings): Settings {
  const result: Record<string, unknown> = { ...theme };
  for (const [name, value] of Object.entries(own)) {
    const below = theme[name];
    if (value !== undefined)
      result[name] = isSettings(below) && isSettings(value) ? merged(below, value) : value;
  }
  return result;
}

/** One component or a list of them, each with the theme under it. */
function under(theme: Settings, own: unknown): unknown {
  if (Array.isArray(own)) return own.map((each) => merged(theme, isSettings(each) ? each : {}));
  return merged(theme, isSettings(own) ? own : {});
}

const font = { fontFamily: "system-ui, sans-serif" };

const axis = {
  nameLocation: "middle",
  nameTextStyle: { color: shade("muted"), fontSize: 13 },
  nameGap: 8,
  axisLabel: { color: shade("muted"), fontSize: 12, hideOverlap: true },
  axisLine: { lineStyle: { color: shade("muted") } },
  axisTick: { lineStyle: { color: shade("muted") } },
  splitLine: { lineStyle: { color: shade("line") } },
};

const tooltip = {
  confine: true,
  backgroundColor: shade("raised"),
  borderColor: shade("line"),
  textStyle: { color: shade("ink"), fontSize: 13, ...font },
  axisPointer: { lineStyle: { color: shade("muted") }, label: { show: false } },
};

/** ECharts would lighten a colour under the pointer, and can't with one that is a variable. */
function underPointer(color: unknown): Settings {
  return { emphasis: { itemStyle: { color, borderColor: color }, lineStyle: { color } } };
}

/** An option with the page's colours and type under it. */
export function themedOption(option: object): Settings {
  const own = option as Settings;
  const series = Array.isArray(own.series) ? own.series : [];
  return {
    animation: false,
    ...own,
    color: Array.from({ length: paletteSize }, (_, index) => seriesColor(index)),
    textStyle: font,
    legend: { show: false },
    grid: under(
      { left: 12, right: 18, top: 14, bottom: 10, outerBoundsMode: "same", outerBoundsContain: "all" },
      own.grid,
    ),
    xAxis: under({ ...axis, splitLine: { show: false } }, own.xAxis),
    yAxis: under(axis, own.yAxis),
    tooltip: under(tooltip, own.tooltip),
    series: series.map((each: Settings, index) => under(underPointer(colorOf(each, index)), each)),
  };
}

/** The same with its title and, where there are several series, its legend in the picture; `added` pixels higher. */
export function standaloneOption(option: object, title: string): { option: Settings; added: number } {
  const themed = themedOption(option);
  const names = (themed.series as Settings[]).filter(({ name }) => name !== undefined);
  const legend = names.length > 1 ? 30 * Math.ceil(names.length / 5) : 0;
  const head = 44;
  const moved = (grid: unknown): unknown => {
    if (Array.isArray(grid)) return grid.map(moved);
    const { top = 14, bottom = 10 } = grid as { top?: unknown; bottom?: unknown };
    return {
      ...(grid as Settings),
      ...(typeof top === "number" && { top: top + head }),
      ...(typeof bottom === "number" && { bottom: bottom + legend }),
    };
  };
  return {
    added: head + legend,
    option: {
      ...themed,
      backgroundColor: shade("ground"),
      title: {
        text: title,
        left: "center",
        top: 10,
        textStyle: { color: shade("ink"), fontSize: 16, ...font },
      },
      legend: {
        show: legend > 0,
        bottom: 6,
        textStyle: { color: shade("ink") },
        inactiveColor: shade("line"),
      },
      grid: moved(themed.grid),
    },
  };
}
