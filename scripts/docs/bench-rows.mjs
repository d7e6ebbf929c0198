import { markdownTable, milliseconds, newestBenches } from "./results.mjs";

const digits = (value, places, unit = "") =>
  value === null || value === undefined ? "" : `${value.toFixed(places)}${unit}`;

/** Every row of the newest benchmark of each kind of processor. */
export function benchRowsSection(root) {
  return newestBenches()
    .map(({ file, result }) => {
      const { environment, results, command } = result;
      const rows = results.map((row) => [
        `\`${row.name}\``,
        String(row.threads),
        milliseconds(row.medianMs),
        digits(row.gflops, 1),
        row.ofCeiling == null ? "" : `${digits(row.ofCeiling * 100, 0)} %`,
        digits(row.gigabytesPerSecond, 1),
      ]);
      return [
        `${environment.processor} (${environment.vectors}), Node ${environment.node}, ${environment.platform}; ceiling ${result.ceilings.fmaGflopsPerThread.toFixed(1)} GFLOP/s a thread:`,
        "",
        markdownTable(["work", "threads", "median ms", "GFLOP/s", "of the ceiling", "GB/s"], rows),
        "",
        `\`${command}\` → [${file}](${root}results/${file}), which holds the raw rounds.`,
      ].join("\n");
    })
    .join("\n\n");
}
