import { emitActivation, emitActivationGradient } from "../kernels/activation.js";
import type { Arithmetic } from "../kernels/arithmetic.js";
import { emitBatchNorm, emitBatchNormSums, statisticsBytes } from "../kernels/batch-norm.js";
import {
  type ConvolutionGeometry,
  dataGradientProduct,
  forwardProduct,
  weightGradient,
} from "../kernels/convolution.js";
import { depthwiseForward, emitDepthwise, emitDepthwiseWeightGradient } from "../kernels/depthwise.js";
import type { Emitter } from "../kernels/emitter.js";
import { type Grid, gridBytes } from "../kernels/grid.js";
import { emitLstmStep, emitLstmStepGradient } from "../kernels/lstm.js";
import { emitOptimizer } from "../kernels/optimizer.js";
import { emitProduct } from "../kernels/product.js";
import { emitPartsSum } from "../kernels/sum.js";
import type { Tiling } from "../kernels/tiling.js";
import { emitWeightGradient } from "../kernels/weight-gradient.js";
import {
  borderedInput,
  emitTileTransform,
  transformedBytes,
  transformedWeightBytes,
  winogradShape,
} from "../kernels/winograd.js";
import {
  emitWinogradDataGradient,
  emitWinogradForward,
  emitWinogradWeightGradient,
} from "../kernels/winograd-products.js";
import { adam } from "../optimizers/index.js";
import { createRandom } from "../random.js";
import {
  type FunctionBuilder,
  type FunctionReference,
  i32,
  ModuleBuilder,
  pageBytes,
} from "../wasm/index.js";

const pages = 32;

/** Numbers that kernels read; what they write lies behind. */
const inputBytes = 8 * pageBytes;

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

const units = 12;

/** Room for what a kernel writes. */
type Room = (bytes: number) => number;

type Call = <Name extends string>(
  target: FunctionReference<Name>,
  args: Readonly<Record<NoInfer<Name>, number>>,
) => void;

/** A kernel of every kind that works on neighbouring vectors, called once each. */
function callKernels(emitter: Emitter, room: Room, call: Call): void {
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

  const products = room(pageBytes);
  for (const geometry of tiled) {
    const shape = winogradShape(geometry)!;
    const { input, output } = geometry;
    const [transformed, transformedGradient] = [input, output].map(({ channels }) =>
      room(transformedBytes(shape, 1, channels)),
    );
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
      out: room(gridBytes(borderedInput(shape) ?? input)),
      products,
    });
    call(emitWinogradWeightGradient(emitter, shape, 1, "accumulate"), {
      a: transformed,
      b: transformedGradient,
      out: room(transformedWeightBytes(shape)),
    });
  }

  const walk = depthwiseForward(channelwise);
  call(emitDepthwise(emitter, walk, "bias"), {
    from: 512,
    kernel: 64,
    bias: 0,
    out: room(gridBytes(channelwise.output)),
  });
  call(emitDepthwiseWeightGradient(emitter, walk), { from: 512, gradient: 4096, out: room(9 * 8 * 4) });

  // Over numbers that the kernels before have left.
  const bytes = 40 * 16;
  call(emitActivation(emitter, { kind: "gelu" }), { address: products, end: products + bytes });
  call(emitActivationGradient(emitter, { kind: "elu" }), {
    gradient: products,
    end: products + bytes,
    output: 256,
  });
  call(emitLstmStep(emitter, units, { first: false, kept: true }), {
    gates: products,
    cellBefore: 256,
    cell: room(units * 4),
    cellTanh: room(units * 4),
    hidden: room(units * 4),
  });
  call(emitLstmStepGradient(emitter, units, false), {
    gates: products + 256,
    cellBefore: 256,
    cellTanh: 512,
    hiddenGradient: 768,
    cellGradient: room(units * 4),
  });
  const pixels = { pixels: 10, channels: 8 };
  call(emitBatchNorm(emitter, 8), { x: 128, y: room(bytes), statistics: 2048, beta: 64, end: 128 + 320 });
  call(emitBatchNormSums(emitter, pixels), {
    gradient: 512,
    x: 1024,
    statistics: 2048,
    sums: room(64 + statisticsBytes(8)),
  });
  call(emitPartsSum(emitter, 3, bytes), { from: 0, out: products + 4096, end: products + 4096 + bytes });
  call(emitOptimizer(emitter, adam(), { address: 0 }), {
    weights: products,
    gradients: 1024,
    first: room(bytes),
    second: room(bytes),
    bytes,
  });
}

/**
 * All that a small battery of kernels leaves in memory. It is compiled and run at once, by whichever of the runtime's
 * compilers is at work.
 *
 * @param edition a number of the module's own: runtimes keep the code of equal modules
 */
export function vectorBattery(arithmetic: Arithmetic, tiling: Tiling, edition: number): Int32Array {
  const module = new ModuleBuilder({ maximumPages: pages, shared: false });
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const words = new Int32Array(memory.buffer);
  const random = createRandom(1);
  new Float32Array(memory.buffer, 0, inputBytes / 4).forEach((_, index, numbers) => {
    numbers[index] = random.uniform() * 2 - 1;
  });
  let end = inputBytes;
  const room: Room = (bytes) => {
    const address = end;
    end += Math.ceil(bytes / 64) * 64;
    return address;
  };
  const tables: { address: number; values: readonly number[] }[] = [];
  const emitter: Emitter = {
    module,
    arithmetic,
    tiling,
    constants: (values) => {
      const address = room(values.length * 4);
      tables.push({ address, values });
      return address;
    },
  };
  const calls: ((f: FunctionBuilder) => void)[] = [];
  callKernels(emitter, room, (target, args) => calls.push((f) => f.call(target, args)));
  module.function(
    [],
    (f) => {
      f.drop(i32.const(edition));
      for (const call of calls) call(f);
    },
    { exportAs: "run" },
  );
  for (const { address, values } of tables) words.set(values, address / 4);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { engine: { memory } });
  (instance.exports.run as () => void)();
  return words;
}
