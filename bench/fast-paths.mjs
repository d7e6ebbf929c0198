// What Winograd's tiles cost in accuracy, against direct convolution:
//   npm run build && node bench/fast-paths.mjs [epochs] [seeds]   (0 seeds: errors anew, the trainings as they are)
// writes results/fast-paths.json: each tensor's gradient error against the double-precision twin on both paths,
// and the validation accuracy of the Proposed CNN trained on both paths with the same seeds.
import { readFileSync, writeFileSync } from "node:fs";
import { computeNormalization } from "../dist/core/data/normalization.js";
import { splitDataset } from "../dist/core/data/split.js";
import { createNetwork } from "../dist/core/engine/create.js";
import { referenceNetwork } from "../dist/core/kernels/reference/network.js";
import { namedLayers } from "../dist/core/layers/index.js";
import { modelDefinitions } from "../dist/core/models/index.js";
import { adam } from "../dist/core/optimizers/index.js";
import { dynamicDecay } from "../dist/core/schedules/index.js";
import { trainLoop } from "../dist/core/training/loop.js";
import { initialWeights } from "../dist/core/training/weights.js";
import { loadDataset } from "../dist/node/data/load.js";
import { describeEnvironment } from "../dist/node/environment.js";
import { nodePlatform } from "../dist/node/platform.js";

const epochs = Number(process.argv[2] ?? 5);
const seeds = Number(process.argv[3] ?? 5);
const inputShape = [28, 28, 1];
const layers = namedLayers(modelDefinitions.proposed.layers(inputShape, 10));
const { dataset } = await loadDataset("fashion-mnist");
const split = splitDataset(dataset.train.labels, 10, { seed: 1 });
const normalization = computeNormalization(dataset.train.images, inputShape, split.train);
const paths = { direct: false, winograd: true };

async function networkFor(winograd, batch, seed) {
  const network = await createNetwork({
    layers,
    inputShape,
    trainBatchSize: batch,
    inferenceBatchSize: 128,
    imageCapacity: dataset.train.count,
    optimizer: adam(),
    threads: nodePlatform.cores,
    winograd,
    platform: nodePlatform,
  });
  await network.writeParameters(initialWeights(layers, inputShape, seed));
  await network.setNormalization(normalization);
  await network.loadImages(dataset.train);
  return network;
}

/** Largest and mean |difference| of a tensor, as shares of its root mean square. */
function errors(got, want) {
  const scale = Math.sqrt(want.reduce((sum, value) => sum + value * value, 0) / want.length);
  const differences = Array.from(want, (value, index) => Math.abs(got[index] - value) / scale);
  return {
    largest: differences.reduce((a, b) => Math.max(a, b), 0),
    mean: differences.reduce((a, b) => a + b, 0) / differences.length,
  };
}

const batch = 32;
const indices = split.train.subarray(0, batch);
const reference = referenceNetwork(layers, inputShape);
const weights = initialWeights(layers, inputShape, 1);
const input = Float64Array.from(
  Array.from(indices).flatMap((index) =>
    Array.from(dataset.train.images.subarray(index * 784, index * 784 + 784)),
  ),
  (byte) => (byte / 255 - normalization.mean[0]) / normalization.deviation[0],
);
const labels = Uint8Array.from(indices, (index) => dataset.train.labels[index]);
const parameters = new Map(weights.map(({ name, data }) => [name, data]));
const { gradients } = reference.gradient(parameters, input, labels, batch, {
  training: true,
  seed: 1,
  step: 0,
});
const gradientErrors = {};
for (const [path, winograd] of Object.entries(paths)) {
  const network = await networkFor(winograd, batch, 1);
  await network.trainStep({ indices, step: 0, optimizerStep: 0, seed: 1, learningRate: 0 });
  const tensors = network.readGradients();
  const got = tensors.flatMap(({ data }) => Array.from(data));
  const want = tensors.flatMap(({ name }) => Array.from(gradients.get(name)));
  gradientErrors[path] = [
    ...tensors.map(({ name, data }) => ({ name, ...errors(data, gradients.get(name)) })),
    { name: "whole gradient", ...errors(got, want) },
  ];
  await network.close();
}

const runs = [];
for (let seed = 1; seed <= seeds; seed++)
  for (const [path, winograd] of Object.entries(paths)) {
    const network = await networkFor(winograd, 128, seed);
    const history = [];
    for await (const event of trainLoop(network, {
      split,
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
    runs.push({ seed, path, validationAccuracy: history });
    console.log(seed, path, history.map((value) => value.toFixed(4)).join(" "));
  }

const file = "results/fast-paths.json";
const before = seeds === 0 ? JSON.parse(readFileSync(file, "utf8")) : undefined;
const result = {
  environment: describeEnvironment(),
  command: before?.command ?? `node bench/fast-paths.mjs ${epochs} ${seeds}`,
  batch,
  gradientErrors,
  epochs: before?.epochs ?? epochs,
  runs: before?.runs ?? runs,
};
writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
