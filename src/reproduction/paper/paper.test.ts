import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chainOf, summarize } from "../../core/graph/index.js";
import { modelDefinitions } from "../../core/models/index.js";
import {
  paperGainInAbstract,
  paperGains,
  paperModels,
  paperProtocol,
  paperTable2,
  paperTable3,
  paperTable3Average,
  paperTable4,
} from "./paper.js";

const round = (value: number, places: number): number => Number(value.toFixed(places));

/** What a figure rounded to hundredths may have been: [least, greatest]. */
const range = (value: number): [number, number] => [value - 0.005, value + 0.005];
const harmonic = (precision: number, recall: number): number =>
  (2 * precision * recall) / (precision + recall);

/** Table 1, "Parameters of the Proposed CNN Model": the output of each layer behind the input. */
const table1Outputs = {
  C1: [26, 26, 32],
  M1: [13, 13, 32],
  C2: [11, 11, 64],
  M2: [5, 5, 64],
  C3: [3, 3, 128],
  C4: [1, 1, 256],
  FC1: [256],
  FC2: [128],
  O: [10],
};

describe("the paper's numbers", () => {
  it("has output sizes in Table 1 that are those of the model we train", () => {
    const { rows } = summarize(chainOf(modelDefinitions.proposed.layers([28, 28, 1], 10), [28, 28, 1]));
    for (const [name, output] of Object.entries(table1Outputs)) {
      const own = rows.find((row) => row.name === (name === "O" ? "output" : name));
      assert.deepEqual(own?.outputShape, output, name);
    }
  });

  it("has F1 in Table 3 that precision and recall allow, each rounded to hundredths", () => {
    for (const [index, row] of paperTable3.entries())
      for (const model of paperModels) {
        const [precision, recall, f1] = row[model];
        const [least, greatest] = [0, 1].map((end) => harmonic(range(precision)[end], range(recall)[end]));
        const printed = range(f1);
        assert.ok(printed[1] >= least && printed[0] <= greatest, `class ${index}, ${model}`);
      }
  });

  it("has averages in Table 3 that its rows give, each rounded to hundredths", () => {
    for (const model of paperModels)
      for (const figure of [0, 1, 2]) {
        const mean = paperTable3.reduce((sum, row) => sum + row[model][figure], 0) / paperTable3.length;
        const printed = paperTable3Average[model][figure];
        assert.ok(Math.abs(mean - printed) <= 0.01 + 1e-9, `${model}: ${mean} against ${printed}`);
      }
  });

  it("has mean recalls in Table 3, 1,000 images a class, that are Table 2's accuracies", () => {
    for (const model of paperModels) {
      const mean = paperTable3.reduce((sum, row) => sum + row[model][1], 0) / paperTable3.length;
      assert.ok(Math.abs(100 * mean - paperTable2[model].accuracy) <= 0.5, `${model}: ${mean}`);
    }
  });

  it("has the same figures for batch 128 in Tables 2 and 4", () => {
    const row = paperTable4.find(({ batchSize }) => batchSize === paperProtocol.batchSize)!;
    assert.equal(row.accuracy, paperTable2.proposed.accuracy);
    assert.equal(round(row.loss, 2), paperTable2.proposed.loss);
  });

  it("has batches that are the training images", () => {
    assert.equal(paperProtocol.stepsPerEpoch * paperProtocol.batchSize, paperProtocol.train);
  });

  it("has gains in the conclusion that are ratios of Table 3's averages, and one in the abstract that is none", () => {
    const average = (model: "cnn" | "lenet" | "lstm" | "proposed") => paperTable3Average[model][0];
    for (const model of ["cnn", "lenet", "lstm"] as const) {
      assert.equal(round(100 * (average("proposed") / average(model) - 1), 1), paperGains[model]);
      assert.notEqual(
        round(paperTable2.proposed.accuracy - paperTable2[model].accuracy, 1),
        paperGains[model],
      );
    }
    assert.notEqual(
      round(100 * (paperTable2.proposed.accuracy / paperTable2.cnn.accuracy - 1), 1),
      paperGainInAbstract,
    );
  });
});
