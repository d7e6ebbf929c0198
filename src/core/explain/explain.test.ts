import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import type { DatasetInMemory, ImageSetInMemory } from "../data/dataset.js";
import { chainOf, type Graph, graphOf, rebuild } from "../graph/index.js";
import { referenceNetwork } from "../kernels/reference/network.js";
import {
  activation,
  add,
  averagePool2d,
  batchNorm,
  concatenate,
  conv2d,
  dense,
  flatten,
  globalAveragePool2d,
  input,
  lstm,
  maxPool2d,
  multiply,
  reshape,
} from "../layers/index.js";
import { createRandom, type Random } from "../random.js";
import { Model } from "../training/model.js";
import { initialWeights } from "../training/weights.js";
import type { HeatMaps } from "./explain-options.js";
import { tailOf } from "./tail.js";
import { targetNode } from "./target-node.js";

const side = 16;

const sides = side * side;

/** Draws a bar of five pixels in a quadrant: lying for class 0, standing for class 1. */
function draw(image: Uint8Array, label: number, quadrant: number, random: Random): void {
  const [top, left] = [quadrant >> 1, quadrant & 1].map((half) => half * 8 + 1 + random.below(2));
  for (let at = 0; at < 5; at++) {
    const [row, column] = label === 0 ? [top + 2, left + at] : [top + at, left + 2];
    image[row * side + column] = 250;
  }
}

/** Noise with a bar in some quadrant: how it lies is the class. */
function bars(count: number, seed: number): ImageSetInMemory & { readonly quadrants: readonly number[] } {
  const random = createRandom(seed);
  const images = Uint8Array.from({ length: count * sides }, () => random.below(80));
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 2);
  const quadrants = Array.from(labels, (label, image) => {
    const quadrant = (image >> 1) % 4;
    draw(images.subarray(image * sides, (image + 1) * sides), label, quadrant, random);
    return quadrant;
  });
  return { count, images, labels, quadrants };
}

const test = bars(24, 2);
const data: DatasetInMemory = {
  name: "bars",
  imageShape: [side, side, 1],
  classNames: ["lying", "standing"],
  train: bars(160, 1),
  test,
};

/** The quadrant of the hottest pixel of each map. */
function hottest({ values, height, width, count }: HeatMaps): readonly number[] {
  return Array.from({ length: count }, (_, image) => {
    const map = values.subarray(image * height * width, (image + 1) * height * width);
    const at = map.indexOf(1);
    assert.notEqual(at, -1, "the hottest pixel is 1");
    return 2 * Number(Math.floor(at / width) >= height / 2) + Number(at % width >= width / 2);
  });
}

