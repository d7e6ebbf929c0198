// What Winograd's tiles cost in accuracy, against direct convolution:
//   npm run build && node dist/scripts/bench/fast-paths.js [epochs] [seeds]   (0 seeds: errors anew, the trainings as they are)
// writes results/fast-paths.json: each tensor's gradient error against the double-precision twin on both paths,
// and the validation accuracy of the Proposed CNN trained on both paths with the same seeds.
import { computeNormalization } from "#heddle/core/data/normalization.js";
import { pickImages } from "#heddle/core/data/pick-images.js";
import { splitDataset } from "#heddle/core/data/split.js";
import { createNetwork } from "#heddle/core/engine/create.js";
import type { Network } from "#heddle/core/engine/network.js";
import { chainOf } from "#heddle/core/graph/index.js";
import { referenceNetwork } from "#heddle/core/kernels/reference/network.js";
import { modelDefinitions } from "#heddle/core/models/index.js";
import type { NamedTensor } from "#heddle/core/named-tensor.js";
import { adam } from "#heddle/core/optimizers/index.js";
import { dynamicDecay } from "#heddle/core/schedules/index.js";
import { trainLoop } from "#heddle/core/training/loop.js";
import { initialWeights } from "#heddle/core/training/weights.js";
import { loadDataset } from "#heddle/node/data/load.js";
import { describeEnvironment } from "#heddle/node/environment.js";
import { nodePlatform } from "#heddle/node/platform.js";
import { wholeNumber } from "../arguments.js";
import { readResult } from "../docs/results.js";
import { refuseOtherMachines } from "./machine.js";
import type { ConvolutionPath, FastPathsFile, GradientError } from "./result-files.js";
import { writeResult } from "./write-result.js";

const epochs = wholeNumber(process.argv[2] ?? "5", "epochs");
const seeds = wholeNumber(process.argv[3] ?? "5", "seeds", 0);
const name = "fast-paths.json";
const before = seeds === 0 ? readResult<FastPathsFile>(name) : undefined;
if (seeds === 0 && !before) throw new Error(`${name} isn't there yet: its runs need seeds.`);
if (before) refuseOtherMachines(name, before.environment);
const inputShape = [28, 28, 1];
const graph = chainOf(modelDefinitions.proposed.layers(inputShape, 10), inputShape);
const { dataset } = await loadDataset("fashion-mnist");
const split = splitDataset(dataset.train.labels, 10, { seed: 1 });
const normalization = computeNormalization(dataset.train.images, inputShape, split.train);
const paths: readonly ConvolutionPath[] = ["direct", "winograd"];

type GradientNetwork = Network & { readGradients(): NamedTensor[] };

async function networkFor(path: ConvolutionPath, batch: number, seed: number): Promise<GradientNetwork> {
  const network = (await createNetwork({
    graph,
    trainBatchSize: batch,
    inferenceBatchSize: 128,
    optimizer: adam(),
    threads: nodePlatform.cores,
    winograd: path === "winograd",
    platform: nodePlatform,
  })) as GradientNetwork;
  await network.writeParameters(initialWeights(graph, seed));
  await network.setNormalization(normalization);
  return network;
}

function errors(got: ArrayLike<number>, want: readonly number[]): GradientError {
  const scale = Math.sqrt(want.reduce((sum, value) => sum + value * value, 0) / want.length);
  const differences = want.map((value, index) => Math.abs(got[index] - value) / scale);
  return {
    largest: differences.reduce((a, b) => Math.max(a, b), 0),
    mean: differences.reduce((a, b) => a + b, 0) / differences.length,
  };
}

const batch = 32;
const indices = split.train.subarray(0, batch);
const reference = referenceNetwork(graph);
const weights = initialWeights(graph, 1);
const images = pickImages(dataset.train.images, 28 * 28, indices);
const input = Float64Array.from(
  images,
  (byte) => (byte / 255 - normalization.mean[0]) / normalization.deviation[0],
);
const labels = Uint8Array.from(indices, (index) => dataset.train.labels[index]);
const parameters = new Map(weights.map(({ name, data }) => [name, data]));
const { gradients } = reference.gradient(parameters, input, labels, batch, {
  training: true,
  seed: 1,
  step: 0,
});
const twin = (name: string): number[] => Array.from(gradients.get(name)!);

async function gradientErrors(path: ConvolutionPath): Promise<(GradientError & { name: string })[]> {
  const network = await networkFor(path, batch, 1);
  await network.trainStep({ images, labels, step: 0, optimizerStep: 0, seed: 1, learningRate: 0 });
  const tensors = network.readGradients();
  await network.close();
  const got = tensors.flatMap(({ data }) => Array.from(data));
  const want = tensors.flatMap(({ name }) => twin(name));
  return [
    ...tensors.map(({ name, data }) => ({ name, ...errors(data, twin(name)) })),
    { name: "whole gradient", ...errors(got, want) },
  ];
}

async function train(path: ConvolutionPath, seed: number): Promise<number[]> {
  const network = await networkFor(path, 128, seed);
  const history: number[] = [];
  for await (const event of trainLoop(network, {
    split,
    images: dataset.train.images,
    labels: dataset.train.labels,
    imageShape: inputShape,
    epochs,
    batchSize: 128,
    schedule: dynamicDecay({ learningRate: 0.003 }),
    seed,
    platform: nodePlatform,
  }))
    if (event.event === "epoch") history.push(event.validationAccuracy);
  await network.close();
  return history;
}

const errorsOf = { direct: await gradientErrors("direct"), winograd: await gradientErrors("winograd") };
const runs: FastPathsFile["runs"][number][] = [];
for (let seed = 1; seed <= seeds; seed++)
  for (const path of paths) {
    const validationAccuracy = await train(path, seed);
    runs.push({ seed, path, validationAccuracy });
    console.log(seed, path, validationAccuracy.map((value) => value.toFixed(4)).join(" "));
  }

const content: FastPathsFile = {
  environment: describeEnvironment(),
  command: before?.command ?? `node dist/scripts/bench/fast-paths.js ${epochs} ${seeds}`,
  batch,
  gradientErrors: errorsOf,
  epochs: before?.epochs ?? epochs,
  runs: before?.runs ?? runs,
};
writeResult(name, content);
