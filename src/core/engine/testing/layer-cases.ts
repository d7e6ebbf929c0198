import { chainOf, type Graph, graphConfig, graphOf } from "../../graph/index.js";
import {
  type ActivationName,
  activation,
  activationNames,
  add,
  averagePool2d,
  batchNorm,
  bilstm,
  type Conv2dOptions,
  concatenate,
  conv2d,
  type DepthwiseConv2dOptions,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  globalAveragePool2d,
  globalMaxPool2d,
  gru,
  input,
  type Layer,
  layerNorm,
  lstm,
  maxPool2d,
  multiply,
  reshape,
  type Shape,
  scale,
  type Value,
  zeroPad2d,
} from "../../layers/index.js";

/** A small network around the layer that it tests: a chain of layers, or what is made of the images. */
export interface LayerCase {
  readonly layers: readonly Layer[] | ((x: Value) => Value);
  readonly inputShape: Shape;
  /** Default 3. */
  readonly batch?: number;
}

const output = dense({ units: 10 });
const head = [flatten(), output];

/** Convolutions of an input of these sizes and so many channels. */
const convolutions: readonly [readonly [number, number], number, Conv2dOptions][] = [
  [[6, 5], 1, { filters: 1, kernelSize: 1 }],
  [[6, 7], 2, { filters: 3, kernelSize: 2, activation: "relu" }],
  [[7, 6], 3, { filters: 5, kernelSize: 3, padding: "same", activation: "tanh" }],
  [[8, 7], 5, { filters: 2, kernelSize: 4, activation: "sigmoid" }],
  [[9, 8], 8, { filters: 12, kernelSize: 5, padding: "same", activation: "relu" }],
  [[5, 9], 12, { filters: 8, kernelSize: [1, 3] }],
  [[9, 5], 3, { filters: 1, kernelSize: [3, 2], strides: 2 }],
  [[10, 9], 2, { filters: 8, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }],
  [[11, 8], 1, { filters: 3, kernelSize: 3, strides: 3, activation: "sigmoid" }],
  [[7, 10], 5, { filters: 5, kernelSize: [5, 1], strides: [1, 2], padding: "same" }],
  [[8, 8], 8, { filters: 3, kernelSize: [2, 4], strides: [2, 1], padding: "same", activation: "tanh" }],
  [[7, 7], 12, { filters: 12, kernelSize: 2, strides: 3, padding: "same" }],
  [[9, 9], 4, { filters: 16, kernelSize: 1, strides: 3 }],
  [[4, 4], 3, { filters: 8, kernelSize: 4, activation: "relu" }],
  [[3, 2], 2, { filters: 4, kernelSize: 5, padding: "same" }],
  [[1, 9], 3, { filters: 5, kernelSize: [1, 3], activation: "relu" }],
  [[6, 6], 20, { filters: 40, kernelSize: 3, activation: "relu" }],
  [[5, 5], 64, { filters: 80, kernelSize: 3 }],
];

const onImages: readonly number[] = [1, 2, 4, 6, 9, 15];

/** The convolution behind another, whose weights' gradient shows the data gradient; some on the image itself. */
const convolutionCases: LayerCase[] = [
  ...convolutions.map(([size, filters, options]) => ({
    layers: [conv2d({ filters, kernelSize: 1 }), conv2d(options), ...head],
    inputShape: [...size, 2],
  })),
  ...onImages.map((index) => {
    const [size, channels, options] = convolutions[index];
    return { layers: [conv2d(options), ...head], inputShape: [...size, channels] };
  }),
];

/** On an image itself, by patches: columns a kilobyte apart, strides, more kernel rows than are copied in a turn. */
const patchCases: LayerCase[] = (
  [
    [[32, 8, 4], { filters: 8, kernelSize: [3, 2], activation: "relu" }],
    [[13, 11, 1], { filters: 12, kernelSize: [7, 3], strides: [2, 3], padding: "same" }],
    [[9, 30, 2], { filters: 20, kernelSize: [2, 5], strides: [3, 1] }],
  ] as const
).map(([inputShape, options]) => ({ layers: [conv2d(options), maxPool2d(), ...head], inputShape, batch: 4 }));

/** Before a pool, so small that the output's gradient has zeros around it. */
const framedCases: LayerCase[] = [
  {
    layers: [
      conv2d({ filters: 6, kernelSize: 1 }),
      conv2d({ filters: 16, kernelSize: 5, activation: "relu" }),
      maxPool2d(),
      ...head,
    ],
    inputShape: [14, 12, 2],
  },
  {
    layers: [
      conv2d({ filters: 3, kernelSize: 1 }),
      conv2d({ filters: 5, kernelSize: [2, 4] }),
      averagePool2d(),
      ...head,
    ],
    inputShape: [7, 11, 2],
    batch: 7,
  },
];

/** Without a bias: few weights and many, Winograd's tiles one by one and in groups, folded in inference, frozen. */
const biaslessCases: LayerCase[] = [
  ...[convolutions[2], convolutions[12], convolutions[16]].flatMap(
    ([size, filters, options]): LayerCase[] => [
      {
        layers: [conv2d({ filters, kernelSize: 1 }), conv2d({ ...options, useBias: false }), ...head],
        inputShape: [...size, 2],
      },
      { layers: [conv2d({ ...options, useBias: false }), ...head], inputShape: [...size, 3] },
    ],
  ),
  ...[5, 12].map((size) => ({
    layers: [
      conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "relu", useBias: false }),
      conv2d({ filters: 24, kernelSize: 3, padding: "same", useBias: false }),
      batchNorm(),
      activation("relu"),
      maxPool2d(),
      flatten(),
      dense({ units: 10, useBias: false }),
    ],
    inputShape: [size, size, 16],
    batch: 5,
  })),
  {
    layers: [
      conv2d({ filters: 5, kernelSize: 2, useBias: false }),
      batchNorm(),
      activation("relu"),
      conv2d({ filters: 3, kernelSize: 2, activation: "gelu", useBias: false, trainable: false }),
      flatten(),
      dense({ units: 9, useBias: false }),
      batchNorm(),
      dense({ units: 150, activation: "relu", useBias: false }),
      dense({ units: 10, useBias: false }),
    ],
    inputShape: [5, 6, 3],
    batch: 35,
  },
];

