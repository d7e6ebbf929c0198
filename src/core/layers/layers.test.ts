import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError, UsageError } from "../errors.js";
import { describeLayer } from "./describe.js";
import * as factories from "./factories.js";
import {
  activation,
  add,
  averagePool2d,
  batchNorm,
  bilstm,
  concatenate,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  globalAveragePool2d,
  globalMaxPool2d,
  gru,
  input,
  isLayer,
  type Layer,
  layerFromConfig,
  layerNorm,
  layerTypes,
  lstm,
  maxPool2d,
  multiply,
  type Padding,
  reshape,
  type Shape,
  scale,
  zeroPad2d,
} from "./index.js";

interface Example {
  readonly layer: Layer;
  readonly input: Shape;
  /** Those of a joining layer beside the first. */
  readonly others?: readonly Shape[];
  readonly output: Shape;
  /** Name and shape of each tensor. */
  readonly parameters?: Readonly<Record<string, Shape>>;
  readonly multiplyAdds?: number;
}

const direction = (prefix: string, features: number, units: number) => ({
  [`${prefix}kernel`]: [features, 4 * units],
  [`${prefix}recurrentKernel`]: [units, 4 * units],
  [`${prefix}bias`]: [4 * units],
});

const examples: readonly Example[] = [
  {
    layer: conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
    input: [28, 28, 1],
    output: [26, 26, 32],
    parameters: { kernel: [3, 3, 1, 32], bias: [32] },
    multiplyAdds: 26 * 26 * 32 * 9,
  },
  {
    layer: conv2d({ filters: 5, kernelSize: [2, 5], strides: [3, 2], padding: "same" }),
    input: [7, 9, 3],
    output: [3, 5, 5],
    parameters: { kernel: [2, 5, 3, 5], bias: [5] },
    multiplyAdds: 3 * 5 * 5 * 2 * 5 * 3,
  },
  {
    layer: conv2d({ filters: 4, kernelSize: 1, useBias: false }),
    input: [3, 3, 2],
    output: [3, 3, 4],
    parameters: { kernel: [1, 1, 2, 4] },
    multiplyAdds: 9 * 4 * 2,
  },
  {
    layer: dense({ units: 4, useBias: false }),
    input: [3],
    output: [4],
    parameters: { kernel: [3, 4] },
    multiplyAdds: 12,
  },
  {
    layer: conv2d({ filters: 2, kernelSize: 3, strides: [1, 2], padding: { top: 2, right: 3 } }),
    input: [4, 5, 1],
    output: [4, 3, 2],
    parameters: { kernel: [3, 3, 1, 2], bias: [2] },
    multiplyAdds: 4 * 3 * 2 * 9,
  },
  {
    layer: conv2d({ filters: 2, kernelSize: 3, dilation: [2, 1], padding: "same" }),
    input: [7, 5, 3],
    output: [7, 5, 2],
    parameters: { kernel: [3, 3, 3, 2], bias: [2] },
    multiplyAdds: 7 * 5 * 2 * 27,
  },
  {
    layer: conv2d({ filters: 2, kernelSize: [3, 2], dilation: 3, strides: 2 }),
    input: [9, 8, 1],
    output: [2, 3, 2],
    parameters: { kernel: [3, 2, 1, 2], bias: [2] },
    multiplyAdds: 2 * 3 * 2 * 6,
  },
  {
    layer: conv2d({ filters: 4, kernelSize: 3, groups: 2, padding: "same" }),
    input: [5, 5, 6],
    output: [5, 5, 4],
    parameters: { kernel: [3, 3, 3, 4], bias: [4] },
    multiplyAdds: 25 * 4 * 9 * 3,
  },
  { layer: zeroPad2d({ padding: [1, 2] }), input: [4, 5, 3], output: [6, 9, 3] },
  { layer: zeroPad2d({ padding: { bottom: 1, left: 4 } }), input: [4, 5, 3], output: [5, 9, 3] },
  {
    layer: depthwiseConv2d({ kernelSize: [3, 2], strides: 2, padding: "same" }),
    input: [5, 7, 6],
    output: [3, 4, 6],
    parameters: { kernel: [3, 2, 6, 1], bias: [6] },
    multiplyAdds: 3 * 4 * 6 * 6,
  },
  {
    layer: depthwiseConv2d({ kernelSize: 3, padding: { top: 1 }, depthMultiplier: 2, useBias: false }),
    input: [5, 7, 3],
    output: [4, 5, 6],
    parameters: { kernel: [3, 3, 3, 2] },
    multiplyAdds: 4 * 5 * 6 * 9,
  },
  {
    layer: depthwiseConv2d({ kernelSize: [3, 2], dilation: [2, 3], strides: 2 }),
    input: [9, 8, 3],
    output: [3, 3, 3],
    parameters: { kernel: [3, 2, 3, 1], bias: [3] },
    multiplyAdds: 3 * 3 * 3 * 6,
  },
  { layer: maxPool2d(), input: [13, 12, 4], output: [6, 6, 4] },
  { layer: maxPool2d({ poolSize: 3, strides: [1, 2] }), input: [5, 7, 2], output: [3, 3, 2] },
  { layer: averagePool2d({ poolSize: [2, 3] }), input: [5, 7, 2], output: [2, 2, 2] },
  {
    layer: dense({ units: 10, activation: "tanh" }),
    input: [84],
    output: [10],
    parameters: { kernel: [84, 10], bias: [10] },
    multiplyAdds: 840,
  },
  { layer: flatten(), input: [5, 5, 64], output: [1600] },
  { layer: reshape({ targetShape: [28, 28] }), input: [28, 28, 1], output: [28, 28] },
  { layer: globalAveragePool2d(), input: [5, 4, 3], output: [3] },
  {
    layer: batchNorm({ momentum: 0.9 }),
    input: [5, 4, 3],
    output: [5, 4, 3],
    parameters: { gamma: [3], beta: [3], runningMean: [3], runningVariance: [3] },
  },
  {
    layer: layerNorm({ epsilon: 1e-5 }),
    input: [5, 4, 3],
    output: [5, 4, 3],
    parameters: { gamma: [3], beta: [3] },
  },
  { layer: layerNorm(), input: [7], output: [7], parameters: { gamma: [7], beta: [7] } },
  { layer: add(), input: [2, 3], others: [[2, 3]], output: [2, 3] },
  {
    layer: multiply(),
    input: [4],
    others: [
      [2, 3, 4],
      [1, 1, 4],
    ],
    output: [2, 3, 4],
  },
  { layer: concatenate(), input: [2, 3, 4], others: [[2, 3, 1]], output: [2, 3, 5] },
  { layer: globalMaxPool2d(), input: [5, 4, 3], output: [3] },
  { layer: scale(0.5), input: [10], output: [10] },
  { layer: activation({ function: "leakyRelu", negativeSlope: 0.2 }), input: [3], output: [3] },
  {
    layer: dense({ units: 2, kernelInitializer: "heNormal" }),
    input: [3],
    output: [2],
    parameters: { kernel: [3, 2], bias: [2] },
    multiplyAdds: 6,
  },
  { layer: dropout(0.25), input: [3, 4, 5], output: [3, 4, 5] },
  { layer: activation("sigmoid"), input: [3, 4], output: [3, 4] },
  {
    layer: lstm({ units: 128 }),
    input: [28, 28],
    output: [128],
    parameters: direction("", 28, 128),
    multiplyAdds: 28 * (28 + 128) * 4 * 128,
  },
  {
    layer: lstm({ units: 3, returnSequences: true }),
    input: [5, 2],
    output: [5, 3],
    parameters: direction("", 2, 3),
    multiplyAdds: 5 * (2 + 3) * 4 * 3,
  },
  ...[
    { layer: gru({ units: 3 }), output: [3] },
    { layer: gru({ units: 3, returnSequences: true }), output: [5, 3] },
  ].map((example) => ({
    ...example,
    input: [5, 2],
    parameters: { kernel: [2, 9], recurrentKernel: [3, 9], bias: [9], recurrentBias: [9] },
    multiplyAdds: 5 * (2 + 3) * 9,
  })),
  {
    layer: bilstm({ units: 3 }),
    input: [5, 2],
    output: [6],
    parameters: { ...direction("forward.", 2, 3), ...direction("backward.", 2, 3) },
    multiplyAdds: 2 * 5 * (2 + 3) * 4 * 3,
  },
  {
    layer: bilstm({ units: 3, returnSequences: true }),
    input: [5, 2],
    output: [5, 6],
    parameters: { ...direction("forward.", 2, 3), ...direction("backward.", 2, 3) },
    multiplyAdds: 2 * 5 * (2 + 3) * 4 * 3,
  },
];

