import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { chainOf, graphConfig } from "../core/graph/index.js";
import { tinyData, tinyFit, tinyShape } from "../core/training/testing/tiny-model.js";
import * as heddle from "./index.js";

/** What nobody should ever hand in, and what somebody will. */
const strange = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    "",
    "1",
    "adam",
    0,
    -1,
    0.5,
    2 ** 31,
    2 ** 53,
    1e308,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    7n,
    Symbol("strange"),
    () => 1,
    new Map(),
    Promise.resolve(1),
    new Date(Number.NaN),
    Object.create(null),
    [],
    new Array(3),
    [1, 2],
    [null],
    [[]],
    {},
    new Float32Array(3),
    new Uint8Array(7),
    new Uint8ClampedArray(72),
    new Uint16Array(2),
    new DataView(new ArrayBuffer(4)),
    new ArrayBuffer(8),
  ),
  fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true, maxDepth: 2 }),
);

/** What is wrong with a call: an argument, or a part of one, is something strange, is missing, or was never heard of. */
interface Mutation {
  /** Which of the places that there are, argument by argument; wraps around. */
  readonly place: number;
  readonly way: "replace" | "remove" | "add";
  readonly value: unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(10_000),
  way: fc.constantFrom("replace", "replace", "remove", "add"),
  value: strange,
});

const isPlain = (value: unknown): value is Record<string, unknown> | unknown[] =>
  Array.isArray(value) ||
  (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);

/** Ways down to every argument and every part of one. */
function placesIn(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const here = path.length > 0 ? [path] : [];
  if (!isPlain(value) || path.length > 5) return here;
  return [...here, ...Object.keys(value).flatMap((key) => placesIn(value[key as never], [...path, key]))];
}

function mutated(
  value: unknown,
  [key, ...rest]: readonly (string | number)[],
  { way, value: strange }: Mutation,
): unknown {
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  if (rest.length > 0) copy[key] = mutated(copy[key], rest, { way, value: strange, place: 0 });
  else if (way === "remove") delete copy[key];
  else if (way === "add" && isPlain(copy[key]) && !Array.isArray(copy[key]))
    copy[key] = { ...copy[key], unheardOf: strange };
  else copy[key] = strange;
  return copy;
}

const probabilities = Float32Array.of(0.5, 0.5, 0.25, 0.75);
const predictions = heddle.predictionsOf(probabilities, Uint8Array.of(0, 1), 2);
const tensor = { name: "a", shape: [2], data: Float32Array.of(1, 2) };
const layers = () => [heddle.flatten(), heddle.dense({ units: 3 })];
const build = () => heddle.sequential(layers(), { inputShape: tinyShape }).compile({ threads: 1 });
const disposed = async (model: heddle.Model, work: () => unknown): Promise<void> => {
  try {
    await work();
  } finally {
    await model.dispose();
  }
};
/** A fit that is ended where it was given more to do than a test has time for: two thousand million epochs are right. */
const fitted = (data: never, options: never): Promise<void> => {
  const model = build();
  const end = setTimeout(() => model.dispose(), 1000);
  return disposed(model, () => model.fit(data, options)).finally(() => clearTimeout(end));
};
const contents = {
  layers: graphConfig(chainOf(layers(), tinyShape)),
  inputShape: tinyShape,
  normalization: { mean: [0, 0], deviation: [1, 1] },
  classNames: ["a", "b", "c"],
  tensors: [tensor],
};
const featureBody = heddle.bodyOf(chainOf(layers(), tinyShape));
const body = [
  { name: "dense_1.kernel", shape: [72, 3], data: new Float32Array(216) },
  { name: "dense_1.bias", shape: [3], data: new Float32Array(3) },
];
const normalizations = { mean: [0, 0], deviation: [1, 1] };

const imagesOf = (order: Uint32Array) =>
  Array.from(order, (index) => tinyData.train.images.subarray(index * 72, (index + 1) * 72));