/**
 * Zeros that differ from side to side: none before but some behind, more than the kernel is large, windows that see
 * nothing else; over patches, in the input's pitch, by Winograd's tiles, before a pool.
 */
const padded: readonly [readonly [number, number], number, Conv2dOptions][] = [
  [[6, 7], 3, { filters: 5, kernelSize: 3, padding: { bottom: 1 } }],
  [[6, 7], 3, { filters: 5, kernelSize: 3, padding: { bottom: 2, right: 1 }, activation: "relu" }],
  [[6, 5], 4, { filters: 3, kernelSize: 1, padding: { top: 2 } }],
  [[6, 5], 4, { filters: 3, kernelSize: 1, padding: { bottom: 2 } }],
  [[5, 6], 2, { filters: 4, kernelSize: [2, 3], strides: [1, 2], padding: { top: 4, left: 1, right: 5 } }],
  [[3, 3], 2, { filters: 4, kernelSize: 1, strides: 5, padding: 1 }],
  [[2, 3], 5, { filters: 6, kernelSize: 2, strides: [3, 2], padding: [4, 3], activation: "tanh" }],
  [[8, 9], 1, { filters: 6, kernelSize: 3, padding: { bottom: 3, right: 2 } }],
  [[9, 8], 16, { filters: 16, kernelSize: 3, padding: { bottom: 1, right: 2 } }],
  [[9, 7], 16, { filters: 24, kernelSize: 3, padding: { top: 3, left: 4, right: 1 }, activation: "relu" }],
  [[4, 4], 16, { filters: 16, kernelSize: 3, padding: { right: 3, bottom: 1 } }],
];

const paddedCases: LayerCase[] = [
  ...padded.flatMap(([size, filters, options]): LayerCase[] => [
    { layers: [conv2d({ filters, kernelSize: 1 }), conv2d(options), ...head], inputShape: [...size, 2] },
    { layers: [conv2d(options), ...head], inputShape: [...size, filters], batch: 5 },
  ]),
  ...[0, 1, 7, 8, 9].map((index): LayerCase => {
    const [size, filters, options] = padded[index];
    return {
      layers: [conv2d({ filters, kernelSize: 1 }), conv2d(options), maxPool2d(), ...head],
      inputShape: [...size, 2],
    };
  }),
  { layers: [zeroPad2d({ padding: { top: 1, right: 2 } }), ...head], inputShape: [4, 5, 1] },
  {
    layers: [
      conv2d({ filters: 5, kernelSize: 2, activation: "relu" }),
      zeroPad2d({ padding: { bottom: 1, left: 3 } }),
      conv2d({ filters: 4, kernelSize: 3 }),
      zeroPad2d({ padding: 2 }),
      maxPool2d(),
      ...head,
    ],
    inputShape: [5, 6, 3],
  },
  {
    layers: (x) => {
      const y = conv2d({ filters: 6, kernelSize: 2, activation: "relu" })(x);
      const padded = zeroPad2d({ padding: { bottom: 1, right: 1 } })(y);
      const other = zeroPad2d({ padding: { top: 1, left: 1 } })(y);
      const joined = add()([padded, other, zeroPad2d({ padding: 0 })(padded)]);
      return dense({ units: 10 })(concatenate()([globalAveragePool2d()(y), flatten()(joined)]));
    },
    inputShape: [5, 4, 2],
  },
];

/** Windows with gaps: evenly and not, with strides that do and don't divide them, on a channel, before a pool. */
const dilated: readonly [readonly [number, number], number, Conv2dOptions][] = [
  [[9, 8], 3, { filters: 5, kernelSize: 3, dilation: 2, activation: "relu" }],
  [[9, 8], 16, { filters: 16, kernelSize: 3, dilation: 2, padding: "same" }],
  [[8, 9], 5, { filters: 4, kernelSize: [3, 2], dilation: [1, 3], strides: 2, padding: "same" }],
  [
    [9, 9],
    4,
    { filters: 6, kernelSize: 3, dilation: [2, 1], strides: [2, 3], padding: { top: 1, right: 2 } },
  ],
  [[10, 9], 1, { filters: 6, kernelSize: 3, dilation: [3, 2], useBias: false }],
  [[4, 4], 2, { filters: 3, kernelSize: 4, dilation: 2, padding: { bottom: 3, right: 3 } }],
  [[6, 6], 20, { filters: 40, kernelSize: 3, dilation: 2, strides: 4, padding: "same", activation: "gelu" }],
];

const dilatedCases: LayerCase[] = [
  ...dilated.flatMap(([size, filters, options]): LayerCase[] => [
    { layers: [conv2d({ filters, kernelSize: 1 }), conv2d(options), ...head], inputShape: [...size, 2] },
    { layers: [conv2d(options), ...head], inputShape: [...size, filters], batch: 5 },
  ]),
  ...[0, 1, 4].map((index): LayerCase => {
    const [size, filters, options] = dilated[index];
    return {
      layers: [
        conv2d({ filters, kernelSize: 1 }),
        conv2d({ ...options, activation: "linear" }),
        batchNorm(),
        maxPool2d(),
        ...head,
      ],
      inputShape: [...size, 2],
    };
  }),
];

