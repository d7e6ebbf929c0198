import { HeddleError } from "../../core/errors.js";
import { decodeModel, encodeModel, type ModelContents } from "../../core/formats/model-file.js";
import type { Calibration } from "../../core/metrics/calibrate.js";
import { canonical } from "../../core/training/checkpoint.js";
import { modelFromBytes } from "../../core/training/model-from-bytes.js";
import type { ModelState } from "../../core/training/model-options.js";
import { isAtEnd } from "../at-end.js";
import { bestOf } from "../best-of.js";
import { epochsDone, isTrained, lostEpochs } from "../epochs-done.js";
import type { FitContext } from "../follow-run.js";
import type { RunHost } from "../host.js";
import { type DataDigests, digestOf } from "../receipt/digests.js";
import type { Receipt } from "../receipt/receipt.js";
import { teachingOf } from "../resume-run.js";
import { parseRunConfig, type RunConfig } from "../run-config.js";
import type { RunEpoch } from "../run-epoch.js";
import { RunError } from "../run-error.js";
import { RunFolder, type WeightsName } from "../run-folder.js";
import type { Store } from "../store.js";
import { readTeaching } from "../teacher.js";

/** Weights that are recorded: by themselves, by their digests, or both. */
export interface ClaimedWeights {
  readonly epoch: number;
  /** Of the model file without its calibration. */
  readonly digest?: string;
  readonly model?: ModelContents;
}

/** What is recorded of a run, and is to come out again. */
export interface Claim {
  /** The run, or its receipt: for messages. */
  readonly where: string;
  readonly config: RunConfig;
  readonly history: readonly Omit<RunEpoch, "seconds">[];
  /** Undefined where nothing says it. */
  readonly fusedMultiplyAdd?: boolean;
  readonly data?: DataDigests;
  /** What a run on a body began with. */
  readonly first?: ModelState;
  /** What a run with a teacher was taught. */
  readonly teaching?: FitContext["teaching"];
  /** Whether training came to its end. */
  readonly isTrained: boolean;
  readonly best?: ClaimedWeights;
  readonly last?: ClaimedWeights;
  /** What the best weights' calibration found, or the digest of their file with that in it. */
  readonly calibration?: { readonly found?: Calibration; readonly file?: string };
  readonly predictions?: {
    readonly accuracy: number;
    readonly loss: number;
    /** SHA-256 of the softmax outputs. */
    readonly probabilities?: string;
  };
}

/** What a run's own files say of it. @throws HeddleError where they are missing, damaged or of several runs */
export async function claimOfRun(store: Store, host: RunHost): Promise<Claim> {
  const folder = await RunFolder.open(store);
  const config = await folder.readConfig();
  const history = await folder.readHistory();
  const receipt = await folder.readReceipt();
  if (receipt) checkReceipt(receipt, await folder.readConfigJson(), history, folder);
  const relaxedSimd = (await folder.readEnvironment())?.relaxedSimd;
  const first = config.body && (await folder.readFirst());
  const teaching = await teachingOf(folder, config, host);
  const done = await isAtEnd({ store }, config, history);
  const { calibration, ...best } = await keptWeights(folder, "best", { done, history, config, host });
  const { weights: last } = await keptWeights(folder, "last", { done, history, config, host });
  const evaluation = done ? await folder.readEvaluation() : undefined;
  return {
    where: store.where,
    config,
    history,
    ...(typeof relaxedSimd === "boolean" && { fusedMultiplyAdd: relaxedSimd }),
    ...(first && { first: modelFromBytes(first.bytes, first.file).state }),
    ...(teaching && { teaching }),
    isTrained: done,
    ...(best.weights && { best: best.weights }),
    ...(last && { last }),
    ...(calibration && { calibration: { found: calibration } }),
    ...(evaluation && { predictions: { accuracy: evaluation.accuracy, loss: evaluation.loss } }),
    ...(receipt && {
      fusedMultiplyAdd: receipt.fusedMultiplyAdd,
      data: receipt.data,
      predictions: receipt.predictions,
    }),
  };
}

/** Whoever changed the folder may have left the receipt as it was, or the other way around. */
function checkReceipt(
  receipt: Receipt,
  config: object,
  history: readonly RunEpoch[],
  folder: RunFolder,
): void {
  const withoutTimes = history.map(({ seconds: _, ...epoch }) => epoch);
  const other =
    canonical(receipt.config) !== canonical(config)
      ? "config.json"
      : canonical(receipt.history) !== canonical(withoutTimes)
        ? "history.jsonl"
        : undefined;
  if (other === undefined) return;
  throw new HeddleError(
    `The receipt in ${folder.where} says something else than its ${other}: one of the two was changed. Put the right one back, or verify the receipt by itself.`,
  );
}

