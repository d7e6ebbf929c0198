import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chainOf, graphConfig, summarize } from "../graph/index.js";
import type { Dropout } from "../layers/dropout.js";
import type { Shape } from "../layers/layer.js";
import { type ModelName, modelDefinitions, modelNames, withDropout, withoutDropout } from "./index.js";

const image = [28, 28, 1];
const tableOf = (name: ModelName) => summarize(modelDefinitions[name].graph(image, 10));

describe("proposed", () => {
  it("is the paper's Table 1, layer by layer", () => {
    const table: readonly [string, Shape, number][] = [
      ["C1", [26, 26, 32], 320],
      ["M1", [13, 13, 32], 0],
      ["D1", [13, 13, 32], 0],
      ["C2", [11, 11, 64], 18_496],
      ["M2", [5, 5, 64], 0],
      ["D2", [5, 5, 64], 0],
      ["C3", [3, 3, 128], 73_856],
      ["C4", [1, 1, 256], 295_168],
      ["D3", [1, 1, 256], 0],
      ["flatten", [256], 0],
      ["FC1", [256], 65_792],
      ["FC2", [128], 32_896],
      ["D4", [128], 0],
      ["output", [10], 1_290],
    ];
    const { rows, parameters, multiplyAdds } = tableOf("proposed");
    assert.deepEqual(
      rows.map((row) => [row.name, row.outputShape, row.parameters]),
      table,
    );
    assert.equal(parameters, 487_818);
    assert.equal(multiplyAdds, 3_483_008);
  });

  it("drops a quarter after the pools and half before the dense head and the output", () => {
    const rates = modelDefinitions.proposed
      .layers(image, 10)
      .filter((layer) => layer.type === "dropout")
      .map((layer) => (layer as Dropout).options.rate);
    assert.deepEqual(rates, [0.25, 0.25, 0.5, 0.5]);
  });
});

describe("the other models", () => {
  const shapes = (name: ModelName) => tableOf(name).rows.map((row) => row.outputShape);

  it("cnn", () => {
    const expected = [[26, 26, 32], [13, 13, 32], [13, 13, 32], [5408], [128], [10]];
    assert.deepEqual(shapes("cnn"), expected);
    assert.equal(tableOf("cnn").parameters, 320 + 5409 * 128 + 129 * 10);
  });

  it("lenet", () => {
    const expected = [[28, 28, 6], [14, 14, 6], [10, 10, 16], [5, 5, 16], [400], [120], [84], [10]];
    assert.deepEqual(shapes("lenet"), expected);
    assert.equal(tableOf("lenet").parameters, 61_706);
  });

  it("lstm", () => {
    assert.deepEqual(shapes("lstm"), [[28, 28], [128], [10]]);
    assert.equal(tableOf("lstm").parameters, (28 + 128 + 1) * 512 + 1290);
  });

  it("bilstm", () => {
    assert.deepEqual(shapes("bilstm"), [[28, 28], [256], [10]]);
    assert.equal(tableOf("bilstm").parameters, 2 * (28 + 128 + 1) * 512 + 2570);
  });
});

describe("a residual network of 6n + 2 layers", () => {
  const colour = [32, 32, 3];
  // Of the usual programs with option A and without biases; the paper's Table 6 has them as 0.27, 0.46 and 0.85 M.
  const usual = { resNet20: 269_722, resNet32: 464_154, resNet56: 853_018 };
  for (const [name, parameters] of Object.entries(usual)) {
    const { nodes } = modelDefinitions[name as "resNet20"].graph(colour, 10);
    const ofType = (type: string) => nodes.filter(({ layer }) => layer.type === type);

    it(`${name} has the paper's weights, but for its shortcuts'`, () => {
      const shortcuts = nodes.filter(({ layer }) => layer.name.includes("shortcut"));
      const numbers = nodes
        .filter((node) => !shortcuts.includes(node))
        .flatMap(({ tensors }) => tensors)
        .filter(({ kept }) => !kept)
        .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
      assert.equal(numbers, parameters);
      assert.equal(ofType("conv2d").length - 2 + 1, Number(name.slice(6)), "layers with weights");
      assert.equal(ofType("add").length, (Number(name.slice(6)) - 2) / 2);
      assert.ok(ofType("conv2d").every(({ tensors }) => tensors[0].initializer === "heNormal"));
    });
  }

  it("halves twice", () => {
    const { rows } = summarize(modelDefinitions.resNet20.graph(colour, 10));
    const shapes = rows.filter(({ name }) => name.endsWith("_sum")).map(({ outputShape }) => outputShape);
    const [first, second, third] = [
      [32, 32, 16],
      [16, 16, 32],
      [8, 8, 64],
    ];
    assert.deepEqual(shapes, [first, first, first, second, second, second, third, third, third]);
    assert.equal(
      rows.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0),
      40_813_184,
    );
  });
});

