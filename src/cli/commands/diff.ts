import { diffRuns } from "../../node/diff-runs.js";
import type { RunsDifference } from "../../run/diff/diff-runs.js";
import { interruptible } from "../interruption.js";
import type { Terminal } from "../terminal.js";
import { differenceLines } from "../view/difference-lines.js";
import { dataProgressLines } from "./data.js";

export interface DiffCommandOptions {
  readonly first: string;
  readonly second: string;
  /** Whether both are trained again to find the step in which they part. */
  readonly steps?: boolean;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Says what differs between two runs. */
export async function diffCommand(options: DiffCommandOptions, terminal: Terminal): Promise<void> {
  const { first, second, steps, threads, json } = options;
  const loading = { onProgress: dataProgressLines(terminal) };
  const onStep = ({ epoch, step }: { epoch: number; step: number }): void =>
    terminal.liveLine(`Training both again: epoch ${epoch}, step ${step}`);
  const work = (signal: AbortSignal): Promise<RunsDifference> => {
    if (steps) terminal.stderr("Training both again, as far as they agree …");
    return diffRuns(first, second, { steps, threads, signal, loading, onStep });
  };
  const whereItStands = (result?: RunsDifference): string | undefined =>
    result ? undefined : "Interrupted: both runs are as they were.";
  const difference = await interruptible({ work, tell: terminal.stderr, whereItStands });
  terminal.liveLine("");
  terminal.stdout(json ? JSON.stringify(difference) : differenceLines(difference).join("\n"));
}