describe("every layer", () => {
  it("is among the examples", () => {
    assert.deepEqual(new Set(examples.map(({ layer }) => layer.type)), new Set(layerTypes));
  });

  for (const { layer, input, others = [], output, parameters = {}, multiplyAdds = 0 } of examples) {
    it(`infers shapes: ${JSON.stringify(layer.config())}`, () => {
      assert.deepEqual(layer.outputShape(input, ...others), output);
      const shapes = layer.tensors(input, ...others).map(({ name, shape }) => [name, shape]);
      assert.deepEqual(shapes, Object.entries(parameters));
      assert.equal(layer.multiplyAdds(input, ...others), multiplyAdds);
    });

    it(`is made again from a file: ${layer.type}`, () => {
      const named = layer.withName("some-name_1");
      assert.equal(named.name, "some-name_1");
      const again = layerFromConfig(JSON.parse(JSON.stringify(named.config())));
      assert.deepEqual(again.config(), named.config());
      assert.deepEqual({ ...again.config(), name: "" }, layer.config());
    });
  }
});

describe("defaults", () => {
  it("are filled in", () => {
    const layer = conv2d({ filters: 2, kernelSize: 3 });
    const { kernelSize, strides, padding, activation: name } = layer.options;
    assert.deepEqual([kernelSize, strides, padding, name], [[3, 3], [1, 1], "valid", "linear"]);
    assert.deepEqual(maxPool2d({ poolSize: [3, 2] }).options.strides, [3, 2]);
    assert.equal(lstm({ units: 1 }).options.returnSequences, false);
  });

  it("padding is written side by side", () => {
    const sides = (padding: Padding) => conv2d({ filters: 1, kernelSize: 1, padding }).options.padding;
    assert.equal(sides("same"), "same");
    assert.deepEqual(sides(2), { top: 2, bottom: 2, left: 2, right: 2 });
    assert.deepEqual(sides([1, 0]), { top: 1, bottom: 1, left: 0, right: 0 });
    assert.deepEqual(sides({ left: 3 }), { top: 0, bottom: 0, left: 3, right: 0 });
  });
});