/** Channels in groups: whole vectors of four and not, many weights, one channel a group, with gaps. */
const grouped: readonly [readonly [number, number], number, Conv2dOptions][] = [
  [[6, 7], 6, { filters: 4, kernelSize: 3, groups: 2, padding: "same", activation: "relu" }],
  [[6, 7], 16, { filters: 24, kernelSize: 3, groups: 2 }],
  [[5, 6], 9, { filters: 15, kernelSize: 2, groups: 3, strides: 2, useBias: false, activation: "gelu" }],
  [[5, 5], 64, { filters: 160, kernelSize: 3, groups: 2, activation: "relu" }],
  [[6, 5], 4, { filters: 8, kernelSize: 3, groups: 4, padding: { top: 1 }, activation: "relu" }],
  [[7, 8], 6, { filters: 4, kernelSize: 2, groups: 2, dilation: 2 }],
  [[7, 8], 3, { filters: 6, kernelSize: 2, groups: 3, dilation: 2 }],
  [[9, 10], 4, { filters: 4, kernelSize: 3, groups: 4, dilation: 2, padding: "same", activation: "relu" }],
  [[9, 8], 5, { filters: 5, kernelSize: 3, groups: 5, dilation: [2, 3], strides: [3, 2], padding: [2, 3] }],
  [[4, 4], 2, { filters: 2, kernelSize: 4, groups: 2, dilation: 2, padding: { bottom: 3, right: 3 } }],
];

const groupedCases: LayerCase[] = [
  ...grouped.flatMap(([size, filters, options]): LayerCase[] => [
    { layers: [conv2d({ filters, kernelSize: 1 }), conv2d(options), ...head], inputShape: [...size, 2] },
    { layers: [conv2d(options), ...head], inputShape: [...size, filters], batch: 5 },
  ]),
  ...[0, 4].map((index): LayerCase => {
    const [size, filters, options] = grouped[index];
    return {
      layers: [
        conv2d({ filters, kernelSize: 1 }),
        conv2d({ ...options, activation: "linear" }),
        batchNorm(),
        activation("relu"),
        maxPool2d(),
        ...head,
      ],
      inputShape: [...size, 2],
    };
  }),
  {
    layers: (x) => {
      const y = conv2d({ filters: 6, kernelSize: 2, activation: "relu" })(x);
      const same = { filters: 6, kernelSize: 3, padding: "same", groups: 2 } as const;
      const frozen = conv2d({ ...same, trainable: false })(y);
      const sum = add()([y, conv2d({ ...same, activation: "relu" })(y), conv2d(same)(frozen)]);
      return dense({ units: 10 })(flatten()(sum));
    },
    inputShape: [5, 6, 3],
  },
];

/** Depthwise convolutions of an input of these sizes and so many channels. */
const depthwises: readonly [readonly [number, number], number, DepthwiseConv2dOptions][] = [
  [[6, 7], 3, { kernelSize: 3, padding: "same" }],
  [[7, 6], 8, { kernelSize: 3, activation: "relu" }],
  [[9, 8], 5, { kernelSize: 3, strides: 2, padding: "same", activation: "relu", useBias: false }],
  [[8, 9], 12, { kernelSize: [2, 3], strides: [1, 2], activation: "gelu" }],
  [[5, 4], 4, { kernelSize: 1, strides: 2, padding: 1 }],
  [[4, 3], 2, { kernelSize: 5, padding: "same" }],
  [[9, 12], 1, { kernelSize: 7, padding: "same", depthMultiplier: 5, activation: "relu" }],
  [[7, 9], 3, { kernelSize: 3, strides: 3, padding: { top: 3, left: 1, right: 4 }, depthMultiplier: 2 }],
  [[5, 6], 6, { kernelSize: [4, 1], strides: [1, 3], padding: [2, 0], activation: "sigmoid" }],
  [[3, 3], 4, { kernelSize: 1, strides: 5, padding: 1 }],
  [[3, 4], 20, { kernelSize: [3, 4], useBias: false }],
  [[9, 10], 4, { kernelSize: 3, dilation: 2, padding: "same", activation: "relu" }],
  [[9, 8], 5, { kernelSize: [2, 3], dilation: [2, 3], strides: [3, 2], padding: [2, 3], depthMultiplier: 2 }],
];

const depthwiseCases: LayerCase[] = [
  ...depthwises.flatMap(([size, filters, options]): LayerCase[] => [
    {
      layers: [conv2d({ filters, kernelSize: 1 }), depthwiseConv2d(options), ...head],
      inputShape: [...size, 2],
    },
    { layers: [depthwiseConv2d(options), ...head], inputShape: [...size, filters], batch: 9 },
  ]),
  ...[0, 1, 2, 6].flatMap((index): LayerCase[] => {
    const [size, filters, options] = depthwises[index];
    return [
      {
        layers: [
          conv2d({ filters, kernelSize: 1 }),
          depthwiseConv2d(options),
          maxPool2d({ strides: 3 }),
          ...head,
        ],
        inputShape: [...size, 2],
      },
      {
        layers: [
          depthwiseConv2d({ ...options, activation: "linear" }),
          batchNorm(),
          activation("relu"),
          ...head,
        ],
        inputShape: [...size, filters],
        batch: 5,
      },
    ];
  }),
  {
    // Separable convolutions, the second one's first half frozen.
    layers: [
      conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: "same", useBias: false }),
      batchNorm(),
      activation("relu6"),
      depthwiseConv2d({ kernelSize: 3, padding: "same", useBias: false }),
      batchNorm(),
      activation("relu6"),
      conv2d({ filters: 20, kernelSize: 1, useBias: false }),
      batchNorm(),
      depthwiseConv2d({ kernelSize: 3, strides: 2, padding: "same", trainable: false }),
      conv2d({ filters: 7, kernelSize: 1, activation: "relu" }),
      globalAveragePool2d(),
      output,
    ],
    inputShape: [12, 10, 1],
    batch: 13,
  },
  {
    // Several readers of what goes in and of what comes out; images that others read too.
    layers: (x) => {
      const y = conv2d({ filters: 3, kernelSize: 3, padding: "same", activation: "relu" })(x);
      const same = { kernelSize: 3, padding: "same" } as const;
      const z = depthwiseConv2d({ ...same, activation: "relu" })(y);
      const sum = add()([y, z, depthwiseConv2d(same)(z), depthwiseConv2d(same)(x)]);
      const pooled = globalAveragePool2d()(z);
      const twice = depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2 })(y);
      return dense({ units: 10 })(concatenate()([flatten()(sum), pooled, flatten()(twice)]));
    },
    inputShape: [5, 6, 3],
  },
];

