import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { add, conv2d, dense, dropout, flatten, input } from "../layers/index.js";
import { graphConfig, graphOf, withoutLayers } from "./index.js";

describe("a graph without layers of a type", () => {
  const x = input([4, 4, 1]);
  const drop = (name: string) => dropout({ name, rate: 0.5 });
  const a = conv2d({ name: "a", filters: 1, kernelSize: 1 })(drop("d1")(x));
  const sum = add({ name: "sum" })([drop("d3")(drop("d2")(a)), a, x]);
  const graph = graphOf(x, drop("d4")(dense({ name: "out", units: 2 })(flatten({ name: "flat" })(sum))));

  it("has all others, and who read one reads what it read", () => {
    const rows = graphConfig(withoutLayers(graph, "dropout")).map(({ name, inputs }) => [name, inputs]);
    assert.deepEqual(rows, [
      ["a", undefined],
      ["sum", ["a", "a", "$images"]],
      ["flat", undefined],
      ["out", undefined],
    ]);
  });

  it("is the same where it has none", () => {
    assert.deepEqual(graphConfig(withoutLayers(graph, "lstm")), graphConfig(graph));
  });
});
