import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError, UsageError } from "../errors.js";
import {
  add,
  batchNorm,
  concatenate,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePool2d,
  input,
  type Layer,
  maxPool2d,
  multiply,
} from "../layers/index.js";
import { chainOf, classesOf, graphOf, images, tensorsOf } from "./index.js";

const shape = [6, 6, 2];
const conv = (name: string) => conv2d({ name, filters: 4, kernelSize: 3, padding: "same" });

describe("a graph", () => {
  const x = input(shape);
  const a = conv("a")(x);
  const b = conv("b")(a);
  const sum = add({ name: "sum" })([b, a]);
  const graph = graphOf(x, dense({ name: "out", units: 3 })(globalAveragePool2d({ name: "gap" })(sum)));

  it("lists each node behind what it reads", () => {
    const rows = graph.nodes.map(({ layer, inputs, readers }) => [layer.name, inputs, readers]);
    assert.deepEqual(rows, [
      ["a", [images], [1, 2]],
      ["b", [0], [2]],
      ["sum", [1, 0], [3]],
      ["gap", [2], [4]],
      ["out", [3], []],
    ]);
    assert.deepEqual(graph.imageReaders, [0]);
    assert.deepEqual([graph.inputShape, graph.outputShape, classesOf(graph)], [shape, [3], 3]);
  });

  it("names all tensors by their layers", () => {
    assert.deepEqual(
      tensorsOf(graph).map((spec) => `${spec.name} ${spec.shape}`),
      ["a.kernel 3,3,2,4", "a.bias 4", "b.kernel 3,3,4,4", "b.bias 4", "out.kernel 4,3", "out.bias 3"],
    );
  });

  it("counts every reading of a tensor that is added to itself", () => {
    const twice = graphOf(x, add()([a, a]));
    assert.deepEqual(twice.nodes[0].readers, [1, 1]);
  });

  it("may end before its values do: a part of it is a graph too", () => {
    assert.deepEqual(
      graphOf(x, b).nodes.map(({ layer }) => layer.name),
      ["a", "b"],
    );
  });

  it("names layers that have no name, in its own order", () => {
    const second = dense({ units: 2 })(dense({ units: 3 })(flatten()(x)));
    assert.deepEqual(
      graphOf(x, second).nodes.map(({ layer }) => layer.name),
      ["flatten_1", "dense_1", "dense_2"],
    );
  });

  it("takes layers without tensors in several places", () => {
    const pool = maxPool2d();
    assert.equal(graphOf(x, pool(pool(a))).nodes.length, 3);
  });

  it("may be as deep as memory allows", () => {
    let value = x;
    for (let depth = 0; depth < 20_000; depth++) value = dropout(0.5)(value);
    assert.equal(graphOf(x, value).nodes.length, 20_000);
  });
});

describe("a chain", () => {
  it("keeps the order of its layers, and given names", () => {
    const names = (layers: readonly Layer[]) => chainOf(layers, shape).nodes.map(({ layer }) => layer.name);
    assert.deepEqual(names([flatten(), dense({ units: 1 }), dense({ units: 1 })]), [
      "flatten_1",
      "dense_1",
      "dense_2",
    ]);
    assert.deepEqual(names([flatten(), dense({ units: 1 }), dense({ units: 1, name: "dense_1" })]), [
      "flatten_1",
      "dense_2",
      "dense_1",
    ]);
  });

  it("calls a layer that doesn't fit by its name", () => {
    assert.throws(() => chainOf([conv("C1"), dense({ units: 2 })], shape), {
      name: "HeddleError",
      message: /^dense "dense_1" takes input \[features\], but got \[6, 6, 4\]\. Put flatten\(\) before it\./,
    });
  });
});

