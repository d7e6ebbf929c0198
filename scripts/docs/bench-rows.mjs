import { machineOf, markdownTable, milliseconds, newestBenches, percent, sourceLine } from "./results.mjs";

const digits = (value, places) => (value === null || value === undefined ? "" : value.toFixed(places));

/** Every row of the newest benchmark of each kind of processor and Node version. */
export function benchRowsSection(root) {
  return newestBenches()
    .map((bench) => {
      const { environment, results, ceilings, skipped } = bench.result;
      const rows = results.map((row) => [
        `\`${row.name}\``,
        String(row.threads),
        milliseconds(row.medianMs),
        digits(row.gflops, 1),
        percent(row.ofCeiling),
        digits(row.gigabytesPerSecond, 1),
      ]);
      const memory = ceilings.memoryGigabytesPerSecond;
      const triad = memory ? `; triad ${memory.toFixed(1)} GB/s from memory` : "";
      return [
        `${machineOf(bench)}, ${environment.platform}; ceiling ${ceilings.fmaGflopsPerThread.toFixed(1)} GFLOP/s a thread${triad}:`,
        "",
        markdownTable(["work", "threads", "median ms", "GFLOP/s", "of the ceiling", "GB/s"], rows),
        "",
        ...(skipped ?? []).map(({ what, why }) => `- not measured: ${what} (${why})`),
        ...(skipped?.length ? [""] : []),
        sourceLine(bench, root),
      ].join("\n");
    })
    .join("\n\n");
}
