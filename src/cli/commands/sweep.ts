import { basename, extname, join } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { plural } from "../../core/words.js";
import type { DataKindName } from "../../node/data/kind-names.js";
import {
  pageFile,
  planSweep,
  readSweepSpec,
  recipeFile,
  type SweepResult,
  type SweepSpec,
  sweep,
} from "../../sweep/index.js";
import { scoreWords } from "../../sweep/page/words.js";
import { interruptible } from "../interruption.js";
import { shellWord } from "../shell-word.js";
import type { Terminal } from "../terminal.js";
import { SweepProgress, sweepLine, sweepTable } from "../view/sweep-progress.js";
import { dataProgressLines } from "./data.js";

export interface SweepCommandOptions {
  /** The specification's file. */
  readonly spec: string;
  readonly out?: string;
  /** In the place of the specification's. */
  readonly data?: string;
  readonly dataKind?: DataKindName;
  readonly parallel?: number;
  readonly threads?: number;
  readonly dryRun?: boolean;
}

/** Trains what a specification asks for, or says what would be trained. */
export async function sweepCommand(options: SweepCommandOptions, terminal: Terminal): Promise<void> {
  const spec = withData(await readSweepSpec(options.spec), options);
  const folder = options.out ?? join("sweeps", basename(options.spec, extname(options.spec)));
  const loading = { onProgress: dataProgressLines(terminal) };
  if (options.dryRun) {
    const progress = await planSweep({ spec, folder, loading });
    terminal.stdout(sweepTable(progress));
    terminal.stdout("");
    terminal.stdout(`${folder}: ${sweepLine(progress, 1)}`);
    return;
  }
  const progress = new SweepProgress(terminal, spec);
  const { threads, parallel } = options;
  const goOn = "The same command goes on from there.";
  const result = await interruptible({
    work: (signal) =>
      sweep({ spec, folder, loading, threads, parallel, signal, onEvent: (event) => progress.show(event) }),
    tell: terminal.stderr,
    whereItStands: (stopped) => {
      if (!stopped) return `Interrupted before a trial began. ${goOn}`;
      if (!stopped.stoppedAt) return undefined;
      return `Interrupted at ${stopped.stoppedAt.id}. What is done is kept in ${folder}. ${goOn}`;
    },
  });
  tellResult(result, spec, terminal);
}

/** Data of the command line takes the place of the specification's. */
function withData(spec: SweepSpec, { data, dataKind }: SweepCommandOptions): SweepSpec {
  const { name, options } = spec.data;
  const place = data ?? name;
  const told = dataKind === undefined ? options : { ...options, kind: dataKind };
  return {
    ...spec,
    data: { ...(place !== undefined && { name: place }), ...(told && { options: told }) },
  };
}

function tellResult(
  { folder, best, configurations, outOfTime }: SweepResult,
  spec: SweepSpec,
  terminal: Terminal,
): void {
  const page = join(folder, pageFile);
  if (outOfTime) terminal.stderr("Its minutes are over; the same command goes on.");
  if (best?.score !== undefined) {
    const { name, text } = scoreWords(spec.optimize);
    const run = join(folder, "trials", best.records[0].id);
    terminal.stdout(
      `The best is ${best.configuration.name}: ${name} ${text(best.score)}. All of them: ${page}`,
    );
    terminal.stdout(`As a recipe: heddle train --recipe ${shellWord(join(folder, recipeFile))}`);
    terminal.stdout(
      `Its weights on the test images, which nothing has looked at: heddle evaluate ${shellWord(run)}`,
    );
  }
  const open = configurations.filter(({ state }) => state === "open").length;
  const aside = configurations.flatMap(({ failures }) => failures);
  if (aside.length === 0) return;
  const [{ id, message }] = aside;
  throw new HeddleError(
    `${plural(aside.length, "trial")} came to nothing and ${aside.length === 1 ? "is" : "are"} set aside, the first of them ${id}: ${message}${open > 0 ? "" : " The others are done."} To train it again, mend its settings, or delete ${join(folder, "trials", id)}.`,
  );
}
