import type { Facts, Failures, PlanTrials, Records, TrialPlan, UndecidedTrials } from "../study/trial.js";
import { type Configuration, configurationsOf, isDrawn } from "./configurations.js";
import { rounds, survivors, withinEpochs } from "./rounds.js";
import { scoreOf } from "./score.js";
import type { Json } from "./settings.js";
import type { SweepSpec } from "./sweep-spec.js";

/** A trial of a sweep: a configuration with one of the seeds. */
export type SweepTrial = TrialPlan & { readonly configuration: Configuration };

/** The plan of a sweep: what it trains, and how far, as far as the trials that are done decide it. */
export function sweepPlan(spec: SweepSpec): PlanTrials<SweepTrial> {
  const configurations = plannedConfigurations(spec);
  if (spec.kind === "halving") return halvingPlan(spec, configurations);
  const trials = configurations.flatMap((each) => trialsOf(spec, each, epochsOf(each)));
  return () => ({ trials, undecided: [] });
}

/** What the budget allows of what there is. */
export function plannedConfigurations(spec: SweepSpec): readonly Configuration[] {
  const { kind, budget, seeds } = spec;
  const { trials = Number.POSITIVE_INFINITY, epochs = Number.POSITIVE_INFINITY } = budget;
  if (kind === "halving") {
    const all = configurationsOf(spec, trials);
    const how = { ...spec.halving, most: epochsOf(all[0]) };
    return all.slice(0, withinEpochs(epochs / seeds.length, how, all.length));
  }
  // Each has an epoch at least.
  const all = configurationsOf(spec, Math.min(trials, Math.floor(epochs / seeds.length)));
  let left = epochs;
  const beyond = all.findIndex((each) => {
    left -= epochsOf(each) * seeds.length;
    return left < 0;
  });
  return beyond < 0 ? all : all.slice(0, beyond);
}

/** How many configurations there are to be drawn, where they are fewer than the budget's trials. */
export function fewerThanBudget(spec: SweepSpec): number | undefined {
  const { trials } = spec.budget;
  if (trials === undefined || !isDrawn(spec)) return undefined;
  const found = configurationsOf(spec, trials).length;
  return found < trials ? found : undefined;
}

/** Epochs that a configuration gets at most. */
export const epochsOf = ({ settings }: Configuration): number => settings.epochs as number;

/** Its trials, one a seed, each as far as an epoch. */
function trialsOf({ seeds }: SweepSpec, configuration: Configuration, until: number): readonly SweepTrial[] {
  const epochs = epochsOf(configuration);
  return seeds.map((seed) => ({
    id: trialId(configuration, seed),
    factors: factorsOf(configuration, seed),
    // Checked before anything is trained.
    settings: { ...configuration.settings, epochs, seed } as unknown as TrialPlan["settings"],
    until,
    configuration,
  }));
}

export const trialId = ({ name }: Configuration, seed: number): string => `${name}-seed${seed}`;

function factorsOf({ name, varied }: Configuration, seed: number): Facts {
  return { configuration: name, seed, ...Object.fromEntries(Object.entries(varied).map(fact)) };
}

const fact = ([path, value]: readonly [string, Json]) =>
  [path, typeof value === "object" && value !== null ? JSON.stringify(value) : value] as const;

/**
 * Successive halving (Jamieson and Talwalkar 2016): all configurations train for a few epochs, the best share of them
 * goes on for more, and so on until one has all of its epochs. A trial pauses between rounds and goes on from there; its
 * learning rates are those of all its epochs from the start.
 */
function halvingPlan(spec: SweepSpec, configurations: readonly Configuration[]): PlanTrials<SweepTrial> {
  const { seeds, optimize, halving } = spec;
  const [first] = configurations;
  const steps = rounds({ ...halving, most: epochsOf(first) });
  return (records, failures) => {
    const reached = new Map(configurations.map((each) => [each, steps[0]]));
    const undecided: UndecidedTrials<SweepTrial>[] = [];
    let running = configurations;
    for (const [round, until] of steps.slice(0, -1).entries()) {
      const next = survivors(running.length, halving.factor);
      const isOver = running.every((each) =>
        seeds.every((seed) => isDone(trialId(each, seed), until, records, failures)),
      );
      if (!isOver) {
        undecided.push(...laterRounds(spec, running, steps, round));
        break;
      }
      const judged = running.map((each) => ({
        each,
        score: scoreOf(
          seeds.map((seed) => records.get(trialId(each, seed))),
          optimize,
          until,
        ),
      }));
      const inOrder = judged
        .filter(({ score }) => score !== undefined)
        .sort((a, b) => better(b.score, a.score));
      running = inOrder.slice(0, next).map(({ each }) => each);
      for (const each of running) reached.set(each, steps[round + 1]);
    }
    const trials = [...reached].flatMap(([each, until]) => trialsOf(spec, each, until));
    return { trials, undecided };
  };
}

const better = (a = 0, b = 0): number => a - b;

/** Whether a trial has come as far as it is planned, or to nothing. */
export function isDone(id: string, until: number, records: Records, failures: Failures): boolean {
  if (failures.has(id)) return true;
  const record = records.get(id);
  return (
    record !== undefined && (record.outcome !== "paused" || (record.history.at(-1)?.epoch ?? 0) >= until)
  );
}

/** What the rounds behind this one will train. */
function laterRounds(
  spec: SweepSpec,
  running: readonly Configuration[],
  steps: readonly number[],
  round: number,
): UndecidedTrials<SweepTrial>[] {
  let count = running.length;
  return steps.slice(round + 1).map((until, later) => {
    count = survivors(count, spec.halving.factor);
    const [like] = trialsOf(spec, running[0], until);
    return { count: count * spec.seeds.length, epochs: until - steps[round + later], like };
  });
}
