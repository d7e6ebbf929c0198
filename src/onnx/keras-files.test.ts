import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ImportedModel, importOnnx } from "./index.js";
import { close, outputOf, types } from "./testing/imported.js";
import {
  float,
  graph,
  int,
  ints,
  type MadeFile,
  type MadeNode,
  node,
  onnxFile,
  sizes,
  tensor,
} from "./testing/onnx-file.js";

const made = (file: MadeFile): ImportedModel => importOnnx(onnxFile(file), { normalization: "zero-to-one" });

describe("a file of Keras' exporter", () => {
  it("has small images' channels where its first nodes say, else where images have them", () => {
    const shapeOf = (input: readonly number[], ...nodes: readonly MadeNode[]) =>
      made({ input, nodes, tensors: [tensor("w", [2, input[1], 3, 3]), tensor("w3", [2, 3, 3, 3])] }).graph
        .inputShape;
    const ends = [node("GlobalMaxPool", ["c"], "g"), node("Flatten", ["g"], "y")];
    const turned = node("Transpose", ["images"], "t", [ints("perm", 0, 3, 1, 2)]);
    assert.deepEqual(shapeOf([-1, 4, 4, 3], turned, node("Conv", ["t", "w3"], "c"), ...ends), [4, 4, 3]);
    assert.deepEqual(shapeOf([-1, 8, 4, 4], node("Conv", ["images", "w"], "c"), ...ends), [4, 4, 8]);
    const flat = [node("Relu", ["images"], "r"), node("Flatten", ["r"], "y")];
    assert.deepEqual(shapeOf([-1, 12, 12, 1], ...flat), [12, 12, 1]);
    assert.deepEqual(shapeOf([-1, 3, 5, 4], ...flat), [5, 4, 3]);
  });

  /** x − μ and the variance + ε of the channels of `x`. */
  const moments = [
    node("ReduceMean", ["x"], "mean", [ints("axes", 1), int("keepdims", 1)]),
    node("Sub", ["x", "mean"], "d"),
    node("Mul", ["d", "d"], "dd"),
    node("ReduceMean", ["dd"], "v", [ints("axes", 1), int("keepdims", 1)]),
    node("Add", ["v", "epsilon"], "ve"),
    node("Sqrt", ["ve"], "s"),
  ];
  const spellings: readonly (readonly [string, readonly MadeNode[]])[] = [
    [
      "as x γ / s + (β − μ γ / s)",
      [
        node("Reciprocal", ["s"], "i"),
        node("Mul", ["i", "gamma"], "k"),
        node("Mul", ["x", "k"], "xk"),
        node("Neg", ["mean"], "m"),
        node("Mul", ["m", "k"], "mk"),
        node("Add", ["mk", "beta"], "b"),
        node("Add", ["xk", "b"], "n"),
      ],
    ],
    [
      "as (x − μ) / s · γ + β",
      [node("Div", ["d", "s"], "q"), node("Mul", ["q", "gamma"], "qg"), node("Add", ["qg", "beta"], "n")],
    ],
  ];
  const normalizing = (nodes: readonly MadeNode[]): MadeFile => ({
    input: [-1, 3, 1, 2],
    nodes: [node("Conv", ["images", "w"], "x"), ...moments, ...nodes, node("Flatten", ["n"], "y")],
    tensors: [
      tensor("w", [3, 3, 1, 1]),
      tensor("gamma", [1, 3, 1, 1], [0.5, -1, 2]),
      tensor("beta", [1, 3, 1, 1], [1, 0, -3]),
      tensor("epsilon", [], [0.001]),
    ],
  });
  for (const [how, nodes] of spellings)
    it(`has a layer normalization that is spelled out ${how}`, () => {
      const imported = made(normalizing(nodes));
      assert.deepEqual(types(imported.graph).slice(0, 2), ["conv2d", "layerNorm"]);
      const file = normalizing([
        node("Transpose", ["x"], "t", [ints("perm", 0, 2, 3, 1)]),
        node("LayerNormalization", ["t", "g", "b"], "l", [int("axis", -1), float("epsilon", 0.001)]),
        node("Transpose", ["l"], "n", [ints("perm", 0, 3, 1, 2)]),
      ]);
      const told = made({
        ...file,
        tensors: [...file.tensors!, tensor("g", [3], [0.5, -1, 2]), tensor("b", [3], [1, 0, -3])],
      });
      close(outputOf(imported), outputOf(told));
    });

  it("is refused for means over channels that are no layer normalization", () => {
    const nodes = [node("Div", ["x", "s"], "n")];
    assert.throws(() => made(normalizing(nodes)), /means over channels, which heddle has in a layer normal/);
  });

  it("may write a GELU with an operator that is TensorFlow's own", () => {
    const imported = made({
      input: [-1, 1, 2, 2],
      nodes: [
        node("Flatten", ["images"], "f"),
        node("MatMul", ["f", "w"], "x"),
        node("Mul", ["x", "less"], "a"),
        node("Erfc", ["a"], "b"),
        node("Mul", ["x", "half"], "c"),
        node("Mul", ["b", "c"], "y"),
      ],
      tensors: [tensor("w", [4, 4]), tensor("less", [], [-Math.SQRT1_2]), tensor("half", [], [0.5])],
    });
    assert.equal(imported.graph.nodes[2].layer.config().function, "gelu");
  });

  it("pools over all steps of a sequence", () => {
    const imported = made({
      input: [-1, 3, 2],
      nodes: [
        node("Relu", ["images"], "r"),
        node("Transpose", ["r"], "t", [ints("perm", 0, 2, 1)]),
        node("GlobalMaxPool", ["t"], "g"),
        node("Flatten", ["g"], "y"),
      ],
    });
    close(outputOf(imported), [Math.sin(2), Math.sin(1)]);
  });
});

