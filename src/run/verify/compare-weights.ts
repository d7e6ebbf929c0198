import { decodeModel } from "../../core/formats/model-file.js";
import type { EpochEvent } from "../../core/training/events.js";
import { digestOf } from "../receipt/digests.js";
import type { ClaimedWeights } from "./claim.js";
import {
  type FigureName,
  type FirstDifference,
  modelDifference,
  type RecordedAndHere,
  type TensorDifference,
} from "./difference.js";
import type { Repetition } from "./repetition.js";

const figureNames: readonly FigureName[] = [
  "trainLoss",
  "trainAccuracy",
  "validationLoss",
  "validationAccuracy",
  "learningRate",
];

/** Holds an epoch that was trained again against its record. */
export async function epochDifference(
  event: EpochEvent,
  { claim, model, host, compared }: Repetition,
): Promise<FirstDifference | undefined> {
  const { epoch } = event;
  const { where, last, best, config } = claim;
  const record = claim.history.find((each) => each.epoch === epoch);
  if (!record) return undefined;
  const bytes = await model.toBytes();
  const here = digestOf(bytes, host);
  const figures = figureNames.flatMap((figure) =>
    Object.is(record[figure], event[figure])
      ? []
      : [{ figure, recorded: record[figure], here: event[figure] }],
  );
  const isLast = last?.epoch === epoch;
  const kept = isLast ? last : best?.epoch === epoch && !config.weightAverage ? best : undefined;
  const digests = differing(record.weightsDigest, here);
  const tensor = tensorBetween(kept, bytes, where);
  compared.figures++;
  if (record.weightsDigest !== undefined || kept?.model) compared.weights++;
  if (figures.length > 0 || digests) {
    return { at: "epoch", epoch, ...(digests && { digests }), ...(tensor && { tensor }), figures };
  }
  if (!isLast) return undefined;
  compared.last = true;
  return keptDifference("last", last, { tensor, here });
}

/** Holds the best weights against the recorded ones. */
export function bestDifference(
  best: ClaimedWeights,
  bytes: Uint8Array,
  { claim, host, compared }: Repetition,
): FirstDifference | undefined {
  compared.best = true;
  const tensor = tensorBetween(best, bytes, claim.where);
  return keptDifference("best", best, { tensor, here: digestOf(bytes, host) });
}

function keptDifference(
  weights: "best" | "last",
  { epoch, digest }: ClaimedWeights,
  { tensor, here }: { readonly tensor?: TensorDifference; readonly here: string },
): FirstDifference | undefined {
  const digests = differing(digest, here);
  if (!tensor && !digests) return undefined;
  return { at: "weights", weights, epoch, ...(digests && { digests }), ...(tensor && { tensor }) };
}

const differing = (recorded: string | undefined, here: string): RecordedAndHere<string> | undefined =>
  recorded === undefined || recorded === here ? undefined : { recorded, here };

const tensorBetween = (
  kept: ClaimedWeights | undefined,
  bytes: Uint8Array,
  where: string,
): TensorDifference | undefined => kept?.model && modelDifference(kept.model, decodeModel(bytes, where));
