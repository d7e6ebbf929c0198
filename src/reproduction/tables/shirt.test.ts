import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellOf } from "../../report/table-data.js";
import { predictedNetworks } from "../results/networks.js";
import type { ReproductionResults } from "../results/results.js";
import { syntheticResults } from "../testing/synthetic.js";
import { tables } from "./index.js";

const shirtTable = (results: ReproductionResults) => tables.shirt(results, "file");

describe("the table of Shirts", () => {
  const results = syntheticResults({ part: "table2", epochs: 2, images: 400 });

  it("has every way that Shirts are mistaken, the commonest first, and comes from the networks kept", () => {
    const table = shirtTable(results);
    const counts = table.rows.filter(([truth, taken]) => truth === "Shirt" && taken !== "Shirt");
    const images = counts.map((row) => cellOf(row[2]).value!);
    assert.deepEqual(
      images,
      [...images].sort((a, b) => b - a),
    );
    assert.ok(table.rows.some(([truth, taken]) => truth !== "Shirt" && taken === "Shirt"));
    assert.deepEqual(
      cellOf(table.rows[0][2]).sources,
      predictedNetworks(results).map(({ id }) => id),
    );
    const all = table.rows
      .filter(([truth]) => truth === "Shirt")
      .reduce((sum, row) => sum + cellOf(row[2]).value!, 0);
    assert.ok(Math.abs(all - 40) < 1e-9, "40 of 400 images are Shirts");
  });

  it("is empty without predictions or without a class Shirt", () => {
    assert.deepEqual(shirtTable({ ...results, predictions: new Map() }).rows, []);
    const renamed = results.records.map((record) => ({
      ...record,
      test: { ...record.test!, classes: record.test!.classes.map((each) => ({ ...each, name: "thing" })) },
    }));
    assert.deepEqual(shirtTable({ ...results, records: renamed }).rows, []);
  });
});
