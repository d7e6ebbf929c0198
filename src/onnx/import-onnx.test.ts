import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeModel } from "../core/formats/model-file.js";
import { ImportError, type ImportedModel, importedModelFile, importOnnx } from "./index.js";
import { close, outputOf, types } from "./testing/imported.js";
import {
  float,
  int,
  ints,
  type MadeFile,
  node,
  onnxFile,
  sizes,
  smallFile,
  tensor,
  text,
} from "./testing/onnx-file.js";

const plain = { normalization: "zero-to-one" } as const;

const made = (file: MadeFile): ImportedModel => importOnnx(onnxFile(file), plain);

/** Images [2, 2] of one channel, channel by channel: four values that a dense layer passes through. */
const passing = tensor("w", [4, 4], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
const four = [0, 1, 2, 3].map(Math.sin);

/** One function of each value, between two layers that pass them on. */
const ofValues = (...nodes: readonly ReturnType<typeof node>[]): MadeFile => ({
  input: [-1, 1, 2, 2],
  nodes: [node("Flatten", ["images"], "flat"), node("MatMul", ["flat", "w"], "x"), ...nodes],
  tensors: [
    passing,
    ...["half", "one", "root", "three", "six"].map((name) =>
      tensor(name, [], [{ half: 0.5, one: 1, root: Math.SQRT2, three: 3, six: 6 }[name]!]),
    ),
  ],
});

/** Four channels as r, and with the middle two in each other's place as c. */
const shuffle = {
  input: [-1, 4, 1, 1],
  nodes: [
    node("Relu", ["images"], "r"),
    node("Reshape", ["r", "parts"], "a"),
    node("Transpose", ["a"], "b", [ints("perm", 0, 2, 1, 3, 4)]),
    node("Reshape", ["b", "whole"], "c"),
  ],
  tensors: [sizes("parts", 0, 2, 2, 1, 1), sizes("whole", 0, 4, 1, 1)],
};

describe("an ONNX file", () => {
  it("becomes heddle's layers, and a model file", () => {
    const imported = importOnnx(smallFile(), { ...plain, classNames: ["a", "b", "c"] });
    assert.deepEqual(types(imported.graph), [
      "conv2d",
      "batchNorm",
      "activation",
      "zeroPad2d",
      "maxPool2d",
      "reshape",
      "dense",
    ]);
    assert.deepEqual(imported.graph.inputShape, [6, 5, 2]);
    const contents = decodeModel(importedModelFile(imported), "model");
    assert.deepEqual(contents.classNames, ["a", "b", "c"]);
    assert.deepEqual(contents.layers.map(({ name }) => name).slice(0, 2), ["conv", "bn"]);
    assert.equal(imported.report.producer, "a test");
    assert.deepEqual(imported.report.input, { name: "images", dims: [-1, 2, 6, 5] });
  });

  it("has a dense layer's rows where heddle's flatten puts the pixels", () => {
    // Four channels of a pixel each and an image of two channels: rows by channel there, by pixel here.
    const rows = Array.from({ length: 16 }, (_, index) => (index % 5 === 0 ? 1 : 0));
    const imported = made({
      input: [-1, 2, 1, 2],
      nodes: [node("Flatten", ["images"], "f"), node("MatMul", ["f", "w"], "y")],
      tensors: [tensor("w", [4, 4], rows)],
    });
    close(outputOf(imported), [0, 2, 1, 3].map(Math.sin));
  });

  it("adds a number once to what is split afterwards", () => {
    const parts = { ...node("Split", ["z"], "a", [int("axis", 1)]), output: ["a", "b"] };
    const imported = made({
      input: [-1, 1, 2, 2],
      nodes: [
        node("Flatten", ["images"], "flat"),
        node("MatMul", ["flat", "w"], "x"),
        node("Add", ["x", "half"], "z"),
        parts,
        node("Concat", ["b", "a"], "y", [int("axis", 1)]),
      ],
      tensors: [passing, tensor("half", [], [0.5])],
    });
    close(
      outputOf(imported),
      [2, 3, 0, 1].map((index) => Math.sin(index) + 0.5),
    );
  });

  it("counts with whole numbers as such, and with truths as such", () => {
    const sliced = (first: readonly ReturnType<typeof node>[]): MadeFile => ({
      input: [-1, 1, 2, 2],
      nodes: [
        node("Flatten", ["images"], "flat"),
        node("MatMul", ["flat", "w"], "x"),
        ...first,
        node("Slice", ["x", "starts", "end", "axis"], "y"),
      ],
      tensors: [
        passing,
        sizes("five", -5),
        sizes("two", 2),
        sizes("end", 4),
        sizes("axis", 1),
        sizes("zero", 0),
      ],
    });
    const halved = [node("Abs", ["five"], "p"), node("Div", ["p", "two"], "starts")];
    close(outputOf(made(sliced(halved))), [2, 3].map(Math.sin));
    // Of −5 a truth is 1.
    const truth = [
      node("Cast", ["five"], "p", [int("to", 9)]),
      node("Cast", ["p"], "starts", [int("to", 7)]),
    ];
    close(outputOf(made(sliced(truth))), [1, 2, 3].map(Math.sin));
  });

  it("takes means of bytes for such, where nothing else says so", () => {
    const centred = importOnnx(
      onnxFile({
        input: [-1, 1, 2, 2],
        nodes: [
          node("Sub", ["images", "mean"], "z"),
          node("Flatten", ["z"], "f"),
          node("MatMul", ["f", "w"], "y"),
        ],
        tensors: [passing, tensor("mean", [], [116])],
      }),
    );
    assert.deepEqual(centred.normalization, { mean: [116 / 255], deviation: [1 / 255] });
    assert.match(centred.report.notes.join(), /taken to be for bytes, 0 … 255/);
  });

  const spelled: readonly (readonly [string, MadeFile, readonly string[], (x: number) => number])[] = [
    [
      "GELU",
      ofValues(
        node("Div", ["x", "root"], "a"),
        node("Erf", ["a"], "b"),
        node("Add", ["b", "one"], "c"),
        node("Mul", ["x", "c"], "d"),
        node("Mul", ["d", "half"], "y"),
      ),
      ["activation"],
      (x) => [0, 0.7078609817371415, 0.8677005189613393, 0.07937537][four.indexOf(x)],
    ],
    [
      "hard swish",
      ofValues(
        node("Add", ["x", "three"], "a"),
        node("Clip", ["a", "", "six"], "b"),
        node("Max", ["b", "zero"], "b2"),
        node("Mul", ["x", "b2"], "c"),
        node("Div", ["c", "six"], "y"),
      ),
      ["activation"],
      (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
    ],
    [
      "SiLU",
      ofValues(node("Sigmoid", ["x"], "a"), node("Mul", ["x", "a"], "y")),
      ["activation"],
      (x) => x / (1 + Math.exp(-x)),
    ],
    [
      "a clip to one",
      ofValues(node("Clip", ["x", "zero", "one"], "y")),
      ["scale", "activation", "scale"],
      (x) => Math.min(Math.max(x, 0), 1),
    ],
    ["HardSigmoid", ofValues(node("HardSigmoid", ["x"], "y")), [], (x) => 0.2 * x + 0.5],
    ["a number less", ofValues(node("Sub", ["one", "x"], "y")), [], (x) => 1 - x],
    [
      "a value and its square",
      ofValues(node("Mul", ["x", "x"], "a"), node("Add", ["x", "a"], "y")),
      ["multiply", "add"],
      (x) => x + x * x,
    ],
  ];
  for (const [what, file, wanted, f] of spelled)
    it(`that spells out ${what} has what computes it`, () => {
      const zero = tensor("zero", [], [0]);
      const imported = made({ ...file, tensors: [...file.tensors!, zero] });
      if (wanted.length > 0) assert.deepEqual(types(imported.graph).slice(2), wanted);
      if (what !== "GELU") close(outputOf(imported), four.map(f));
      else assert.equal(imported.graph.nodes[2].layer.config().function, "gelu");
    });

  it("that adds a value to itself has a layer for it, which rounds as the file does", () => {
    const thrice = made(ofValues(node("Add", ["x", "x"], "a"), node("Add", ["a", "x"], "y")));
    assert.deepEqual(types(thrice.graph).slice(2), ["add", "add"]);
  });

  it("that reads its images beside twice their numbers has a layer for those", () => {
    const both = made({
      input: [-1, 1, 2, 2],
      nodes: [
        node("Mul", ["images", "a"], "m"),
        node("Add", ["images", "m"], "s"),
        node("Flatten", ["s"], "y"),
      ],
      tensors: [tensor("a", [], [2])],
    });
    close(
      outputOf(both),
      four.map((x) => 3 * x),
    );
  });

  it("cuts axes anew where its order is heddle's, and says where it is not", () => {
    const cut = (...perm: readonly number[]): MadeFile => ({
      input: [-1, 2, 2, 3],
      nodes: [
        node("Transpose", ["images"], "t", [ints("perm", ...perm)]),
        node("Reshape", ["t", "to"], "r"),
        node("ReduceMax", ["r"], "y", [ints("axes", 1), int("keepdims", 0)]),
      ],
      tensors: [sizes("to", 0, 3, 4)],
    });
    const images = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(Math.sin);
    const largest = [0, 1, 2, 3].map((column) => Math.max(...[0, 4, 8].map((row) => images[row + column])));
    close(outputOf(made(cut(0, 2, 3, 1))), largest);
    assert.throws(() => made(cut(0, 1, 3, 2)), /it cuts axes where they have no seam/);
  });

  it("keeps a clip however high it is, and refuses one that no layer has", () => {
    const clipped = (least: number, most: number): MadeFile => ({
      input: [-1, 1, 2, 2],
      opset: 6,
      nodes: [
        node("Flatten", ["images"], "x"),
        node("MatMul", ["x", "w"], "a"),
        node("Clip", ["a"], "y", [float("min", least), float("max", most)]),
      ],
      tensors: [tensor("w", [4, 4])],
    });
    for (const most of [20, 100, 1000])
      assert.deepEqual(types(made(clipped(0, most)).graph), [
        "reshape",
        "dense",
        "scale",
        "activation",
        "scale",
      ]);
    assert.throws(() => made(clipped(-20, 20)), /Clip/);
  });

  it("is read by the rules of its own version", () => {
    const axis = made({
      input: [-1, 2, 1, 2],
      opset: 6,
      nodes: [
        node("Add", ["images", "shift"], "a", [int("axis", 1), int("broadcast", 1)]),
        node("Clip", ["a"], "b", [float("min", 0), float("max", 6)]),
        node("GlobalAveragePool", ["b"], "g"),
        node("Squeeze", ["g"], "y", [ints("axes", 2, 3)]),
      ],
      tensors: [tensor("shift", [2], [1, -10])],
    });
    // An addition to the images is part of how they enter.
    assert.deepEqual(axis.normalization, { mean: [-1, 10], deviation: [1, 1] });
    assert.deepEqual(types(axis.graph), ["activation", "globalAveragePool2d"]);
    assert.throws(
      () => made({ nodes: [node("Relu", ["images"], "y")], opset: 3 }),
      /version 3 of ONNX's operators, where 6 to/,
    );
  });

  it("may work its shapes out of the batch size that it will get", () => {
    const imported = made({
      input: [-1, 1, 2, 2],
      nodes: [
        node("Shape", ["images"], "s"),
        node("Gather", ["s", "first"], "n"),
        node("Concat", ["n", "rest"], "to", [int("axis", 0)]),
        node("Reshape", ["images", "to"], "f"),
        node("MatMul", ["f", "w"], "y"),
      ],
      tensors: [passing, sizes("first", 0), sizes("rest", -1)],
    });
    close(outputOf(imported), four);
  });

  it("changes channels' places by a convolution of ones and zeros", () => {
    const imported = made({
      ...shuffle,
      nodes: [...shuffle.nodes, node("GlobalMaxPool", ["c"], "d"), node("Flatten", ["d"], "y")],
    });
    close(
      outputOf(imported),
      [0, 2, 1, 3].map((index) => Math.max(Math.sin(index), 0)),
    );
    assert.match(imported.report.notes.join(), /convolutions of ones and zeros/);
  });

  describe("that joins an image's flattened values", () => {
    const whole = tensor(
      "w",
      [8, 8],
      Array.from({ length: 64 }, (_, index) => Number(index % 9 === 0)),
    );
    /** relu(x), its values as the file has them, channel by channel. */
    const values = [0, 2, 4, 6, 1, 3, 5, 7].map((index) => Math.max(Math.sin(index), 0));
    const joined = (operator: string, ...read: readonly string[]) =>
      made({
        input: [-1, 2, 2, 2],
        nodes: [
          node("Relu", ["images"], "r"),
          node("Flatten", ["r"], "f"),
          node("MatMul", ["f", "w"], "g"),
          node("MatMul", ["f", "w"], "h"),
          node(operator, read, "y"),
        ],
        tensors: [whole],
      });

    for (const read of [
      ["f", "g"],
      ["g", "f"],
      ["g", "h"],
    ])
      it(`with what comes of them, each with its own: ${read.join(" and ")}`, () => {
        close(
          outputOf(joined("Add", ...read)),
          values.map((x) => 2 * x),
        );
        close(
          outputOf(joined("Mul", ...read)),
          values.map((x) => x * x),
        );
        close(
          outputOf(joined("Sub", ...read)),
          values.map(() => 0),
        );
      });

    it("where channels have changed places", () => {
      const shuffled = (...read: readonly string[]) =>
        made({
          ...shuffle,
          nodes: [...shuffle.nodes, node("Add", read, "s"), node("Flatten", ["s"], "y")],
        });
      const plainly = four.map((x) => Math.max(x, 0));
      const sums = [0, 2, 1, 3].map((from, index) => plainly[from] + plainly[index]);
      close(outputOf(shuffled("r", "c")), sums);
      close(outputOf(shuffled("c", "r")), sums);
    });
  });

  it("keeps a factor that is nearly one", () => {
    const near = made({
      ...ofValues(node("Mul", ["x", "near"], "y")),
      tensors: [passing, tensor("near", [], [1.000001])],
    });
    assert.equal(near.graph.nodes.at(-1)?.layer.config().factor, Math.fround(1.000001));
  });

  it("ends in logits, whatever is behind them", () => {
    const ends = (...nodes: readonly ReturnType<typeof node>[]) => made(ofValues(...nodes));
    const softmax = ends(node("Softmax", ["x"], "p"), node("Identity", ["p"], "y"));
    close(outputOf(softmax), four);
    assert.equal(softmax.loss, "crossEntropy");
    const labels = ends(node("Sigmoid", ["x"], "y"));
    assert.equal(labels.loss, "binaryCrossEntropy");
    close(outputOf(labels), four);
    const two = made({
      input: [-1, 1, 2, 2],
      nodes: [
        node("Flatten", ["images"], "f"),
        node("Gemm", ["f", "w", "b"], "z"),
        node("Sigmoid", ["z"], "y"),
      ],
      tensors: [tensor("w", [4, 1], [1, 0, 0, 0]), tensor("b", [1], [2])],
    });
    close(outputOf(two), [0, 2]);
    assert.throws(
      () => ends(node("Softmax", ["x"], "p"), node("MatMul", ["p", "w"], "y")),
      /"y_node" \(MatMul\).*reads a softmax/,
    );
  });

  it("may scale its images itself", () => {
    const scaled = (divisor: number) =>
      importOnnx(
        onnxFile({
          input: [-1, 1, 2, 2],
          nodes: [
            node("Div", ["images", "d"], "a"),
            node("Sub", ["a", "m"], "b"),
            node("Flatten", ["b"], "f"),
            node("MatMul", ["f", "w"], "y"),
          ],
          tensors: [passing, tensor("d", [], [divisor]), tensor("m", [], [0.5])],
        }),
      );
    assert.deepEqual(scaled(0.25).normalization, { mean: [0.125], deviation: [0.25] });
    const bytes = scaled(255);
    assert.ok(
      Math.abs(bytes.normalization.mean[0] - 0.5) < 1e-7 &&
        Math.abs(bytes.normalization.deviation[0] - 1) < 1e-7,
    );
    assert.match(bytes.report.notes[0], /bytes, 0 … 255/);
  });

  it("asks for what nothing in it says", () => {
    assert.throws(
      () => importOnnx(smallFile()),
      (error) =>
        error instanceof ImportError &&
        error.code === "normalization" &&
        /how pixels enter/.test(error.message),
    );
    const open = onnxFile({ input: [-1, 3, -1, -1], nodes: [node("GlobalMaxPool", ["images"], "y")] });
    assert.throws(
      () => importOnnx(open, plain),
      (error) =>
        error instanceof ImportError && error.code === "imageSize" && /\[N, 3, \?, \?\]/.test(error.message),
    );
    assert.deepEqual(importOnnx(open, { ...plain, imageSize: [4, 5] }).graph.inputShape, [4, 5, 3]);
    assert.throws(() => importOnnx(smallFile(), { ...plain, imageSize: 9 }), /not of 9 × 9 pixels/);
    assert.throws(
      () => importOnnx(smallFile(), { ...plain, classNames: ["a"] }),
      /has 1 name, but .* tells 3 classes apart/,
    );
    assert.throws(
      () => importOnnx(smallFile(), { normalisation: "imagenet" } as never),
      /did you mean normalization/i,
    );
    assert.throws(() => importOnnx("x" as never), /bytes/);
  });

  const refused: readonly (readonly [string, MadeFile, RegExp])[] = [
    [
      "an operator that is none of heddle's",
      { nodes: [node("LRN", ["images"], "y", [int("size", 5)])] },
      /"y_node" \(LRN\).*none of heddle's layers does/,
    ],
    [
      "a pool that pads what may be below zero",
      { nodes: [node("MaxPool", ["images"], "y", [ints("kernel_shape", 3, 3), ints("pads", 1, 1, 1, 1)])] },
      /behind a ReLU it could be taken/,
    ],
    [
      "a mean without the padding",
      {
        nodes: [node("AveragePool", ["images"], "y", [ints("kernel_shape", 3, 3), ints("pads", 1, 1, 1, 1)])],
      },
      /count_include_pad = 0/,
    ],
    [
      "a transpose that nothing cancels",
      {
        nodes: [
          node("Transpose", ["images"], "t", [ints("perm", 0, 2, 1, 3)]),
          node("Conv", ["t", "w"], "y"),
        ],
        tensors: [tensor("w", [1, 6, 1, 1])],
      },
      /another order than heddle computes it in.*transposes/,
    ],
    [
      "an attribute that is not known",
      { nodes: [node("Relu", ["images"], "y", [int("fancy", 1)])] },
      /attribute "fancy" is not known/,
    ],
    [
      "two tensors multiplied",
      { nodes: [node("Flatten", ["images"], "f"), node("MatMul", ["f", "f"], "y")] },
      /two tensors that both depend on the images/,
    ],
    [
      "padding by another number",
      {
        nodes: [node("Pad", ["images", "p", "v"], "y")],
        tensors: [sizes("p", 0, 0, 1, 1, 0, 0, 1, 1), tensor("v", [], [2])],
      },
      /pads with 2/,
    ],
    [
      "reflections",
      {
        nodes: [node("Pad", ["images", "p"], "y", [text("mode", "reflect")])],
        tensors: [sizes("p", 0, 0, 1, 1, 0, 0, 1, 1)],
      },
      /mode is "reflect"/,
    ],
    [
      "an output that is an image",
      { nodes: [node("Relu", ["images"], "y")] },
      /\[N, 2, 6, 5\], where a classifier gives one number a class/,
    ],
    [
      "images under two scales",
      {
        input: [-1, 1, 2, 2],
        nodes: [
          node("Identity", ["images"], "i"),
          node("Mul", ["i", "a"], "m"),
          node("Add", ["images", "m"], "s"),
          node("Flatten", ["s"], "y"),
        ],
        tensors: [tensor("a", [], [2])],
      },
      /more than one scale/,
    ],
    [
      "a gate of means over channels",
      ofValues(
        node("ReduceMean", ["x"], "m", [ints("axes", 1), int("keepdims", 1)]),
        node("Sub", ["x", "m"], "d"),
        node("Sigmoid", ["x"], "s"),
        node("Mul", ["s", "d"], "y"),
      ),
      /means over channels/,
    ],
    [
      "a choice between means over channels",
      ofValues(
        node("ReduceMean", ["x"], "m", [ints("axes", 1), int("keepdims", 1)]),
        node("Sub", ["x", "m"], "d"),
        node("Greater", ["x", "half"], "c"),
        node("Where", ["c", "d", "x"], "y"),
      ),
      /chooses between values of different tensors/,
    ],
    [
      "a softmax that is cut anew",
      {
        input: [-1, 5, 3, 2],
        nodes: [
          node("Flatten", ["images"], "f"),
          node("Softmax", ["f"], "s", [int("axis", -1)]),
          node("Reshape", ["s", "to"], "r"),
          node("ReduceMax", ["r"], "y", [ints("axes", 1), int("keepdims", 0)]),
        ],
        tensors: [sizes("to", 0, 2, 15)],
      },
      /it reads a softmax, which heddle has at a model's end alone/,
    ],
    ...[2, 5].map(
      (count) =>
        [
          `a bias of ${count} numbers for four units`,
          {
            input: [-1, 1, 2, 2],
            nodes: [node("Flatten", ["images"], "f"), node("Gemm", ["f", "w", "b"], "y")],
            tensors: [passing, tensor("b", [count])],
          },
          new RegExp(`its bias has ${count} numbers for 4 units`),
        ] as const,
    ),
    [
      "a constant of equal numbers that would make more of one",
      {
        input: [-1, 1, 2, 2],
        nodes: [
          node("Flatten", ["images"], "f"),
          node("MatMul", ["f", "w"], "z"),
          node("Add", ["z", "c"], "y"),
        ],
        tensors: [tensor("w", [4, 1], [1, 0, 0, 0]), tensor("c", [3], [1, 1, 1])],
      },
      /a constant \[3\] is larger than \[1\] of each image/,
    ],
  ];
  for (const [what, file, words] of refused)
    it(`is refused for ${what}`, () => {
      assert.throws(() => made(file), words);
    });
});