const pools: readonly Layer[] = [
  maxPool2d(),
  maxPool2d({ poolSize: 3, strides: 2 }),
  maxPool2d({ poolSize: 2, strides: 3 }),
  maxPool2d({ poolSize: [1, 3], strides: [2, 1] }),
  averagePool2d(),
  averagePool2d({ poolSize: 3, strides: 1 }),
  averagePool2d({ poolSize: [2, 1], strides: [3, 2] }),
];

/** Windows of more places than a byte counts, apart, side by side and overlapping. */
const largePoolCases: LayerCase[] = (
  [
    [maxPool2d({ poolSize: 20 }), 20],
    [maxPool2d({ poolSize: 17 }), 34],
    [maxPool2d({ poolSize: [17, 16], strides: [3, 5] }), 23],
    [averagePool2d({ poolSize: 20 }), 20],
    [averagePool2d({ poolSize: [16, 18], strides: 2 }), 21],
  ] as const
).map(([pool, size]) => ({
  layers: [conv2d({ filters: 5, kernelSize: 1, activation: "relu" }), dropout(0.3), pool, ...head],
  inputShape: [size, size, 2],
  batch: 2,
}));

const activations: readonly ActivationName[] = ["relu", "linear", "tanh", "sigmoid"];

/** A pool behind a convolution, which leaves out what no window reads: as the first layers, and further in. */
const poolCases: LayerCase[] = pools.flatMap((pool, index) =>
  activations.flatMap((name, at): LayerCase[] => {
    const convolution = conv2d({ filters: 5 + 3 * (index % 2), kernelSize: 2, activation: name });
    const first: LayerCase = { layers: [convolution, pool, ...head], inputShape: [9, 8, 1] };
    const inside: LayerCase = {
      layers: [conv2d({ filters: 3, kernelSize: 2 }), convolution, pool, dropout(0.3), ...head],
      inputShape: [9, 10, 1],
    };
    // ReLU and none decide the path; the other two need no more than one turn each.
    return at < 2 ? [first, inside] : index % 2 === at % 2 ? [inside] : [];
  }),
);

const image = { inputShape: [5, 6, 3] };
const conv = (filters: number, name: ActivationName) => conv2d({ filters, kernelSize: 2, activation: name });

