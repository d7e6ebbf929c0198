import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { branchingGraphs, chainGraphs, recurrentGraphs } from "../../core/engine/testing/random-graphs.js";
import type { ModelContents } from "../../core/formats/model-file.js";
import { type Graph, graphConfig } from "../../core/graph/index.js";
import { importOnnx } from "../import-onnx.js";
import {
  assertClose,
  contentsOf,
  imagesFor,
  normalized,
  probabilitiesOf,
} from "../testing/model-contents.js";
import { noRuntime, runOnnx } from "../testing/runtime.js";
import { exportOnnx } from "./export-onnx.js";

const seed = 20230122;
const kinds: readonly [name: string, graphs: fc.Arbitrary<Graph>, runs: number][] = [
  ["chains", chainGraphs, 12],
  ["recurrent layers", recurrentGraphs, 8],
  ["branches", branchingGraphs, 18],
];

/** What comes of a file that is imported again. */
function importedAgain(contents: ModelContents): ModelContents {
  const { normalization, classNames } = contents;
  const { graph, weights } = importOnnx(exportOnnx(contents), { normalization, classNames });
  return {
    layers: graphConfig(graph),
    inputShape: graph.inputShape,
    normalization,
    classNames,
    tensors: weights,
  };
}

describe("exporting ONNX", () => {
  for (const [name, graphs, runs] of kinds) {
    it(`gives what is imported again to the same bytes: ${name}`, async () => {
      const property = fc.asyncProperty(graphs, async (graph) => {
        const contents = contentsOf(graph);
        const images = imagesFor(contents, 3);
        assert.deepEqual(
          await probabilitiesOf(importedAgain(contents), images),
          await probabilitiesOf(contents, images),
        );
      });
      await fc.assert(property, { numRuns: runs, seed });
    });

    it(`gives what ONNX Runtime computes alike: ${name}`, { skip: noRuntime }, async () => {
      const property = fc.asyncProperty(
        graphs,
        fc.integer({ min: 13, max: 22 }),
        fc.boolean(),
        async (graph, opset, foldBatchNorm) => {
          const contents = contentsOf(graph);
          const images = imagesFor(contents, 3);
          const file = exportOnnx(contents, { opset, foldBatchNorm, output: "probabilities" });
          const [height, width, channels] = contents.inputShape;
          const { data } = await runOnnx(file, normalized(contents, images), [3, channels, height, width]);
          assertClose(data, await probabilitiesOf(contents, images));
        },
      );
      await fc.assert(property, { numRuns: runs, seed });
    });
  }
});
