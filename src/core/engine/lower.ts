import { HeddleError } from "../errors.js";
import { type Grid, sampleStride } from "../kernels/grid.js";
import type { ActivationKind } from "../kernels/elementwise.js";
import { winogradShape } from "../kernels/winograd.js";
import type { Activation } from "../layers/activation.js";
import type { AveragePool2d } from "../layers/averagePool2d.js";
import type { Bilstm } from "../layers/bilstm.js";
import type { Conv2d } from "../layers/conv2d.js";
import type { Dense } from "../layers/dense.js";
import type { Dropout } from "../layers/dropout.js";
import type { ActivationName, Layer, LayerType, ParameterSpec, Shape } from "../layers/layer.js";
import type { Lstm } from "../layers/lstm.js";
import type { MaxPool2d } from "../layers/maxPool2d.js";
import type { Node } from "./node.js";
import { ActivationNode } from "./nodes/activation.js";
import { ConvolutionNode } from "./nodes/convolution.js";
import { DropoutNode } from "./nodes/dropout.js";
import { LstmNode } from "./nodes/lstm.js";
import { PoolNode } from "./nodes/pool.js";
import { RecurrentDirection } from "./nodes/recurrent-direction.js";
import { RepackNode } from "./nodes/repack.js";
import { ViewNode } from "./nodes/view.js";
import { WinogradNode } from "./nodes/winograd.js";
import type { PackedParameter, ParameterStore } from "./parameters.js";
import { gridOf, newTensor, padded, type Tensor } from "./tensor.js";

type AnyLayer =
  | Conv2d
  | MaxPool2d
  | AveragePool2d
  | Dense
  | Dropout
  | Activation
  | Lstm
  | Bilstm
  | (Layer<"flatten"> & { readonly type: "flatten" })
  | (Layer<"reshape"> & { readonly type: "reshape" });

/** Layers that read single numbers of their input, so that it needs no padding. */
const readsNumbers: readonly LayerType[] = ["conv2d", "dense", "lstm", "bilstm"];

/** Finds where a layer's tensor lies, given the numbers a pixel of its input, padding included. */
export type ResolveParameter = (layer: Layer, spec: ParameterSpec, inChannels: number) => PackedParameter;

/** What the layers become: the tensor the images enter by, the nodes in order, the tensor of logits. */
export interface LoweredNetwork {
  readonly input: Tensor;
  readonly nodes: readonly Node[];
  readonly logits: Tensor;
  readonly classes: number;
}

/**
 * Turns a list of layers into the nodes that the engine runs. Two rewrites happen on the way: a ReLU before a
 * max-pool moves behind it (the two commute), where it has a quarter of the work, and a convolution leaves out
 * the rows and columns that the pool behind it never reads.
 */
export class Lowering {
  readonly #nodes: Node[] = [];
  readonly #input: Tensor;
  #tensor: Tensor;
  /** The activation whose slope will be read from the tensor's memory, which must then keep what that needs. */
  #slope: ActivationKind | undefined;
  #learns = false;

  constructor(
    readonly layers: readonly Layer[],
    readonly inputShape: Shape,
    readonly resolve: ResolveParameter,
    readonly winograd = true,
  ) {
    const first = layers.find((layer) => layer.type !== "flatten" && layer.type !== "reshape");
    const plain = first !== undefined && readsNumbers.includes(first.type);
    const grid = gridOf(inputShape);
    const raw = inputShape[inputShape.length - 1];
    this.#input = newTensor(inputShape, plain ? { ...grid, channels: raw } : grid, false);
    this.#tensor = this.#input;
  }

