import type { BenchResult } from "#heddle/bench/run.js";
import { type Bench, machineOf } from "./results.js";
import { blue, faint, green, grey, ink, orange, powerOfTen, purple, svg, text } from "./svg.js";

/** The families of kernels that multiply and add, by the beginning of their names; whatever is left is of the last. */
const families = [
  { name: "convolution", color: blue, symbol: "circle", prefix: "conv-" },
  { name: "by Winograd", color: orange, symbol: "triangle", prefix: "winograd-" },
  { name: "dense", color: green, symbol: "rect", prefix: "dense-" },
  { name: "depthwise", color: purple, symbol: "diamond", prefix: "depthwise-" },
  { name: "other", color: grey, symbol: "pin", prefix: "" },
];

const rowHeight = 22;
const width = 700;

/** Heights of the parts: roofs with the title above, then two lists of bars, each under a title. */
const roofs = { top: 116, height: 290, below: 70 };
const titleHeight = 74;
const axisHeight = 44;

/** A kernel that multiplies and adds. */
interface Product extends BenchResult {
  readonly gflops: number;
  readonly gigabytesPerSecond: number;
}

/** A kernel that only moves bytes. */
interface Moving extends BenchResult {
  readonly gigabytesPerSecond: number;
}

interface Roofs {
  /** GFLOP/s of all threads. */
  readonly peak: number;
  /** GB/s. */
  readonly memory: number;
  /** GB/s. */
  readonly cache: number;
}

const isProduct = (row: BenchResult): row is Product => row.gflops !== null;

