import type { Dataset } from "../../core/data/dataset.js";
import { decodeModel, encodeModel } from "../../core/formats/model-file.js";
import { bestOf } from "../best-of.js";
import { epochsDone } from "../epochs-done.js";
import type { RunHost, StopSignal } from "../host.js";
import type { RunJudgement } from "../judge.js";
import type { RunConfig } from "../run-config.js";
import type { RunEpoch } from "../run-epoch.js";
import type { RunFolder } from "../run-folder.js";
import { dataDigests, digestOf, probabilitiesDigest } from "./digests.js";
import { type Receipt, sealReceipt, type WeightsDigests } from "./receipt.js";

/** A run at its end. */
export interface EndedRun {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly dataset: Dataset;
  readonly history: readonly RunEpoch[];
  readonly evaluation: RunJudgement;
  /** Softmax outputs of the best weights on the test images, [N, classes]. */
  readonly probabilities: Float32Array;
  readonly fusedMultiplyAdd: boolean;
  readonly threads: number;
  readonly host: RunHost;
  readonly signal?: StopSignal;
}

/**
 * The receipt of a run whose weights and judgement are kept. Every image is read once more for it.
 *
 * @throws the signal's reason where it told to stop
 */
export async function makeReceipt(run: EndedRun): Promise<Receipt> {
  const { folder, config, dataset, history, evaluation, probabilities, host } = run;
  const last = await folder.readWeights("last");
  const first = config.body && (await folder.readFirst());
  return sealReceipt(await folder.readConfigJson(), {
    fusedMultiplyAdd: run.fusedMultiplyAdd,
    data: await dataDigests(dataset, run),
    history: history.map(({ seconds: _, ...epoch }) => epoch),
    weights: {
      ...(first && { first: digestOf(first.bytes, host) }),
      best: await bestDigests(folder, bestOf(history, config.earlyStopping)?.epoch ?? 0, host),
      last: { epoch: epochsDone(history), file: digestOf(last.bytes, host) },
    },
    predictions: {
      count: evaluation.n,
      classes: dataset.classNames.length,
      probabilities: probabilitiesDigest(probabilities, host),
      accuracy: evaluation.accuracy,
      loss: evaluation.loss,
    },
    environment: { ...host.describeEnvironment(), threads: run.threads },
  });
}

async function bestDigests(folder: RunFolder, epoch: number, host: RunHost): Promise<WeightsDigests> {
  const { bytes, file } = await folder.readWeights("best");
  const { calibration, ...model } = decodeModel(bytes, file);
  return {
    epoch,
    file: digestOf(bytes, host),
    ...(calibration && { uncalibrated: digestOf(encodeModel(model), host) }),
  };
}
