import { Activation } from "../../layers/activation.js";
import { AveragePool2d } from "../../layers/averagePool2d.js";
import { Bilstm } from "../../layers/bilstm.js";
import { Conv2d } from "../../layers/conv2d.js";
import { Dense } from "../../layers/dense.js";
import { Dropout } from "../../layers/dropout.js";
import type { ActivationName, Layer, Shape } from "../../layers/layer.js";
import { Lstm } from "../../layers/lstm.js";
import { MaxPool2d } from "../../layers/maxPool2d.js";
import { activationBackward, activationForward } from "./activations.js";
import { type Conv2dGeometry, conv2dBackward, conv2dForward } from "./conv2d.js";
import { denseBackward, denseForward } from "./dense.js";
import { applyDropout, dropoutScales } from "./dropout.js";
import { averagePoolBackward, averagePoolForward, maxPoolBackward, maxPoolForward } from "./pool.js";
import { recurrentLayer } from "./recurrentLayer.js";

/** Tensors of one layer by name: `kernel`, `bias`. */
export type LayerTensors = Readonly<Record<string, Float64Array>>;

/** One layer's forward pass over a batch, and the way back from it. */
export interface LayerPass {
  readonly output: Float64Array;
  /** The gradients from that of the output. */
  backward(outputGradient: Float64Array): { readonly input: Float64Array; readonly parameters: LayerTensors };
}

/**
 * Runs one layer in double precision.
 * @param shape of one input sample
 * @param input [batch, ...shape]
 * @param dropoutKey of this layer in this step; left out in inference, where dropout does nothing
 */
export function referenceLayer(
  layer: Layer,
  shape: Shape,
  parameters: LayerTensors,
  input: Float64Array,
  batch: number,
  dropoutKey?: number,
): LayerPass {
  if (layer instanceof Conv2d) return convolution(layer, shape, parameters, input, batch);
  if (layer instanceof MaxPool2d || layer instanceof AveragePool2d) return pool(layer, shape, input, batch);
  if (layer instanceof Dense) {
    const geometry = { batch, inputs: shape[0], outputs: layer.units };
    return activated(layer.activation, {
      output: denseForward(geometry, input, parameters.kernel, parameters.bias),
      backward: (gradient) => {
        const gradients = denseBackward(geometry, input, parameters.kernel, gradient);
        return { input: gradients.input, parameters: { kernel: gradients.kernel, bias: gradients.bias } };
      },
    });
  }
  if (layer instanceof Lstm || layer instanceof Bilstm) {
    return recurrentLayer(layer, shape, parameters, input, batch);
  }
  const same: LayerPass = { output: input, backward: (gradient) => ({ input: gradient, parameters: {} }) };
  if (layer instanceof Activation) return activated(layer.function, same);
  if (layer instanceof Dropout && dropoutKey !== undefined) {
    const scales = dropoutScales(layer.rate, dropoutKey, shape, batch);
    return {
      output: applyDropout(input, scales),
      backward: (gradient) => ({ input: applyDropout(gradient, scales), parameters: {} }),
    };
  }
  // Flatten and reshape leave the values where they are.
  return same;
}

function activated(name: ActivationName, pass: LayerPass): LayerPass {
  const output = activationForward(name, pass.output);
  return { output, backward: (gradient) => pass.backward(activationBackward(name, output, gradient)) };
}

function convolution(
  layer: Conv2d,
  shape: Shape,
  { kernel, bias }: LayerTensors,
  input: Float64Array,
  batch: number,
): LayerPass {
  const { height, width } = layer.window(shape);
  const geometry: Conv2dGeometry = {
    batch,
    input: shape,
    output: layer.outputShape(shape),
    kernelSize: layer.kernelSize,
    strides: layer.strides,
    paddingBefore: [height.before, width.before],
  };
  return activated(layer.activation, {
    output: conv2dForward(geometry, input, kernel, bias),
    backward: (gradient) => {
      const gradients = conv2dBackward(geometry, input, kernel, gradient);
      return { input: gradients.input, parameters: { kernel: gradients.kernel, bias: gradients.bias } };
    },
  });
}

function pool(layer: MaxPool2d | AveragePool2d, shape: Shape, input: Float64Array, batch: number): LayerPass {
  const { poolSize, strides } = layer;
  const geometry = { batch, input: shape, output: layer.outputShape(shape), poolSize, strides };
  if (layer instanceof MaxPool2d) {
    return {
      output: maxPoolForward(geometry, input),
      backward: (gradient) => ({ input: maxPoolBackward(geometry, input, gradient), parameters: {} }),
    };
  }
  return {
    output: averagePoolForward(geometry, input),
    backward: (gradient) => ({ input: averagePoolBackward(geometry, gradient), parameters: {} }),
  };
}
