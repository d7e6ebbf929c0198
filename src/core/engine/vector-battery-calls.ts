import {
  type ActivationKind,
  emitActivation,
  emitActivationApart,
  emitActivationGradient,
  emitActivationGradientApart,
} from "../kernels/activation.js";
import {
  emitBatchNorm,
  emitBatchNormInputGradient,
  emitBatchNormSums,
  emitSampleMoments,
  momentBytes,
} from "../kernels/batch-norm.js";
import { emitChannelMeans, emitChannelMeansGradient } from "../kernels/channels.js";
import {
  type ConvolutionGeometry,
  dataGradientProduct,
  forwardProduct,
  weightGradient,
} from "../kernels/convolution.js";
import { depthwiseForward, emitDepthwise, emitDepthwiseWeightGradient } from "../kernels/depthwise.js";
import { emitDropout } from "../kernels/dropout.js";
import type { Emitter } from "../kernels/emitter.js";
import { type Grid, gridBytes } from "../kernels/grid.js";
import { emitGruStep, emitGruStepGradient } from "../kernels/gru.js";
import { emitLayerNormSums } from "../kernels/layer-norm.js";
import { emitLstmStep, emitLstmStepGradient } from "../kernels/lstm.js";
import { emitChannelProducts, emitMultiply, emitMultiplyChannels, emitScale } from "../kernels/multiply.js";
import { emitOptimizer } from "../kernels/optimizer.js";
import { emitProduct, productScratch } from "../kernels/product.js";
import { emitColumnSums, emitPartsSum } from "../kernels/sum.js";
import { emitWeightAverage } from "../kernels/weight-average.js";
import { emitWeightGradient } from "../kernels/weight-gradient.js";
import {
  borderedInput,
  emitFrame,
  emitTileTransform,
  emitUnframe,
  emitWeightTransform,
  transformedBytes,
  transformedWeightBytes,
  winogradShape,
} from "../kernels/winograd.js";
import {
  emitWinogradDataGradient,
  emitWinogradForward,
  emitWinogradWeightGradient,
} from "../kernels/winograd-products.js";
import { adam, adamw, rmsprop, sgd } from "../optimizers/index.js";
import { type FunctionReference, pageBytes } from "../wasm/index.js";

export type Call = <Name extends string>(
  target: FunctionReference<Name>,
  args: Readonly<Record<NoInfer<Name>, number>>,
) => void;

/** What calls are written with. Numbers that kernels read lie from address 0 on. */
export interface Battery {
  readonly emitter: Emitter;
  readonly call: Call;
  /** Room for what a kernel writes, zeros at first. */
  room(bytes: number): number;
  /** Room that holds a copy of the numbers from an address on, for what works in place. */
  copied(bytes: number, from: number): number;
}

/** A kernel of every kind that works on neighbouring vectors, called once each. */
export function callKernels(battery: Battery): void {
  callProducts(battery);
  callTiles(battery);
  callDepthwise(battery);
  callActivations(battery);
  callRecurrent(battery);
  callNormalizations(battery);
  callChannels(battery);
  callParameters(battery);
}

const grid = (height: number, channels: number, width = height): Grid => ({
  height,
  width,
  pitch: width,
  channels,
});

const direct: ConvolutionGeometry = {
  input: grid(7, 8),
  output: grid(7, 24),
  kernelSize: [3, 3],
  strides: [1, 1],
  padding: [1, 1],
};

/** Sums of so many products that they are made of parts. */
const long: ConvolutionGeometry = {
  input: grid(2, 1288),
  output: grid(2, 8),
  kernelSize: [1, 1],
  strides: [1, 1],
  padding: [0, 0],
};

/** Covered by tiles exactly, and by tiles that reach beyond. */
const tiled = [grid(6, 24), grid(4, 24, 7)].map(
  (output): ConvolutionGeometry => ({
    input: grid(output.height + 2, 16, output.width + 2),
    output,
    kernelSize: [3, 3],
    strides: [1, 1],
    padding: [0, 0],
  }),
);

const channelwise: ConvolutionGeometry = { ...direct, output: grid(7, 8) };

/** Pairs of vectors and one that is left over. */
const units = 12;
const numberBytes = 40 * 16 + 16;

const pixels = { pixels: 10, channels: 8 };
const pixelsBytes = pixels.pixels * pixels.channels * 4;
/** Of sums that are made of parts. */
const manyPixels = { ...pixels, pixels: 40 };

