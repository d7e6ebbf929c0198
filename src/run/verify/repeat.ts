import { arithmeticVersion } from "../../core/arithmetic.js";
import type { Dataset } from "../../core/data/dataset.js";
import { HeddleError } from "../../core/errors.js";
import type { EpochRecord, StartEvent } from "../../core/training/events.js";
import { plural } from "../../core/words.js";
import { epochsDone } from "../epochs-done.js";
import { type RunHost, refuseStopped } from "../host.js";
import { dataDigests, partNames } from "../receipt/digests.js";
import { runImages } from "../run-images.js";
import type { Claim } from "./claim.js";
import { bestDifference, epochDifference } from "./compare-weights.js";
import type { FirstDifference } from "./difference.js";
import { judgedAgain } from "./judged-again.js";
import { modelAgain, repeatable } from "./prepare.js";
import type { Changeable, Repetition } from "./repetition.js";
import type { ComparedParts, Verification } from "./verification.js";
import type { VerifyOptions } from "./verify-options.js";

/**
 * Trains again what a run is recorded to have trained, and holds each epoch against its record, until one differs.
 *
 * @throws HeddleError where it can't be repeated here. @throws the signal's reason where it told to stop
 */
export async function repeat(claim: Claim, options: VerifyOptions, host: RunHost): Promise<Verification> {
  const { where, history } = claim;
  const epochs = epochsToDo(claim, options.epochs);
  const { plan, fusedMultiplyAdd } = repeatable(claim, host);
  const dataset = await runImages(claim, options, host);
  const compared: Changeable<ComparedParts> = {
    data: false,
    figures: 0,
    weights: 0,
    best: false,
    last: false,
    calibration: false,
    predictions: false,
  };
  const { teacher } = claim.config;
  const base = {
    of: where,
    epochsRecorded: history.length,
    arithmeticVersion,
    fusedMultiplyAdd,
    ...(teacher && { teacher: { name: teacher.name, digest: teacher.digest } }),
  };
  const difference = await dataDifference(claim, dataset, options, host);
  if (difference) return { ...base, identical: false, difference, epochs: 0, compared };
  compared.data = claim.data !== undefined;
  const { model, fit } = modelAgain(claim, plan, dataset, options, host);
  try {
    const repetition = { claim, model, dataset, fit, options, host, compared };
    const course = await followAgain(repetition, epochs);
    const found = course.difference ?? (await keptDifference(repetition, course.done));
    return {
      ...base,
      identical: !found,
      ...(found && { difference: found }),
      epochs: course.done,
      compared,
      ...(course.start && { threads: course.start.threads, vectorBits: course.start.vectorBits }),
    };
  } finally {
    await model.dispose();
  }
}

function epochsToDo({ where, history }: Claim, wanted: number | undefined): number {
  if (history.length === 0) {
    throw new HeddleError(
      `${where} has nothing to hold a training against: no epoch of it ended. Verify a run that has at least one.`,
    );
  }
  const last = epochsDone(history);
  if (wanted === undefined || wanted <= last) return wanted ?? last;
  throw new HeddleError(
    `${where} has ${plural(last, "epoch")} to hold a training against, and ${wanted} were asked for. Ask for at most ${last}.`,
  );
}

async function dataDifference(
  { data }: Claim,
  dataset: Dataset,
  { signal }: VerifyOptions,
  host: RunHost,
): Promise<FirstDifference | undefined> {
  if (!data) return undefined;
  const here = await dataDigests(dataset, { host, signal });
  for (const part of partNames) {
    for (const what of ["count", "images", "labels", "groups"] as const) {
      const both = { recorded: data[part]?.[what] ?? null, here: here[part]?.[what] ?? null };
      if (both.recorded !== both.here) return { at: "data", part, what, ...both };
    }
  }
  return undefined;
}

interface Course {
  readonly start?: StartEvent;
  readonly done: number;
  readonly difference?: FirstDifference;
}

async function followAgain(repetition: Repetition, epochs: number): Promise<Course> {
  const { claim, model, dataset, fit, options } = repetition;
  const { signal, onEvent } = options;
  let start: StartEvent | undefined;
  let done = 0;
  const history: EpochRecord[] = [];
  for await (const event of model.fitEvents(dataset, fit)) {
    if (event.event === "start") start = event;
    if (event.event === "epoch") {
      const { event: _, best: __, ...figures } = event;
      history.push(figures);
    }
    onEvent?.(event, { folder: claim.where, dataset, config: claim.config, history });
    if (event.event === "epoch") {
      done = event.epoch;
      const difference = await epochDifference(event, repetition);
      // Its end is compared with the record's own, where it comes by itself.
      if (difference || (done === epochs && !(claim.isTrained && done === epochsDone(claim.history)))) {
        return { start, done, difference };
      }
      if (done > epochsDone(claim.history)) break;
    }
    if (event.event !== "end") continue;
    refuseStopped(signal);
    const { reason } = event;
    if (done === epochs && (reason === "finished" || reason === "stopped early")) return { start, done };
    return { start, done, difference: { at: "end", epoch: done, reason } };
  }
  return { start, done, difference: { at: "end", epoch: done, reason: "it goes on" } };
}

/** What is left once an end has come: the best weights, and where training is whole, what they say. */
async function keptDifference(repetition: Repetition, done: number): Promise<FirstDifference | undefined> {
  const { claim, model } = repetition;
  const { best, config } = claim;
  if (!best || best.epoch > done) return undefined;
  const bytes = await model.toBytes({ weights: config.weightAverage ? "average" : "trained" });
  const difference = bestDifference(best, bytes, repetition);
  if (difference || !claim.isTrained || done < epochsDone(claim.history)) return difference;
  return judgedAgain(repetition, bytes);
}
