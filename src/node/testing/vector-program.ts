// What small networks of every kind of layer come to, for newer-nodes.test.ts:
//   node dist/node/testing/vector-program.js narrow|wide
// prints JSON: how many bits their vectors have, and a hash of each network's weights and predictions. All kernels are
// compiled by the optimizing compiler alone, the one that joins pairs: V8 would get to it too late for so few steps.
import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { augmentBatch, createBatchAugmentation } from "../../core/data/augment-batch.js";
import { parseAugmentation } from "../../core/data/augmentation.js";
import { createTrial, type TrialOptions, upTo } from "../../core/engine/testing/trial.js";
import { type Graph, graphOf } from "../../core/graph/index.js";
import {
  activation,
  add,
  averagePool2d,
  batchNorm,
  bilstm,
  concatenate,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  globalAveragePool2d,
  globalMaxPool2d,
  gru,
  input,
  layerNorm,
  layerTypes,
  lstm,
  maxPool2d,
  multiply,
  reshape,
  scale,
  zeroPad2d,
} from "../../core/layers/index.js";
import { adamw, muon } from "../../core/optimizers/index.js";
import { nodePlatform } from "../platform.js";

const inputShape = [12, 12, 3];

function imageGraph(): Graph {
  const x = input(inputShape);
  const first = activation("gelu")(batchNorm()(conv2d({ filters: 20, kernelSize: 3, padding: "same" })(x)));
  // By Winograd's tiles, with a shortcut.
  const second = conv2d({ filters: 20, kernelSize: 3, padding: "same", useBias: false })(first);
  const joined = activation("relu")(add()([batchNorm()(second), first]));
  const pooled = maxPool2d()(dropout(0.2)(joined));
  const apart = depthwiseConv2d({ kernelSize: 3, padding: "same", activation: "relu6" })(pooled);
  const padded = zeroPad2d({ padding: { top: 1, right: 1 } })(apart);
  const smaller = averagePool2d()(conv2d({ filters: 12, kernelSize: 2, activation: "elu" })(padded));
  const gate = scale(0.5)(layerNorm()(smaller));
  const gated = flatten()(multiply()([smaller, gate]));
  const vector = concatenate()([gated, globalAveragePool2d()(apart), globalMaxPool2d()(apart)]);
  return graphOf(x, dense({ units: 10 })(dense({ units: 37, activation: "tanh" })(vector)));
}

function sequenceGraph(): Graph {
  const x = input(inputShape);
  const rows = reshape({ targetShape: [12, 36] })(x);
  const read = bilstm({ units: 9, returnSequences: true })(rows);
  const again = gru({ units: 12, returnSequences: true })(read);
  return graphOf(x, dense({ units: 7 })(lstm({ units: 14 })(again)));
}

const networks: Readonly<Record<string, Omit<TrialOptions, "platform" | "batch">>> = {
  images: { graph: imageGraph(), optimizer: adamw(), clipNorm: 0.5 },
  sequences: { graph: sequenceGraph(), optimizer: muon() },
  "images, portable": { graph: imageGraph(), portable: true },
};

/** Of all that a network has after three steps over varied images, and of what it predicts then. */
async function hashOf(options: Omit<TrialOptions, "platform" | "batch">): Promise<string> {
  const batch = 7;
  const config = parseAugmentation("flip,shift=2,rotate,zoom=0.1,erase,crop=0.5-1,contrast,hue");
  const augmentation = createBatchAugmentation(batch, config);
  const { network } = await createTrial({ ...options, batch, threads: 2, platform: nodePlatform });
  const hash = createHash("sha256");
  for (let step = 0; step < 3; step++) {
    augmentBatch(config, inputShape, upTo(batch), { seed: 3, epoch: step }, augmentation);
    const numbers = { step, optimizerStep: step, seed: 3, learningRate: 0.01 };
    await network.trainStep({ indices: upTo(batch), augmentation, ...numbers });
  }
  const tensors = [...(await network.readParameters()), ...(await network.readOptimizerState())];
  for (const { data } of tensors) hash.update(data);
  hash.update((await network.predict(upTo(batch))).probabilities);
  await network.close();
  return hash.digest("hex");
}

const tested = new Set(
  [imageGraph(), sequenceGraph()].flatMap(({ nodes }) => nodes.map(({ layer }) => layer.type)),
);
const missing = layerTypes.filter((type) => !tested.has(type));
if (missing.length > 0) throw new Error(`No network here has ${missing.join(", ")}.`);

const width = process.argv[2] === "wide" ? nodePlatform.widenVectors!() : nodePlatform.vectorWidth!();
for (const flag of ["--no-liftoff", "--no-wasm-inlining"]) setFlagsFromString(flag);
const hashes: Record<string, string> = {};
for (const [name, options] of Object.entries(networks)) hashes[name] = await hashOf(options);
console.log(JSON.stringify({ width, hashes }));
