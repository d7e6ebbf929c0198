import { conv2d, depthwiseConv2d } from "../../core/layers/index.js";
import { type Constant, transposed } from "../constant.js";
import { draftOf, imageOf, imageView, weightsOf } from "../layout.js";
import type { NodeReader } from "../node-reader.js";
import type { Draft } from "../view.js";
import type { Operator } from "./operator.js";
import { windowOf } from "./window.js";

/** Conv: y[n, m, i, j] = bias[m] + Σ x[n, c, i·s + a·d − top, j·s + b·d − left] · W[m, c, a, b]. */
export const convolution: Operator = (node) => {
  const weights = node.constant(1, "weights");
  const { dims } = weights;
  if (dims.length !== 4)
    return node.refuse(
      `its weights have ${dims.length} axes, where heddle convolves images of two axes, with four`,
    );
  const image = imageOf(node.view(0), node);
  const [filters, inputs, ...kernel] = dims;
  const groups = node.int("group", 1);
  const given = node.ints("kernel_shape") ?? kernel;
  if (given.join() !== kernel.join()) return node.refuse("its kernel_shape is not that of its weights");
  const { kernelSize, strides, dilation, padding } = windowOf(node, image.shape, given);
  const channels = image.shape[2];
  if (groups < 1 || inputs * groups !== channels || filters % groups !== 0)
    return node.refuse(
      `${groups} groups of weights [${dims.join(", ")}] don't fit an image of ${channels} channels`,
    );
  const bias: Draft["weights"] = node.has(2) ? { bias: biasOf(node, filters) } : {};
  const common = { kernelSize, strides, padding, dilation, useBias: node.has(2) };
  const draft =
    groups === channels && groups > 1
      ? depthwise(node, image, weights, { ...common, depthMultiplier: filters / channels }, bias)
      : draftOf(() => conv2d({ ...common, filters, groups }), [image], node, {
          kernel: turned(weights, [2, 3, 1, 0], node),
          ...bias,
        });
  return imageView(draft, node);
};

function depthwise(
  node: NodeReader,
  image: Draft,
  { dims, ...weights }: Constant,
  options: Parameters<typeof depthwiseConv2d>[0],
  bias: Draft["weights"],
): Draft {
  const channels = image.shape[2];
  const parted = { ...weights, dims: [channels, dims[0] / channels, ...dims.slice(2)] };
  const kernel = turned(parted, [2, 3, 0, 1], node);
  return draftOf(() => depthwiseConv2d(options), [image], node, { kernel, ...bias });
}

/** Weights with their axes in another order. */
export function turned(constant: Constant, order: readonly number[], node: NodeReader): Float32Array {
  return transposed(constant.dims, weightsOf(constant, node), order).values as Float32Array;
}

function biasOf(node: NodeReader, filters: number): Float32Array {
  const bias = weightsOf(node.constant(2, "bias"), node);
  return bias.length === filters
    ? bias
    : node.refuse(`its bias has ${bias.length} numbers for ${filters} filters`);
}