  lower(): LoweredNetwork {
    this.layers.forEach((layer, index) => {
      const shape = layer.outputShape(this.#tensor.shape);
      this.#lowerLayer(layer as AnyLayer, index, shape);
    });
    const logits = this.#tensor;
    if (logits.shape.length !== 1 || logits.shape[0] < 2)
      throw new HeddleError(
        `The last layer gives [${logits.shape.join(", ")}]; a classifier ends in one number for each of its ` +
          "two or more classes: end with dense({ units: classes }).",
      );
    return { input: this.#input, nodes: this.#nodes, logits, classes: logits.shape[0] };
  }

  #lowerLayer(layer: AnyLayer, index: number, shape: Shape): void {
    const input = this.#tensor;
    switch (layer.type) {
      case "conv2d": {
        const window = layer.window(input.shape);
        const next = this.layers[index + 1];
        const pool =
          next?.type === "maxPool2d" || next?.type === "averagePool2d" ? (next as MaxPool2d) : undefined;
        this.#convolution(layer, shape, {
          kernelSize: layer.kernelSize,
          strides: layer.strides,
          padding: [window.height.before, window.width.before],
          activation: layer.activation,
          pool,
        });
        return;
      }
      case "dense":
        this.#convolution(layer, shape, {
          kernelSize: [1, 1],
          strides: [1, 1],
          padding: [0, 0],
          activation: layer.activation,
        });
        return;
      case "maxPool2d":
      case "averagePool2d":
        this.#pool(layer, shape, index);
        return;
      case "activation":
        this.#activation(layer.name, layer.function);
        return;
      case "dropout": {
        if (layer.rate === 0) return;
        // What dropout zeroes has no gradient either: a ReLU's slope is still right after it.
        const apart = this.#slope !== undefined && this.#slope !== "relu";
        const output = apart ? newTensor(shape, input.grid, input.needsGradient) : input;
        this.#push(
          new DropoutNode(layer.name, input, output, layer.rate, index),
          apart ? undefined : this.#slope,
        );
        return;
      }
      case "flatten":
      case "reshape":
        this.#reshape(layer.name, shape, this.layers[index + 1]?.type);
        return;
      case "lstm":
      case "bilstm":
        this.#recurrent(layer, shape);
        return;
    }
  }

  #push(node: Node, slope?: ActivationKind): void {
    this.#nodes.push(node);
    this.#tensor = node.output;
    this.#slope = slope;
  }

  #parameter(layer: Layer, name: string): PackedParameter {
    const { shape, grid } = this.#tensor;
    const spec = layer.parameters(shape).find((parameter) => parameter.name === name)!;
    return this.resolve(layer, spec, grid.channels);
  }

  #convolution(
    layer: Layer,
    shape: Shape,
    options: {
      readonly kernelSize: readonly [number, number];
      readonly strides: readonly [number, number];
      readonly padding: readonly [number, number];
      readonly activation: ActivationName;
      readonly pool?: MaxPool2d | AveragePool2d;
    },
  ): void {
    const { kernelSize, strides, padding, activation, pool } = options;
    const input = this.#tensor;
    const reluMoves = pool?.type === "maxPool2d" && activation === "relu";
    // Nothing but the pool may read what it does not keep.
    const transient = pool !== undefined && (activation === "linear" || reluMoves);
    const grid = gridOf(shape);
    const output = newTensor(shape, transient ? readByPool(grid, pool) : grid, true);
    const geometry = { input: input.grid, output: output.grid, kernelSize, strides, padding };
    const relu = activation === "relu" && !reluMoves;
    const own = {
      relu,
      kernel: this.#parameter(layer, "kernel"),
      bias: this.#parameter(layer, "bias"),
      transient,
    };
    const winograd = this.winograd ? winogradShape(geometry) : undefined;
    const node = winograd
      ? new WinogradNode(layer.name, input, output, winograd, own)
      : new ConvolutionNode(layer.name, input, output, geometry, own);
    this.#push(node, relu ? "relu" : undefined);
    this.#learns = true;
    if (activation === "tanh" || activation === "sigmoid")
      this.#activation(`${layer.name} ${activation}`, activation);
  }

  #pool(layer: MaxPool2d | AveragePool2d, shape: Shape, index: number): void {
    const input = this.#tensor;
    const { poolSize, strides } = layer;
    const kind = layer.type === "maxPool2d" ? "max" : "average";
    this.#push(
      new PoolNode(layer.name, input, newTensor(shape, gridOf(shape), this.#learns), {
        kind,
        poolSize,
        strides,
      }),
    );
    const before = this.layers[index - 1];
    if (kind === "max" && before?.type === "conv2d" && (before as Conv2d).activation === "relu")
      this.#activation(`${before.name} relu`, "relu");
  }

  #activation(name: string, activation: ActivationName): void {
    if (activation === "linear") return;
    const slope = this.#slope;
    // A ReLU's slope needs the sign of its output alone, which another ReLU and tanh keep.
    const inPlace = slope === undefined || (slope === "relu" && activation !== "sigmoid");
    const input = this.#tensor;
    if (!inPlace)
      this.#push(
        new RepackNode(`${name} input`, input, newTensor(input.shape, input.grid, input.needsGradient)),
      );
    this.#push(new ActivationNode(name, this.#tensor, activation), activation);
  }

  #reshape(name: string, shape: Shape, next: LayerType | undefined): void {
    const input = this.#tensor;
    const inputChannels = input.shape[input.shape.length - 1];
    const channels = shape[shape.length - 1];
    const dense = input.grid.channels === inputChannels && input.grid.pitch === input.grid.width;
    const chained = next === "flatten" || next === "reshape";
    const unpadded =
      channels % 4 === 0 ||
      (!input.needsGradient && next !== undefined && (readsNumbers.includes(next) || chained));
    const grid: Grid = gridOf(shape);
    if (dense && unpadded)
      this.#push(
        new ViewNode(name, input, newTensor(shape, { ...grid, channels }, input.needsGradient)),
        this.#slope,
      );
    else this.#push(new RepackNode(name, input, newTensor(shape, grid, input.needsGradient)));
  }

  #recurrent(layer: Lstm | Bilstm, shape: Shape): void {
    const input = this.#tensor;
    const prefixes = layer.type === "lstm" ? [""] : ["forward.", "backward."];
    const directions = prefixes.map(
      (prefix, index) =>
        new RecurrentDirection({
          name: `${layer.name}${layer.type === "lstm" ? "" : index === 0 ? " forward" : " backward"}`,
          steps: input.shape[0],
          features: input.grid.channels,
          inputSample: sampleStride(input.grid),
          units: padded(layer.units),
          reverse: index === 1,
          kernel: this.#parameter(layer, `${prefix}kernel`),
          recurrentKernel: this.#parameter(layer, `${prefix}recurrentKernel`),
          bias: this.#parameter(layer, `${prefix}bias`),
        }),
    );
    const output = newTensor(shape, gridOf(shape), true);
    this.#push(new LstmNode(layer.name, input, output, directions, layer.units, layer.returnSequences));
    this.#learns = true;
  }
}

