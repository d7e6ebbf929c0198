import { emitActivationGradient } from "../../kernels/activation.js";
import { emitFold, emitFoldDepthwise } from "../../kernels/batch-norm.js";
import {
  type ConvolutionGeometry,
  dataGradientProduct,
  forwardProduct,
  frameBytes,
  inInputPitch,
  isDilated,
  prefersFrame,
  prefersSharedPitch,
  segmentCounts,
  weightGradient,
} from "../../kernels/convolution.js";
import { emitZero } from "../../kernels/fill.js";
import { gridBytes, sampleStride } from "../../kernels/grid.js";
import { emitPatches, patchBytes, patchGeometry, prefersPatches } from "../../kernels/patches.js";
import { type ProductShape, packedBytes, samplesAtOnce } from "../../kernels/product.js";
import type { Rectifier } from "../../kernels/rectifier.js";
import { narrowTiling } from "../../kernels/tiling.js";
import type { Shape } from "../../layers/layer.js";
import { i32 } from "../../wasm/index.js";
import { chainedProduct, productJob } from "../jobs/product-jobs.js";
import { addTranspose } from "../jobs/transpose-jobs.js";
import {
  addBiasGradient,
  addPartialBiasGradient,
  addPartialGradient,
  addWeightGradient,
} from "../jobs/weight-gradient-jobs.js";
import {
  batchBuffer,
  gradientShare,
  gradientTarget,
  type Node,
  type Planner,
  scratchBuffer,
} from "../plan/node.js";
import type { PackedParameter } from "../plan/parameters.js";
import { arenaAddress, type Buffer, endOf, padded, sampleAddress, type Tensor } from "../plan/tensor.js";
import { type BatchNormSettings, type BatchNormTensors, prepareFixedMoments } from "./batch-norm.js";
import { refuseVast } from "./refuse-vast.js";

/** Weights up to so many bytes stay in the second cache while one sample after the other passes. */
const chainedWeightBytes = 320 * 1024;

/** A layer of so few weights is done sample by sample, tiles full or not: sooner than threads have met. */
const tinyWeightBytes = 16 * 1024;

/** Weight gradients up to so many bytes are summed in shares of the batch, larger ones weight by weight. */
const partialGradientBytes = 16 * 1024;

/** A product of more segments has a program of some tens of megabytes, and takes half a minute to plan. */
const mostSegments = 200_000;

/** A normalization of the output that is folded into kernel and bias. */
export interface FoldedNorm {
  readonly name: string;
  readonly tensors: BatchNormTensors;
  readonly settings: BatchNormSettings;
}

export interface ConvolutionOptions {
  /** What the output goes through before it is stored. */
  readonly rectifier?: Rectifier;
  readonly kernel: PackedParameter;
  readonly bias: PackedParameter | undefined;
  readonly norm?: FoldedNorm;
  /** Whether a pool alone reads the output, at once: then it need not be kept. */
  readonly transient: boolean;
}

/** Addresses of the kernel and the bias, zeros where there is none, with the normalization behind them folded in where there is one. */
export function foldedWeights(
  planner: Planner,
  name: string,
  { kernel, bias, norm }: ConvolutionOptions,
): { readonly kernel: number; readonly bias: number } {
  const at = ({ offset }: PackedParameter): number => planner.parameters + offset * 4;
  const { rows, columns } = kernel.matrix ?? depthwiseSizes(kernel.shape);
  const ownBias = bias ? at(bias) : planner.emitter.constants(new Array(Math.ceil(columns / 8) * 8).fill(0));
  if (!norm) return { kernel: at(kernel), bias: ownBias };
  const from = prepareFixedMoments(planner, norm.name, columns, norm.tensors, norm.settings);
  const folded = {
    kernel: planner.workspace.allocate(kernel.length * 4, "always"),
    bias: planner.workspace.allocate(Math.ceil(columns / 16) * 64, "always"),
  };
  const fold = (kernel.matrix ? emitFold : emitFoldDepthwise)(planner.emitter, rows, columns);
  planner.schedule.prepare(
    {
      name: `${name} folded`,
      tasks: Math.ceil(columns / 8),
      run: planner.emitter.module.function(["task", "scratch"], (f, { task }) =>
        f.call(fold, {
          kernel: at(kernel),
          bias: ownBias,
          statistics: from,
          beta: at(norm.tensors.beta),
          toKernel: folded.kernel,
          toBias: folded.bias,
          block: task,
        }),
      ),
    },
    1,
  );
  return folded;
}

/** Taps and padded channels of a kernel [kh, kw, C, multiplier]. */
const depthwiseSizes = ([height, width, channels, multiplier]: Shape) => ({
  rows: height * width,
  columns: padded(channels * multiplier),
});

