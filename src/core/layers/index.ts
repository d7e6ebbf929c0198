export { isLayer, type NamedOptions, type TrainableOptions } from "./define-layer.js";
export { initialize } from "./initializers.js";
export type {
  ActivationName,
  Initializer,
  JoiningLayer,
  KernelInitializer,
  Layer,
  LayerConfig,
  OneInputLayer,
  Shape,
  TensorSpec,
} from "./layer.js";
export type { Pool2dOptions } from "./pool2d.js";
export * from "./registry.js";
export { shapeSize, shapeText } from "./shape.js";
export { input, type Value } from "./value.js";
export { type Padding, slideWindow, type Window2d, type WindowAxis } from "./window.js";