const otherCases: LayerCase[] = [
  { layers: head, inputShape: [3, 3, 1] },
  { layers: [flatten(), dense({ units: 7, activation: "relu" }), output], ...image },
  {
    layers: [
      flatten(),
      dense({ units: 5, activation: "sigmoid" }),
      dense({ units: 9, activation: "tanh" }),
      output,
    ],
    ...image,
  },
  {
    layers: [flatten(), dense({ units: 150, activation: "relu" }), dense({ units: 33 }), output],
    ...image,
    batch: 35,
  },
  { layers: [flatten(), dense({ units: 2 })], ...image },
  { layers: [maxPool2d(), ...head], ...image },
  { layers: [averagePool2d(), conv(3, "relu"), ...head], ...image },
  { layers: [conv(4, "relu"), maxPool2d({ strides: 1 }), averagePool2d(), ...head], ...image, batch: 7 },

  { layers: [dropout(0.4), ...head], ...image },
  { layers: [flatten(), dropout(0.5), output], ...image },
  { layers: [dropout(0), conv(3, "relu"), dropout(0), dropout(0.2), ...head], ...image },
  { layers: [conv(4, "tanh"), dropout(0.5), dropout(0.5), ...head], ...image },
  { layers: [conv(4, "sigmoid"), flatten(), dropout(0.5), output], ...image },
  { layers: [conv(4, "sigmoid"), dropout(0), dropout(0.5), ...head], ...image },
  { layers: [conv(6, "relu"), dropout(0.5), conv(3, "relu"), dropout(0.25), ...head], ...image, batch: 13 },
  { layers: [flatten(), dense({ units: 6, activation: "tanh" }), dropout(0.3), output], ...image },
  { layers: [conv(3, "linear"), dropout(0.3), maxPool2d(), ...head], ...image },

  ...(["relu", "tanh", "sigmoid", "linear"] as const).map((name) => ({
    layers: [conv(5, "linear"), activation(name), conv(3, "linear"), ...head],
    ...image,
  })),
  ...activationNames.flatMap((name) => [
    // Behind a convolution, with another reader of what goes in and two of what comes out, at the end of a padding.
    { layers: [conv(5, name), conv(3, "linear"), ...head], ...image },
    {
      layers: (x: Value) => {
        const before = conv2d({ filters: 5, kernelSize: 2, activation: "relu" })(x);
        const after = activation(name)(before);
        return dense({ units: 10 })(flatten()(add()([before, after, activation(name)(after)])));
      },
      ...image,
    },
  ]),
  // Sums beyond six in every kernel that a ReLU6 joins, a normalization folded before it.
  {
    layers: [
      scale({ factor: 40 }),
      conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "relu6" }),
      scale({ factor: 5 }),
      conv2d({ filters: 16, kernelSize: 3, padding: "same", useBias: false }),
      batchNorm({ trainable: false }),
      activation("relu6"),
      scale({ factor: 5 }),
      depthwiseConv2d({ kernelSize: 3, activation: "relu6" }),
      flatten(),
      dense({ units: 9, activation: "relu6" }),
      output,
    ],
    inputShape: [8, 8, 3],
  },
  ...[4, 3].map((filters) => ({
    // Squeeze and excite, the gate first or last, and a product with itself.
    layers: (x: Value) => {
      const y = conv2d({ filters, kernelSize: 2, activation: "silu" })(x);
      const squeezed = dense({ units: 2, activation: "relu" })(globalAveragePool2d()(y));
      const gate = dense({ units: filters, activation: "sigmoid" })(squeezed);
      const shaped = reshape({ targetShape: [1, 1, filters] })(gate);
      const squared = multiply()([y, y, y]);
      return dense({ units: 10 })(flatten()(add()([multiply()([gate, y]), multiply()([squared, shaped])])));
    },
    ...image,
  })),
  ...[
    [4, 8],
    [3, 2],
    [1, 6],
  ].map(([a, b]) => ({
    layers: (x: Value) => {
      const [left, right] = [a, b].map((filters) =>
        conv2d({ filters, kernelSize: 2, activation: "relu" })(x),
      );
      const joined = concatenate()([left, right, scale(0.5)(left), activation("tanh")(right)]);
      return dense({ units: 10 })(flatten()(conv2d({ filters: 3, kernelSize: 1 })(joined)));
    },
    ...image,
  })),
  {
    layers: (x: Value) => {
      const y = conv2d({ filters: 5, kernelSize: 2, activation: "relu" })(x);
      return scale(1 / 9)(
        dense({ units: 10 })(concatenate()([globalMaxPool2d()(y), globalAveragePool2d()(y)])),
      );
    },
    ...image,
  },
  { layers: [scale(3), conv(5, "relu"), scale({ factor: -2 }), dropout(0.3), scale(0.1), ...head], ...image },
  { layers: (x: Value) => dense({ units: 10 })(flatten()(concatenate()([x, x]))), ...image },
  { layers: [activation("gelu"), maxPool2d(), conv(3, "silu"), dropout(0.4), ...head], ...image },
  {
    layers: [
      conv(3, "linear"),
      activation({ function: "leakyRelu", negativeSlope: 0.3 }),
      dropout(0.4),
      ...head,
    ],
    ...image,
  },
  { layers: [activation("sigmoid"), conv(3, "linear"), ...head], ...image },
  { layers: [conv(3, "tanh"), activation("tanh"), conv(2, "linear"), ...head], ...image },
  {
    layers: [conv(4, "sigmoid"), flatten(), activation("tanh"), activation("relu"), dropout(0.5), output],
    ...image,
  },
  { layers: [conv(3, "relu"), activation("sigmoid"), conv(2, "linear"), ...head], ...image },
  { layers: [conv(4, "relu"), maxPool2d(), activation("sigmoid"), dropout(0.5), ...head], ...image },
  { layers: [conv(4, "relu"), dropout(0.5), activation("tanh"), flatten(), dropout(0.3), output], ...image },
  { layers: [conv(3, "linear"), activation("relu"), maxPool2d(), ...head], ...image },

  { layers: [conv(3, "relu"), ...head], ...image },
  { layers: [conv(5, "sigmoid"), reshape({ targetShape: [10, 10] }), flatten(), output], ...image },
  { layers: [reshape({ targetShape: [3, 5, 6] }), conv(5, "relu"), ...head], ...image },
  { layers: [reshape({ targetShape: [9, 10, 1] }), maxPool2d(), conv(3, "relu"), ...head], ...image },
  { layers: [conv(6, "tanh"), reshape({ targetShape: [5, 8, 3] }), conv(2, "relu"), ...head], ...image },
  { layers: [flatten(), reshape({ targetShape: [6, 15] }), dropout(0.2), ...head], ...image },
  {
    layers: [flatten(), dense({ units: 12 }), reshape({ targetShape: [2, 2, 3] }), conv(4, "relu"), ...head],
    ...image,
  },

  ...[
    [lstm({ units: 4 }), output],
    [lstm({ units: 5 }), output],
    [lstm({ units: 6, returnSequences: true }), ...head],
    [lstm({ units: 3, returnSequences: true }), lstm({ units: 7 }), output],
    [bilstm({ units: 5 }), output],
    [
      bilstm({ units: 3, returnSequences: true }),
      dropout(0.3),
      bilstm({ units: 2, returnSequences: true }),
      ...head,
    ],
    [
      lstm({ units: 3, returnSequences: true }),
      activation("sigmoid"),
      lstm({ units: 4 }),
      dense({ units: 5 }),
      output,
    ],
    [dropout(0.2), bilstm({ units: 8 }), dropout(0.5), output],
    [gru({ units: 4 }), output],
    [gru({ units: 5 }), output],
    [gru({ units: 1 }), output],
    [gru({ units: 6, returnSequences: true }), ...head],
    [gru({ units: 3, returnSequences: true }), layerNorm(), gru({ units: 7 }), output],
    [gru({ units: 3, returnSequences: true }), dropout(0.3), bilstm({ units: 2 }), output],
    [lstm({ units: 5, returnSequences: true }), gru({ units: 9 }), dense({ units: 5 }), output],
  ].flatMap((layers, index): LayerCase[] => [
    { layers: [reshape({ targetShape: [9, 10] }), ...layers], ...image, batch: 3 + 5 * (index % 3) },
  ]),
  { layers: [reshape({ targetShape: [30, 3] }), lstm({ units: 33 }), output], ...image, batch: 9 },
  { layers: [reshape({ targetShape: [1, 90] }), bilstm({ units: 5 }), output], ...image },
  { layers: [reshape({ targetShape: [6, 1] }), bilstm({ units: 1 }), output], inputShape: [2, 3, 1] },
  { layers: [reshape({ targetShape: [30, 3] }), gru({ units: 33 }), output], ...image, batch: 9 },
  { layers: [reshape({ targetShape: [1, 90] }), gru({ units: 5 }), output], ...image },
  { layers: [reshape({ targetShape: [6, 1] }), gru({ units: 2 }), output], inputShape: [2, 3, 1] },
  {
    layers: [conv(3, "sigmoid"), maxPool2d(), reshape({ targetShape: [3, 4] }), gru({ units: 6 }), output],
    ...image,
    batch: 8,
  },
  {
    layers: [conv(3, "sigmoid"), reshape({ targetShape: [10, 6] }), lstm({ units: 6 }), output],
    ...image,
    batch: 8,
  },
];

