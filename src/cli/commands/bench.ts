import { quartiles } from "../../bench/measure.js";
import { profileStep, type StepProfile } from "../../bench/profile.js";
import { benchRows, networkRowNamed } from "../../bench/rows.js";
import { type BenchResult, benchRow } from "../../bench/run.js";
import { plural } from "../../core/words.js";
import { describeEnvironment } from "../../node/environment.js";
import { nodePlatform } from "../../node/platform.js";
import type { Terminal } from "../terminal.js";
import { plainTable } from "../view/plain-table.js";
import { profileTable } from "../view/profile-table.js";

export interface BenchOptions {
  readonly names: readonly string[];
  readonly threads?: readonly number[];
  /** Show where a step's time goes instead. */
  readonly profile?: boolean;
  readonly json?: boolean;
}

const rounds = 15;

const digits = (value: number | null, places: number, unit = ""): string =>
  value === null ? "" : `${value.toFixed(places)}${unit}`;

function tableRow(result: BenchResult): string[] {
  return [
    result.name,
    String(result.threads),
    digits(result.medianMs, 3),
    `${digits(result.lowerQuartileMs, 3)} – ${digits(result.upperQuartileMs, 3)}`,
    digits(result.gflops, 1),
    digits(result.ofCeiling === null ? null : result.ofCeiling * 100, 0, " %"),
    digits(result.gigabytesPerSecond, 1),
    digits(result.samplesPerSecond, 0),
  ];
}

/** What the threads can multiply and add at most: the median over their rows, for each number of threads. */
export function ceilingsOf(
  results: readonly Pick<BenchResult, "threads" | "fmaGflopsPerThread">[],
): readonly { readonly threads: number; readonly fmaGflopsPerThread: number }[] {
  return [...new Set(results.map(({ threads }) => threads))].map((threads) => {
    const rates = results.filter((row) => row.threads === threads).map((row) => row.fmaGflopsPerThread);
    return { threads, fmaGflopsPerThread: quartiles(rates).median };
  });
}

/** `heddle bench`: every row with its share of the machine's own multiply-add rate, with vectors as wide as they are. */
export async function benchCommand(options: BenchOptions, terminal: Terminal): Promise<void> {
  if (options.profile) return profileCommand(options, terminal);
  const rows = benchRows(options.names);
  const results: BenchResult[] = [];
  for (const threads of options.threads ?? [nodePlatform.cores])
    for (const row of rows) {
      const result = await benchRow(row, threads, rounds);
      results.push(result);
      terminal.stderr(`${row.name}, ${plural(threads, "thread")}: ${digits(result.medianMs, 3)} ms`);
    }
  const environment = describeEnvironment();
  const ceilings = ceilingsOf(results);
  if (options.json) {
    terminal.stdout(JSON.stringify({ environment, ceilings, results }));
    return;
  }
  terminal.stdout(
    plainTable(
      [
        { head: "work", align: "left" as const },
        ...["threads", "median ms", "quartiles", "GFLOP/s", "of ceiling", "GB/s", "images/s"].map((head) => ({
          head,
          align: "right" as const,
        })),
      ],
      results.map(tableRow),
    ),
  );
  for (const { threads, fmaGflopsPerThread } of ceilings)
    terminal.stdout(
      `Ceiling with ${plural(threads, "thread")}: ${digits(fmaGflopsPerThread, 1)} GFLOP/s a thread, ${environment.vectorBits}-bit multiply-adds.`,
    );
}

/** `heddle bench --profile`: where a step's time goes, by layer and phase, adding up to the step. */
async function profileCommand(
  { names, threads = [nodePlatform.cores], json }: BenchOptions,
  terminal: Terminal,
): Promise<void> {
  const rows = (names.length > 0 ? names : ["train/proposed/128"]).map(networkRowNamed);
  const profiles: StepProfile[] = [];
  for (const count of threads) for (const row of rows) profiles.push(await profileStep(row, count));
  if (json) terminal.stdout(JSON.stringify({ environment: describeEnvironment(), profiles }));
  else terminal.stdout(profiles.map(profileTable).join("\n\n"));
}