const short = ({ name }: BenchResult): string => name.replace(/^kernel\//, "");
const familyOf = (row: BenchResult) => families.find(({ prefix }) => short(row).startsWith(prefix))!;
const familiesOf = (rows: readonly BenchResult[]) =>
  families.filter((family) => rows.some((row) => familyOf(row) === family));

/**
 * Above: kernels that multiply and add, under the machine's roofs. In the middle the same by name, below the
 * others, by how fast they move their bytes.
 */
export function rooflinePicture(bench: Bench): string | undefined {
  const { results, ceilings } = bench.result;
  const kernels = results.filter(({ name }) => name.startsWith("kernel/"));
  const { memoryGigabytesPerSecond: memory, cacheGigabytesPerSecond: cache } = ceilings;
  if (kernels.length === 0) return undefined;
  const peak = ceilings.fmaGflopsPerThread * ceilings.threads;
  const products = kernels.filter(isProduct).sort((a, b) => b.gflops - a.gflops);
  const moving = kernels
    .filter((row): row is Moving => !isProduct(row))
    .sort((a, b) => b.gigabytesPerSecond - a.gigabytesPerSecond);

  const productsTop = roofs.top + roofs.height + roofs.below;
  const movingTop = productsTop + titleHeight + rowHeight * products.length + axisHeight;
  const height = movingTop + titleHeight + rowHeight * moving.length + axisHeight;
  const upper = roofline(products, { peak, memory, cache });
  const lists = [
    barList(1, productsTop + titleHeight, products, {
      value: ({ gflops }) => gflops,
      color: (row) => familyOf(row).color,
      marks: [{ at: peak, name: "ceiling" }],
    }),
    barList(2, movingTop + titleHeight, moving, {
      value: ({ gigabytesPerSecond }) => gigabytesPerSecond,
      color: () => grey,
      marks: [
        { at: memory, name: "memory" },
        { at: cache, name: "second cache" },
      ],
    }),
  ];
  const heading = (words: string, top: number) => ({
    text: words,
    left: 8,
    top,
    textStyle: { color: ink, fontSize: 16 },
  });
  return svg({
    width,
    height,
    title: "Roofline of the kernels",
    description:
      `Multiply-add ceiling ${peak.toFixed(0)} GFLOP/s, memory ${memory.toFixed(0)} GB/s, second cache ` +
      `${cache.toFixed(0)} GB/s. ${products.map((row) => `${short(row)}: ${row.gflops.toFixed(0)} GFLOP/s`).join("; ")}`,
    option: {
      title: [
        {
          text: "Kernels under the machine's roofs",
          subtext:
            `${machineOf(bench)}, ${ceilings.threads} threads, batch 128\n` +
            `flat: ceiling of ${peak.toFixed(0)} GFLOP/s; slanted: memory ${memory.toFixed(0)} GB/s, ` +
            `dashed: second cache ${cache.toFixed(0)} GB/s`,
          left: 8,
          top: 6,
          textStyle: { color: ink, fontSize: 18 },
          subtextStyle: { color: ink, fontSize: 14, lineHeight: 19 },
        },
        heading("Kernels that multiply and add, GFLOP/s of a direct product's work", productsTop),
        heading("Kernels that only move bytes, GB/s", movingTop),
      ],
      legend: {
        data: familiesOf(products).map(({ name }) => name),
        top: 78,
        left: 8,
        itemGap: 40,
        textStyle: text,
      },
      grid: [{ left: 64, right: 24, top: roofs.top, height: roofs.height }, ...lists.map(({ grid }) => grid)],
      xAxis: [upper.xAxis, ...lists.map(({ xAxis }) => xAxis)],
      yAxis: [upper.yAxis, ...lists.map(({ yAxis }) => yAxis)],
      series: [...upper.series, ...lists.map(({ series }) => series)],
    },
  });
}

const axis = { axisLabel: text, nameTextStyle: text, splitLine: { lineStyle: { color: faint } } };

/** Points under roofs, both axes logarithmic: GFLOP/s by floating-point operations a byte. */
function roofline(products: readonly Product[], { peak, memory, cache }: Roofs) {
  const intensity = (row: Product): number => row.gflops / row.gigabytesPerSecond;
  const least = 1;
  const most = 1.6 * Math.max(...products.map(intensity));
  const axes = { ...axis, type: "log", axisLabel: { ...text, formatter: powerOfTen } };
  const roof = (bandwidth: number, type: "solid" | "dashed") => ({
    type: "line",
    silent: true,
    symbol: "none",
    lineStyle: { color: ink, width: 2, type },
    data: [
      [least, Math.min(peak, bandwidth * least)],
      [Math.min(most, Math.max(least, peak / bandwidth)), Math.min(peak, bandwidth * most)],
      [most, Math.min(peak, bandwidth * most)],
    ],
  });
  return {
    xAxis: {
      ...axes,
      min: least,
      max: most,
      name: "GFLOP/s (upwards) by floating-point operations a byte",
      nameLocation: "middle",
      nameGap: 30,
    },
    yAxis: {
      ...axes,
      min: 0.6 * Math.min(memory, ...products.map(({ gflops }) => gflops)),
      max: 1.4 * Math.max(peak, ...products.map(({ gflops }) => gflops)),
    },
    series: [
      roof(memory, "solid"),
      roof(cache, "dashed"),
      ...familiesOf(products).map((family) => ({
        type: "scatter",
        name: family.name,
        symbol: family.symbol,
        symbolSize: 11,
        itemStyle: { color: family.color, opacity: 0.8 },
        data: products.filter((row) => familyOf(row) === family).map((row) => [intensity(row), row.gflops]),
      })),
    ],
  };
}

interface BarOptions<Row> {
  value(row: Row): number;
  color(row: Row): string;
  readonly marks: readonly { readonly at: number; readonly name: string }[];
}

/** A bar a kernel, longest first, and lines across them all. */
function barList<Row extends BenchResult>(
  index: number,
  top: number,
  rows: readonly Row[],
  { value, color, marks }: BarOptions<Row>,
) {
  const most = Math.max(...marks.map(({ at }) => at), ...rows.map(value));
  return {
    grid: { left: 300, right: 60, top, height: rowHeight * rows.length },
    xAxis: { ...axis, gridIndex: index, type: "value", max: Math.ceil(most / 10) * 10 },
    yAxis: {
      gridIndex: index,
      type: "category",
      inverse: true,
      data: rows.map((row) => short(row).replace("same-", "")),
      axisLabel: { ...text, fontSize: 13, interval: 0 },
      axisTick: { show: false },
    },
    series: {
      type: "bar",
      xAxisIndex: index,
      yAxisIndex: index,
      barWidth: 14,
      label: {
        show: true,
        position: "right",
        ...text,
        formatter: ({ value: shown }: { readonly value: number }) => shown.toFixed(shown < 10 ? 1 : 0),
      },
      data: rows.map((row) => ({ value: value(row), itemStyle: { color: color(row) } })),
      markLine: {
        silent: true,
        symbol: "none",
        lineStyle: { color: ink },
        data: marks.map(({ at, name }) => ({
          xAxis: at,
          label: { ...text, formatter: name, position: "start", distance: 22 },
        })),
      },
    },
  };
}