describe("no graph comes of", () => {
  const x = input(shape);
  const y = flatten()(x);
  const head = dense({ name: "head", units: 2 });
  const wrong: readonly [string, () => unknown, RegExp][] = [
    ["two outputs", () => graphOf(x, [y, y] as never), /A model has one output, but got a list of 2/],
    ["an output that isn't the input's", () => graphOf(x, flatten()(input(shape))), /must come of its input/],
    ["the images themselves", () => graphOf(x, x), /must come of its input: no layer leads/],
    [
      "values of two models",
      () => graphOf(x, add()([y, flatten()(input(shape))])),
      /A model has one input, but its output comes of 2.*another model's values/,
    ],
    [
      "an input that a layer gave",
      () => graphOf(y, head(y)),
      /input must be what input\(…\) gave, but is what flatten gives/,
    ],
    [
      "a layer as the output",
      () => graphOf(x, head as never),
      /output must be .* but is a layer itself; call it with its input/,
    ],
    ["a shape as the input", () => graphOf([6, 6, 2] as never, y), /A model's input must be what input\(…\)/],
    [
      "weights in two places",
      () => graphOf(x, head(dense({ units: 2 })(head(y)))),
      /dense "head" stands in two places/,
    ],
    [
      "two layers of one name",
      () => graphOf(x, head(head.withName("head")(y))),
      /Two layers are named "head"/,
    ],
    [
      "weights in two places of a list",
      () => {
        const twice = dense({ units: 2 });
        return chainOf([flatten(), twice, twice], shape);
      },
      /^dense stands in two places of one model; weights aren't shared/,
    ],
    ["no layers", () => chainOf([], shape), /takes a list of layers.*but got \[\]/],
    ["what is no list", () => chainOf(head as never, shape), /takes a list of layers.*but got a function/],
    [
      "a factory that wasn't called",
      () => chainOf([flatten as never], shape),
      /Layer 1 of the list is the function flatten; call it/,
    ],
    [
      "a layer of one's own making",
      () => chainOf([flatten(), { type: "mine", name: "", outputShape: () => [2] } as never], shape),
      /Layer 2 of the list is an object; use a layer such as dense/,
    ],
    [
      "a join in a list",
      () => chainOf([add()], shape),
      /add joins several inputs, which a list of layers can't give/,
    ],
    ["half a pixel", () => input([6.5, 6, 1]), /input takes a shape.*but got \[6\.5, 6, 1\]/],
    ["no shape", () => chainOf([flatten()], undefined as never), /inputShape takes a shape.*but got nothing/],
  ];
  for (const [what, make, message] of wrong) {
    it(what, () =>
      assert.throws(make, (error) => error instanceof UsageError && message.test(error.message)),
    );
  }

  it("a layer called with what isn't a value", () => {
    const fails = (make: () => unknown, message: RegExp) =>
      assert.throws(make, (error) => error instanceof UsageError && message.test(error.message));
    fails(() => head(shape as never), /head" reads one input, but got a list/);
    fails(() => head({ shape: [3] }), /The input of dense "head" must be what input\(…\) or a layer gave/);
    fails(() => add()(y as never), /add joins several inputs: call it with a list/);
    fails(() => add()([y, 3 as never]), /Input 2 of add must be/);
  });

  it("a sum of unlike shapes, or of one alone", () => {
    const fails = (make: () => unknown, message: RegExp) =>
      assert.throws(make, (error) => error instanceof HeddleError && message.test(error.message));
    fails(
      () => add({ name: "s" })([x, y]),
      /add "s" adds inputs of one shape, but got \[6, 6, 2\] and \[72\]/,
    );
    fails(() => add()([x]), /joins two inputs or more, but got 1/);
  });

  it("a product or a row of inputs that don't fit", () => {
    const fails = (make: () => unknown, message: RegExp) =>
      assert.throws(make, (error) => error instanceof HeddleError && message.test(error.message));
    fails(
      () => multiply()([x, y]),
      /multiplies inputs of one shape, or with one number a channel.* to \[\d+\]\./,
    );
    fails(() => multiply()([x]), /joins two inputs or more, but got 1/);
    fails(() => concatenate()([x, y]), /differ in the last axis alone, but got \[6, 6, 2\] and \[72\]/);
    fails(() => concatenate()([x]), /joins two inputs or more, but got 1/);
  });
});

describe("a classifier", () => {
  it("ends in a number for each of two or more classes", () => {
    const fails = (layers: readonly Layer[], message: RegExp) =>
      assert.throws(() => classesOf(chainOf(layers, shape)), { name: "HeddleError", message });
    fails(
      [flatten(), dense({ units: 1 })],
      /The last layer, dense "dense_1", gives \[1\]; a classifier ends/,
    );
    fails([batchNorm()], /gives \[6, 6, 2\]/);
  });
});