const units = 2;
const kernels = { k: 7, r: 5 };
const matrix = (name: keyof typeof kernels): readonly number[] =>
  Array.from({ length: units * 3 * units }, (_, index) => Math.sin(kernels[name] * index + 1));
const bias = (by: number): readonly number[] => Array.from({ length: 6 }, (_, index) => Math.cos(by * index));
const turned = (values: readonly number[]): readonly number[] =>
  values.map((_, index) => values[(index % units) * 3 * units + Math.floor(index / units)]);

/** Images [3, 2] as a sequence [3, N, 2], what becomes of it, and the tensors of both ways to write that. */
const overRows = (...nodes: readonly MadeNode[]): MadeFile => ({
  input: [-1, 3, 2],
  nodes: [node("Transpose", ["images"], "sequence", [ints("perm", 1, 0, 2)]), ...nodes],
  tensors: [
    tensor("k", [2, 6], matrix("k")),
    tensor("r", [2, 6], matrix("r")),
    tensor("b", [6], bias(2)),
    tensor("c", [6], bias(3)),
    tensor("one", [], [1]),
    tensor("W", [1, 6, 2], turned(matrix("k"))),
    tensor("R", [1, 6, 2], turned(matrix("r"))),
    tensor("B", [1, 12], [...bias(2), ...bias(3)]),
    sizes("true", 1),
    sizes("steps", 3),
    sizes("units", units),
    sizes("first", 0),
    { ...sizes("zero", 0), dims: [] },
    { ...sizes("next", 1), dims: [] },
  ],
});

const parts = (input: string, names: readonly string[]): MadeNode => ({
  ...node("Split", [input], names[0], [int("axis", 1)]),
  output: [...names],
});

/** A loop over rows. @param candidate makes of `xn`, `hn` and `reset` what may be taken over, `n` */
function looped(output: "h_last" | "last", candidate: readonly MadeNode[], count = "steps"): MadeFile {
  const body = [
    node("Gather", ["sequence", "time"], "x", [int("axis", 0)]),
    node("MatMul", ["x", "k"], "xk"),
    node("Add", ["xk", "b"], "xb"),
    parts("xb", ["xz", "xr", "xn"]),
    node("MatMul", ["h", "r"], "hr"),
    node("Add", ["hr", "c"], "hb"),
    parts("hb", ["hz", "hrr", "hn"]),
    node("Add", ["xz", "hz"], "az"),
    node("Sigmoid", ["az"], "z"),
    node("Add", ["xr", "hrr"], "ar"),
    node("Sigmoid", ["ar"], "reset"),
    ...candidate,
    node("Sub", ["one", "z"], "fresh"),
    node("Mul", ["fresh", "n"], "fn"),
    node("Mul", ["z", "h"], "zh"),
    node("Add", ["zh", "fn"], "h_next"),
    node("Identity", ["h_next"], "h_scan"),
    node("Add", ["time", "next"], "time_next"),
    node("Less", ["time_next", "steps"], "goes_on"),
  ];
  const loop = node("Loop", [count, "true", "zero", "zeros"], "time_last", [
    graph("body", ["i", "was", "time", "h"], body, ["goes_on", "time_next", "h_next", "h_scan"]),
  ]);
  return overRows(
    node("Shape", ["images"], "s"),
    node("Gather", ["s", "first"], "batch"),
    node("Concat", ["batch", "units"], "sizes", [int("axis", 0)]),
    node("ConstantOfShape", ["sizes"], "zeros"),
    { ...loop, output: ["time_last", "h_last", "every"] },
    node("Gather", ["every", "minus"], "l", [int("axis", 0)]),
    node("Squeeze", ["l", "first"], "last"),
    node("Identity", [output], "y"),
  );
}