describe("a heat map", () => {
  const graph = chainOf(
    [
      conv2d({ name: "C1", filters: 8, kernelSize: 3, padding: "same", activation: "relu" }),
      maxPool2d(),
      conv2d({ name: "C2", filters: 8, kernelSize: 3, padding: "same" }),
      batchNorm(),
      activation({ name: "last", function: "relu" }),
      globalAveragePool2d(),
      dense({ name: "logits", units: 2 }),
    ],
    [side, side, 1],
  );
  const trained = (async () => {
    const model = new Model(graph, { platform: nodePlatform }).compile({ threads: 1, learningRate: 0.01 });
    await model.fit(data, { epochs: 8, batchSize: 16 });
    return model;
  })();

  it("is hottest where the mark lies that decides the class, by Grad-CAM and by occlusion", async () => {
    const model = await trained;
    assert.ok((await model.evaluate(test)).accuracy > 0.9);
    for (const method of ["gradCam", "occlusion"] as const) {
      const maps = await model.explain(test.images, { method, classIndex: [...test.labels] });
      assert.deepEqual([maps.method, maps.height, maps.width], [method, side, side]);
      const right = hottest(maps).filter((quadrant, image) => quadrant === test.quadrants[image]).length;
      assert.ok(right >= 22, `${method}: ${right} of 24`);
    }
  });

  it("points at another place for another class", async () => {
    const model = await trained;
    const random = createRandom(3);
    const both = Uint8Array.from({ length: sides }, () => random.below(80));
    draw(both, 0, 1, random);
    draw(both, 1, 2, random);
    for (const [classIndex, quadrant] of [1, 2].entries())
      assert.deepEqual(hottest(await model.explain(both, { classIndex })), [quadrant]);
  });

  it("is of the class that an image is taken for, unless another is asked for", async () => {
    const model = await trained;
    const image = test.images.subarray(0, sides);
    const { classIndexes, layer } = await model.explain(image);
    assert.deepEqual([...classIndexes], [0]);
    assert.equal(layer, "last");
    const maps = await model.explain(image, { classIndex: 1, layer: "C1" });
    assert.deepEqual([...maps.classIndexes], [1]);
    assert.equal(maps.layer, "C1");
    assert.equal((await model.explain(new Uint8Array(0))).count, 0);
  });

  it("says so where the images are taken away meanwhile", async () => {
    const model = await trained;
    for (const method of ["gradCam", "occlusion"] as const) {
      const given = test.images.slice();
      const maps = model.explain(given, { method });
      structuredClone(given.buffer, { transfer: [given.buffer] });
      await assert.rejects(maps, { name: "UsageError", message: /^explain's images were taken away before/ });
    }
  });

  it("is refused of what isn't there", async () => {
    const model = await trained;
    const image = test.images.subarray(0, sides);
    const refused: readonly (readonly [object, RegExp])[] = [
      [{ layer: "C9" }, /no layer named "C9"\. Those that give images are C1, /],
      [{ layer: "logits" }, /gives \[2\], expected images of more than one pixel/],
      [{ classIndex: 2 }, /classIndex is 2, but the model tells 2 classes apart/],
      [{ classIndex: [1, 0] }, /classIndex has 2 classes for 1 images/],
      [{ method: "lime" }, /explain: method must be one of "gradCam", "occlusion"/],
      [{ clas: 1 }, /explain has no option "clas"/],
    ];
    for (const [options, message] of refused) await assert.rejects(model.explain(image, options), message);
    await assert.rejects(model.explain(image.subarray(1)), /explain got 255 bytes/);
    await model.dispose();
  });

  it("comes by occlusion of a model without convolutions", async () => {
    const layers = [reshape({ targetShape: [4, 4] }), lstm({ units: 3 }), dense({ units: 2 })];
    const model = new Model(chainOf(layers, [4, 4, 1]), { platform: nodePlatform }).compile({ threads: 1 });
    const image = Uint8Array.from({ length: 16 }, (_, at) => 16 * at);
    assert.equal((await model.explain(image)).method, "occlusion");
    await assert.rejects(
      model.explain(image, { method: "gradCam" }),
      /none of more than one pixel\. Occlusion/,
    );
    await model.dispose();
  });
});

/** Graphs whose last maps come of more than one way. */
const joined: Readonly<Record<string, () => { graph: Graph; target: string }>> = {
  "a residual block": () => {
    const x = input([6, 6, 2]);
    const a = conv2d({ name: "A", filters: 3, kernelSize: 3, padding: "same", activation: "relu" })(x);
    const b = conv2d({ name: "B", filters: 3, kernelSize: 3, padding: "same" })(a);
    const sum = add({ name: "sum" })([a, b]);
    return { graph: graphOf(x, dense({ units: 3 })(globalAveragePool2d()(sum))), target: "sum" };
  },
  "branches side by side": () => {
    const x = input([6, 6, 2]);
    const a = conv2d({ name: "A", filters: 3, kernelSize: 3, padding: "same" })(x);
    const b = conv2d({ name: "B", filters: 2, kernelSize: 1 })(x);
    const both = concatenate({ name: "both" })([a, b]);
    return { graph: graphOf(x, dense({ units: 3 })(flatten()(averagePool2d()(both)))), target: "both" };
  },
  "squeeze and excitation": () => {
    const x = input([6, 6, 2]);
    const a = conv2d({ name: "A", filters: 3, kernelSize: 3, padding: "same", activation: "relu" })(x);
    const squeezed = reshape({ targetShape: [1, 1, 3] })(globalAveragePool2d()(a));
    const gate = conv2d({ name: "G", filters: 3, kernelSize: 1, activation: "sigmoid" })(squeezed);
    const scaled = multiply({ name: "scaled" })([a, gate]);
    return { graph: graphOf(x, dense({ units: 3 })(globalAveragePool2d()(scaled))), target: "scaled" };
  },
};

describe("the maps that are weighed", () => {
  for (const [name, make] of Object.entries(joined)) {
    it(`are what ${name} give together`, () => {
      const { graph, target } = make();
      assert.equal(targetNode(graph).layer.name, target);
    });

    it(`have the gradient that small changes of them show, in ${name}`, async () => {
      const { graph } = make();
      const tensors = initialWeights(graph, 5);
      const values = new Map(tensors.map(({ name, data }) => [name, Float64Array.from(data)]));
      const random = createRandom(9);
      const image = Float64Array.from({ length: 72 }, () => random.normal());
      const whole = referenceNetwork(graph).forward(values, image, 1);
      for (const node of graph.nodes.filter(({ shape }) => shape.length === 3 && shape[0] > 1)) {
        const tail = tailOf(graph, node, tensors);
        const outputs = tail.reads.map((index) => {
          if (index < 0) return image;
          const { entry, valueAt } = rebuild(graph.nodes, [index], graph.inputShape);
          return referenceNetwork(graphOf(entry, valueAt(index))).forward(values, image, 1);
        });
        const pass = tail.run(outputs);
        for (const [at, logit] of pass.logits.entries()) assert.ok(Math.abs(logit - whole[at]) < 1e-9);
        const gradient = pass.gradient(1);
        for (const at of [0, 7, outputs[0].length - 1]) {
          const moved = (by: number): number => {
            const changed = outputs.map((each) => each.slice());
            changed[0][at] += by;
            return tail.run(changed).logits[1];
          };
          const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
          assert.ok(
            Math.abs(slope - gradient[at]) < 1e-6,
            `${node.layer.name}[${at}]: ${slope}, ${gradient[at]}`,
          );
        }
      }
    });
  }
});
