import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform as platform } from "../../node/platform.js";
import type { DatasetInMemory } from "../data/dataset.js";
import { HeddleError } from "../errors.js";
import type { ModelContents } from "../formats/model-file.js";
import { type Graph, graphConfig, graphOf, tensorsOf } from "../graph/index.js";
import {
  activation,
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePool2d,
  input,
  maxPool2d,
  reshape,
} from "../layers/index.js";
import type { Value } from "../layers/value.js";
import { Model } from "../training/model.js";
import { initialWeights } from "../training/weights.js";
import { bodyOf, withHead } from "./body.js";
import { extractFeatures, mirror } from "./features.js";
import { standOn, type Unfreeze, unfreezeGroups } from "./stand-on.js";

const inputShape = [8, 6, 3];

function pooled(shape = inputShape): Graph {
  const images = input(shape);
  const c1 = conv2d({ name: "C1", filters: 8, kernelSize: 3, activation: "relu" })(images);
  const c2 = conv2d({ name: "classifier", filters: 12, kernelSize: 1, activation: "relu" })(c1);
  const features = globalAveragePool2d({ name: "average" })(c2);
  return graphOf(images, dense({ name: "output", units: 5 })(dropout({ rate: 0.5 })(features)));
}

const classNames = ["dark", "bright"];

/** Pictures of noise, of which the second class is the brighter. */
function pictures(count: number): DatasetInMemory {
  const size = inputShape.reduce((product, each) => product * each);
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 2);
  let state = 7;
  const images = Uint8Array.from({ length: count * size }, (_, at) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 26) + 100 * labels[Math.floor(at / size)];
  });
  const set = { count, images, labels };
  return { name: "noise", imageShape: inputShape, classNames, train: set, test: set };
}

const normalization = { mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.25, 0.3] };

function contentsOf(graph: Graph): ModelContents {
  return {
    layers: graphConfig(graph),
    inputShape: graph.inputShape,
    normalization,
    classNames: ["0", "1", "2", "3", "4"],
    tensors: initialWeights(graph, 3),
  };
}

const isHeddleError = (message: RegExp) => (error: unknown) =>
  error instanceof HeddleError && message.test(error.message);

describe("a classifier's body", () => {
  it("ends before its last dense layer, and takes images of another size where nothing depends on it", () => {
    const { graph, features } = bodyOf(pooled(), [11, 9, 3]);
    assert.equal(features, 12);
    assert.deepEqual(graph.inputShape, [11, 9, 3]);
    assert.deepEqual(
      graph.nodes.map(({ layer }) => layer.name),
      ["C1", "classifier", "average"],
    );
    const { graph: whole, head } = withHead({ graph, features }, { classes: 3, dropoutRate: 0.2 });
    assert.equal(head, "classifier_2");
    assert.deepEqual(
      whole.nodes.map(({ layer }) => layer.name),
      ["C1", "classifier", "average", "classifier_dropout", "classifier_2"],
    );
  });

  it("is all of a graph that ends in features", () => {
    const { graph } = bodyOf(pooled());
    assert.equal(bodyOf(graph).features, 12);
    const images = input(inputShape);
    const flat = flatten()(images);
    const kinds = (output: Parameters<typeof graphOf>[1]): readonly string[] =>
      bodyOf(graphOf(images, output)).graph.nodes.map(({ layer }) => layer.type);
    const norm = batchNorm()(flat);
    assert.deepEqual(kinds(dropout(0.5)(activation("relu")(norm))), ["flatten", "batchNorm", "activation"]);
    assert.deepEqual(kinds(activation("relu")(dense({ units: 4 })(flat))), [
      "flatten",
      "dense",
      "activation",
    ]);
    assert.deepEqual(kinds(dense({ units: 4, activation: "relu" })(flat)), ["flatten", "dense"]);
    assert.deepEqual(kinds(activation("sigmoid")(dense({ units: 4 })(norm))), ["flatten", "batchNorm"]);
  });

  it("is refused where it can't be", () => {
    const images = input(inputShape);
    const flat = graphOf(images, dense({ units: 2 })(dense({ name: "D1", units: 4 })(flatten()(images))));
    assert.equal(bodyOf(flat).features, 4);
    assert.throws(
      () => bodyOf(flat, [8, 7, 3]),
      isHeddleError(/was trained on images of \[8, 6, 3\], and its D1.kernel is of .*Prepare them as 8 × 6/),
    );
    assert.throws(
      () => bodyOf(pooled(), [8, 6, 1]),
      isHeddleError(/takes images of 3 channels, but these have 1/),
    );
    const rows = graphOf(images, reshape({ targetShape: [3, 48] })(maxPool2d({ poolSize: 1 })(images)));
    assert.throws(() => bodyOf(rows), isHeddleError(/ends in \[3, 48\], expected a list of features/));
  });
});

