import { activationType } from "./activation.js";
import { addType } from "./add.js";
import { averagePool2dType } from "./average-pool2d.js";
import { batchNormType } from "./batch-norm.js";
import { bilstmType } from "./bilstm.js";
import { concatenateType } from "./concatenate.js";
import { conv2dType } from "./conv2d.js";
import type { LayerType } from "./define-layer.js";
import { denseType } from "./dense.js";
import { depthwiseConv2dType } from "./depthwise-conv2d.js";
import { dropoutType } from "./dropout.js";
import type * as factories from "./factories.js";
import { flattenType } from "./flatten.js";
import { globalAveragePool2dType } from "./global-average-pool2d.js";
import { globalMaxPool2dType } from "./global-max-pool2d.js";
import { gruType } from "./gru.js";
import { layerNormType } from "./layer-norm.js";
import { lstmType } from "./lstm.js";
import { maxPool2dType } from "./max-pool2d.js";
import { multiplyType } from "./multiply.js";
import { reshapeType } from "./reshape.js";
import { scaleType } from "./scale.js";
import { zeroPad2dType } from "./zero-pad2d.js";

/** What `factories.ts` exports, each with the type of layer that it makes. */
type MadeByFactories = {
  readonly [Name in keyof typeof factories]: LayerType<ReturnType<(typeof factories)[Name]>>;
};

/** Every type of layer by name: as many as there are factories, or it does not compile. */
export const layerRegistry = {
  conv2d: conv2dType,
  depthwiseConv2d: depthwiseConv2dType,
  zeroPad2d: zeroPad2dType,
  maxPool2d: maxPool2dType,
  averagePool2d: averagePool2dType,
  globalAveragePool2d: globalAveragePool2dType,
  globalMaxPool2d: globalMaxPool2dType,
  dense: denseType,
  batchNorm: batchNormType,
  layerNorm: layerNormType,
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
  gru: gruType,
} as const satisfies MadeByFactories;

/** The type of any layer of the library. */
export type LayerTypeName = keyof typeof layerRegistry;

/** A layer of one type, with that type's options. */
export type LayerOf<Type extends LayerTypeName> = ReturnType<(typeof factories)[Type]>;

/** Any layer there is, told apart by `type`. */
export type AnyLayer = { [Type in LayerTypeName]: LayerOf<Type> }[LayerTypeName];

/** Every type that a layer may have. */
export const layerTypes = Object.keys(layerRegistry) as readonly LayerTypeName[];