interface Known {
  readonly done: boolean;
  readonly history: readonly RunEpoch[];
  readonly config: RunConfig;
  readonly host: RunHost;
}

/** Of a run that still trains they may be ahead of its history, or their epoch lost in it: then nothing is known of them. */
async function keptWeights(
  folder: RunFolder,
  name: Extract<WeightsName, "best" | "last">,
  { done, history, config, host }: Known,
): Promise<{ readonly weights?: ClaimedWeights; readonly calibration?: Calibration }> {
  if (!(await folder.hasWeights(name))) return {};
  const { bytes, file } = await folder.readWeights(name);
  const { calibration, ...model } = decodeModel(bytes, file);
  const record = name === "last" ? history.at(-1) : bestOf(history, config.earlyStopping);
  if (!record) return {};
  const isOfRecord = digestOf(encodeModel(model), host) === record.weightsDigest;
  const isWhole = done && lostEpochs(history, epochsDone(history)).length === 0;
  if (!isWhole && !isOfRecord) return {};
  return { weights: { epoch: record.epoch, model }, ...(calibration && { calibration }) };
}

/**
 * What a receipt alone says of a run.
 *
 * @param given the model file that a run on a body began with, and the `teacher.safetensors` of one with a teacher
 * @throws HeddleError where one of them is missing or another
 */
export function claimOfReceipt(
  receipt: Receipt,
  {
    where,
    first,
    teacher,
    host,
  }: {
    readonly where: string;
    readonly first?: Uint8Array;
    readonly teacher?: Uint8Array;
    readonly host: RunHost;
  },
): Claim {
  const { fusedMultiplyAdd, data, predictions } = receipt;
  const history = receipt.history.map(numbered);
  const { best, last } = receipt.weights;
  const config = parseRunConfig(receipt.config, where);
  const calibrated = best.uncalibrated !== undefined;
  const state = firstState(receipt, { where, first, host });
  const teaching = receivedTeaching(config, { where, teacher, host });
  return {
    where,
    config,
    history,
    fusedMultiplyAdd,
    data,
    ...(state && { first: state }),
    ...(teaching && { teaching }),
    isTrained: isTrained(config, history),
    best: { epoch: best.epoch, digest: best.uncalibrated ?? best.file },
    last: { epoch: last.epoch, digest: last.file },
    ...(calibrated && { calibration: { file: best.file } }),
    predictions,
  };
}

/** An epoch as a history has it: JSON has null for what is no number. */
const numbered = (epoch: Receipt["history"][number]): Receipt["history"][number] => ({
  ...epoch,
  validationLoss: epoch.validationLoss ?? Number.NaN,
  validationAccuracy: epoch.validationAccuracy ?? Number.NaN,
});

function receivedTeaching(
  { teacher: record }: RunConfig,
  { where, teacher, host }: { readonly where: string; readonly teacher?: Uint8Array; readonly host: RunHost },
): Claim["teaching"] {
  if (!record) return undefined;
  if (teacher) {
    return { record, probabilities: readTeaching(teacher, "The record of its teacher", record, host) };
  }
  throw new RunError(
    `To repeat the run of ${where} needs what its teacher ${JSON.stringify(record.name)} said of each image: teacher.safetensors of its folder, whose SHA-256 is ${record.targets}.`,
    { code: "teacherNeeded", run: where },
  );
}

function firstState(
  { weights, config }: Receipt,
  { where, first, host }: { readonly where: string; readonly first?: Uint8Array; readonly host: RunHost },
): ModelState | undefined {
  if (weights.first === undefined) return undefined;
  const wanted = `the weights that it began with, a head on the body ${JSON.stringify(config.body?.name)}: first.safetensors of its folder, whose SHA-256 is ${weights.first}`;
  if (!first) {
    throw new RunError(`To repeat the run of ${where} needs ${wanted}.`, { code: "firstNeeded", run: where });
  }
  const own = digestOf(first, host);
  if (own === weights.first) return modelFromBytes(first, "The weights that it begins with").state;
  throw new RunError(
    `The run of ${where} began with other weights: these have the SHA-256 ${own}. Give ${wanted}.`,
    {
      code: "firstNeeded",
      run: where,
    },
  );
}
