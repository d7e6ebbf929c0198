import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import type { Shape } from "../layers/layer.js";
import { type ModelName, modelDefinitions } from "../models/index.js";
import { createRandom } from "../random.js";
import { Model } from "./model.js";
import { modelFromBytes } from "./model-from-bytes.js";
import { summarize } from "./summarize.js";

const count = 8;
const platform = { ...nodePlatform, availableMemory: undefined };

/** Of each class of its own brightness. */
function twoClasses(shape: Shape) {
  const random = createRandom(1);
  const size = shape.reduce((a, b) => a * b, 1);
  const images = Uint8Array.from(
    { length: count * size },
    (_, at) => random.below(90) + 150 * (Math.floor(at / size) % 2),
  );
  return { images, labels: Uint8Array.from({ length: count }, (_, index) => index % 2) };
}

const cases: readonly [ModelName, Shape][] = [
  ["mobileNetSmall", [8, 9, 3]],
  ["mobileNetV2", [17, 18, 1]],
  ["efficientNetLite0", [18, 17, 2]],
  ["resNet18", [17, 17, 3]],
  ["airbench", [9, 10, 1]],
];

describe("a model by name", () => {
  for (const [name, shape] of cases) {
    it(`${name} learns, in the memory that is planned for it, and its file predicts the same`, async () => {
      const graph = modelDefinitions[name].graph(shape, 2);
      const settings = { optimizer: "adam", learningRate: 0.001, threads: 2 } as const;
      const model = new Model(graph, { platform, seed: 3 }).compile(settings);
      const train = twoClasses(shape);
      const losses: number[] = [];
      try {
        for await (const event of model.fitEvents(
          { train },
          { epochs: 2, batchSize: 4, validationShare: 0 },
        )) {
          if (event.event === "start") {
            const { memory } = summarize(graph, { batchSize: 4, optimizer: "adam", threads: 2 });
            assert.equal(event.arenaBytes, memory.training);
          }
          if (event.event === "epoch") losses.push(event.trainLoss);
        }
        assert.ok(losses[1] < losses[0], `loss ${losses}`);
        const opened = modelFromBytes(await model.toBytes(), "the file");
        const other = new Model(opened.graph, { platform, state: opened.state });
        try {
          assert.deepEqual(await other.predict(train.images), await model.predict(train.images));
        } finally {
          await other.dispose();
        }
      } finally {
        await model.dispose();
      }
    });
  }
});
