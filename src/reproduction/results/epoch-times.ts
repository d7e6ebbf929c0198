import * as z from "zod";
import { HeddleError } from "../../core/errors.js";
import { checkJson } from "../../run/check-json.js";
import {
  deeperModels,
  isPaperModel,
  paperModels,
  paperProtocol,
  paperTable4,
  type TrainedModel,
  trainedModels,
} from "../paper/paper.js";

const { batchSize: paperBatch } = paperProtocol;

/** Of Fashion-MNIST. */
const imageShape = "28x28x1";

/** How epoch-times.json is made, on an idle machine. */
export const epochTimesCommand = `npx heddle bench ${[
  ...paperTable4.map(({ batchSize }) => `train/proposed/${batchSize}`),
  ...paperModels.filter((model) => model !== "proposed").map((model) => `train/${model}/${paperBatch}`),
  // Benches measure these on coloured images where nothing is said.
  ...deeperModels.map((model) => `train/${model}/${paperBatch}/${imageShape}`),
].join(" ")} --json`;

/** An epoch of training a network at one batch size, without validation. */
export interface EpochTime {
  readonly model: TrainedModel;
  readonly batchSize: number;
  readonly threads: number;
  readonly steps: number;
  /** Median of one step. */
  readonly stepMilliseconds: number;
  readonly seconds: number;
  /** Share of the multiply-add rate that the same threads reach; above 1 where products are saved. */
  readonly ofCeiling: number | null;
}

export interface EpochTimes {
  readonly processor: string;
  readonly node: string;
  readonly times: readonly EpochTime[];
}

const benchSchema = z.looseObject({
  environment: z.looseObject({ processor: z.string(), node: z.string() }),
  results: z.array(
    z.looseObject({
      name: z.string(),
      threads: z.number().int().positive(),
      medianMs: z.number().positive(),
      ofCeiling: z.number().nullable(),
    }),
  ),
});

/**
 * The times of an epoch (48,000 images) from what `heddle bench train/… --json` printed: the median step times the
 * number of steps. Rows of other work are passed over.
 *
 * @param file named in errors
 * @throws HeddleError when it is not such output, or none of its rows is a step of a network that is trained here
 */
export function parseEpochTimes(text: string, file: string): EpochTimes {
  const wanted = `expected what \`${epochTimesCommand}\` prints.`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HeddleError(`${file} is no JSON: ${wanted}`, { cause });
  }
  const { environment, results } = checkJson(benchSchema, value, file);
  const times = results.flatMap(({ name, threads, medianMs, ofCeiling }): EpochTime[] => {
    const [, found, batch, shape] = /^train\/(\w+)\/(\d+)(?:\/(\w+))?$/.exec(name) ?? [];
    const model = trainedModels.find((each) => each === found);
    const batchSize = Number(batch);
    if (!model || !(batchSize > 0)) return [];
    if (shape !== imageShape && !(isPaperModel(model) && shape === undefined)) return [];
    const steps = Math.ceil(paperProtocol.train / batchSize);
    const seconds = (steps * medianMs) / 1000;
    return [{ model, batchSize, threads, steps, stepMilliseconds: medianMs, seconds, ofCeiling }];
  });
  if (times.length === 0) throw new HeddleError(`${file} has no row train/<model>/<batch>: ${wanted}`);
  return { processor: environment.processor, node: environment.node, times };
}

/** The fastest of a network's rows at a batch size: benches may have several numbers of threads. */
export const epochTimeOf = (
  times: EpochTimes | null,
  model: TrainedModel,
  batchSize: number = paperBatch,
): EpochTime | undefined =>
  times?.times
    .filter((time) => time.model === model && time.batchSize === batchSize)
    .sort((a, b) => a.seconds - b.seconds)[0];
