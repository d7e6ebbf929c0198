import * as z from "zod";
import { HeddleError } from "../../core/errors.js";
import { isRecord, parseJson } from "../../core/formats/json.js";
import { sha256 } from "../../core/formats/sha256.js";
import { canonical } from "../../core/training/checkpoint.js";
import { checkJson } from "../check-json.js";
import type { Environment } from "../host.js";
import { parseRunConfig, type RunConfig } from "../run-config.js";
import { epochSchema, type RunEpoch } from "../run-epoch.js";
import type { DataDigests } from "./digests.js";

/** Weights that a run kept. */
export interface WeightsDigests {
  /** The epoch after which the weights were these. */
  readonly epoch: number;
  /** SHA-256 of the model file. */
  readonly file: string;
  /** The same of the file without what its calibration found, where it has one. */
  readonly uncalibrated?: string;
}

/**
 * A run's receipt, `receipt.json`: what it was made of and what came of it, so that a stranger can repeat it and
 * compare. Nothing in it depends on how fast or on how many threads it was trained, but for `environment`.
 */
export interface Receipt {
  readonly format: typeof receiptFormat;
  readonly version: typeof receiptVersion;
  /** All that decides the result, the arithmetic's version included: as `config.json` has it. */
  readonly config: RunConfig;
  /** SHA-256 of `config.json` as heddle writes it. */
  readonly configDigest: string;
  /** Whether multiply and add were fused: the only thing of a machine that decides bytes. */
  readonly fusedMultiplyAdd: boolean;
  readonly data: DataDigests;
  /** A line an epoch, without its time. */
  readonly history: readonly Omit<RunEpoch, "seconds">[];
  readonly weights: {
    /** SHA-256 of the model file that a run on a body began with. */
    readonly first?: string;
    readonly best: WeightsDigests;
    readonly last: WeightsDigests;
  };
  /** Of the best weights on the test images. */
  readonly predictions: {
    readonly count: number;
    readonly classes: number;
    /** SHA-256 of the softmax outputs, float32 as they lie in memory, [count, classes]. */
    readonly probabilities: string;
    readonly accuracy: number;
    readonly loss: number;
  };
  /** What it ran on at its end, which decides nothing. */
  readonly environment: Environment & { readonly threads: number };
  /** SHA-256 of all the others as JSON, keys in order and without spaces: it tells damage. */
  readonly digest: string;
}

export const receiptFile = "receipt.json";
const receiptFormat = "heddle receipt";
const receiptVersion = 1;

/** Far more than a receipt of a thousand epochs takes. */
const mostCharacters = 2 ** 25;

const digest = z.string().regex(/^[0-9a-f]{64}$/u, "expected a SHA-256, 64 digits of 0 to 9 and a to f");
const count = z.number().int().positive();
const share = z.number().min(0).max(1);

const partSchema = z.strictObject({
  count: z.number().int().nonnegative(),
  images: digest,
  labels: digest,
  groups: digest.optional(),
});

const weightsSchema = z.strictObject({ epoch: count, file: digest, uncalibrated: digest.optional() });

const environmentSchema = z.strictObject({
  heddle: z.string(),
  node: z.string().optional(),
  v8: z.string().optional(),
  platform: z.string().optional(),
  architecture: z.string().optional(),
  processor: z.string().optional(),
  processors: z.number().optional(),
  memoryBytes: z.number().optional(),
  vectorBits: z.number().optional(),
  threads: count,
});

const receiptSchema = z.strictObject({
  format: z.literal(receiptFormat),
  version: z.literal(receiptVersion),
  config: z.looseObject({}),
  configDigest: digest,
  fusedMultiplyAdd: z.boolean(),
  data: z.strictObject({
    imageShape: z.array(count).length(3),
    train: partSchema,
    validation: partSchema.optional(),
    test: partSchema,
  }),
  history: z.array(epochSchema.omit({ seconds: true }).strict()).min(1),
  weights: z.strictObject({ first: digest.optional(), best: weightsSchema, last: weightsSchema }),
  predictions: z.strictObject({
    count,
    classes: count,
    probabilities: digest,
    accuracy: share,
    loss: z.number(),
  }),
  environment: environmentSchema,
  digest,
});

/** `config.json` as it is written. */
export const configText = (config: object): string => `${JSON.stringify(config, null, 2)}\n`;

/**
 * Puts the digests of what else is in it into a receipt.
 *
 * @param config as `config.json` has it, to the order of its keys
 */
export function sealReceipt(
  config: object,
  content: Omit<Receipt, "format" | "version" | "config" | "configDigest" | "digest">,
): Receipt {
  const begin = { format: receiptFormat, version: receiptVersion, config: config as RunConfig } as const;
  const body = { ...begin, configDigest: sha256(configText(config)), ...content };
  return { ...body, digest: sha256(canonical(body)) };
}

/** As `receipt.json` has it. */
export const receiptText = (receipt: Receipt): string => `${JSON.stringify(receipt, null, 2)}\n`;

/**
 * Reads a receipt, be it from a stranger.
 *
 * @param text what the file holds
 * @param file named in errors
 * @throws HeddleError saying what is wrong and where
 */
export function parseReceipt(text: string, file: string): Receipt {
  const json = readReceiptJson(text, file);
  const content = checkJson(receiptSchema, json, file);
  const written = json.config as object;
  const refuse = (what: string): never => {
    throw new HeddleError(`${file} is no whole receipt: ${what}. Take another copy of it.`);
  };
  const { digest: _, ...sealed } = json;
  if (sha256(canonical(sealed)) !== content.digest) refuse("it was changed after it was written, or damaged");
  if (sha256(configText(written)) !== content.configDigest) refuse("its configDigest is not its config's");
  const { history, weights } = content;
  if (history.some(({ epoch }, index) => epoch !== index + 1)) refuse("its epochs don't follow each other");
  if (weights.last.epoch !== history.length || weights.best.epoch > history.length) {
    refuse("its weights are of epochs that its history hasn't");
  }
  const config = parseRunConfig(written, file);
  if (history.length > config.epochs) refuse("it has more epochs than its config says");
  if ((config.body === undefined) !== (weights.first === undefined)) {
    refuse("its weights.first and its config don't both say that it stood on a body");
  }
  // As it was written, to the order of its keys: so it can be written again.
  return json as unknown as Receipt;
}

function readReceiptJson(text: string, file: string): Record<string, unknown> {
  if (text.length > mostCharacters) {
    throw new HeddleError(`${file} is no receipt: it has ${text.length} characters, more than any would.`);
  }
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (cause) {
    throw new HeddleError(
      `${file} is no receipt: it is not JSON, or was cut off. Expected the ${receiptFile} of a run.`,
      { cause },
    );
  }
  if (isRecord(json) && json.format === receiptFormat && json.version === receiptVersion) return json;
  const isOther = isRecord(json) && json.format === receiptFormat;
  throw new HeddleError(
    isOther
      ? `${file} is a receipt of another version than ${receiptVersion}. Read it with the heddle that wrote it, or a newer one.`
      : `${file} is no receipt: its format is not "${receiptFormat}". Expected the ${receiptFile} of a run.`,
  );
}
