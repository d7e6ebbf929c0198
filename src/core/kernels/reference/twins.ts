import type { Layer } from "../../layers/layer.js";
import type { LayerOf, LayerTypeName } from "../../layers/registry.js";
import { shapeSize } from "../../layers/shape.js";
import { slideWindow2d } from "../../layers/window.js";
import { type ActivationTwin, activationBackward, activationForward } from "./activations.js";
import {
  type BatchNormGeometry,
  batchNormBackward,
  momentsOf,
  normalized,
  scaleAndShift,
} from "./batch-norm.js";
import { type Conv2dGeometry, conv2dBackward, conv2dForward } from "./conv2d.js";
import { denseBackward, denseForward } from "./dense.js";
import { applyDropout, dropoutScales } from "./dropout.js";
import type { LayerPass, LayerRun } from "./pass.js";
import {
  averagePoolBackward,
  averagePoolForward,
  maxPoolBackward,
  maxPoolForward,
  type PoolGeometry,
} from "./pool.js";
import { recurrentLayer } from "./recurrent-layer.js";

type Twin<Type extends LayerTypeName> = (layer: LayerOf<Type>, run: LayerRun) => LayerPass;

/** Runs a layer in double precision. */
export function runTwin(layer: Layer, run: LayerRun): LayerPass {
  const twin = twins[layer.type as LayerTypeName] as (layer: Layer, run: LayerRun) => LayerPass;
  return twin(layer, run);
}

/** Leaves the values where they are. */
const same = ({ inputs }: LayerRun): LayerPass => ({
  output: inputs[0],
  backward: (gradient) => ({ inputs: [gradient], tensors: {} }),
});

const twins: { readonly [Type in LayerTypeName]: Twin<Type> } = {
  conv2d: ({ options, ...layer }, { shapes: [shape], inputs: [input], tensors, batch }) => {
    const { kernelSize, strides, padding, filters, activation } = options;
    const { height, width } = slideWindow2d({ ...layer, options }, shape, kernelSize, strides, padding);
    const geometry: Conv2dGeometry = {
      batch,
      input: shape,
      output: [height.output, width.output, filters],
      kernelSize,
      strides,
      paddingBefore: [height.before, width.before],
    };
    const { kernel, bias } = tensors;
    return activated(
      { name: activation },
      {
        output: conv2dForward(geometry, input, kernel, bias),
        backward: (gradient) => {
          const gradients = conv2dBackward(geometry, input, kernel, gradient);
          return { inputs: [gradients.input], tensors: { kernel: gradients.kernel, bias: gradients.bias } };
        },
      },
    );
  },

  dense: ({ options }, { shapes: [shape], inputs: [input], tensors: { kernel, bias }, batch }) => {
    const geometry = { batch, inputs: shape[0], outputs: options.units };
    return activated(
      { name: options.activation },
      {
        output: denseForward(geometry, input, kernel, bias),
        backward: (gradient) => {
          const gradients = denseBackward(geometry, input, kernel, gradient);
          return { inputs: [gradients.input], tensors: { kernel: gradients.kernel, bias: gradients.bias } };
        },
      },
    );
  },

  maxPool2d: (layer, run) => {
    const geometry = poolGeometry(layer, run);
    const [input] = run.inputs;
    return {
      output: maxPoolForward(geometry, input),
      backward: (gradient) => ({ inputs: [maxPoolBackward(geometry, input, gradient)], tensors: {} }),
    };
  },

  averagePool2d: (layer, run) => {
    const geometry = poolGeometry(layer, run);
    return {
      output: averagePoolForward(geometry, run.inputs[0]),
      backward: (gradient) => ({ inputs: [averagePoolBackward(geometry, gradient)], tensors: {} }),
    };
  },

  globalAveragePool2d: (_, run) => {
    const [[height, width, channels]] = run.shapes;
    const geometry: PoolGeometry = {
      batch: run.batch,
      input: run.shapes[0],
      output: [1, 1, channels],
      poolSize: [height, width],
      strides: [1, 1],
    };
    return {
      output: averagePoolForward(geometry, run.inputs[0]),
      backward: (gradient) => ({ inputs: [averagePoolBackward(geometry, gradient)], tensors: {} }),
    };
  },

  batchNorm: ({ options, trainable }, { shapes: [shape], inputs: [input], tensors, batch, training }) => {
    const channels = shape[shape.length - 1];
    const rows = (batch * shapeSize(shape)) / channels;
    const geometry: BatchNormGeometry = { rows, channels, epsilon: options.epsilon };
    const { gamma, beta, runningMean, runningVariance } = tensors;
    const own = training && trainable;
    const moments = own ? momentsOf(geometry, input) : { mean: runningMean, variance: runningVariance };
    const xHat = normalized(geometry, input, moments);
    const follow = (running: Float64Array, batchs: Float64Array): Float64Array =>
      running.map((value, at) => options.momentum * value + (1 - options.momentum) * batchs[at]);
    return {
      output: scaleAndShift(xHat, gamma, beta),
      ...(own && {
        kept: {
          runningMean: follow(runningMean, moments.mean),
          runningVariance: follow(runningVariance, moments.variance),
        },
      }),
      backward: (gradient) => {
        const back = batchNormBackward(geometry, xHat, moments, gamma, gradient, own);
        return { inputs: [back.input], tensors: { gamma: back.gamma, beta: back.beta } };
      },
    };
  },

  add: (_, { inputs }) => ({
    output: inputs[0].map((_value, at) => inputs.reduce((sum, input) => sum + input[at], 0)),
    backward: (gradient) => ({ inputs: inputs.map(() => gradient), tensors: {} }),
  }),

  activation: ({ options: { function: name, negativeSlope } }, run) =>
    activated({ name, negativeSlope }, same(run)),

  dropout: ({ options: { rate } }, run) => {
    const { shapes, inputs, batch, dropoutKey } = run;
    if (dropoutKey === undefined) return same(run);
    const scales = dropoutScales(rate, dropoutKey, shapes[0], batch);
    return {
      output: applyDropout(inputs[0], scales),
      backward: (gradient) => ({ inputs: [applyDropout(gradient, scales)], tensors: {} }),
    };
  },

  flatten: (_, run) => same(run),
  reshape: (_, run) => same(run),
  lstm: ({ options }, run) => recurrentLayer(options, [""], run),
  bilstm: ({ options }, run) => recurrentLayer(options, ["forward.", "backward."], run),
};

function activated(activation: ActivationTwin, pass: LayerPass): LayerPass {
  return {
    ...pass,
    output: activationForward(activation, pass.output),
    backward: (gradient) => pass.backward(activationBackward(activation, pass.output, gradient)),
  };
}

function poolGeometry(
  layer: LayerOf<"maxPool2d" | "averagePool2d">,
  { batch, shapes: [input] }: LayerRun,
): PoolGeometry {
  return { batch, input, output: layer.outputShape(input), ...layer.options };
}
