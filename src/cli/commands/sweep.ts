import { existsSync } from "node:fs";
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
import { fewerThanBudget } from "../../sweep/plan.js";
import { interruptible } from "../interruption.js";
import { shellPath, shellWord } from "../shell-word.js";
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
  const found = fewerThanBudget(spec);
  if (found !== undefined)
    terminal.stderr(
      `What varies gives ${plural(found, "different configuration")}, fewer than the budget's ${spec.budget.trials} trials: all of them are taken.`,
    );
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
  const options = dataKind === undefined ? spec.data.options : { ...spec.data.options, kind: dataKind };
  return {
    ...spec,
    data: { ...spec.data, ...(data !== undefined && { name: data }), ...(options && { options }) },
  };
}

function tellResult(
  { folder, best, configurations, outOfTime, stoppedAt }: SweepResult,
  spec: SweepSpec,
  terminal: Terminal,
): void {
  const page = join(folder, pageFile);
  if (outOfTime) terminal.stderr("Its minutes are over; the same command goes on.");
  if (best?.score !== undefined) {
    const { name, text } = scoreWords(spec.optimize);
    const runs = best.records.map(({ id }) => join(folder, "trials", id));
    const run = runs.find((each) => existsSync(join(each, "best.safetensors")));
    terminal.stdout(
      `The best is ${best.configuration.name}: ${name} ${text(best.score)}. All of them: ${page}`,
    );
    terminal.stdout(`As a recipe: heddle train --recipe ${shellPath(join(folder, recipeFile))}`);
    terminal.stdout(
      run === undefined
        ? "Its weights were taken away while another was the best: that recipe trains them again."
        : `Its weights on the test images, which nothing has looked at: heddle evaluate ${shellWord(run)}`,
    );
  }
  const aside = configurations.flatMap(({ failures }) => failures);
  if (aside.length === 0) return;
  const [{ id, message }] = aside;
  const place = join(folder, "trials", id);
  const isBegun = existsSync(join(place, "config.json"));
  const again = isBegun
    ? `To train it again, with other settings or the same, delete ${shellPath(place)}.`
    : `To train it again, mend its settings, or delete ${shellPath(place)}.`;
  throw new HeddleError(
    `${plural(aside.length, "trial")} came to nothing and ${aside.length === 1 ? "is" : "are"} set aside, the first of them ${id}: ${message}${stoppedAt ? "" : " The others are done."} ${again}`,
  );
}
