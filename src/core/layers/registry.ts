import { HeddleError } from "../errors.js";
import { quoted, received } from "../options/index.js";
import { activationType } from "./activation.js";
import { addType } from "./add.js";
import { averagePool2dType } from "./average-pool2d.js";
import { batchNormType } from "./batch-norm.js";
import { bilstmType } from "./bilstm.js";
import { concatenateType } from "./concatenate.js";
import { conv2dType } from "./conv2d.js";
import type { LayerType } from "./define-layer.js";
import { denseType } from "./dense.js";
import { dropoutType } from "./dropout.js";
import { flattenType } from "./flatten.js";
import { globalAveragePool2dType } from "./global-average-pool2d.js";
import { globalMaxPool2dType } from "./global-max-pool2d.js";
import type { Layer } from "./layer.js";
import { lstmType } from "./lstm.js";
import { maxPool2dType } from "./max-pool2d.js";
import { multiplyType } from "./multiply.js";
import { reshapeType } from "./reshape.js";
import { scaleType } from "./scale.js";

export { type Activation, type ActivationOptions, activation, activationNames } from "./activation.js";
export { type Add, type AddOptions, add } from "./add.js";
export { type AveragePool2d, type AveragePool2dOptions, averagePool2d } from "./average-pool2d.js";
export { type BatchNorm, type BatchNormOptions, batchNorm } from "./batch-norm.js";
export { type Bilstm, bilstm } from "./bilstm.js";
export { type Concatenate, type ConcatenateOptions, concatenate } from "./concatenate.js";
export { type Conv2d, type Conv2dOptions, conv2d } from "./conv2d.js";
export { type Dense, type DenseOptions, dense } from "./dense.js";
export { type Dropout, type DropoutOptions, dropout } from "./dropout.js";
export { type Flatten, type FlattenOptions, flatten } from "./flatten.js";
export {
  type GlobalAveragePool2d,
  type GlobalAveragePool2dOptions,
  globalAveragePool2d,
} from "./global-average-pool2d.js";
export { type GlobalMaxPool2d, type GlobalMaxPool2dOptions, globalMaxPool2d } from "./global-max-pool2d.js";
export { type Lstm, type LstmOptions, lstm } from "./lstm.js";
export { type MaxPool2d, type MaxPool2dOptions, maxPool2d } from "./max-pool2d.js";
export { type Multiply, type MultiplyOptions, multiply } from "./multiply.js";
export { type Reshape, type ReshapeOptions, reshape } from "./reshape.js";
export { type Scale, type ScaleOptions, scale } from "./scale.js";

/** Every type of layer by name. */
const layerRegistry = {
  conv2d: conv2dType,
  maxPool2d: maxPool2dType,
  averagePool2d: averagePool2dType,
  globalAveragePool2d: globalAveragePool2dType,
  globalMaxPool2d: globalMaxPool2dType,
  dense: denseType,
  batchNorm: batchNormType,
  flatten: flattenType,
  reshape: reshapeType,
  dropout: dropoutType,
  activation: activationType,
  scale: scaleType,
  add: addType,
  multiply: multiplyType,
  concatenate: concatenateType,
  lstm: lstmType,
  bilstm: bilstmType,
} as const satisfies Readonly<Record<string, LayerType>>;

/** The type of any layer of the library. */
export type LayerTypeName = keyof typeof layerRegistry;

/** A layer of one type, with that type's options. */
export type LayerOf<Type extends LayerTypeName> = ReturnType<(typeof layerRegistry)[Type]["make"]>;

/** Any layer there is, told apart by `type`. */
export type AnyLayer = { [Type in LayerTypeName]: LayerOf<Type> }[LayerTypeName];

/** Every type a list of layers may name. */
export const layerTypes = Object.keys(layerRegistry) as readonly LayerTypeName[];

/**
 * Makes a layer again from what its `config()` gave, e.g. read from a file. Options left out mean their
 * defaults.
 * @throws HeddleError on anything that describes no layer
 */
export function layerFromConfig(config: unknown): Layer {
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new HeddleError(`A layer must be an object with a type and options, but is ${received(config)}.`);
  }
  const named = (config as { readonly type?: unknown }).type;
  const type = layerTypes.find((known) => known === named);
  if (type === undefined) {
    const got = typeof named === "string" ? quoted(named) : received(named);
    throw new HeddleError(`A layer's type must be one of ${layerTypes.join(", ")}, but is ${got}.`);
  }
  try {
    return layerRegistry[type].make(config);
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    throw new HeddleError(`The layer list describes no layer that can be made. ${error.message}`, {
      cause: error,
    });
  }
}