/** Where a rectifier lets nothing more through, the output's gradient becomes zero. */
export function addRectifierGradient(
  planner: Planner,
  name: string,
  output: Tensor,
  rectifier: Rectifier,
): void {
  const slope = emitActivationGradient(planner.emitter, { kind: rectifier });
  const [values, gradient] = [output.values!, output.gradient!];
  planner.schedule.perSample(`${name} ${rectifier} gradient`, ({ f, sample, scratch }) => {
    const address = f.let(sampleAddress(gradient, sample, scratch));
    f.call(slope, {
      gradient: address,
      end: endOf(address, gradient),
      output: sampleAddress(values, sample, scratch),
    });
  });
}

/** A convolution or a dense layer, with its bias and if so a rectifier. */
export class ConvolutionNode implements Node {
  /** Over images of few channels, the geometry before its patches are gathered. */
  readonly #patched: ConvolutionGeometry | undefined;
  readonly #geometry: ConvolutionGeometry;
  /** As `#geometry`, the output's gradient in the input's row pitch where walks are the longer for it. */
  readonly #gradientGeometry: ConvolutionGeometry;
  /** Whether the output's gradient has zeros around it for the data gradient. */
  readonly #framed: boolean = false;

  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    geometry: ConvolutionGeometry,
    readonly options: ConvolutionOptions,
  ) {
    const patched = !input.needsGradient && prefersPatches(geometry) && this.#partial();
    this.#patched = patched ? geometry : undefined;
    this.#geometry = patched ? patchGeometry(geometry) : flattened(geometry);
    this.#gradientGeometry = this.#geometry;
    if (!options.transient) return;
    this.#framed = input.needsGradient && this.#isTiny() && prefersFrame(this.#geometry);
    if (this.#framed || prefersSharedPitch(this.#geometry))
      this.#gradientGeometry = { ...this.#geometry, output: inInputPitch(this.#geometry) };
    output.gradientLayout = {
      grid: this.#gradientGeometry.output,
      transient: !input.needsGradient && this.#partial(),
      before: this.#framed ? frameBytes(this.#geometry) : 0,
    };
  }

  forward(planner: Planner): void {
    const { input, output, options } = this;
    refuseVast(this.name, this.#geometry, segmentCounts(this.#geometry).forward, mostSegments);
    const shape = forwardProduct(this.#geometry, "bias", options.rectifier ?? "store");
    const { kernel: weights, bias } = foldedWeights(planner, this.name, options);
    const chained = this.#patched !== undefined || isChained(planner, shape);
    const from = this.#gathered(planner);
    output.values =
      chained && options.transient ? scratchBuffer(planner, output.grid) : batchBuffer(planner, output.grid);
    if (chained) chainedProduct(planner, this.name, shape, from, output.values, weights, bias);
    else
      planner.schedule.stage([
        productJob(planner, this.name, shape, {
          a: arenaAddress(input.values, `${this.name}'s input`),
          out: arenaAddress(output.values, `${this.name}'s output`),
          weights,
          bias,
        }),
      ]);
  }

  backward(planner: Planner): void {
    const { input, output, options, name } = this;
    const geometry = this.#gradientGeometry;
    const { gradient } = output;
    if (!gradient) return;
    if (options.rectifier) addRectifierGradient(planner, name, output, options.rectifier);
    if (!options.kernel.kept) this.#weightGradient(planner, geometry, gradient);
    if (options.bias && !options.bias.kept) this.#biasGradient(planner, geometry, gradient, options.bias);
    if (input.needsGradient) this.#dataGradient(planner, geometry, gradient);
  }

  #weightGradient(planner: Planner, geometry: ConvolutionGeometry, gradient: Buffer): void {
    const { input, options, name } = this;
    const kernel = gradientTarget(planner, options.kernel);
    if (this.#partial()) {
      addPartialGradient(planner, name, geometry, this.#gathered(planner), gradient, kernel);
      return;
    }
    const shape = weightGradient(geometry, planner.batch);
    // Where every tap falls beside the image nothing is summed, and nobody reads the maps once more.
    if (shape.classes.length === 0) {
      planner.clears.push({ address: kernel.address, bytes: packedBytes(shape) });
      return;
    }
    const a = arenaAddress(input.values, `${name}'s input`);
    const b = arenaAddress(gradient, `${name}'s gradient`);
    addWeightGradient(planner, name, shape, a, b, kernel.address);
  }

  #biasGradient(
    planner: Planner,
    { output }: ConvolutionGeometry,
    gradient: Buffer,
    parameter: PackedParameter,
  ): void {
    const { name } = this;
    const bias = gradientTarget(planner, parameter);
    if (this.#partial()) {
      addPartialBiasGradient(planner, name, output, gradient, bias);
      return;
    }
    const { channels } = output;
    const rows = gridBytes(output) / (channels * 4);
    const groupBytes = sampleStride(output);
    const walk = { groups: planner.batch, groupBytes, rows, rowBytes: channels * 4 };
    addBiasGradient(
      planner,
      name,
      arenaAddress(gradient, `${name}'s gradient`),
      walk,
      channels,
      bias.address,
    );
  }

  /** What the product reads: the input, or its patches, made for the sample at hand in the thread's scratch. */
  #gathered(planner: Planner): Buffer {
    const values = this.input.values!;
    if (!this.#patched) return values;
    const bytes = patchBytes(this.#patched);
    const gather = emitPatches(planner.emitter, this.#patched);
    const offset = planner.workspace.scratch(bytes.patches);
    const border = planner.workspace.scratch(bytes.border);
    planner.schedule.perSample(`${this.name} patches`, ({ f, sample, scratch }) => {
      const image = sampleAddress(values, sample, scratch);
      f.call(gather, { image, patches: i32.add(scratch, offset), border: i32.add(scratch, border) });
    });
    return { place: "scratch", offset, sampleBytes: bytes.patches, grid: this.#geometry.input };
  }

  #dataGradient(planner: Planner, geometry: ConvolutionGeometry, gradient: Buffer): void {
    const { input, options, name } = this;
    const { kernelSize, strides } = geometry;
    refuseVast(name, this.#geometry, segmentCounts(this.#geometry).dataGradient, mostSegments);
    const { to: target, adds } = gradientShare(planner, input);
    const start = adds ? { start: "accumulate" as const } : {};
    const shape = { ...dataGradientProduct(geometry, this.#framed), ...start };
    if (this.#framed) this.#clearFrame(planner, gradient);
    const transposed = planner.workspace.allocate(packedBytes(shape), "from the start");
    const weights = planner.parameters + options.kernel.offset * 4;
    const { channels: inChannels } = geometry.input;
    const { channels: outChannels } = geometry.output;
    addTranspose(planner, name, { kernelSize, strides, inChannels, outChannels }, weights, transposed);
    if (isChained(planner, shape)) {
      chainedProduct(planner, `${name} data gradient`, shape, gradient, target, transposed, 0);
      return;
    }
    planner.schedule.stage([
      productJob(planner, `${name} data gradient`, shape, {
        a: arenaAddress(gradient, `${name}'s gradient`),
        out: arenaAddress(target, `${name}'s input gradient`),
        weights: transposed,
        bias: 0,
      }),
    ]);
  }

  /** Zeros before the output's gradient; those between its rows are there. */
  #clearFrame(planner: Planner, gradient: Buffer): void {
    const zero = emitZero(planner.emitter);
    planner.schedule.perSample(`${this.name} frame`, ({ f, sample, scratch }) => {
      const end = f.let(sampleAddress(gradient, sample, scratch));
      f.call(zero, { address: i32.sub(end, frameBytes(this.#geometry)), end });
    });
  }

  get readsBack() {
    if (this.options.kernel.kept) return "never";
    return this.#partial() ? "in chain" : undefined;
  }

  /** Whether both gradients are made in the chain of the sample at hand, whatever the batch. */
  #isTiny(): boolean {
    const { input, output, kernelSize } = this.#geometry;
    const blockSteps = kernelSize[0] * kernelSize[1] * output.channels;
    return this.#partial() && packedBytes({ blockSteps, channels: input.channels }) <= tinyWeightBytes;
  }

  /** Few weights are summed in shares of the batch, while a sample's gradient is still in the cache. */
  #partial(): boolean {
    return this.options.kernel.length * 4 <= partialGradientBytes;
  }
}

/**
 * Whether a product is one link of a chain: few weights, and tiles enough in one sample, or hardly any work. It is asked of
 * one tiling on all machines, since the shares that gradients are summed in may depend on where a chain ends.
 */
function isChained(planner: Planner, shape: ProductShape): boolean {
  const bytes = packedBytes(shape);
  if (bytes <= tinyWeightBytes) return true;
  // A single image has nobody to share a chain with: its larger products are shared by blocks of channels.
  const most = planner.batch > 1 ? chainedWeightBytes : chainedWeightBytes / 2;
  return bytes <= most && samplesAtOnce(shape, planner.batch, narrowTiling) === 1;
}

/** A kernel as large as its input is a dense layer over the input's numbers in their order. */
function flattened(geometry: ConvolutionGeometry): ConvolutionGeometry {
  const { input, output, kernelSize, padding } = geometry;
  const whole =
    kernelSize[0] === input.height && kernelSize[1] === input.width && input.pitch === input.width;
  if (!whole || isDilated(geometry) || padding[0] + padding[1] > 0 || output.height * output.width !== 1)
    return geometry;
  const channels = input.height * input.width * input.channels;
  return {
    input: { height: 1, width: 1, pitch: 1, channels },
    output,
    kernelSize: [1, 1],
    strides: [1, 1],
    padding: [0, 0],
  };
}