/** The part of a grid that a pool's windows touch. */
function readByPool(grid: Grid, { poolSize, strides }: MaxPool2d | AveragePool2d): Grid {
  const reach = (size: number, axis: 0 | 1): number =>
    Math.min(size, Math.floor((size - poolSize[axis]) / strides[axis]) * strides[axis] + poolSize[axis]);
  const width = reach(grid.width, 1);
  return { ...grid, height: reach(grid.height, 0), width, pitch: width };
}

/** Adds a layer's tensor to the flat parameter vector; `inChannels` counts the input's padding. */
export function addParameter(
  store: ParameterStore,
  layer: Layer,
  spec: ParameterSpec,
  inChannels: number,
): PackedParameter {
  const name = `${layer.name}.${spec.name}`;
  const sizes = spec.shape;
  const columns = sizes[sizes.length - 1];
  const units = layer.type === "lstm" || layer.type === "bilstm" ? columns / 4 : columns;
  const width = padded(units);
  const gates = columns / units;
  const columnPlace = (column: number): number => Math.floor(column / units) * width + (column % units);
  if (sizes.length === 1) return store.addVector(name, sizes, gates * width, columnPlace);
  const logicalIn = sizes[sizes.length - 2];
  const recurrent = name.endsWith("recurrentKernel");
  const physicalIn = recurrent ? padded(units) : inChannels;
  const groups = sizes.slice(0, -2).reduce((product, size) => product * size, 1);
  return store.addMatrix(name, sizes, {
    rows: groups * physicalIn,
    columns: gates * width,
    rowPlace: (row) => Math.floor(row / logicalIn) * physicalIn + (row % logicalIn),
    columnPlace,
  });
}
