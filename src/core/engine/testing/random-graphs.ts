// Random networks for tests: the layers that they are made of, and graphs of each kind.
import fc from "fast-check";
import { chainOf, type Graph, graphOf } from "../../graph/index.js";
import {
  type ActivationName,
  activation as activate,
  activationNames,
  add,
  averagePool2d,
  batchNorm,
  bilstm,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  globalAveragePool2d,
  gru,
  input,
  type Layer,
  layerNorm,
  lstm,
  maxPool2d,
  reshape,
  type Shape,
  type Value,
  zeroPad2d,
} from "../../layers/index.js";

const small = fc.integer({ min: 1, max: 3 });
const pair = fc.tuple(small, small);
const activation = fc.constantFrom<ActivationName>(...activationNames);

const zeros = fc.nat(3);
const pad = fc
  .record({ top: zeros, bottom: zeros, left: zeros, right: zeros })
  .map((padding): Layer => zeroPad2d({ padding }));

const convolution = fc
  .record({
    filters: fc.integer({ min: 1, max: 9 }),
    kernelSize: pair,
    strides: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    dilation: fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, pair),
    padding: fc.oneof(
      fc.constantFrom("valid" as const, "same" as const),
      fc.record({ top: zeros, bottom: zeros, left: zeros, right: zeros }),
    ),
    activation,
    useBias: fc.boolean(),
  })
  .map((options): Layer => conv2d(options));
const groups = fc
  .record({ groups: small, each: small, kernelSize: pair, dilation: fc.constantFrom(1, 2), activation })
  .map(
    ({ each, ...options }): Layer => conv2d({ ...options, filters: each * options.groups, padding: "same" }),
  );
const depthwise = fc
  .record({
    kernelSize: pair,
    strides: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    padding: fc.oneof(
      fc.constantFrom("valid" as const, "same" as const),
      fc.record({ top: zeros, bottom: zeros, left: zeros, right: zeros }),
    ),
    depthMultiplier: fc.constantFrom(1, 1, 2),
    activation,
    useBias: fc.boolean(),
  })
  .map((options): Layer => depthwiseConv2d(options));
const pool = fc
  .record({ average: fc.boolean(), poolSize: pair, strides: pair })
  .map(({ average, ...options }): Layer => (average ? averagePool2d(options) : maxPool2d(options)));
/** Of windows that have more places than a byte counts. */
const side = fc.integer({ min: 17, max: 21 });
const largePool = fc
  .record({
    average: fc.boolean(),
    poolSize: fc.tuple(side, side),
    strides: fc.oneof(pair, fc.tuple(side, side)),
  })
  .map(({ average, ...options }): Layer => (average ? averagePool2d(options) : maxPool2d(options)));
const drop = fc.constantFrom(0, 0.25, 0.5).map((rate): Layer => dropout(rate));
const norm = fc.constantFrom(1e-3, 0.1).map((epsilon): Layer => layerNorm({ epsilon }));
const stack = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: convolution },
    { weight: 2, arbitrary: depthwise },
    groups,
    { weight: 2, arbitrary: pool },
    drop,
    norm,
    pad,
  ),
  {
    maxLength: 5,
  },
);
const tail = fc.array(
  fc.oneof(
    fc
      .record({ units: fc.integer({ min: 1, max: 13 }), activation, useBias: fc.boolean() })
      .map((options): Layer => dense(options)),
    drop,
  ),
  { maxLength: 2 },
);

/** What is left when layers that don't fit what comes before them are taken out. */
function fitting(layers: readonly Layer[], inputShape: Shape): Layer[] {
  let shape = inputShape;
  return layers.filter((layer) => {
    try {
      shape = layer.outputShape(shape);
      return true;
    } catch {
      return false;
    }
  });
}

const sequence = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .record({ kind: fc.constantFrom(lstm, bilstm, gru), units: fc.integer({ min: 1, max: 9 }) })
        .map(({ kind, units }): Layer => kind({ units, returnSequences: true })),
    },
    activation.map((name): Layer => activate(name)),
    drop,
    norm,
  ),
  { maxLength: 3 },
);

/** One more value: of which kind, and which of those that are there already it is made of. */
interface Step {
  readonly kind:
    | "conv"
    | "depthwise"
    | "norm"
    | "layerNorm"
    | "activation"
    | "dropout"
    | "pool"
    | "add"
    | "triple"
    | "block";
  /** Counted from the last value back, so that chains grow long too. */
  readonly from: readonly [number, number, number];
  readonly size: number;
  readonly name: ActivationName;
}

const back = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(99));

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    ...([
      "conv",
      "conv",
      "depthwise",
      "norm",
      "layerNorm",
      "activation",
      "dropout",
      "pool",
      "add",
      "add",
      "triple",
      "block",
      "block",
    ] as const),
  ),
  from: fc.tuple(back, back, back),
  size: small,
  name: activation,
});

