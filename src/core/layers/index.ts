export { Activation, type ActivationOptions, activation } from "./activation.js";
export { AveragePool2d, type AveragePool2dOptions, averagePool2d } from "./averagePool2d.js";
export { Bilstm, bilstm } from "./bilstm.js";
export { Conv2d, type Conv2dOptions, conv2d } from "./conv2d.js";
export { Dense, type DenseOptions, dense } from "./dense.js";
export { Dropout, type DropoutOptions, dropout } from "./dropout.js";
export { Flatten, type FlattenOptions, flatten } from "./flatten.js";
export { initialize } from "./initializers.js";
export type {
  ActivationName,
  Initializer,
  Layer,
  LayerConfig,
  LayerType,
  ParameterSpec,
  Shape,
} from "./layer.js";
export { Lstm, type LstmOptions, lstm } from "./lstm.js";
export { MaxPool2d, type MaxPool2dOptions, maxPool2d } from "./maxPool2d.js";
export { namedLayers } from "./naming.js";
export { layerFromConfig, layerTypes } from "./registry.js";
export { Reshape, type ReshapeOptions, reshape } from "./reshape.js";
export { shapeSize, shapeText } from "./shape.js";
export { type Padding, slideWindow, type Window2d, type WindowAxis } from "./window.js";