describe("features of images", () => {
  const graph = pooled();
  const dataset = pictures(41);
  const tensors = initialWeights(graph, 3);

  it("are what the last layer is given, of the images and of their mirror images, in memory or from a source", async () => {
    const body = { ...bodyOf(graph), tensors, normalization };
    const { images, count } = dataset.train;
    const asked = { platform, threads: 1, mirrored: true };
    const progress: number[] = [];
    const given = await extractFeatures(body, images, count, {
      ...asked,
      onProgress: (done) => progress.push(done),
    });
    assert.deepEqual(progress, [32, 41]);
    const size = images.length / count;
    const source = async function* (order: Uint32Array) {
      for (const index of order) yield images.subarray(index * size, (index + 1) * size);
    };
    assert.deepEqual(await extractFeatures(body, source, count, { ...asked, threads: 2 }), given);
    // What a dense layer makes of them is what the whole model says.
    const model = new Model(graph, { platform, state: { weights: tensors, normalization } });
    model.compile({ threads: 1 });
    const probabilities = await model.predict(images);
    const turned = await model.predict(mirror(images, inputShape));
    await model.dispose();
    const kernel = tensors.find(({ name }) => name === "output.kernel")!.data;
    for (const [features, expected] of [
      [given.plain, probabilities],
      [given.mirrored!, turned],
    ])
      for (let image = 0; image < count; image++) {
        const logits = Array.from({ length: 5 }, (_, label) => {
          let sum = 0;
          for (let at = 0; at < 12; at++) sum += features[image * 12 + at] * kernel[at * 5 + label];
          return Math.exp(sum);
        });
        const total = logits.reduce((a, b) => a + b);
        logits.forEach((each, label) => {
          assert.ok(Math.abs(each / total - expected[image * 5 + label]) < 1e-5);
        });
      }
  });

  it("are refused of others than so many images", async () => {
    const body = { ...bodyOf(graph), tensors, normalization };
    const { images } = dataset.train;
    const size = images.length / dataset.train.count;
    const asked = (images: Parameters<typeof extractFeatures>[1], count: number) =>
      extractFeatures(body, images, count, { platform, threads: 1 });
    await assert.rejects(asked(images, 40), /got 41 images and a count of 40/);
    await assert.rejects(asked(images.subarray(1), 41), /images of \[8, 6, 3\] have 144 each/);
    const source = async function* (order: Uint32Array) {
      yield images.subarray(0, Math.min(order.length, 4) * size);
    };
    await assert.rejects(asked(source, 5), /gave 4 images where 5 were asked for/);
  });

  it("stop where they are told to", async () => {
    const body = { ...bodyOf(graph), tensors, normalization };
    const signal = { aborted: true, reason: new Error("told to") };
    const { images, count } = dataset.train;
    await assert.rejects(extractFeatures(body, images, count, { platform, threads: 1, signal }), /told to/);
  });
});

