// The part of each rival that is called here. Nobody needs the rivals to build heddle, and some of their own types
// want the DOM's.

declare module "onnxruntime-node" {
  class Tensor {
    constructor(type: "float32", data: Float32Array, dimensions: readonly number[]);
    readonly data: Float32Array;
  }
  interface Session {
    readonly outputNames: readonly string[];
    run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  }
  interface SessionOptions {
    readonly intraOpNumThreads: number;
    readonly interOpNumThreads: number;
    readonly executionMode: "sequential";
    readonly graphOptimizationLevel: "all";
  }
  const library: {
    readonly InferenceSession: { create(file: string, options: SessionOptions): Promise<Session> };
    readonly Tensor: typeof Tensor;
  };
  export default library;
}

declare module "@tensorflow/tfjs" {
  interface Tensor {
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  interface Layer {
    readonly name: string;
  }
  interface Optimizer {
    minimize(loss: () => Tensor): Tensor | null;
  }
  interface Model {
    predict(images: Tensor, options: { readonly batchSize: number }): Tensor;
    compile(options: { readonly optimizer: Optimizer; readonly loss: string }): void;
    trainOnBatch(images: Tensor, labels: Tensor): Promise<number>;
  }
  interface ConvolutionOptions {
    readonly filters: number;
    readonly kernelSize: number;
    readonly activation: "relu";
    readonly inputShape?: readonly number[];
  }
  export const layers: {
    conv2d(options: ConvolutionOptions): Layer;
    maxPooling2d(options: { readonly poolSize: number }): Layer;
    dropout(options: { readonly rate: number }): Layer;
    flatten(): Layer;
    dense(options: { readonly units: number; readonly activation: "relu" | "softmax" }): Layer;
  };
  export const train: { adam(learningRate: number): Optimizer };
  export function setBackend(name: string): Promise<boolean>;
  export function sequential(options: { readonly layers: readonly Layer[] }): Model;
  export function randomNormal(shape: readonly number[]): Tensor;
  export function randomUniform(shape: readonly number[], from: number, to: number, type: "int32"): Tensor;
  export function oneHot(labels: Tensor, classes: number): Tensor;
}

declare module "@tensorflow/tfjs-backend-wasm";

declare module "@jax-js/jax" {
  type Shape = readonly number[];
  export type DType = "float32";
  /** Every use takes a reference; `ref` adds one. */
  export interface Array {
    readonly ref: Array;
    readonly shape: Shape;
    add(other: Array | number): Array;
    sub(other: Array | number): Array;
    mul(other: Array | number): Array;
    div(other: Array | number): Array;
    sum(): Array;
    reshape(shape: Shape): Array;
    slice(...places: readonly (number | readonly number[])[]): Array;
    astype(type: DType): Array;
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  export const lax: { conv(x: Array, kernel: Array, strides: Shape, padding: "VALID"): Array };
  export const nn: {
    relu(x: Array): Array;
    softmax(x: Array): Array;
    logSoftmax(x: Array): Array;
    oneHot(labels: Array, classes: number): Array;
  };
  export const numpy: {
    readonly float32: DType;
    array(values: Int32Array): Array;
    zeros(shape: Shape): Array;
    max(x: Array, axes: Shape): Array;
    dot(a: Array, b: Array): Array;
    sqrt(x: Array): Array;
    square(x: Array): Array;
  };
  export const random: {
    key(seed: number): Array;
    split(key: Array, count: number): Array;
    normal(key: Array, shape: Shape): Array;
    bernoulli(key: Array, probability: number, shape: Shape): Array;
  };
  export const tree: { ref<Of>(value: Of): Of };
  export function init(device: "wasm"): Promise<unknown>;
  export function defaultDevice(device: "wasm"): unknown;
  export function jit<Taken extends unknown[], Given>(
    call: (...taken: Taken) => Given,
  ): (...taken: Taken) => Given;
  export function valueAndGrad<Rest extends unknown[]>(
    loss: (parameters: Array[], ...rest: Rest) => Array,
  ): (parameters: Array[], ...rest: Rest) => [Array, Array[]];
  export function blockUntilReady(value: unknown): Promise<unknown>;
}