function callProducts({ emitter, call, room }: Battery): void {
  const forward = forwardProduct(direct, "bias", "relu");
  const everyBlock = { firstBlock: 0, endBlock: 3, groups: 1, scratch: 0 };
  call(emitProduct(emitter, forward, 2), {
    a: 0,
    weights: 4096,
    bias: 64,
    out: room(2 * forward.outSample),
    ...everyBlock,
  });
  const backward = dataGradientProduct(direct);
  call(emitProduct(emitter, backward, 1), {
    a: 0,
    weights: 8192,
    bias: 0,
    out: room(backward.outSample),
    ...everyBlock,
    endBlock: 1,
  });
  const inParts = forwardProduct(long, "zero", "store");
  call(emitProduct(emitter, inParts, 1), {
    a: 0,
    weights: 4096,
    bias: 0,
    out: room(inParts.outSample),
    ...everyBlock,
    endBlock: 1,
    scratch: room(productScratch(inParts, emitter.tiling)),
  });
  const gradient = weightGradient(direct, 1);
  call(emitWeightGradient(emitter, gradient, "accumulate"), {
    a: 0,
    b: 4096,
    out: room(gradient.blockSteps * 32 * 3),
    firstBlock: 0,
    endBlock: 3,
    samples: 1,
    scratch: room(pageBytes),
  });
}

function callTiles({ emitter, call, room, copied }: Battery): void {
  const products = room(pageBytes);
  for (const geometry of tiled) {
    const shape = winogradShape(geometry)!;
    const { input, output } = geometry;
    const [transformed, transformedGradient] = [input, output].map(({ channels }) =>
      room(transformedBytes(shape, 1, channels)),
    );
    const frame = borderedInput(shape);
    if (frame) {
      call(emitFrame(emitter, shape), { image: 1024, to: room(gridBytes(frame)) });
      call(emitUnframe(emitter, shape, true), { frame: 1024, image: copied(gridBytes(input), 2048) });
    }
    call(emitWeightTransform(emitter, shape, false), {
      from: 4096,
      to: room(transformedWeightBytes(shape)),
      block: 0,
    });
    call(emitWeightTransform(emitter, shape, true), {
      from: 4096,
      to: room(transformedWeightBytes(shape)),
      block: 0,
    });
    call(emitTileTransform(emitter, shape, 1, false), { image: 1024, to: transformed });
    call(emitTileTransform(emitter, shape, 1, true), { image: 2048, to: transformedGradient });
    call(emitWinogradForward(emitter, shape, 1), {
      a: transformed,
      weights: 4096,
      bias: 64,
      out: room(gridBytes(output)),
      products,
    });
    call(emitWinogradDataGradient(emitter, shape, 1), {
      a: transformedGradient,
      weights: 4096,
      out: room(gridBytes(frame ?? input)),
      products,
    });
    call(emitWinogradWeightGradient(emitter, shape, 1, "accumulate"), {
      a: transformed,
      b: transformedGradient,
      out: room(transformedWeightBytes(shape)),
    });
  }
}

function callDepthwise({ emitter, call, room }: Battery): void {
  const walk = depthwiseForward(channelwise);
  call(emitDepthwise(emitter, walk, "bias"), {
    from: 512,
    kernel: 64,
    bias: 0,
    out: room(gridBytes(channelwise.output)),
  });
  call(emitDepthwiseWeightGradient(emitter, walk), { from: 512, gradient: 4096, out: room(9 * 8 * 4) });
}

/** Those that have comparisons, series or constants which no other has. */
const activations: readonly ActivationKind[] = ["relu6", "elu", "softplus", "hardSwish", "gelu"];

function callActivations({ emitter, call, room, copied }: Battery): void {
  for (const kind of activations) {
    const [address, gradient] = [1024, 2048].map((from) => copied(numberBytes, from));
    call(emitActivation(emitter, { kind }), { address, end: address + numberBytes });
    call(emitActivationGradient(emitter, { kind }), {
      gradient,
      end: gradient + numberBytes,
      output: address,
    });
  }
  const kind = "hardSwish";
  const to = room(numberBytes);
  call(emitActivationApart(emitter, { kind }), { from: 1024, end: 1024 + numberBytes, to });
  call(emitActivationGradientApart(emitter, { kind }), {
    gradient: 1024,
    end: 1024 + numberBytes,
    input: 2048,
    to: room(numberBytes),
  });
  call(emitDropout(emitter, 0.3), {
    from: 1024,
    to: room(numberBytes),
    bytes: numberBytes,
    key: 7,
    firstIndex: 4,
  });
}