describe("a small VGG", () => {
  const expected = { vggSmall: [64, 6], vggNarrow: [32, 6], vggTiny: [16, 9] } as const;
  for (const [name, [first, convolutions]] of Object.entries(expected)) {
    it(`${name} has ${convolutions} convolutions and three pools, whatever the image`, () => {
      const { rows, parameters } = tableOf(name as ModelName);
      const shapes = rows.filter(({ type }) => type === "maxPool2d").map(({ outputShape }) => outputShape);
      assert.deepEqual(shapes, [
        [14, 14, first],
        [7, 7, 2 * first],
        [3, 3, 4 * first],
      ]);
      assert.equal(rows.filter(({ type }) => type === "conv2d").length, convolutions);
      const larger = modelDefinitions[name as ModelName].graph([64, 50, 1], 10);
      assert.equal(summarize(larger).parameters, parameters);
    });
  }
});

describe("a network that pools early", () => {
  // What is trained: the blocks' kernels, two numbers a channel of each normalization, the output.
  const parameters = (a: number, b: number, c: number): number =>
    9 * (8 * a + a * a + a * b + b * b + b * c + c * c) + 2 * 2 * (a + b + c) + 10 * (c + 1);
  const widths = {
    earlyPool16: [16, 32, 64],
    earlyPool24: [24, 48, 96],
    earlyPool48: [48, 96, 144],
  } as const;
  for (const [name, [a, b, c]] of Object.entries(widths)) {
    it(`${name} pools behind the first convolution of each block`, () => {
      const { rows, ...table } = tableOf(name as ModelName);
      const block = ["conv2d", "maxPool2d", "batchNorm", "activation", "conv2d", "batchNorm", "activation"];
      assert.deepEqual(
        rows.map(({ type }) => type),
        ["conv2d", "activation", ...block, ...block, ...block, "globalMaxPool2d", "dense"],
      );
      const pools = rows.filter(({ type }) => type === "maxPool2d");
      assert.deepEqual(
        pools.map(({ outputShape }) => outputShape),
        [
          [13, 13, a],
          [6, 6, b],
          [3, 3, c],
        ],
      );
      assert.equal(table.parameters, parameters(a, b, c));
    });
  }
});

describe("dropout at a share of its rates", () => {
  it("leaves every layer where it is", () => {
    const { proposed } = modelDefinitions;
    const layers = withDropout(proposed, 0.25).layers(image, 10);
    assert.deepEqual(
      layers.map(({ name, type }) => [name, type]),
      proposed.layers(image, 10).map(({ name, type }) => [name, type]),
    );
    const rates = layers.flatMap((layer) =>
      layer.type === "dropout" ? [(layer as Dropout).options.rate] : [],
    );
    assert.deepEqual(rates, [0.0625, 0.0625, 0.125, 0.125]);
  });
});