/**
 * Each step reads any values of one shape; what nobody has read at the end, and some of what was read, is brought to
 * classes in one of four ways and summed.
 */
function branching(
  inputShape: Shape,
  channels: number,
  steps: readonly Step[],
  classes: number,
  ends: readonly number[],
): Graph {
  const x = input(inputShape);
  const values: Value[] = [x, conv2d({ filters: channels, kernelSize: 3, padding: "same" })(x)];
  const read = new Set<Value>();
  const like = (value: Value): Value[] => values.filter(({ shape }) => `${shape}` === `${value.shape}`);
  const pick = (among: readonly Value[], from: number): Value =>
    among[among.length - 1 - (from % among.length)];
  for (const { kind, from, size, name } of steps) {
    const first = pick(values, from[0]);
    const others = like(first);
    const second = pick(others, from[1]);
    const third = pick(others, from[2]);
    const [height, width, own] = first.shape;
    const parts = kind === "add" ? [first, second] : kind === "triple" ? [first, second, third] : [first];
    const pooled = Math.min(size, height, width);
    const made = {
      conv: () => conv2d({ filters: own, kernelSize: size, padding: "same", activation: name })(first),
      depthwise: () => depthwiseConv2d({ kernelSize: size, padding: "same", activation: name })(first),
      norm: () => batchNorm({ momentum: 0.7 })(first),
      layerNorm: () => layerNorm()(first),
      activation: () => activate(name)(first),
      dropout: () => dropout(0.3)(first),
      pool: () => (size === 2 ? averagePool2d : maxPool2d)({ poolSize: pooled, strides: 1 })(first),
      add: () => add()(parts),
      triple: () => add()(parts),
      // What joins the convolution, and what gives its tensor on.
      block: () => {
        const made = conv2d({ filters: own, kernelSize: size, padding: "same" })(first);
        const joined = size === 1 ? made : batchNorm({ momentum: 0.7 })(made);
        return dropout(0.3)(activate(name)(joined));
      },
    }[kind]();
    values.push(made);
    for (const part of parts) read.add(part);
  }
  const left = values.filter((value) => !read.has(value) && value !== x);
  const again = ends.slice(1).map((end) => values[end % values.length]);
  const summed = [...left, ...again].map((value, index) =>
    dense({ units: classes })(vectorOf(value, (ends[0] ?? 0) + index)),
  );
  return graphOf(x, summed.length > 1 ? add()(summed) : summed[0]);
}

/** An image as a vector: its means, its numbers, or its numbers in another shape, read by a recurrent layer or a convolution. */
function vectorOf(value: Value, way: number): Value {
  const [height, width, channels] = value.shape;
  const ways = [
    () => globalAveragePool2d()(value),
    () => flatten()(value),
    () => lstm({ units: 3 })(reshape({ targetShape: [width * channels, height] })(dropout(0.2)(value))),
    () => {
      const turned = reshape({ targetShape: [channels, height, width] })(dropout(0.2)(value));
      return flatten()(conv2d({ filters: 2, kernelSize: 3, padding: "same" })(turned));
    },
  ];
  return ways[way % ways.length]();
}

const size = fc.integer({ min: 1, max: 9 });
const classCounts = fc.integer({ min: 2, max: 11 });

/** Layers over images of some sizes and dense ones behind them. */
const chainsOf = (sizes: fc.Arbitrary<number>, layers: fc.Arbitrary<readonly Layer[]>): fc.Arbitrary<Graph> =>
  fc
    .tuple(fc.tuple(sizes, sizes, small), layers, tail, classCounts)
    .map(([inputShape, first, last, classes]) =>
      chainOf([...fitting(first, inputShape), flatten(), ...last, dense({ units: classes })], inputShape),
    );

/** Chains of convolutions, pools and dense layers. */
export const chainGraphs = chainsOf(size, stack);

/** The same with a pool of more places than a byte counts. */
export const largeWindowGraphs = chainsOf(fc.integer({ min: 21, max: 42 }), fc.tuple(convolution, largePool));

/** Chains of recurrent layers. */
export const recurrentGraphs: fc.Arbitrary<Graph> = fc
  .tuple(fc.tuple(size, size, fc.constant(1)), sequence, fc.constantFrom(lstm, gru, undefined), classCounts)
  .map(([inputShape, first, last, classes]) => {
    const read = last ? [last({ units: classes + 1 })] : [flatten()];
    const steps = reshape({ targetShape: inputShape.slice(0, 2) });
    return chainOf([steps, ...first, ...read, dense({ units: classes })], inputShape);
  });

const imageSize = fc.integer({ min: 3, max: 9 });

/** Graphs whose branches meet again. */
export const branchingGraphs: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.tuple(imageSize, imageSize, fc.constantFrom(1, 2, 3, 4, 4)),
    fc.integer({ min: 1, max: 17 }),
    fc.array(step, { minLength: 1, maxLength: 9 }),
    classCounts,
    fc.array(back, { maxLength: 4 }),
  )
  .map((parts) => branching(...parts));
