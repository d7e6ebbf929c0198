import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError } from "../errors.js";
import { add, conv2d, dense, flatten, globalAveragePool2d, input } from "../layers/index.js";
import { chainOf, graphConfig, graphFromConfig, graphOf } from "./index.js";

const shape = [5, 5, 1];
const json = (value: unknown): never => JSON.parse(JSON.stringify(value)) as never;

const x = input(shape);
const stem = conv2d({ name: "stem", filters: 2, kernelSize: 3, padding: "same" })(x);
const branch = conv2d({ name: "branch", filters: 2, kernelSize: 1 })(stem);
const residual = graphOf(
  x,
  dense({ name: "out", units: 2 })(
    globalAveragePool2d({ name: "gap" })(add({ name: "sum" })([branch, stem])),
  ),
);

describe("a graph's configuration", () => {
  it("is a list of layers where they follow each other", () => {
    const layers = [flatten({ name: "f" }), dense({ name: "out", units: 2 })];
    assert.deepEqual(
      graphConfig(chainOf(layers, shape)),
      layers.map((layer) => layer.config()),
    );
  });

  it("names what a node reads where that isn't the one before", () => {
    const inputs = graphConfig(residual).map(({ name, inputs }) => [name, inputs]);
    assert.deepEqual(inputs, [
      ["stem", undefined],
      ["branch", undefined],
      ["sum", ["branch", "stem"]],
      ["gap", undefined],
      ["out", undefined],
    ]);
    const ofImages = graphOf(x, add({ name: "sum" })([x, x]));
    assert.deepEqual(graphConfig(ofImages)[0].inputs, ["$images", "$images"]);
  });

  it("makes the same graph again", () => {
    for (const graph of [residual, graphOf(x, add({ name: "sum" })([x, x]))]) {
      const again = graphFromConfig(json(graphConfig(graph)), shape);
      assert.deepEqual(graphConfig(again), graphConfig(graph));
      const plain = (of: typeof graph) => of.nodes.map(({ layer: _, ...node }) => node);
      assert.deepEqual(plain(again), plain(graph));
    }
  });
});

describe("no graph is made of", () => {
  const config = graphConfig(residual);
  const changed = (name: string, change: object): unknown[] =>
    config.map((node) => (node.name === name ? { ...node, ...change } : node));
  const wrong: readonly [string, unknown, RegExp][] = [
    ["nothing", [], /needs a list of at least one layer, but has \[\]/],
    ["a text", "dense", /needs a list of at least one layer/],
    [
      "a cycle",
      changed("stem", { inputs: ["sum"] }),
      /conv2d "stem" reads "sum", which comes later or is itself: a model has no cycles/,
    ],
    ["a node that reads itself", changed("gap", { inputs: ["gap"] }), /comes later or is itself/],
    ["a node that isn't there", changed("gap", { inputs: ["lost"] }), /reads "lost", which isn't there/],
    [
      "a node that nobody reads",
      changed("sum", { inputs: ["branch", "branch"] })
        .slice(0, 2)
        .concat(changed("gap", { inputs: ["stem"] }).slice(3)),
      /Nothing reads what conv2d "branch" gives/,
    ],
    ["two inputs for one", changed("gap", { inputs: ["sum", "stem"] }), /reads one input, but 2 are named/],
    ["one input for several", changed("sum", { inputs: ["stem"] }), /joins two inputs or more, but got 1/],
    [
      "inputs that are no names",
      changed("sum", { inputs: [0, 1] }),
      /must have a list of names as its inputs, but has \[0, 1\]/,
    ],
    ["no inputs", changed("sum", { inputs: [] }), /must have a list of names/],
    ["one name twice", [...config, config[0]], /conv2d "stem" is there twice/],
    ["a layer without a name", changed("gap", { name: "" }), /has no name/],
    ["null", [null], /A layer must be an object/],
  ];
  for (const [what, configs, message] of wrong) {
    it(what, () =>
      assert.throws(
        () => graphFromConfig(configs as never, shape),
        (error) => error instanceof HeddleError && message.test(error.message),
      ),
    );
  }
});
