import type { Layer } from "../../layers/layer.js";
import { wholeOf } from "../../layers/multiply.js";
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
import { depthwiseBackward, depthwiseForward } from "./depthwise.js";
import { applyDropout, dropoutScales } from "./dropout.js";
import { layerNormBackward, layerNormForward } from "./layer-norm.js";
import type { LayerPass, LayerRun } from "./pass.js";
import {
  averagePoolBackward,
  averagePoolForward,
  maxPoolBackward,
  maxPoolForward,
  type PoolGeometry,
} from "./pool.js";
import { gruRecurrence, lstmRecurrence, recurrentLayer } from "./recurrent-layer.js";

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
    const { kernelSize, strides, dilation, groups, filters, activation } = options;
    const { height, width } = slideWindow2d({ ...layer, options }, shape, options);
    const geometry: Conv2dGeometry = {
      batch,
      input: shape,
      output: [height.output, width.output, filters],
      kernelSize,
      strides,
      paddingBefore: [height.before, width.before],
      dilation,
      groups,
    };
    const { kernel, bias = new Float64Array(filters) } = tensors;
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

  dense: ({ options }, { shapes: [shape], inputs: [input], tensors, batch }) => {
    const geometry = { batch, inputs: shape[0], outputs: options.units };
    const { kernel, bias = new Float64Array(options.units) } = tensors;
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

  depthwiseConv2d: ({ options, ...layer }, { shapes: [shape], inputs: [input], tensors, batch }) => {
    const { kernelSize, strides, dilation, activation } = options;
    const { height, width } = slideWindow2d({ ...layer, options }, shape, options);
    const geometry: Conv2dGeometry = {
      batch,
      input: shape,
      output: layer.outputShape(shape),
      kernelSize,
      strides,
      dilation,
      paddingBefore: [height.before, width.before],
    };
    const { kernel, bias = new Float64Array(geometry.output[2]) } = tensors;
    return activated(
      { name: activation },
      {
        output: depthwiseForward(geometry, input, kernel, bias),
        backward: (gradient) => {
          const back = depthwiseBackward(geometry, input, kernel, gradient);
          return { inputs: [back.input], tensors: { kernel: back.kernel, bias: back.bias } };
        },
      },
    );
  },

  zeroPad2d: ({ options: { padding }, ...layer }, { shapes: [shape], inputs: [input], batch }) => {
    const [height, width, channels] = shape;
    const padded = layer.outputShape(shape);
    /** Calls with each number's place in the image and in the one with zeros around it. */
    const each = (work: (inner: number, outer: number) => void): void => {
      for (let at = 0; at < input.length; at++) {
        const row = Math.floor(at / (width * channels));
        const sample = Math.floor(row / height);
        const line = sample * padded[0] + padding.top + (row % height);
        work(at, (line * padded[1] + padding.left) * channels + (at % (width * channels)));
      }
    };
    const output = new Float64Array(batch * shapeSize(padded));
    each((inner, outer) => {
      output[outer] = input[inner];
    });
    return {
      output,
      backward: (gradient) => {
        const cut = new Float64Array(input.length);
        each((inner, outer) => {
          cut[inner] = gradient[outer];
        });
        return { inputs: [cut], tensors: {} };
      },
    };
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
    const geometry = wholeImage(run);
    return {
      output: averagePoolForward(geometry, run.inputs[0]),
      backward: (gradient) => ({ inputs: [averagePoolBackward(geometry, gradient)], tensors: {} }),
    };
  },

  globalMaxPool2d: (_, run) => {
    const geometry = wholeImage(run);
    const [input] = run.inputs;
    return {
      output: maxPoolForward(geometry, input),
      backward: (gradient) => ({ inputs: [maxPoolBackward(geometry, input, gradient)], tensors: {} }),
    };
  },

  batchNorm: ({ options }, run) => {
    const {
      shapes: [shape],
      inputs: [input],
      tensors,
      batch,
      training,
      frozen,
    } = run;
    const channels = shape[shape.length - 1];
    const rows = (batch * shapeSize(shape)) / channels;
    const geometry: BatchNormGeometry = { rows, channels, epsilon: options.epsilon };
    const { gamma, beta, runningMean, runningVariance } = tensors;
    const own = training && !frozen;
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

  layerNorm: ({ options: { epsilon } }, { inputs: [input], tensors: { gamma, beta } }) => ({
    output: layerNormForward(epsilon, input, gamma, beta),
    backward: (gradient) => {
      const back = layerNormBackward(epsilon, input, gamma, gradient);
      return { inputs: [back.input], tensors: { gamma: back.gamma, beta: back.beta } };
    },
  }),

  add: (_, { inputs }) => ({
    output: inputs[0].map((_value, at) => inputs.reduce((sum, input) => sum + input[at], 0)),
    backward: (gradient) => ({ inputs: inputs.map(() => gradient), tensors: {} }),
  }),

  multiply: (_, { inputs, shapes }) => {
    const channels = shapes[0][shapes[0].length - 1];
    const whole = wholeOf(shapes);
    const size = shapeSize(whole);
    /** Of an input, the place of what a number of the output is multiplied with. */
    const place = (index: number, at: number): number =>
      shapeSize(shapes[index]) === size ? at : Math.floor(at / size) * channels + (at % channels);
    const product = (at: number, but = -1): number =>
      inputs.reduce((sum, input, index) => (index === but ? sum : sum * input[place(index, at)]), 1);
    const output = inputs[shapes.indexOf(whole)].map((_value, at) => product(at));
    return {
      output,
      backward: (gradient) => ({
        inputs: inputs.map((input, index) => {
          const own = new Float64Array(input.length);
          gradient.forEach((value, at) => {
            own[place(index, at)] += value * product(at, index);
          });
          return own;
        }),
        tensors: {},
      }),
    };
  },

  concatenate: (_, { inputs, shapes, batch }) => {
    const widths = shapes.map((shape) => shape[shape.length - 1]);
    const total = widths.reduce((sum, width) => sum + width, 0);
    const pixels = (batch * shapeSize(shapes[0])) / widths[0];
    const output = new Float64Array(pixels * total);
    /** Calls with each number's place in an input and in the output. */
    const each = (index: number, work: (own: number, joined: number) => void): void => {
      const before = widths.slice(0, index).reduce((sum, width) => sum + width, 0);
      for (let own = 0; own < inputs[index].length; own++)
        work(own, Math.floor(own / widths[index]) * total + before + (own % widths[index]));
    };
    inputs.forEach((input, index) => {
      each(index, (own, joined) => {
        output[joined] = input[own];
      });
    });
    return {
      output,
      backward: (gradient) => ({
        inputs: inputs.map((input, index) => {
          const part = new Float64Array(input.length);
          each(index, (own, joined) => {
            part[own] = gradient[joined];
          });
          return part;
        }),
        tensors: {},
      }),
    };
  },

  scale: ({ options: { factor } }, { inputs: [input] }) => ({
    output: input.map((value) => value * factor),
    backward: (gradient) => ({ inputs: [gradient.map((value) => value * factor)], tensors: {} }),
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
  lstm: ({ options }, run) => recurrentLayer(lstmRecurrence, options, [""], run),
  bilstm: ({ options }, run) => recurrentLayer(lstmRecurrence, options, ["forward.", "backward."], run),
  gru: ({ options }, run) => recurrentLayer(gruRecurrence, options, [""], run),
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

/** One window over the whole image. */
function wholeImage({ batch, shapes: [input] }: LayerRun): PoolGeometry {
  const [height, width, channels] = input;
  return { batch, input, output: [1, 1, channels], poolSize: [height, width], strides: [1, 1] };
}