/** A call that is right, and what makes it, of everything that the library gives but what reads and writes folders. */
const calls: Readonly<Record<string, readonly [readonly unknown[], (...given: never[]) => unknown]>> = {
  sequential: [
    [layers(), { inputShape: tinyShape, name: "a", seed: 1 }],
    (given: never, options: never) => heddle.sequential(given, options),
  ],
  "sequential with a state": [
    [
      layers(),
      {
        inputShape: tinyShape,
        state: {
          weights: [
            { name: "dense_1.kernel", shape: [72, 3], data: new Float32Array(216) },
            { name: "dense_1.bias", shape: [3], data: new Float32Array(3) },
          ],
          normalization: normalizations,
          classNames: ["a", "b", "c"],
        },
      },
    ],
    (given: never, options: never) => heddle.sequential(given, options),
  ],
  model: [
    [
      heddle.input(tinyShape),
      heddle.dense({ units: 3 })(heddle.flatten()(heddle.input(tinyShape))),
      { name: "a", seed: 1 },
    ],
    (from: never, to: never, options: never) => heddle.model(from, to, options),
  ],
  Model: [
    [chainOf(layers(), tinyShape), { platform: heddle.nodePlatform }],
    (graph: never, options: never) => new heddle.Model(graph, options),
  ],
  compile: [
    [
      {
        optimizer: { name: "sgd", momentum: 0.5 },
        schedule: { name: "cosine", learningRate: 0.1 },
        labelSmoothing: 0.1,
        threads: 1,
        portable: true,
      },
    ],
    (options: never) => build().compile(options),
  ],
  fit: [
    [
      { ...tinyData, train: { ...tinyData.train } },
      {
        ...tinyFit,
        epochs: 1,
        limit: 36,
        augmentation: { flip: true },
        normalization: "measure",
        signal: { aborted: false },
        callbacks: [{ onEpoch: () => undefined }],
      },
    ],
    fitted,
  ],
  "fit over a source": [
    [
      { train: { labels: tinyData.train.labels, images: imagesOf, fingerprint: "a" } },
      { ...tinyFit, normalization: normalizations },
    ],
    fitted,
  ],
  "predict of a source": [
    [{ labels: tinyData.train.labels, images: imagesOf }],
    (source: never) => disposed(one, () => one.predict(source)),
  ],
  "predict of a stream": [
    [[tinyData.test.images.subarray(0, 72), tinyData.test.images]],
    (images: never) => disposed(one, () => one.predict(images)),
  ],
  "evaluate of a source": [
    [{ labels: tinyData.train.labels, images: imagesOf }],
    (source: never) => disposed(one, () => one.evaluate(source)),
  ],
  imageSource: [
    [{ labels: tinyData.train.labels, read: async () => new Uint8Array(72), ahead: 2, fingerprint: "a" }],
    heddle.imageSource,
  ],
  predict: [[tinyData.test.images], (images: never) => disposed(one, () => one.predict(images))],
  evaluate: [[{ ...tinyData.test }], (set: never) => disposed(one, () => one.evaluate(set))],
  classifyImages: [
    [tinyData.test.images, { topK: 2, weights: "trained" }],
    (images: never, options: never) => disposed(one, () => one.classifyImages(images, options)),
  ],
  explain: [
    [tinyData.test.images.subarray(0, 72), { method: "occlusion", classIndex: [1] }],
    (images: never, options: never) => disposed(one, () => one.explain(images, options)),
  ],
  calibrate: [
    [{ ...tinyData.test }, { goal: 0.9, weights: "trained" }],
    (set: never, options: never) => disposed(one, () => one.calibrate(set, options)),
  ],
  heatPng: [
    [
      new Uint8Array(4),
      { count: 1, height: 2, width: 2, values: new Float32Array(4), classIndexes: Uint32Array.of(0) },
      0,
    ],
    heddle.heatPng,
  ],
  subset: [
    [{ ...tinyData.train, groups: new Uint32Array(tinyData.train.labels.length) }, Uint32Array.of(0, 2)],
    heddle.subset,
  ],
  classify: [
    [Uint8Array.of(1, 2), { topK: 2, invert: true }],
    async (input: never, options: never) => {
      const given = one.classify(input, options) as Promise<unknown> | AsyncIterable<unknown>;
      if (given instanceof Promise) return given;
      for await (const _ of given);
    },
  ],
  calibrationFigures: [
    [predictions, { temperature: 2, unsureBelow: 0.5, goal: 0.9, images: 3 }],
    heddle.calibrationFigures,
  ],
  atTemperature: [[probabilities, 2, 1.5], heddle.atTemperature],
  fitTemperature: [[predictions], heddle.fitTemperature],
  confidenceThreshold: [[predictions, 0.9], heddle.confidenceThreshold],
  setWeights: [
    [
      [
        { name: "dense_1.kernel", shape: [72, 3], data: new Float32Array(216) },
        { name: "dense_1.bias", shape: [3], data: new Float32Array(3) },
        { name: "normalization.scale", shape: [2], data: Float32Array.of(1, 1) },
        { name: "normalization.shift", shape: [2], data: Float32Array.of(1, 1) },
      ],
    ],
    (weights: never) => build().setWeights(weights),
  ],
  // Whatever text it is given names a file, which would be written.
  save: [["a file"], (file: never) => typeof file !== "string" && build().save(file)],
  loadModel: [
    ["/nowhere/at/all", { name: "a", seed: 2 }],
    (file: never, options: never) => heddle.loadModel(file, options),
  ],
  modelFromBytes: [[new Uint8Array(20), "a file"], heddle.modelFromBytes],
  decodeModel: [[new Uint8Array(20), "a file"], heddle.decodeModel],
  decodeCheckpoint: [[new Uint8Array(20), "a file"], heddle.decodeCheckpoint],
  modelDigest: [[new Uint8Array(20), "a file"], heddle.modelDigest],
  decodeSafetensors: [[new Uint8Array(20), "a file"], heddle.decodeSafetensors],
  encodeSafetensors: [[[tensor], { a: "b" }], heddle.encodeSafetensors],
  encodeModel: [[contents], heddle.encodeModel],
  splitDataset: [
    [tinyData.train.labels, 3, { limit: 12, validationShare: 0.2, seed: 1 }],
    heddle.splitDataset,
  ],
  parseAugmentation: [["flip,shift=1"], heddle.parseAugmentation],
  layerFromConfig: [[{ type: "dense", name: "a", units: 3, activation: "relu" }], heddle.layerFromConfig],
  conv2d: [
    [{ filters: 2, kernelSize: [3, 3], strides: 1, padding: "same", activation: "relu" }],
    heddle.conv2d,
  ],
  maxPool2d: [[{ poolSize: 2, strides: 2 }], heddle.maxPool2d],
  averagePool2d: [[{ poolSize: 2, strides: 2 }], heddle.averagePool2d],
  dense: [[{ units: 3, activation: "tanh", name: "a" }], heddle.dense],
  dropout: [[0.5], heddle.dropout],
  flatten: [[{ name: "a" }], heddle.flatten],
  reshape: [[{ targetShape: [2, 3] }], heddle.reshape],
  activation: [["relu"], heddle.activation],
  layerNorm: [[{ epsilon: 1e-5 }], heddle.layerNorm],
  lstm: [[{ units: 3, returnSequences: true }], heddle.lstm],
  gru: [[{ units: 3, returnSequences: true }], heddle.gru],
  bilstm: [[{ units: 3, returnSequences: true }], heddle.bilstm],
  adam: [[{ beta1: 0.5, beta2: 0.5, epsilon: 1e-8 }], heddle.adam],
  muon: [[{ momentum: 0.5, iterations: 5 }], heddle.muon],
  createOptimizer: [["sgd", { momentum: 0.5 }], heddle.createOptimizer],
  createSchedule: [[{ name: "one-cycle", learningRate: 0.1, peakAt: 0.3 }], heddle.createSchedule],
  cosineDecay: [[{ learningRate: 0.1, warmup: 1 }], heddle.cosineDecay],
  metrics: [[probabilities, Uint8Array.of(0, 1), ["a", "b"]], heddle.evaluate],
  predictionsOf: [[probabilities, Uint8Array.of(0, 1), 2], heddle.predictionsOf],
  topKAccuracy: [[predictions, 1], heddle.topKAccuracy],
  crossEntropy: [[predictions], heddle.crossEntropy],
  bodyOf: [[chainOf(layers(), tinyShape), tinyShape], heddle.bodyOf],
  withHead: [[featureBody, { classes: 2, dropoutRate: 0.2 }], heddle.withHead],
  extractFeatures: [
    [
      { ...featureBody, tensors: [], normalization: normalizations },
      tinyData.test.images.subarray(0, 144),
      2,
      {
        platform: heddle.nodePlatform,
        threads: 1,
        portable: true,
        mirrored: true,
        signal: { aborted: false },
      },
    ],
    heddle.extractFeatures,
  ],
  trainHead: [
    [
      {
        features: { size: 1, plain: Float32Array.of(1, 2) },
        labels: Uint8Array.of(0, 1),
        classes: 2,
        seed: 1,
        groups: Uint32Array.of(0, 0),
        classWeights: [1, 2],
        choices: [{ weightDecay: 1, dropoutRate: 0 }],
        platform: heddle.nodePlatform,
        threads: 1,
        // Nothing is trained, whichever of the two is taken away.
        createNetwork: () => Promise.reject(new heddle.HeddleError("Here is nothing that could train.")),
        signal: { aborted: true },
      },
    ],
    heddle.trainHead,
  ],
  unfreezeGroups: [
    [heddle.withHead(featureBody, { classes: 2 }), 1, { learningRateFactor: 0.5, batchNorm: "keep" }],
    heddle.unfreezeGroups,
  ],
  standOn: [
    [
      { ...contents, tensors: body },
      { ...tinyData, train: { ...tinyData.train } },
      { train: Uint32Array.of(0, 1, 2) },
      {
        dropoutRate: 0.2,
        seed: 1,
        choices: [],
        cache: { read: () => undefined, write: () => undefined },
        platform: heddle.nodePlatform,
        threads: 1,
        createNetwork: () => Promise.reject(new heddle.HeddleError("Here is nothing that could train.")),
        signal: { aborted: true },
      },
    ],
    heddle.standOn,
  ],
  onBody: [
    [contents, { name: "a", unfreeze: "all", headSettings: [{ weightDecay: 1, dropoutRate: 0 }] }],
    heddle.onBody,
  ],
  trainRun: [
    [
      {
        model: "lenet",
        data: "/nowhere/at/all",
        epochs: 1,
        batchSize: 8,
        optimizer: "adam",
        schedule: { name: "cosine", learningRate: 0.1 },
        labelSmoothing: 0.1,
        augmentation: { flip: true },
        seed: 1,
        splitSeed: 1,
        limit: 36,
        portable: true,
        folder: "/nowhere/at/all",
        threads: 1,
        onEvent: () => undefined,
      },
    ],
    heddle.trainRun,
  ],
  "trainRun on a data set": [
    [{ ...tinyData, train: { ...tinyData.train }, test: { ...tinyData.test } }],
    (data: never) => heddle.trainRun({ model: build(), data, folder: "/proc/nowhere" }),
  ],
  resumeRun: [[{ folder: "/nowhere/at/all", threads: 1, onWarning: () => undefined }], heddle.resumeRun],
  evaluateRun: [[{ folder: "/nowhere/at/all", weights: "last", data: "x", threads: 1 }], heddle.evaluateRun],
  listRuns: [["/nowhere/at/all"], heddle.listRuns],
  rocCurve: [[Float32Array.of(0.2, 0.8), Uint8Array.of(0, 1)], heddle.rocCurve],
};

const one = build();

/** Where `save` leaves what strange paths name. */
const folder = mkdtempSync(join(tmpdir(), "heddle-api-"));
const startedIn = process.cwd();
before(() => process.chdir(folder));
after(() => {
  process.chdir(startedIn);
  rmSync(folder, { recursive: true });
});

/** Those that check what they are given; the others are of use only with what these give. */
describe("a wrong argument", () => {
  for (const [name, [right, work]] of Object.entries(calls)) {
    it(`of ${name} is refused in words, or does no harm`, async () => {
      const places = placesIn(right);
      await fc.assert(
        fc.asyncProperty(mutation, async (wrong) => {
          const given = mutated(right, places[wrong.place % places.length], wrong) as never[];
          try {
            await work(...given);
          } catch (error) {
            assert.ok(error instanceof heddle.HeddleError, (error as Error)?.stack ?? String(error));
            assert.match(error.message, /^.{20,}[.?!]$/s);
          }
        }),
        { numRuns: 120 },
      );
    });
  }
});