describe("networks made for ImageNet", () => {
  // Of torchvision's and of TensorFlow's; multiply-adds of torchvision's profiles.
  const published = {
    mobileNetV2: { parameters: 3_504_872, multiplyAdds: 300_774_272 },
    efficientNetLite0: { parameters: 4_652_008, multiplyAdds: 385_187_552 },
    resNet18: { parameters: 11_689_512, multiplyAdds: 1_814_073_344 },
  };
  for (const [name, expected] of Object.entries(published)) {
    const graph = modelDefinitions[name as keyof typeof published].graph([224, 224, 3], 1000);
    const { rows, parameters, multiplyAdds } = summarize(graph);

    it(`${name} has the published weights`, () => {
      assert.deepEqual({ parameters, multiplyAdds }, expected);
    });

    it(`${name} halves 224 pixels to 7`, () => {
      const last = rows.findLast(({ outputShape }) => outputShape.length === 3);
      assert.deepEqual(last?.outputShape.slice(0, 2), [7, 7]);
    });
  }

  const kernels = (name: ModelName): Shape[] =>
    modelDefinitions[name]
      .graph([224, 224, 3], 1000)
      .nodes.flatMap(({ tensors }) => tensors)
      .filter(({ name: tensor }) => tensor.endsWith(".kernel"))
      .map(({ shape }) => shape);

  it("have their kernels in the order of the programs that trained them", () => {
    // The second stage's first block: of ResNet-18 conv1, conv2, downsample; of the others expand, depthwise, project.
    assert.deepEqual(kernels("resNet18").slice(5, 8), [
      [3, 3, 64, 128],
      [3, 3, 128, 128],
      [1, 1, 64, 128],
    ]);
    const start = [
      [3, 3, 3, 32],
      [3, 3, 32, 1],
      [1, 1, 32, 16],
      [1, 1, 16, 96],
      [3, 3, 96, 1],
      [1, 1, 96, 24],
    ];
    for (const name of ["mobileNetV2", "efficientNetLite0"] as const)
      assert.deepEqual(kernels(name).slice(0, 6), start);
    assert.deepEqual(kernels("efficientNetLite0")[10], [5, 5, 144, 1]);
  });

  it("have zeros where the programs that trained them have them", () => {
    const padding = (name: ModelName, layer: string) =>
      modelDefinitions[name]
        .graph([224, 224, 3], 10)
        .nodes.find((node) => node.layer.name === layer)
        ?.layer.config().padding;
    const everywhere = (zeros: number) => ({ top: zeros, bottom: zeros, left: zeros, right: zeros });
    assert.deepEqual(padding("resNet18", "stem_conv"), everywhere(3));
    assert.deepEqual(padding("resNet18", "stem_zeros"), everywhere(1));
    assert.deepEqual(padding("resNet18", "stage2_block1_conv1"), everywhere(1));
    assert.deepEqual(padding("mobileNetV2", "block2_depthwise"), everywhere(1));
    assert.equal(padding("efficientNetLite0", "block2_depthwise"), "same");
  });
});

describe("airbench", () => {
  it("has the weights of its author's program, of which the first kernel is not trained", () => {
    const { rows, parameters, kept } = summarize(modelDefinitions.airbench.graph([32, 32, 3], 10));
    const convolutions = 9 * (24 * 64 + 64 * 64 + 64 * 256 + 3 * 256 * 256);
    const normalized = 2 * (64 + 256 + 256);
    assert.equal(parameters, 24 + convolutions + normalized + 2560);
    assert.equal(kept, 12 * 24 + 3 * normalized, "the whitening, γ and the running statistics");
    const pools = rows.filter(({ type }) => type === "maxPool2d").map(({ outputShape }) => outputShape);
    assert.deepEqual(pools, [
      [15, 15, 64],
      [7, 7, 256],
      [3, 3, 256],
    ]);
  });

  it("begins with passing its input on", () => {
    const { nodes } = modelDefinitions.airbench.graph([32, 32, 3], 10);
    const initializers = nodes.flatMap(({ tensors }) => tensors).map(({ initializer }) => initializer);
    assert.equal(initializers.filter((initializer) => initializer === "diracUniform").length, 6);
    assert.equal(initializers[0], "whitening");
  });
});

