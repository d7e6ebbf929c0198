// Every factory of layers, under the name of the type that it makes: the registry must have as many.
export { type Activation, type ActivationOptions, activation } from "./activation.js";
export { type Add, type AddOptions, add } from "./add.js";
export { type AveragePool2d, type AveragePool2dOptions, averagePool2d } from "./average-pool2d.js";
export { type BatchNorm, type BatchNormOptions, batchNorm } from "./batch-norm.js";
export { type Bilstm, bilstm } from "./bilstm.js";
export { type Concatenate, type ConcatenateOptions, concatenate } from "./concatenate.js";
export { type Conv2d, type Conv2dOptions, conv2d } from "./conv2d.js";
export { type Dense, type DenseOptions, dense } from "./dense.js";
export { type DepthwiseConv2d, type DepthwiseConv2dOptions, depthwiseConv2d } from "./depthwise-conv2d.js";
export { type Dropout, type DropoutOptions, dropout } from "./dropout.js";
export { type Flatten, type FlattenOptions, flatten } from "./flatten.js";
export {
  type GlobalAveragePool2d,
  type GlobalAveragePool2dOptions,
  globalAveragePool2d,
} from "./global-average-pool2d.js";
export { type GlobalMaxPool2d, type GlobalMaxPool2dOptions, globalMaxPool2d } from "./global-max-pool2d.js";
export { type Gru, type GruOptions, gru } from "./gru.js";
export { type LayerNorm, type LayerNormOptions, layerNorm } from "./layer-norm.js";
export { type Lstm, type LstmOptions, lstm } from "./lstm.js";
export { type MaxPool2d, type MaxPool2dOptions, maxPool2d } from "./max-pool2d.js";
export { type Multiply, type MultiplyOptions, multiply } from "./multiply.js";
export { type Reshape, type ReshapeOptions, reshape } from "./reshape.js";
export { type Scale, type ScaleOptions, scale } from "./scale.js";
export { type ZeroPad2d, type ZeroPad2dOptions, zeroPad2d } from "./zero-pad2d.js";