describe("options that say what is usual", () => {
  it("stand in no file", () => {
    assert.deepEqual(
      conv2d({ filters: 2, kernelSize: 3, useBias: true, dilation: [1, 1], groups: 1 }).config(),
      conv2d({ filters: 2, kernelSize: 3 }).config(),
    );
    assert.deepEqual(dense({ units: 2, useBias: true }).config(), dense({ units: 2 }).config());
    assert.deepEqual(
      depthwiseConv2d({ kernelSize: 3, useBias: true, dilation: 1 }).config(),
      depthwiseConv2d({ kernelSize: 3 }).config(),
    );
    assert.ok(!("useBias" in dense({ units: 2 }).config()));
  });
});

describe("impossible options", () => {
  const wrong: readonly [string, () => unknown, RegExp][] = [
    [
      "no filters",
      () => conv2d({ filters: 0, kernelSize: 3 }),
      /filters must be a whole number of 1 or more, but is 0/,
    ],
    [
      "a kernel of three sizes",
      () => conv2d({ filters: 1, kernelSize: [3, 3, 3] as never }),
      /kernelSize.*\[3, 3, 3\]/,
    ],
    ["half a stride", () => conv2d({ filters: 1, kernelSize: 3, strides: 0.5 }), /strides.*0\.5/],
    [
      "unknown padding",
      () => conv2d({ filters: 1, kernelSize: 3, padding: "full" as never }),
      /"valid", "same".*"full"/,
    ],
    [
      "padding of three numbers",
      () => conv2d({ filters: 1, kernelSize: 3, padding: [1, 2, 3] as never }),
      /padding must be a whole number of 0 or more, two of them as .*, or \{ top.*but is \[1, 2, 3\]/,
    ],
    [
      "padding below zero",
      () => zeroPad2d({ padding: { top: -1 } }),
      /zeroPad2d: padding\.top must be a whole number of 0 or more, but is -1/,
    ],
    [
      "a misspelt side",
      () => conv2d({ filters: 1, kernelSize: 3, padding: { rigth: 1 } as never }),
      /conv2d: padding has no option "rigth". Did you mean right/,
    ],
    [
      "a multiplier of nothing",
      () => depthwiseConv2d({ kernelSize: 3, depthMultiplier: 0 }),
      /depthwiseConv2d: depthMultiplier must be a whole number of 1 or more, but is 0/,
    ],
    [
      "filters of a depthwise convolution",
      () => depthwiseConv2d({ kernelSize: 3, filters: 8 } as never),
      /depthwiseConv2d has no option "filters"/,
    ],
    [
      "groups that don't divide the filters",
      () => conv2d({ filters: 10, kernelSize: 3, groups: 4 }),
      /conv2d: filters must be a multiple of groups, but 10 in 4 groups leave a remainder of 2\./,
    ],
    [
      "no dilation",
      () => conv2d({ filters: 1, kernelSize: 3, dilation: 0 }),
      /conv2d: dilation must be .* 0\./,
    ],
    ["no padding", () => zeroPad2d({} as never), /zeroPad2d: padding must be .*nothing/],
    [
      "a misspelt option",
      () => conv2d({ filters: 1, kernelSize: 3, stride: 2 } as never),
      /no option "stride".*strides/,
    ],
    [
      "a number for options",
      () => dense(32 as never),
      /takes an object of options.*32\. Such as dense\(\{ units: 10 \}\)\.$/,
    ],
    ["a pool of NaN", () => maxPool2d({ poolSize: Number.NaN }), /maxPool2d: poolSize.*NaN/],
    ["no units", () => dense({} as never), /dense: units.*nothing/],
    ["an unknown activation", () => dense({ units: 1, activation: "swish" as never }), /silu.*"swish"/],
    [
      "a slope of another function",
      () => activation({ function: "relu", negativeSlope: 0.1 }),
      /negativeSlope belongs to "leakyRelu", but the function is "relu"/,
    ],
    [
      "an unknown initializer",
      () => dense({ units: 1, kernelInitializer: "he" as never }),
      /kernelInitializer must be one of "glorotUniform".*"he"/,
    ],
    [
      "a bias that is a number",
      () => conv2d({ filters: 1, kernelSize: 1, useBias: 0 as never }),
      /conv2d: useBias must be true or false, but is 0/,
    ],
    ["an empty target", () => reshape({ targetShape: [] }), /targetShape must be a list of sizes.*\[\]/],
    ["a negative target", () => reshape({ targetShape: [28, -1] }), /each size of targetShape.*-1/],
    ["dropping everything", () => dropout(1), /rate must be a number from 0 up to, not including, 1.*is 1/],
    ["dropping NaN", () => dropout({ rate: Number.NaN }), /rate.*NaN/],
    ["an unknown function", () => activation("swosh" as never), /function must be one of.*"swosh"/],
    [
      "what a model's end has of itself",
      () => activation("softmax" as never),
      /"softmax"\. Leave it out: models end in logits/,
    ],
    [
      "the same in a layer",
      () => dense({ units: 2, activation: "softmax" as never }),
      /"softmax"\. Leave it out: models end in logits/,
    ],
    [
      "sequences of 1",
      () => lstm({ units: 1, returnSequences: 1 as never }),
      /returnSequences must be true or false/,
    ],
    [
      "no epsilon",
      () => layerNorm({ epsilon: 0 }),
      /layerNorm: epsilon must be a number of 1e-30 or more.*is 0/,
    ],
    ["no units of a gru", () => gru({} as never), /gru: units.*nothing/],
    ["a dotted name", () => bilstm({ units: 1, name: "a.b" }), /name must be made of letters.*"a\.b"/],
  ];
  for (const [title, make, message] of wrong) {
    it(title, () => {
      assert.throws(make, (error) => error instanceof UsageError && message.test(error.message));
    });
  }
});

describe("impossible inputs", () => {
  const wrong: readonly [Layer, Shape, RegExp][] = [
    [
      dense({ units: 1, name: "FC1" }),
      [5, 5, 64],
      /dense "FC1" takes input \[features\], but got \[5, 5, 64\].*flatten\(\)/,
    ],
    [
      conv2d({ filters: 1, kernelSize: 3 }),
      [784],
      /conv2d takes input \[H, W, C\], but got \[784\].*reshape/,
    ],
    [
      conv2d({ filters: 1, kernelSize: [3, 5] }),
      [4, 4, 1],
      /window of 3×5, but got \[4, 4, 1\], which is smaller/,
    ],
    [averagePool2d({ poolSize: 3 }), [2, 4, 1], /window of 3×3/],
    [
      conv2d({ filters: 1, kernelSize: 5, padding: { top: 1 } }),
      [3, 9, 1],
      /window of 5×5, but got \[3, 9, 1\], which is smaller.*more padding/,
    ],
    [
      depthwiseConv2d({ kernelSize: 3 }),
      [2, 9, 1],
      /depthwiseConv2d slides a window of 3×3, but got \[2, 9, 1\], which is smaller/,
    ],
    [
      conv2d({ filters: 1, kernelSize: 3, dilation: [1, 4] }),
      [8, 8, 1],
      /window of 3×9 \(3×3 of dilation 1×4\), but got \[8, 8, 1\], which is smaller/,
    ],
    [
      conv2d({ filters: 6, kernelSize: 3, groups: 3, name: "C1" }),
      [8, 8, 5],
      /conv2d "C1" has 3 groups, but got \[8, 8, 5\], whose 5 channels leave a remainder of 2\. Choose/,
    ],
    [zeroPad2d({ padding: 1 }), [784], /zeroPad2d takes input \[H, W, C\], but got \[784\].*reshape/],
    [lstm({ units: 1 }), [28, 28, 1], /\[steps, features\], but got \[28, 28, 1\].*reshape/],
    [globalAveragePool2d(), [4], /\[H, W, C\], but got \[4\]/],
    [add(), [2, 3], /joins two inputs or more, but got 1/],
    [reshape({ targetShape: [3, 3] }), [2, 4], /of 9 values, but got \[2, 4\] of 8\./],
    [flatten(), [0, 4], /takes a shape of whole numbers of 1 or more, but got \[0, 4\]/],
  ];
  for (const [layer, input, message] of wrong) {
    it(`${layer.type} from [${input}]`, () => {
      assert.throws(() => layer.outputShape(input), { name: "HeddleError", message });
    });
  }
});

describe("what a definition says to people", () => {
  const names = { ...factories, a: input([2, 2, 1]), b: input([2, 2, 1]) };

  for (const type of layerTypes) {
    it(`has a line and an example of ${type}, and every option in words`, () => {
      const { meaning, example, options } = describeLayer(type);
      assert.match(meaning, /^[a-z].*[^.]$/);
      assert.ok(example.startsWith(`${type}(`));
      const made = new Function(...Object.keys(names), `return ${example}`)(...Object.values(names));
      if (isLayer(made)) assert.equal(made.type, type);
      else assert.deepEqual(made.shape.slice(0, 2), [2, 2]);
      assert.deepEqual(
        options.map(({ name }) => name).filter((name) => ["name", "trainable"].includes(name)),
        ["batchNorm", "bilstm", "conv2d", "dense", "depthwiseConv2d", "gru", "layerNorm", "lstm"].includes(
          type,
        )
          ? ["name", "trainable"]
          : ["name"],
      );
      for (const option of options) assert.match(option.meaning, /[^.]$/);
    });
  }
});

describe("layerFromConfig", () => {
  const nonsense: readonly [unknown, RegExp][] = [
    [null, /must be an object.*null/],
    [[], /must be an object.*\[\]/],
    [{}, /type must be one of conv2d.*nothing/],
    [{ type: "constructor" }, /"constructor"/],
    [{ type: "dense", name: 3, units: 1 }, /name must be.*3/],
    [{ type: "conv2d", filters: "32", kernelSize: 3 }, /filters must be.*"32"/],
    [{ type: "dense", units: 1, bias: false }, /no option "bias"/],
  ];
  for (const [config, message] of nonsense) {
    it(`refuses ${JSON.stringify(config)}`, () => {
      assert.throws(
        () => layerFromConfig(config),
        (error) =>
          error instanceof HeddleError && !(error instanceof UsageError) && message.test(error.message),
      );
    });
  }
});

describe("a layer that was made", () => {
  it("stays as it is, and leaves what it was given", () => {
    const kernelSize: [number, number] = [3, 3];
    const padding = { top: 1 };
    const layer = conv2d({ filters: 2, kernelSize, padding });
    kernelSize[0] = 5;
    padding.top = 4;
    const options = layer.options as unknown as { kernelSize: number[]; padding: object };
    assert.throws(() => options.kernelSize.reverse(), TypeError);
    assert.throws(() => Object.assign(options.padding, { top: 3 }), TypeError);
    assert.deepEqual(layer.outputShape([8, 8, 1]), [7, 6, 2]);
    const shape = [8, 8, 1];
    const images = input(shape);
    shape[0] = 9;
    assert.throws(() => (images.shape as number[]).reverse(), TypeError);
    assert.throws(() => (layer(images).shape as number[]).reverse(), TypeError);
    assert.deepEqual(layer(images).shape, [7, 6, 2]);
  });
});

describe("a frozen layer", () => {
  const frozen = dense({ units: 2, trainable: false });

  it("keeps all its tensors", () => {
    assert.deepEqual(
      frozen.tensors([3]).map(({ kept }) => kept),
      [true, true],
    );
    assert.ok(
      dense({ units: 2 })
        .tensors([3])
        .every(({ kept }) => !kept),
    );
  });

  it("says so in its configuration, which is silent of what is usual", () => {
    assert.equal(layerFromConfig(frozen.config()).trainable, false);
    assert.ok(!("trainable" in dense({ units: 2 }).config()));
  });

  it("must have tensors to freeze", () => {
    assert.throws(() => flatten({ trainable: false } as never), /flatten has no option "trainable"/);
  });
});
