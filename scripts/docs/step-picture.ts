import { type Bench, fastestRivals, machineOf, milliseconds } from "./results.js";
import { blue, faint, grey, ink, powerOfTen, svg, text } from "./svg.js";

/** Bars on a logarithmic scale: milliseconds a training step of the Proposed CNN, heddle and its rivals. */
export function stepPicture(bench: Bench): string | undefined {
  const { result } = bench;
  const ours = result.results.find(({ name }) => name === "train/proposed/128");
  if (!ours) return undefined;
  const bars = [
    { name: "heddle", ms: ours.medianMs },
    ...fastestRivals(result, ours).map(({ rival, setting, medianMs }) => ({
      name: `${rival}\n${setting}`,
      ms: medianMs,
    })),
  ];
  const least = 10 ** Math.floor(Math.log10(Math.min(...bars.map(({ ms }) => ms)) / 2));
  const most = 6 * Math.max(...bars.map(({ ms }) => ms));
  return svg({
    width: 620,
    height: 120 + 58 * bars.length,
    title: "Milliseconds a training step",
    description: bars.map(({ name, ms }) => `${name.replace("\n", ", ")}: ${milliseconds(ms)} ms`).join("; "),
    option: {
      title: {
        text: "Proposed CNN, ms a training step of 128 images",
        subtext: `${machineOf(bench)}; logarithmic, shorter is better`,
        left: 8,
        top: 6,
        textStyle: { color: ink, fontSize: 18 },
        subtextStyle: { color: ink, fontSize: 14 },
      },
      grid: { left: 168, right: 24, top: 76, bottom: 32 },
      xAxis: {
        type: "log",
        min: least,
        max: most,
        axisLabel: { ...text, formatter: powerOfTen },
        splitLine: { lineStyle: { color: faint } },
      },
      yAxis: {
        type: "category",
        inverse: true,
        data: bars.map(({ name }) => name),
        axisLabel: { ...text, lineHeight: 18 },
        axisTick: { show: false },
      },
      series: [
        {
          type: "bar",
          barWidth: 26,
          data: bars.map(({ ms }, index) => ({ value: ms, itemStyle: { color: index === 0 ? blue : grey } })),
          label: {
            show: true,
            position: "right",
            ...text,
            formatter: ({ value }: { readonly value: number }) => milliseconds(value),
          },
        },
      ],
    },
  });
}