const behindProduct = [
  node("Mul", ["reset", "hn"], "rh"),
  node("Add", ["xn", "rh"], "an"),
  node("Tanh", ["an"], "n"),
];

describe("the last step of a recurrent layer", () => {
  const gruNode = {
    ...node("GRU", ["sequence", "W", "R", "B"], "every", [
      int("hidden_size", units),
      int("linear_before_reset", 1),
    ]),
    output: ["every", "last"],
  };
  const lastOf = (...between: readonly MadeNode[]): MadeFile => {
    const file = overRows(
      gruNode,
      node("Squeeze", ["every", "true"], "steps_out"),
      ...between,
      node("Gather", ["n", "minus"], "l", [int("axis", 0)]),
      node("Squeeze", ["l", "first"], "y"),
    );
    const more = [tensor("g", [2], [1.5, -0.5]), tensor("b2", [2], [0.1, 0.2]), sizes("minus", -1)];
    return { ...file, tensors: [...file.tensors!, ...more] };
  };
  const last = (): number[] => [
    ...outputOf(made(overRows(gruNode, node("Squeeze", ["last", "first"], "y")))),
  ];

  it("is taken of what stands behind it too: a normalization", () => {
    const norm = node("LayerNormalization", ["steps_out", "g", "b2"], "n", [
      int("axis", -1),
      float("epsilon", 0.001),
    ]);
    const imported = made(lastOf(norm));
    assert.ok(types(imported.graph).includes("layerNorm"), types(imported.graph).join());
    const [a, b] = last();
    const deviation = Math.sqrt(((a - b) / 2) ** 2 + 0.001);
    const unit = (a - b) / 2 / deviation;
    close(outputOf(imported), [1.5 * unit + 0.1, 0.5 * unit + 0.2]);
  });

  it("is taken of what stands behind it too: a sum, a number a channel", () => {
    const [a, b] = last();
    const sum = made(lastOf(node("Add", ["steps_out", "steps_out"], "n")));
    close(outputOf(sum), [2 * a, 2 * b]);
    const scaled = made(lastOf(node("Mul", ["steps_out", "g"], "n")));
    close(outputOf(scaled), [1.5 * a, -0.5 * b]);
    const settled = made(lastOf(node("Relu", ["steps_out"], "n")));
    close(outputOf(settled), [Math.max(a, 0), Math.max(b, 0)]);
  });
});

describe("a loop", () => {
  const withLast = (file: MadeFile): MadeFile => ({
    ...file,
    tensors: [...file.tensors!, sizes("minus", -1)],
  });

  it("reads what stands before it: a function of each value", () => {
    const file = withLast(looped("h_last", behindProduct));
    const [transpose, ...others] = file.nodes!;
    const nodes = [node("Relu", ["images"], "positive"), { ...transpose, input: ["positive"] }, ...others];
    const imported = made({ ...file, nodes });
    assert.deepEqual(types(imported.graph), ["activation", "reshape", "gru"]);
  });

  for (const output of ["h_last", "last"] as const)
    it(`that is a GRU over rows becomes one, read at ${output}`, () => {
      const imported = made(withLast(looped(output, behindProduct)));
      assert.deepEqual(types(imported.graph), ["reshape", "gru"]);
      const told = made(
        overRows(
          {
            ...node("GRU", ["sequence", "W", "R", "B"], "every", [
              int("hidden_size", units),
              int("linear_before_reset", 1),
            ]),
            output: ["every", "last"],
          },
          node("Squeeze", ["last", "first"], "y"),
        ),
      );
      close(outputOf(imported, 2), outputOf(told, 2));
    });

  const others: readonly (readonly [string, MadeFile])[] = [
    ["another step", looped("h_last", [node("Add", ["xn", "hn"], "an"), node("Tanh", ["an"], "n")])],
    ["fewer steps than its sequence has", looped("h_last", behindProduct, "units")],
    [
      "no body of its kind",
      overRows(node("Loop", ["steps", "true", "sequence"], "y", [graph("body", [], [], [])])),
    ],
  ];
  for (const [what, file] of others)
    it(`is refused with ${what}`, () => {
      assert.throws(() => made(withLast(file)), /\(Loop\).*those alone that are a GRU over a sequence/);
    });
});
