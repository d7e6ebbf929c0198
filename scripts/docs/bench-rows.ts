import { machineOf, markdownTable, milliseconds, newestBenches, percent, sourceLine } from "./results.js";

const digits = (value: number | null): string => value?.toFixed(1) ?? "";

/** Every row of the newest benchmark of each kind of processor, Node version, width of vectors and number of threads. */
export function benchRowsSection(root: string): string {
  return newestBenches()
    .map((bench) => {
      const { environment, results, ceilings, skipped } = bench.result;
      const rows = results.map((row) => [
        `\`${row.name}\``,
        String(row.threads),
        milliseconds(row.medianMs),
        digits(row.gflops),
        percent(row.ofCeiling),
        digits(row.gigabytesPerSecond),
      ]);
      const memory = ceilings.memoryGigabytesPerSecond.toFixed(1);
      return [
        `${machineOf(bench)}, ${environment.platform}; ceiling ${ceilings.fmaGflopsPerThread.toFixed(1)} GFLOP/s a thread; triad ${memory} GB/s from memory:`,
        "",
        markdownTable(["work", "threads", "median ms", "GFLOP/s", "of the ceiling", "GB/s"], rows),
        "",
        ...skipped.map(({ what, why }) => `- not measured: ${what} (${why})`),
        ...(skipped.length > 0 ? [""] : []),
        sourceLine(bench, root),
      ].join("\n");
    })
    .join("\n\n");
}
