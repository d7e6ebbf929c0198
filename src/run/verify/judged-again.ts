import { decodeModel, encodeModel } from "../../core/formats/model-file.js";
import { canonical } from "../../core/training/checkpoint.js";
import { findCalibration } from "../calibrate-run.js";
import { refuseStopped } from "../host.js";
import { judge } from "../judge.js";
import { digestOf, probabilitiesDigest } from "../receipt/digests.js";
import type { FirstDifference } from "./difference.js";
import type { Repetition } from "./repetition.js";

/**
 * Judges the best weights of a run that was repeated as that one's were.
 *
 * @param best their model file
 * @throws the signal's reason where it told to stop
 */
export async function judgedAgain(
  repetition: Repetition,
  best: Uint8Array,
): Promise<FirstDifference | undefined> {
  return (await calibrationDifference(repetition, best)) ?? predictionsDifference(repetition);
}

const judging = ({ claim, options: { signal }, host: { platform } }: Repetition) =>
  ({
    platform,
    signal,
    weights: claim.config.weightAverage ? "average" : "trained",
    views: claim.config.views,
  }) as const;

async function calibrationDifference(
  repetition: Repetition,
  best: Uint8Array,
): Promise<FirstDifference | undefined> {
  const { claim, model, dataset, fit, host, options, compared } = repetition;
  if (!claim.calibration) return undefined;
  const { temperature } = claim.config;
  const found = await findCalibration(model, { dataset, fit, temperature }, judging(repetition));
  refuseStopped(options.signal);
  const calibration = found === "stopped" ? undefined : found;
  compared.calibration = true;
  const { file } = claim.calibration;
  const both =
    file === undefined
      ? { recorded: canonical(claim.calibration.found), here: canonical(calibration) }
      : {
          recorded: file,
          here: digestOf(encodeModel({ ...decodeModel(best, claim.where), calibration }), host),
        };
  return both.recorded === both.here ? undefined : { at: "calibration", ...both };
}

async function predictionsDifference(repetition: Repetition): Promise<FirstDifference | undefined> {
  const { claim, model, dataset, host, options, compared } = repetition;
  const { predictions } = claim;
  if (!predictions) return undefined;
  const judged = await judge(model, dataset.test, { ...judging(repetition), calibration: undefined });
  refuseStopped(options.signal);
  if (!judged) return undefined;
  const { accuracy, loss } = judged.evaluation;
  const { probabilities } = predictions;
  compared.predictions = probabilities === undefined ? "figures" : "digest";
  if (probabilities !== undefined) {
    const here = probabilitiesDigest(judged.probabilities, host);
    if (here !== probabilities)
      return { at: "predictions", what: "probabilities", recorded: probabilities, here };
  }
  for (const [what, here] of Object.entries({ accuracy, loss }) as ["accuracy" | "loss", number][]) {
    const recorded = predictions[what];
    if (!Object.is(recorded, here)) return { at: "predictions", what, recorded, here };
  }
  return undefined;
}
