import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { HeddleError } from "../../core/errors.js";
import { decodeSafetensors, encodeSafetensors } from "../../core/formats/safetensors.js";
import { errorCode, fileErrorWords, writeError } from "../../node/file-errors.js";
import { makeFolders } from "../../node/make-folders.js";
import { writeFileWhole } from "../../node/write-file.js";
import { checkJson } from "../../run/check-json.js";
import { evaluationSchema } from "../../run/evaluation-schema.js";
import { parseTraining } from "../../run/run-config.js";
import { epochSchema } from "../../run/run-epoch.js";
import type { RunPredictions } from "../../run/run-record.js";
import { paperModels } from "../paper/paper.js";
import type { TrialConfig, TrialRecord } from "../plan/trial.js";
import { readableJson } from "./readable-json.js";

const environment = z.object({
  heddle: z.string(),
  node: z.string(),
  v8: z.string(),
  platform: z.string(),
  architecture: z.string(),
  processor: z.string(),
  processors: z.number(),
  memoryBytes: z.number(),
  startedAt: z.string(),
  threads: z.number(),
  relaxedSimd: z.boolean(),
  // Those of before there was a choice don't say.
  vectorBits: z.number().default(128),
  arenaBytes: z.number(),
});

const recordSchema = z.object({
  id: z.string(),
  // Those of heddle 0.1 don't say.
  arithmeticVersion: z.number().int().positive().default(1),
  config: z.looseObject({}),
  environment: environment.extend({
    resumed: z.array(environment.extend({ epochsDone: z.number() })).optional(),
  }),
  outcome: z.enum(["finished", "diverged"]),
  message: z.string().optional(),
  history: z.array(epochSchema),
  bestEpoch: z.number().int().min(0),
  test: evaluationSchema.nullable(),
  train: z.object({ accuracy: z.number().min(0).max(1), loss: z.number() }).nullable(),
});

const ending = ".json";

const trialsFolder = (folder: string): string => join(folder, "trials");
export const recordFile = (folder: string, id: string): string =>
  join(trialsFolder(folder), `${id}${ending}`);
export const predictionsFile = (folder: string, id: string): string =>
  join(trialsFolder(folder), `${id}.predictions.safetensors`);

/**
 * Keeps what a trial came to: its predictions, then the record, which makes it done.
 *
 * @param folder of the reproduction
 * @throws HeddleError when a file can't be written.
 */
export async function writeTrial(
  folder: string,
  record: TrialRecord,
  predictions: RunPredictions | undefined,
): Promise<void> {
  await makeFolders(trialsFolder(folder)).catch((cause: unknown) => {
    throw writeError(trialsFolder(folder), cause);
  });
  if (predictions) {
    await writeFileWhole(predictionsFile(folder, record.id), encodePredictions(predictions));
  }
  await writeFileWhole(recordFile(folder, record.id), readableJson(record));
}

/** Below a results folder: what its trials came to by earlier versions of the arithmetic. */
const earlierFolder = "earlier";

/**
 * Records that others of today's arithmetic have taken the place of, kept to be set beside them.
 *
 * @param folder of a reproduction; one without such records has none
 * @throws HeddleError naming a record that is cut off, damaged or something else.
 */
export const readEarlierRecords = (folder: string): Promise<TrialRecord[]> =>
  readTrialRecords(join(folder, earlierFolder));

/**
 * The records of the trials that are done, by name.
 *
 * @param folder of a reproduction; one without trials has none
 * @throws HeddleError naming a record that is cut off, damaged or something else.
 */
export async function readTrialRecords(folder: string): Promise<TrialRecord[]> {
  const names = await readdir(trialsFolder(folder)).catch((cause: unknown) => {
    if (errorCode(cause) === "ENOENT") return [];
    throw new HeddleError(`${trialsFolder(folder)} can't be read: ${fileErrorWords(cause)}.`, { cause });
  });
  const ids = names
    .filter((name) => name.endsWith(ending) && !name.startsWith("."))
    .map((name) => name.slice(0, -ending.length))
    .sort();
  return Promise.all(ids.map((id) => readTrialRecord(folder, id)));
}

async function readTrialRecord(folder: string, id: string): Promise<TrialRecord> {
  const file = recordFile(folder, id);
  try {
    const json: unknown = JSON.parse(await readText(file));
    const record = checkJson(recordSchema, json, file);
    if (record.id !== id) throw new HeddleError(`${file} is the record of another trial, ${record.id}.`);
    return { ...record, config: parseTrialConfig(record.config, file) };
  } catch (cause) {
    const reason = cause instanceof HeddleError ? cause.message : `${file} is not JSON: it was cut off.`;
    throw new HeddleError(`${reason} Put it back, or delete it and its trial is run again.`, { cause });
  }
}

const modelSchema = z.object({
  model: z.enum(paperModels),
  dropout: z.boolean().default(true),
  data: z.string(),
});

function parseTrialConfig(json: unknown, file: string): TrialConfig {
  return { ...checkJson(modelSchema, json, file), ...parseTraining(json, file) };
}

/**
 * A trial's predictions; undefined where none are kept.
 *
 * @throws HeddleError when the file is damaged.
 */
export async function readTrialPredictions(folder: string, id: string): Promise<RunPredictions | undefined> {
  const file = predictionsFile(folder, id);
  const bytes = await readFile(file).catch((cause: unknown) => {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw new HeddleError(`${file} can't be read: ${fileErrorWords(cause)}.`, { cause });
  });
  if (!bytes) return undefined;
  const { tensors } = decodeSafetensors(bytes, file);
  const [probabilities, labels] = ["probabilities", "labels"].map((name) =>
    tensors.find((tensor) => tensor.name === name),
  );
  if (!probabilities || !labels || labels.shape[0] !== probabilities.shape[0]) {
    throw new HeddleError(
      `${file} holds no predictions: expected probabilities [N, classes] and labels [N]. Put it back, or delete it and ${id}.json, and its trial is run again.`,
    );
  }
  return { probabilities: probabilities.data, labels: Uint8Array.from(labels.data) };
}

/** Labels are float32 too, the one type that our safetensors files have. */
function encodePredictions({ probabilities, labels }: RunPredictions): Uint8Array {
  const count = labels.length;
  return encodeSafetensors(
    [
      { name: "probabilities", shape: [count, probabilities.length / count], data: probabilities },
      { name: "labels", shape: [count], data: Float32Array.from(labels) },
    ],
    {},
  );
}

async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new HeddleError(`${file} can't be read: ${fileErrorWords(cause)}.`, { cause });
  });
}