/**
 * What Winograd's tiles compute: two by two, three by three and four by four outputs, of 3 × 3 and of 5 × 5 weights, one
 * sample at a time and in groups, in one band and in several, with and without borders, within the map and beyond it, a
 * pool or a ReLU behind them.
 */
const winogradCases: readonly LayerCase[] = [
  ...(
    [
      [[8, 8], 16, { filters: 24, kernelSize: 3, padding: "same", activation: "relu" }],
      [[16, 14], 16, { filters: 16, kernelSize: 3, padding: "same" }],
      [[20, 22], 24, { filters: 16, kernelSize: 3, activation: "relu" }],
      [[6, 4], 16, { filters: 16, kernelSize: 3, activation: "tanh" }],
      [[5, 5], 16, { filters: 40, kernelSize: 3, activation: "relu" }],
      [[11, 8], 24, { filters: 16, kernelSize: 3 }],
      [[9, 12], 16, { filters: 16, kernelSize: 3, padding: "same", activation: "relu" }],
      [[3, 3], 16, { filters: 16, kernelSize: 3, padding: "same" }],
      [[16, 20], 16, { filters: 24, kernelSize: 3, padding: "same", activation: "relu" }],
      [[22, 18], 24, { filters: 16, kernelSize: 3 }],
      [[8, 8], 16, { filters: 24, kernelSize: 5, padding: "same", activation: "relu" }],
      [[12, 18], 24, { filters: 16, kernelSize: 5 }],
      [[6, 6], 16, { filters: 40, kernelSize: 5, activation: "relu" }],
      [[20, 22], 16, { filters: 16, kernelSize: 5, padding: "same" }],
      [[12, 12], 16, { filters: 16, kernelSize: 3, activation: "relu" }],
      [[7, 7], 16, { filters: 24, kernelSize: 3, padding: "same", activation: "relu" }],
      [[9, 8], 24, { filters: 16, kernelSize: 3 }],
      [[15, 13], 16, { filters: 24, kernelSize: 3, padding: "same", activation: "relu" }],
      [[30, 26], 16, { filters: 16, kernelSize: 3, padding: "same" }],
      [[5, 7], 16, { filters: 16, kernelSize: 5, padding: "same", activation: "relu" }],
      [[13, 11], 24, { filters: 16, kernelSize: 5 }],
    ] as const
  ).flatMap(([size, filters, options]): LayerCase[] => [
    { layers: [conv2d({ filters, kernelSize: 1 }), conv2d(options), ...head], inputShape: [...size, 2] },
    { layers: [conv2d(options), ...head], inputShape: [...size, filters], batch: 7 },
  ]),
  ...[13, 14, 16, 26].map(
    (size): LayerCase => ({
      layers: [
        conv2d({ filters: 16, kernelSize: 1 }),
        conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
        maxPool2d(),
        dropout(0.25),
        ...head,
      ],
      inputShape: [size, size, 1],
      batch: size === 13 ? 70 : 4,
    }),
  ),
];

/** A network of `f(x)` and a dense output. */
const ending =
  (f: (x: Value) => Value) =>
  (x: Value): Value =>
    output.withName("output")(flatten()(f(x)));

const conv3 = (filters: number, name: ActivationName = "linear") =>
  conv2d({ filters, kernelSize: 3, padding: "same", activation: name });

