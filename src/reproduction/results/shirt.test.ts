import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellOf } from "../../report/table-data.js";
import type { RunPredictions } from "../../run/run-record.js";
import { syntheticResults } from "../testing/synthetic.js";
import { meanProbabilities, shirtEvidence, shirtMistakes, shirtTable } from "./shirt.js";

const classNames = ["Dress", "Coat", "Shirt"];

/** Probabilities of Dress, Coat and Shirt, an image a row. */
const predictions = (labels: readonly number[], ...rows: readonly (readonly number[])[]): RunPredictions => ({
  probabilities: Float32Array.from(rows.flat()),
  labels: Uint8Array.from(labels),
});

const labels = [2, 2, 0, 2];
const one = predictions(labels, [0.75, 0, 0.25], [0, 0.25, 0.75], [0, 0, 1], [0, 1, 0]);
const other = predictions(labels, [0.5, 0, 0.5], [0, 0.5, 0.5], [0, 0, 1], [0.25, 0.5, 0.25]);
const evidence = { classNames, label: 2, trials: ["a", "b"], predictions: [one, other] };

describe("mistakes on Shirts", () => {
  it("are those of the mean of the networks, the surest first", () => {
    assert.deepEqual([...meanProbabilities([one, other])].slice(0, 3), [0.625, 0, 0.375]);
    // A tie between Coat and Shirt goes to the first of them, as everywhere; together image 1 is told right.
    assert.deepEqual(shirtMistakes(evidence), [
      { image: 3, predicted: 1, probability: 0.75, own: 0.125, wrong: 2 },
      { image: 0, predicted: 0, probability: 0.625, own: 0.375, wrong: 2 },
    ]);
  });

  it("are none where none are", () => {
    assert.deepEqual(shirtMistakes({ ...evidence, predictions: [predictions([2], [0, 0, 1])] }), []);
  });
});

describe("the table of Shirts", () => {
  const results = syntheticResults({ part: "table2", epochs: 2, images: 400 });

  it("has every way that Shirts are mistaken, the commonest first, and comes from the networks kept", () => {
    const table = shirtTable(results)!;
    const counts = table.rows.filter(([truth, taken]) => truth === "Shirt" && taken !== "Shirt");
    const images = counts.map((row) => cellOf(row[2]).value!);
    assert.deepEqual(
      images,
      [...images].sort((a, b) => b - a),
    );
    assert.ok(table.rows.some(([truth, taken]) => truth !== "Shirt" && taken === "Shirt"));
    assert.deepEqual(cellOf(table.rows[0][2]).sources, shirtEvidence(results)!.trials);
    const all = table.rows
      .filter(([truth]) => truth === "Shirt")
      .reduce((sum, row) => sum + cellOf(row[2]).value!, 0);
    assert.ok(Math.abs(all - 40) < 1e-9, "40 of 400 images are Shirts");
  });

  it("is missing without predictions or without a class Shirt", () => {
    assert.equal(shirtTable({ ...results, predictions: new Map() }), null);
    const renamed = results.records.map((record) => ({
      ...record,
      test: { ...record.test!, classes: record.test!.classes.map((each) => ({ ...each, name: "thing" })) },
    }));
    assert.equal(shirtTable({ ...results, records: renamed }), null);
  });
});
