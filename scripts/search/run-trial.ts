import { renameSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import {
  arithmeticVersion,
  createOptimizer,
  createSchedule,
  type DatasetInMemory,
  type EpochEvent,
  loadDataset,
  Model,
  modelDefinitions,
  type NamedTensor,
  nodePlatform,
  sequential,
  splitDataset,
} from "heddle";
import { Averaging } from "./averaging.js";
import type { SearchResult, SearchTrial } from "./trial.js";

/** What a process of the search is told to do. */
export interface TrialWork {
  /** Where the result goes. */
  readonly folder: string;
  readonly trial: SearchTrial;
}

export const resultFile = (folder: string, name: string): string => join(folder, `${name}.json`);

/** He's uniform first weights (2015) out of Glorot's: ± √(6 / fanIn) instead of ± √(6 / (fanIn + fanOut)). */
function heUniform(tensors: readonly NamedTensor[]): NamedTensor[] {
  return tensors.map((tensor) => {
    if (tensor.shape.length < 2) return tensor;
    const [inputs, outputs] = tensor.shape.slice(-2);
    const scale = Math.sqrt((inputs + outputs) / inputs);
    return { ...tensor, data: tensor.data.map((value) => value * scale) };
  });
}

/** Trains on one thread and keeps what came of it. */
export async function runTrial({ folder, trial }: TrialWork): Promise<void> {
  const { name, model: modelName = "proposed", epochs, seed, labelSmoothing, augmentation } = trial;
  const { initializer, averageFrom } = trial;
  const { name: optimizerName, ...optimizerOptions } = trial.optimizer;
  const optimizer = createOptimizer(optimizerName, optimizerOptions);
  const schedule = createSchedule(trial.schedule);
  const { dataset } = await loadDataset("fashion-mnist");
  const { imageShape: inputShape, classNames } = dataset;
  const layers = modelDefinitions[modelName].layers(inputShape, classNames.length);
  const model = sequential(layers, { inputShape, seed });
  model.compile({ optimizer, schedule, labelSmoothing, threads: 1 });
  if (initializer === "heUniform") await model.setWeights(heUniform(await model.getWeights()));
  const averaging = new Averaging();
  const onEpoch = async (event: EpochEvent): Promise<void> => {
    if (averageFrom !== undefined && event.epoch >= averageFrom) averaging.add(await model.getWeights());
    const figures = `${event.validationAccuracy.toFixed(5)} ${event.seconds.toFixed(1)} s`;
    process.stderr.write(`${name} ${event.epoch} ${figures}\n`);
  };
  const fit = { epochs, augmentation: augmentation ?? undefined, callbacks: [{ onEpoch }] };
  const { end, epochs: history } = await model.fit(dataset, fit);
  // A trial that diverged before the first epoch to average has no mean to judge.
  const weights = averaging.mean();
  const averaged = weights && (await judgeAveraged(model, weights, dataset));
  await model.dispose();
  if (averaged)
    process.stderr.write(`${name} averaged from ${averageFrom}: ${averaged.validationAccuracy.toFixed(5)}\n`);
  const result: SearchResult = {
    config: { ...trial, optimizer, schedule: schedule.config },
    arithmeticVersion,
    environment: { node: process.version, processor: cpus()[0].model.trim() },
    end: end.reason,
    ...(averaged && { averaged }),
    history,
  };
  const file = resultFile(folder, name);
  writeFileSync(`${file}.part`, `${JSON.stringify(result, null, 1)}\n`);
  renameSync(`${file}.part`, file);
}

/** Judges other weights of a model on the validation images, by a model of their own. */
async function judgeAveraged(
  { graph, inputShape, normalization, classNames }: Model,
  weights: readonly NamedTensor[],
  { train }: DatasetInMemory,
): Promise<SearchResult["averaged"]> {
  const { validation } = splitDataset(train.labels, classNames.length, { validationShare: 0.2, seed: 1 });
  const size = inputShape.reduce((product, axis) => product * axis);
  const images = new Uint8Array(validation.length * size);
  validation.forEach((from, to) => {
    images.set(train.images.subarray(from * size, (from + 1) * size), to * size);
  });
  const labels = Uint8Array.from(validation, (index) => train.labels[index]);
  const state = { weights, normalization, classNames };
  const judge = new Model(graph, { state, platform: nodePlatform });
  judge.compile({ threads: 1 });
  const { accuracy, loss } = await judge.evaluate({ images, labels, count: validation.length });
  await judge.dispose();
  return { validationAccuracy: accuracy, validationLoss: loss };
}
