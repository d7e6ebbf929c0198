import type { NamedTensor } from "../../core/named-tensor.js";
import type { TrainEvent } from "../../core/training/events.js";
import type { Model } from "../../core/training/model.js";
import { type RunHost, refuseStopped, type StopSignal } from "../host.js";
import { runImages } from "../run-images.js";
import type { Claim } from "../verify/claim.js";
import { tensorDifference } from "../verify/difference.js";
import { modelAgain, repeatable } from "../verify/prepare.js";

/** How two runs are trained again beside each other. */
export interface PartingOptions {
  readonly threads?: number;
  readonly signal?: StopSignal;
  /** Told how far both are. */
  readonly onStep?: (event: { readonly epoch: number; readonly step: number }) => void;
}

/** One of two runs that are trained again, a step at a time. */
interface Runner {
  readonly model: Model;
  /** Goes on to the end of the next step; undefined where there is none. */
  step(): Promise<{ readonly epoch: number; readonly step: number } | undefined>;
  close(): Promise<void>;
}

/**
 * The step of an epoch after which two runs' weights are first others, found by training both again up to there; 0 where
 * they begin with others, undefined where they don't part in that epoch after all.
 *
 * @param epoch in which they are known to part
 * @throws HeddleError where one of them can't be repeated here
 */
export async function stepOfParting(
  claims: readonly [Claim, Claim],
  epoch: number,
  options: PartingOptions,
  host: RunHost,
): Promise<number | undefined> {
  const runners: Runner[] = [];
  try {
    for (const claim of claims) runners.push(await openRunner(claim, options, host));
    if (epoch === 1 && (await areOthers(runners))) return 0;
    for (;;) {
      const [ours, theirs] = await stepBoth(runners);
      refuseStopped(options.signal);
      if (!ours || !theirs) return undefined;
      options.onStep?.(ours);
      if (ours.epoch !== theirs.epoch) return Math.min(ours.step, theirs.step);
      if (ours.epoch > epoch) return undefined;
      if (ours.epoch === epoch && (await areOthers(runners))) return ours.step;
    }
  } finally {
    for (const runner of runners) await runner.close();
  }
}

/** One after the other: each has all the processors. */
async function stepBoth([first, second]: readonly Runner[]) {
  const ours = await first.step();
  return [ours, await second.step()] as const;
}

/** By their numbers: layers of other options may have the same. */
async function areOthers([first, second]: readonly Runner[]): Promise<boolean> {
  const theirs = await second.model.getWeights();
  const ours = await first.model.getWeights();
  return ours.length !== theirs.length || ours.some((tensor, index) => !isSame(tensor, theirs[index]));
}

const isSame = (tensor: NamedTensor, other: NamedTensor): boolean =>
  tensor.name === other.name &&
  tensor.data.length === other.data.length &&
  tensorDifference(tensor, other) === undefined;

async function openRunner(claim: Claim, options: PartingOptions, host: RunHost): Promise<Runner> {
  const { plan } = repeatable(claim, host);
  const dataset = await runImages(claim, options, host);
  const { model, fit } = modelAgain(claim, plan, dataset, options, host);
  const events: AsyncGenerator<TrainEvent> = model.fitEvents(dataset, fit);
  return {
    model,
    async step() {
      for (;;) {
        const next = await events.next();
        if (next.done) return undefined;
        if (next.value.event === "step") return next.value;
      }
    },
    async close() {
      await events.return(undefined);
      await model.dispose();
    },
  };
}
