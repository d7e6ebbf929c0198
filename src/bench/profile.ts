import { createTimedNetwork } from "../core/engine/create.js";
import { type JobTimes, waitingName } from "../core/engine/step-timer.js";
import { optimizerNames } from "../core/optimizers/index.js";
import { warmUp } from "./measure.js";
import { createNetworkWorkload, type NetworkRow, networkRowName } from "./network-rows.js";
import { networkGraph } from "./networks.js";

export type Phase = "preparation" | "forward" | "backward";

/** What the threads spend on one layer, or on what belongs to none, in one step. */
export interface ProfileRow {
  readonly name: string;
  /** Milliseconds, the mean of the threads: the rows of a profile add up to the step. */
  readonly milliseconds: Readonly<Record<Phase, number>>;
}

/** Where a step's time goes. */
export interface StepProfile {
  readonly name: string;
  readonly threads: number;
  /** Steps that the means below are taken over: the fastest three quarters of those that ran. */
  readonly steps: number;
  readonly ofSteps: number;
  /** The same without a clock, to tell what the clock costs. */
  readonly plainMs: number;
  /** Mean milliseconds of a step by the caller's clock: all that follows adds up to it. */
  readonly stepMs: number;
  readonly layers: readonly ProfileRow[];
  readonly optimizerMs: number;
  /** At barriers within the step, for threads that are not done yet. */
  readonly waitingMs: number;
  /** Waking the threads, handing out tasks, the last barrier, the loss in JavaScript and the call itself. */
  readonly restMs: number;
  /** Every job on its own, in the order of the plan. */
  readonly jobs: readonly { readonly name: string; readonly milliseconds: number }[];
}

/** Times every job on every thread over some steps. */
export async function profileStep(row: NetworkRow, threads: number, steps = 80): Promise<StepProfile> {
  const plain = await createNetworkWorkload(row, threads);
  const timed = await createNetworkWorkload(row, threads, createTimedNetwork);
  try {
    await warmUp(plain);
    await warmUp(timed);
    timed.network.takeTimes(row.kind);
    const plainTimes: number[] = [];
    const measured: { milliseconds: number; jobs: readonly JobTimes[] }[] = [];
    for (let step = 0; step < steps; step++) {
      const before = performance.now();
      await plain.run();
      const start = performance.now();
      await timed.run();
      const milliseconds = performance.now() - start;
      plainTimes.push(start - before);
      measured.push({ milliseconds, jobs: timed.network.takeTimes(row.kind) });
    }
    const kept = undisturbed(measured, ({ milliseconds }) => milliseconds);
    const { nodes } = networkGraph(row.model, row.inputShape);
    const layerNames = nodes.map(({ layer }) => layer.name);
    return {
      name: networkRowName(row),
      threads,
      steps: kept.length,
      ofSteps: steps,
      plainMs: mean(undisturbed(plainTimes, (milliseconds) => milliseconds)),
      ...addUp(
        layerNames,
        mean(kept.map(({ milliseconds }) => milliseconds)),
        meanTimes(kept.map(({ jobs }) => jobs)),
      ),
    };
  } finally {
    await plain.close();
    await timed.close();
  }
}

/** Without the slowest quarter: what something else on the machine held up says nothing about the engine. */
const undisturbed = <Of>(all: readonly Of[], milliseconds: (one: Of) => number): readonly Of[] =>
  [...all].sort((a, b) => milliseconds(a) - milliseconds(b)).slice(0, Math.ceil(all.length * 0.75));

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Each job's mean over steps and threads. */
function meanTimes(steps: readonly (readonly JobTimes[])[]): { name: string; milliseconds: number }[] {
  return steps[0].map(({ name }, job) => ({
    name,
    milliseconds: mean(steps.flatMap((jobs) => jobs[job].milliseconds)),
  }));
}

/** Jobs that update all weights at once. */
const optimizerJobs: readonly string[] = [...optimizerNames, "clear gradients"];

/**
 * Books jobs under their layers and phases. A job is called after its layer first and what it does then:
 * `C2 weight transform`, `C2`, `C2 relu gradient`.
 *
 * @param jobs milliseconds, the mean of the threads
 */
export function addUp(
  layerNames: readonly string[],
  stepMs: number,
  jobs: readonly { readonly name: string; readonly milliseconds: number }[],
): Pick<StepProfile, "stepMs" | "layers" | "optimizerMs" | "waitingMs" | "restMs" | "jobs"> {
  const byLength = [...layerNames].sort((a, b) => b.length - a.length);
  const rows = new Map<string, Record<Phase, number>>();
  for (const name of ["input", ...layerNames, "loss"])
    rows.set(name, { preparation: 0, forward: 0, backward: 0 });
  let optimizerMs = 0;
  let waitingMs = 0;
  for (const { name, milliseconds } of jobs) {
    if (name === waitingName) waitingMs += milliseconds;
    else if (optimizerJobs.includes(name)) optimizerMs += milliseconds;
    else {
      const layer = byLength.find((own) => name === own || name.startsWith(`${own} `));
      const row = rows.get(layer ?? (name === "input" ? "input" : "loss"))!;
      row[phaseOf(name)] += milliseconds;
    }
  }
  const done = jobs.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return {
    stepMs,
    layers: [...rows]
      .map(([name, milliseconds]) => ({ name, milliseconds }))
      .filter(({ milliseconds }) => Object.values(milliseconds).some((value) => value > 0)),
    optimizerMs,
    waitingMs,
    restMs: stepMs - done,
    jobs,
  };
}

function phaseOf(job: string): Phase {
  if (/ (gradients?|again)\b/.test(job)) return "backward";
  return / (transpose|weight transform|pack)/.test(job) ? "preparation" : "forward";
}
