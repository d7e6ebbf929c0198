import { chainOf, type Graph } from "../core/graph/index.js";
import {
  activation,
  batchNorm,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  globalAveragePool2d,
  type Layer,
  maxPool2d,
  type Shape,
} from "../core/layers/index.js";
import { type ModelName, modelDefinitions, modelNames } from "../core/models/index.js";

const classes = 10;
const digits: Shape = [28, 28, 1];
const smallPhotographs: Shape = [32, 32, 3];
const photographs: Shape = [64, 64, 3];

/** A normalization with Torch's constants, and the function behind it. */
const normalized = (): Layer[] => [batchNorm({ momentum: 0.9, epsilon: 1e-5 }), activation("relu")];

/** A convolution that keeps the image's size. */
const conv = (filters: number, kernelSize = 3, strides = 1): Layer =>
  conv2d({ filters, kernelSize, strides, padding: "same", activation: "relu" });

const validConv = (filters: number): Layer => conv2d({ filters, kernelSize: 3, activation: "relu" });

const normalizedConv = (filters: number, kernelSize = 3): Layer[] => [
  conv2d({ filters, kernelSize, padding: "same", useBias: false }),
  ...normalized(),
];

const hidden = (units: number): Layer => dense({ units, activation: "relu" });

/** A filter a channel, then a product over channels (Howard et al. 2017). */
const separable = (filters: number, strides: number): Layer[] => [
  depthwiseConv2d({ kernelSize: 3, strides, padding: "same", useBias: false }),
  ...normalized(),
  ...normalizedConv(filters, 1),
];

const output = (): Layer => dense({ units: classes });

/** Networks of kinds that people train at this size, beside those that the library has names for. */
const chains = {
  mlp: [digits, [flatten(), hidden(512), dropout(0.2), hidden(512), dropout(0.2), output()]],
  kerasMnist: [
    digits,
    [
      ...[validConv(32), validConv(64), maxPool2d(), dropout(0.25)],
      ...[flatten(), hidden(128), dropout(0.5), output()],
    ],
  ],
  kerasCifar: [
    smallPhotographs,
    [
      ...[conv(32), validConv(32), maxPool2d(), dropout(0.25)],
      ...[conv(64), validConv(64), maxPool2d(), dropout(0.25)],
      ...[flatten(), hidden(512), dropout(0.5), output()],
    ],
  ],
  vgg64: [
    photographs,
    [
      ...[32, 64, 128].flatMap((filters) => [conv(filters), conv(filters), maxPool2d()]),
      ...[flatten(), hidden(256), dropout(0.5), output()],
    ],
  ],
  alexish: [
    photographs,
    [
      ...[conv(48, 7, 2), maxPool2d(), conv(96, 5), maxPool2d(), conv(128), conv(128), maxPool2d()],
      ...[flatten(), hidden(256), dropout(0.5), output()],
    ],
  ],
  mobile: [
    smallPhotographs,
    [
      ...normalizedConv(32),
      ...[
        separable(64, 1),
        separable(128, 2),
        separable(128, 1),
        separable(256, 2),
        separable(256, 1),
      ].flat(),
      ...[globalAveragePool2d(), output()],
    ],
  ],
  vggBn: [
    smallPhotographs,
    [
      ...[32, 64, 128].flatMap((filters) => [
        ...normalizedConv(filters),
        ...normalizedConv(filters),
        maxPool2d(),
      ]),
      ...[flatten(), output()],
    ],
  ],
} as const satisfies Record<string, readonly [Shape, readonly Layer[]]>;

/** A network that is measured: one of the library's models, or one that only benchmarks know. */
export type NetworkName = ModelName | keyof typeof chains;

/** Every network that can be measured. */
export const networkNames: readonly NetworkName[] = [
  ...modelNames,
  ...(Object.keys(chains) as (keyof typeof chains)[]),
];

/** The library's models that were made for digits; the others are measured on coloured images. */
const madeForDigits: readonly NetworkName[] = ["proposed", "cnn", "lenet", "lstm", "bilstm"];

const isChain = (name: NetworkName): name is keyof typeof chains => Object.hasOwn(chains, name);

const usualShape = (name: NetworkName): Shape =>
  isChain(name) ? chains[name][0] : madeForDigits.includes(name) ? digits : smallPhotographs;

/** A network's graph of ten classes, always the same. @param inputShape of its images (default: its kind's) */
export function networkGraph(name: NetworkName, inputShape: Shape = usualShape(name)): Graph {
  return isChain(name)
    ? chainOf(chains[name][1], inputShape)
    : modelDefinitions[name].graph(inputShape, classes);
}

/** A row of the table of networks beside rivals. */
export interface TableNetwork {
  readonly name: NetworkName;
  /** What readers know it by. */
  readonly title: string;
  /** Images of a training step. */
  readonly trainBatch: number;
  /** Images of a large prediction. */
  readonly inferBatch: number;
}

const row = (name: NetworkName, title: string, trainBatch = 128, inferBatch = 256): TableNetwork => ({
  name,
  title,
  trainBatch,
  inferBatch,
});

/** The networks of the table, in its order. */
export const tableNetworks: readonly TableNetwork[] = [
  row("proposed", "Proposed CNN"),
  row("cnn", "CNN"),
  row("lenet", "LeNet"),
  row("lstm", "LSTM"),
  row("bilstm", "BiLSTM"),
  row("mlp", "dense 784-512-512-10"),
  row("kerasMnist", "Keras' MNIST example"),
  row("kerasCifar", "Keras' CIFAR-10 example, 32×32×3"),
  row("vgg64", "six 3×3 convolutions, 64×64×3", 64, 64),
  row("alexish", "7×7 of stride 2 and 5×5 first, 64×64×3", 64, 64),
  row("resNet20", "ResNet-20, 32×32×3"),
  row("mobile", "MobileNet-like, 32×32×3"),
  row("vggBn", "VGG with batch norm, 32×32×3"),
];