describe("a classifier on a body", () => {
  const dataset = pictures(40);
  const split = { train: Uint32Array.from({ length: 30 }, (_, image) => image) };

  it("begins with the body's weights and a head that knows its features, which are asked for once", async () => {
    let kept: Awaited<ReturnType<typeof extractFeatures>> | undefined;
    let asked = 0;
    const cache = {
      read: async () => kept,
      write: async (features: NonNullable<typeof kept>) => {
        asked++;
        kept = features;
      },
    };
    const contents = contentsOf(pooled());
    const options = { platform, threads: 1, seed: 1, cache, choices: [] };
    const standing = await standOn(contents, dataset, split, options);
    const again = await standOn(contents, dataset, split, options);
    assert.deepEqual([again.state, again.headTraining], [standing.state, standing.headTraining]);
    assert.equal(asked, 1);
    // Without those of mirror images they are not what is asked for.
    kept = { size: kept!.size, plain: kept!.plain };
    assert.deepEqual((await standOn(contents, dataset, split, options)).state, standing.state);
    assert.equal(asked, 2);
    const { graph, state, head } = standing;
    const before = new Map(contents.tensors.map((tensor) => [tensor.name, tensor]));
    for (const { name, data } of state.weights)
      if (!name.startsWith(`${head}.`)) assert.deepEqual(data, before.get(name)?.data);
    const model = new Model(graph, { platform, state }).compile({ threads: 1 });
    const { accuracy } = await model.evaluate(dataset.test);
    await model.dispose();
    assert.ok(accuracy > 0.95, `${accuracy}`);
  });

  it("trains its head alone, its last convolutions, or all", () => {
    const whole = withHead(bodyOf(pooled()), { classes: 2 });
    const how = { learningRateFactor: 0.5, batchNorm: "keep" } as const;
    assert.deepEqual(unfreezeGroups(whole, "all", how), [
      { match: "classifier_2.*" },
      { match: "*", learningRateFactor: 0.5 },
    ]);
    const frozen = { match: "*", frozen: true };
    assert.deepEqual(unfreezeGroups(whole, "none", how), [{ match: "classifier_2.*" }, frozen]);
    assert.deepEqual(unfreezeGroups(whole, 1, how), [
      { match: "classifier_2.*" },
      { match: "classifier.*", learningRateFactor: 0.5 },
      frozen,
    ]);
    // What is left nothing is left out: a group without tensors would be refused.
    assert.deepEqual(unfreezeGroups(whole, 2, how), [
      { match: "classifier_2.*" },
      { match: "C1.*", learningRateFactor: 0.5 },
      { match: "classifier.*", learningRateFactor: 0.5 },
    ]);
    for (const wrong of [0, 1.5, "some", undefined])
      assert.throws(() => unfreezeGroups(whole, wrong as number, how), isHeddleError(/unfreeze must be/));
    assert.throws(
      () => unfreezeGroups(whole, 3, how),
      isHeddleError(/has 2 layers with kernels, and the last 3/),
    );
    assert.equal(tensorsOf(whole.graph).length, 6);
  });

  it("leaves out groups of normalizations that never train", () => {
    const images = input(inputShape);
    const c1 = conv2d({ name: "C1", filters: 4, kernelSize: 3 })(images);
    const features = globalAveragePool2d()(batchNorm({ name: "norm", trainable: false })(c1));
    const whole = withHead(bodyOf(graphOf(images, dense({ units: 5 })(features))), { classes: 2 });
    const names = (unfreeze: Unfreeze) =>
      unfreezeGroups(whole, unfreeze, { learningRateFactor: 0.5, batchNorm: "keep" }).map(
        ({ match }) => match,
      );
    assert.deepEqual(names(1), ["classifier.*", "C1.*"]);
    assert.deepEqual(names("all"), ["classifier.*", "*"]);
  });

  it("names each normalization once, and nothing that has no tensor left", () => {
    const images = input(inputShape);
    const block = (name: string, value: Value) =>
      batchNorm({ name: `${name}_norm` })(conv2d({ name, filters: 8, kernelSize: 3, useBias: false })(value));
    const features = globalAveragePool2d()(block("second", block("first", images)));
    const whole = withHead(bodyOf(graphOf(images, dense({ name: "output", units: 5 })(features))), {
      classes: 2,
    });
    const matches = (unfreeze: Unfreeze, batchNorm: "keep" | "move") =>
      unfreezeGroups(whole, unfreeze, { learningRateFactor: 0.5, batchNorm }).map(({ match }) => match);
    const norms = ["first_norm.*", "second_norm.*"];
    const cases: readonly [Unfreeze, "keep" | "move", readonly string[]][] = [
      [1, "keep", [...norms, "second.*", "*"]],
      [2, "keep", [...norms, "first.*", "second.*"]],
      [1, "move", ["second.*", "second_norm.*", "*"]],
      ["all", "keep", [...norms, "*"]],
      ["none", "keep", ["*"]],
    ];
    for (const [unfreeze, how, expected] of cases) {
      assert.deepEqual(matches(unfreeze, how), ["classifier.*", ...expected]);
      const parameterGroups = unfreezeGroups(whole, unfreeze, { learningRateFactor: 0.5, batchNorm: how });
      assert.doesNotThrow(() =>
        new Model(whole.graph, { platform }).compile({ parameterGroups, threads: 1 }),
      );
    }
  });

  it("is refused over a body whose tensors are another's", async () => {
    const contents = contentsOf(pooled());
    const [first, ...others] = contents.tensors;
    await assert.rejects(
      standOn({ ...contents, tensors: others }, dataset, split, { platform, threads: 1, seed: 1 }),
      isHeddleError(new RegExp(first.name)),
    );
  });
});