describe("the small MobileNet", () => {
  it("has a first convolution, five separable ones and a dense layer", () => {
    const { rows, parameters } = summarize(modelDefinitions.mobileNetSmall.graph([32, 32, 3], 10));
    const channels = [32, 64, 128, 128, 256, 256];
    const separable = channels.slice(1).map((to, index) => {
      const from = channels[index];
      return 9 * from + 2 * from + from * to + 2 * to;
    });
    assert.equal(parameters, 27 * 32 + 64 + separable.reduce((sum, each) => sum + each) + 2570);
    const blocks = rows.filter(({ name }) => name.endsWith("pointwise_relu")).map((row) => row.outputShape);
    assert.deepEqual(blocks, [
      [32, 32, 64],
      [16, 16, 128],
      [16, 16, 128],
      [8, 8, 256],
      [8, 8, 256],
    ]);
  });
});

describe("images that are too small", () => {
  const smallest = {
    resNet20: 4,
    resNet32: 4,
    resNet56: 4,
    vggSmall: 8,
    vggNarrow: 8,
    vggTiny: 8,
    mobileNetSmall: 4,
    mobileNetV2: 17,
    efficientNetLite0: 17,
    resNet18: 17,
    airbench: 9,
    earlyPool16: 9,
    earlyPool24: 9,
    earlyPool48: 9,
  };
  for (const [name, size] of Object.entries(smallest) as [ModelName, number][]) {
    it(`are refused by ${name} with the smallest size that it takes`, () => {
      const { graph, why } = modelDefinitions[name];
      assert.match(why, new RegExp(`[Tt]akes (images|those) of ${size} (pixels )?and more`));
      assert.deepEqual(graph([size, size, 2], 2).outputShape, [2]);
      for (const [height, width] of [
        [size - 1, size],
        [size, size - 1],
      ])
        assert.throws(() => graph([height, width, 2], 2), {
          name: "UsageError",
          message: new RegExp(
            `^${name}: inputShape must be \\[${size}, ${size}, 2\\] or larger, since its .* halve images .*, but is \\[${height}, ${width}, 2\\]\\.$`,
          ),
        });
    });
  }
});

describe("every model", () => {
  for (const name of modelNames) {
    const definition = modelDefinitions[name];

    it(`${name} takes other sizes, channels and class counts, and ends in logits`, () => {
      const graph = definition.graph([32, 30, 3], 7);
      assert.deepEqual([graph.inputShape, graph.outputShape], [[32, 30, 3], [7]]);
      const last = graph.nodes.findLast(({ layer }) => layer.type === "dense");
      assert.equal(last?.layer.config().activation, "linear");
      assert.equal(last?.layer.name, "output");
    });

    it(`${name} names every layer and says why it is so`, () => {
      const given = definition.graph(image, 10);
      const names = graphConfig(given).map((layer) => layer.name);
      assert.ok(!names.some((own) => /_\d+$/.test(own)), "no name is one that a graph gives");
      assert.equal(new Set(names).size, names.length);
      assert.ok(!names.includes(""));
      assert.equal(definition.name, name);
      assert.ok(definition.why.length > 100);
    });
  }

  it("of which layers follow each other gives its graph as a list too", () => {
    for (const definition of Object.values(modelDefinitions)) {
      if (!("layers" in definition)) continue;
      const graph = chainOf(definition.layers(image, 10), image);
      assert.deepEqual(graphConfig(definition.graph(image, 10)), graphConfig(graph));
    }
  });

  it("may leave its dropout layers out, in its list and in its graph", () => {
    const { layers, graph } = withoutDropout(modelDefinitions.proposed);
    const names = layers(image, 10).map(({ name }) => name);
    assert.deepEqual(names, ["C1", "M1", "C2", "M2", "C3", "C4", "flatten", "FC1", "FC2", "output"]);
    assert.deepEqual(
      graph(image, 10).nodes.map(({ layer }) => layer.name),
      names,
    );
  });

  it("refuses what is no image", () => {
    for (const name of modelNames) {
      assert.throws(() => modelDefinitions[name].graph([784], 10), {
        name: "UsageError",
        message: `${name}: inputShape must be [height, width, channels], each a whole number of 1 or more, but is [784].`,
      });
    }
  });
});