/** Branches, several readers of one tensor, and normalization in all the places that differ for the engine. */
const graphCases: readonly LayerCase[] = [
  { layers: [conv(5, "relu"), globalAveragePool2d(), output], ...image },
  { layers: [globalAveragePool2d(), output], ...image },
  { layers: [conv(16, "linear"), globalAveragePool2d(), dropout(0.3), output], ...image, batch: 9 },

  // Before, behind and without a convolution; what is folded in inference and what isn't.
  { layers: [batchNorm(), ...head], ...image },
  { layers: [conv(5, "linear"), batchNorm(), ...head], ...image },
  { layers: [conv(5, "linear"), batchNorm(), activation("relu"), conv(3, "linear"), ...head], ...image },
  { layers: [conv(5, "relu"), batchNorm({ momentum: 0.5 }), activation("tanh"), ...head], ...image },
  { layers: [conv(6, "linear"), batchNorm(), activation("relu"), maxPool2d(), ...head], ...image, batch: 7 },
  { layers: [conv(6, "linear"), batchNorm(), maxPool2d(), dropout(0.3), ...head], ...image },
  { layers: [conv(4, "linear"), activation("relu"), maxPool2d(), batchNorm(), ...head], ...image },
  { layers: [flatten(), dense({ units: 9 }), batchNorm(), activation("relu"), output], ...image, batch: 35 },
  { layers: [flatten(), dense({ units: 13, activation: "sigmoid" }), batchNorm(), output], ...image },
  {
    layers: [conv3(16), batchNorm(), activation("relu"), conv3(24), batchNorm(), activation("relu"), ...head],
    inputShape: [8, 8, 1],
    batch: 5,
  },
  { layers: [reshape({ targetShape: [9, 10] }), batchNorm(), lstm({ units: 5 }), output], ...image },
  { layers: [conv(40, "linear"), batchNorm(), ...head], ...image },
  // Folded into each group, with full blocks of channels and without, and where groups are padded not at all.
  ...[
    { filters: 32, groups: 2, useBias: false },
    { filters: 24, groups: 2 },
    { filters: 15, groups: 3 },
  ].map((options) => ({
    layers: [
      conv2d({ kernelSize: 3, padding: "same", ...options }),
      batchNorm(),
      activation("relu"),
      ...head,
    ],
    inputShape: [5, 6, 6],
    batch: 7,
  })),
  ...[{ useBias: false }, { depthMultiplier: 2 }].map((options) => ({
    layers: [
      depthwiseConv2d({ kernelSize: 3, strides: 2, ...options }),
      batchNorm(),
      activation("relu6"),
      ...head,
    ],
    inputShape: [8, 7, 5],
    batch: 7,
  })),
  // γ as it is.
  {
    layers: [conv(6, "linear"), batchNorm({ scale: false }), activation("relu"), ...head],
    ...image,
    batch: 7,
  },

  // Each pixel, step or vector by itself: without padding and with, of one channel, of rows written out and looped over.
  ...[1, 4, 5, 16, 33, 48].map((filters) => ({
    layers: [conv(filters, "relu"), layerNorm(), activation("silu"), conv(3, "linear"), ...head],
    ...image,
  })),
  { layers: [layerNorm(), ...head], ...image },
  { layers: [layerNorm({ trainable: false }), conv(3, "relu"), ...head], ...image },
  { layers: [layerNorm(), conv(6, "relu"), maxPool2d(), layerNorm(), dropout(0.3), ...head], ...image },
  {
    layers: [conv(7, "sigmoid"), layerNorm({ epsilon: 0.1 }), activation("relu"), maxPool2d(), ...head],
    ...image,
  },
  { layers: [flatten(), dense({ units: 13 }), layerNorm(), activation("relu"), output], ...image, batch: 35 },
  { layers: [flatten(), layerNorm(), dense({ units: 10 }), layerNorm()], ...image },
  { layers: [conv(5, "tanh"), flatten(), layerNorm(), output], ...image },
  {
    layers: [reshape({ targetShape: [9, 10] }), layerNorm(), lstm({ units: 5 }), layerNorm(), output],
    ...image,
  },
  {
    layers: [conv(3, "relu"), reshape({ targetShape: [10, 6] }), layerNorm(), bilstm({ units: 3 }), output],
    ...image,
  },
  // Frozen, with something to learn before it; and several readers before and behind.
  { layers: [conv(5, "linear"), layerNorm({ trainable: false }), activation("relu"), ...head], ...image },
  {
    layers: (x: Value) => {
      const y = conv2d({ filters: 6, kernelSize: 2, activation: "relu" })(x);
      const normal = layerNorm()(y);
      const sum = add()([y, normal, layerNorm()(y), conv2d({ filters: 6, kernelSize: 1 })(normal)]);
      return dense({ units: 10 })(concatenate()([globalAveragePool2d()(sum), globalMaxPool2d()(normal)]));
    },
    ...image,
    batch: 6,
  },
  // Frozen tensors, with and without something to learn before them.
  { layers: [conv(5, "linear"), batchNorm({ trainable: false }), activation("relu"), ...head], ...image },
  {
    layers: [
      conv(5, "relu"),
      conv2d({ filters: 16, kernelSize: 3, padding: "same", trainable: false }),
      conv2d({ filters: 16, kernelSize: 3, padding: "same", trainable: false, activation: "relu" }),
      conv(3, "relu"),
      ...head,
    ],
    ...image,
  },
  {
    layers: [conv2d({ filters: 4, kernelSize: 2, trainable: false }), flatten(), dense({ units: 10 })],
    ...image,
  },
  // A kernel that stays under a bias that is trained, of few weights and of many.
  ...[2, 8].map((kernelSize) => ({
    layers: [
      conv2d({ filters: 2 * kernelSize, kernelSize, padding: "same", kernelInitializer: "whitening" }),
      activation("gelu"),
      ...head,
    ],
    inputShape: [12, 13, 4 * kernelSize],
  })),
  // A kernel whose taps all fall beside the image, with more weights than are summed in shares, and no bias that is.
  {
    layers: [
      conv2d({ filters: 64, kernelSize: 1 }),
      conv2d({ filters: 64, kernelSize: [1, 2], dilation: [1, 4], padding: [0, 2], useBias: false }),
      ...head,
    ],
    inputShape: [8, 2, 1],
  },
  {
    layers: [reshape({ targetShape: [9, 10] }), lstm({ units: 5, trainable: false }), output],
    ...image,
  },
  {
    layers: [reshape({ targetShape: [9, 10] }), gru({ units: 5, trainable: false }), output],
    ...image,
  },
  {
    layers: [
      conv(3, "relu"),
      reshape({ targetShape: [10, 6] }),
      gru({ units: 5, returnSequences: true, trainable: false }),
      gru({ units: 6 }),
      output,
    ],
    ...image,
  },
  { layers: [flatten(), dense({ units: 6 }), dense({ units: 10, trainable: false })], ...image },

  // Sums: of a branch and what it began with, of a tensor and itself, of the images, over a pool.
  {
    layers: ending((x) => {
      const y = conv3(4)(x);
      return add()([conv3(4, "relu")(y), y]);
    }),
    ...image,
  },
  { layers: ending((x) => add()([x, x])), ...image },
  {
    layers: ending((x) => {
      const y = conv3(5, "relu")(x);
      return activation("relu")(add()([y, y, conv3(5)(y)]));
    }),
    ...image,
  },
  { layers: ending((x) => add()([conv3(3)(x), x])), ...image },
  {
    layers: ending((x) => {
      const y = conv3(6, "relu")(x);
      const pool = maxPool2d();
      return add()([pool(y), conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: "valid" })(y)]);
    }),
    inputShape: [5, 5, 3],
  },
  {
    layers: ending((x) => {
      const y = conv3(4, "relu")(x);
      return add()([maxPool2d({ poolSize: 3, strides: 1 })(y), conv2d({ filters: 4, kernelSize: 3 })(y)]);
    }),
    ...image,
  },
  {
    layers: ending((x) => {
      const y = conv3(4, "tanh")(x);
      return add()([activation("sigmoid")(y), dropout(0.4)(y), averagePool2d({ poolSize: 1 })(y), y]);
    }),
    ...image,
    batch: 6,
  },
  {
    // Readers by way of other shapes, one of them padded.
    layers: (x) => {
      const y = conv3(5, "relu")(x);
      const flat = dense({ units: 7 })(flatten()(y));
      const pooled = dense({ units: 7 })(globalAveragePool2d()(y));
      const rows = lstm({ units: 7 })(reshape({ targetShape: [5, 30] })(y));
      return output.withName("output")(add()([flat, pooled, rows]));
    },
    ...image,
  },
  {
    // What is added to by products, by Winograd's tiles in one band and several, framed or not.
    layers: ending((x) => {
      const y = conv3(16, "relu")(x);
      const framed = conv3(16)(y);
      const again = conv3(16)(y);
      const one = conv2d({ filters: 16, kernelSize: 1 })(y);
      return add()([framed, again, one, y]);
    }),
    inputShape: [12, 12, 2],
    batch: 4,
  },
  {
    layers: ending((x) => {
      const y = conv3(16, "relu")(x);
      const inner = conv2d({ filters: 16, kernelSize: 3 });
      const other = conv2d({ filters: 16, kernelSize: 3 });
      return add()([inner(y), other(y)]);
    }),
    inputShape: [8, 6, 2],
    batch: 9,
  },
  {
    layers: ending((x) => {
      const y = lstm({ units: 6, returnSequences: true })(reshape({ targetShape: [9, 10] })(x));
      return add()([
        bilstm({ units: 3, returnSequences: true })(y),
        y,
        lstm({ units: 6, returnSequences: true })(y),
      ]);
    }),
    ...image,
  },
  {
    layers: ending((x) => {
      const y = gru({ units: 5, returnSequences: true })(reshape({ targetShape: [9, 10] })(x));
      return concatenate()([gru({ units: 3 })(y), gru({ units: 6 })(y), lstm({ units: 2 })(y)]);
    }),
    ...image,
    batch: 7,
  },
  {
    // A residual block as it is usual, with its shortcut.
    layers: (x) => {
      const stem = activation("relu")(batchNorm()(conv3(16)(x)));
      const a = activation("relu")(
        batchNorm()(conv2d({ filters: 24, kernelSize: 3, strides: 2, padding: "same" })(stem)),
      );
      const b = batchNorm()(conv3(24)(a));
      const shortcut = batchNorm()(conv2d({ filters: 24, kernelSize: 1, strides: 2 })(stem));
      const sum = activation("relu")(add()([b, shortcut]));
      return output.withName("output")(globalAveragePool2d()(sum));
    },
    inputShape: [8, 8, 3],
    batch: 6,
  },
  {
    layers: (x) => {
      const y = batchNorm()(conv3(5)(x));
      const sum = add()([y, activation("relu")(y)]);
      return output.withName("output")(globalAveragePool2d()(batchNorm()(sum)));
    },
    ...image,
  },
];