function callRecurrent({ emitter, call, room, copied }: Battery): void {
  const bytes = units * 4;
  call(emitLstmStep(emitter, units, { first: false, kept: true }), {
    gates: copied(4 * bytes, 1024),
    cellBefore: 256,
    cell: room(bytes),
    cellTanh: room(bytes),
    hidden: room(bytes),
  });
  call(emitLstmStepGradient(emitter, units, false), {
    gates: copied(4 * bytes, 2048),
    cellBefore: 256,
    cellTanh: 512,
    hiddenGradient: 768,
    cellGradient: room(bytes),
  });
  call(emitGruStep(emitter, units, { first: false, kept: true }), {
    gates: copied(3 * bytes, 1024),
    recurrent: 2048,
    recurrentBias: 0,
    hiddenBefore: 256,
    hidden: room(bytes),
  });
  call(emitGruStepGradient(emitter, units, { first: false, adds: true }), {
    gates: copied(3 * bytes, 1024),
    recurrent: copied(3 * bytes, 2048),
    hiddenBefore: 256,
    hiddenGradient: 512,
    gradientBefore: copied(bytes, 768),
  });
}

function callNormalizations({ emitter, call, room, copied }: Battery): void {
  const { channels } = pixels;
  const statistics = 2048;
  call(emitSampleMoments(emitter, pixels), { x: 128, moments: room(momentBytes(channels)) });
  call(emitBatchNorm(emitter, channels), {
    x: 128,
    y: room(pixelsBytes),
    statistics,
    beta: 64,
    end: 128 + pixelsBytes,
  });
  call(emitBatchNormSums(emitter, pixels), {
    gradient: 512,
    x: 1024,
    statistics,
    sums: room(momentBytes(channels)),
  });
  call(emitBatchNormInputGradient(emitter, channels, { fixed: false, adds: true }), {
    gradient: 512,
    x: 1024,
    statistics,
    to: copied(pixelsBytes, 4096),
    end: 512 + pixelsBytes,
  });
  call(emitLayerNormSums(emitter, { ...pixels, width: channels }), {
    gradient: 512,
    x: 1024,
    moments: 2048,
    gammaGradient: room(channels * 4),
    betaGradient: room(channels * 4),
  });
}

function callChannels({ emitter, call, room }: Battery): void {
  const bytes = pixels.channels * 4;
  call(emitChannelMeans(emitter, manyPixels), { from: 512, to: room(bytes) });
  call(emitChannelMeansGradient(emitter, pixels, false), { gradient: 512, to: room(pixelsBytes) });
  call(emitMultiplyChannels(emitter, pixels), { from: 512, by: 64, to: room(pixelsBytes) });
  call(emitChannelProducts(emitter, manyPixels), { a: 512, b: 2048, to: room(bytes) });
  const walk = { groups: 1, groupBytes: pixelsBytes, rows: pixels.pixels, rowBytes: bytes };
  call(emitColumnSums(emitter, 2, walk, "zero"), { from: 512, out: room(bytes) });
}

function callParameters({ emitter, call, room, copied }: Battery): void {
  const own = (): number => room(numberBytes);
  const ended = (out: number) => ({ out, end: out + numberBytes });
  call(emitMultiply(emitter), { a: 512, b: 2048, ...ended(own()) });
  call(emitPartsSum(emitter, 3, numberBytes), { from: 0, ...ended(own()) });
  const scaled = copied(numberBytes, 1024);
  call(emitScale(emitter, 0.3), { address: scaled, end: scaled + numberBytes });
  for (const optimizer of [
    adam(),
    adamw(),
    sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
    rmsprop({ momentum: 0.9 }),
  ])
    call(emitOptimizer(emitter, optimizer, { address: 0 }), {
      weights: copied(numberBytes, 4096),
      gradients: 1024,
      first: own(),
      second: own(),
      bytes: numberBytes,
    });
  call(emitWeightAverage(emitter, { address: 0 }), {
    average: copied(numberBytes, 4096),
    weights: 1024,
    bytes: numberBytes,
  });
}
