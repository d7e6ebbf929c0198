export { activationNames } from "./activation.js";
export { isLayer, type NamedOptions, type TrainableOptions } from "./define-layer.js";
export * from "./factories.js";
export { layerFromConfig } from "./from-config.js";
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
export type { Padding, PaddingSides, ZeroPadding } from "./padding.js";
export type { Pool2dOptions } from "./pool2d.js";
export { type AnyLayer, type LayerOf, type LayerTypeName, layerTypes } from "./registry.js";
export { shapeSize, shapeText } from "./shape.js";
export { input, type Value } from "./value.js";
export { slideWindow, type Window2d, type WindowAxis } from "./window.js";