/** A sum of as many branches' outputs, each of its own. */
const ends = (...values: readonly Value[]): Value =>
  output.withName("output")(add()(values.map((value) => dense({ units: 7 })(value))));

/** What several read, behind layers that in inference, or always, give the tensor that they read. */
const passedOnCases: readonly LayerCase[] = [
  {
    layers: (x) => {
      const y = dropout(0.3)(activation("relu")(conv(5, "linear")(x)));
      return ends(flatten()(activation("tanh")(y)), globalAveragePool2d()(y));
    },
    ...image,
  },
  {
    layers: (x) => {
      const y = dropout(0.3)(activation("relu")(conv(4, "linear")(x)));
      return ends(flatten()(y), globalAveragePool2d()(y));
    },
    ...image,
  },
  {
    layers: (x) => {
      const y = activation("linear")(activation("relu")(batchNorm()(conv(8, "linear")(x))));
      return ends(flatten()(y), globalAveragePool2d()(activation("sigmoid")(y)));
    },
    ...image,
  },
  ...([dropout(0.3), activation("linear")] as const).map(
    (passing): LayerCase => ({
      layers: (x) => {
        const y = passing(batchNorm()(conv(5, "linear")(x)));
        return ends(flatten()(activation("tanh")(y)), globalAveragePool2d()(y));
      },
      ...image,
    }),
  ),
  {
    layers: (x) => {
      const rows = reshape({ targetShape: [50, 2] })(dropout(0.3)(x));
      return ends(flatten()(conv(3, "relu")(x)), lstm({ units: 5 })(rows));
    },
    inputShape: [5, 5, 4],
  },
  {
    layers: (x) => {
      const other = reshape({ targetShape: [3, 32, 1] })(dropout(0.3)(x));
      return ends(flatten()(conv(3, "relu")(other)), globalAveragePool2d()(x));
    },
    inputShape: [6, 4, 4],
  },
];

/** Every layer type in the places that differ for the engine. */
export const layerCases: readonly LayerCase[] = [
  ...passedOnCases,
  ...graphCases,
  ...convolutionCases,
  ...patchCases,
  ...framedCases,
  ...biaslessCases,
  ...paddedCases,
  ...dilatedCases,
  ...groupedCases,
  ...depthwiseCases,
  ...winogradCases,
  ...poolCases,
  ...largePoolCases,
  ...otherCases,
];

export function caseGraph({ layers, inputShape }: LayerCase): Graph {
  if (typeof layers !== "function") return chainOf(layers, inputShape);
  const x = input(inputShape);
  return graphOf(x, layers(x));
}

/** `conv2d 5 [2,2] [1,1] valid relu, maxPool2d [2,2] [2,2], …` */
export function caseName(layerCase: LayerCase): string {
  const { inputShape, batch = 3 } = layerCase;
  const chain = typeof layerCase.layers !== "function";
  const parts = graphConfig(caseGraph(layerCase)).map(({ type, name, ...options }) => {
    const values = Object.values(options).map((value) => (Array.isArray(value) ? `[${value}]` : value));
    return [chain ? type : name, ...values].join(" ");
  });
  return `${batch} × [${inputShape}]: ${parts.join(", ")}`;
}
