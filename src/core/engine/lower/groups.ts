import { ConcatenateNode } from "../nodes/concatenate.js";
import { ConvolutionNode } from "../nodes/convolution.js";
import { SplitChannelsNode } from "../nodes/split-channels.js";
import { partOf } from "../plan/parameters.js";
import { gridOf, padded, Tensor } from "../plan/tensor.js";
import { applyActivation } from "./activation.js";
import { groupsOf, type LoweringContext, learns, type NodeOf } from "./context.js";
import { foldedNorm, normBehind, normOf } from "./folded-norm.js";
import type { Sliding } from "./sliding.js";

/** A convolution in groups: one for each over some of the channels, and their outputs side by side. */
export function lowerGroups(
  context: LoweringContext,
  node: NodeOf<"conv2d">,
  input: Tensor,
  sliding: Sliding,
): Tensor {
  const { name, options } = node.layer;
  const count = groupsOf(node);
  const [[height, width, channels], [down, across, filters]] = [node.inputShapes[0], node.shape];
  const [inputs, outputs] = [channels / count, filters / count];
  const kernel = context.parameter(node, "kernel", padded(inputs));
  const bias = options.useBias === false ? undefined : context.parameter(node, "bias");
  const needsGradient = learns(node, [input]);
  // Of groups whose channels are padded, a normalization's lie elsewhere.
  const next = outputs % 4 === 0 ? normBehind(context, node, options.activation, needsGradient) : undefined;
  const norm = next && foldedNorm(context, next);
  const each = Array.from({ length: count }, (_, index) => index);
  const shape = [height, width, inputs];
  const parts = each.map(() => new Tensor(shape, gridOf(shape), input.needsGradient));
  context.push(new SplitChannelsNode(`${name} groups`, input, parts));
  const results = parts.map((part, index) => {
    const result = new Tensor([down, across, outputs], gridOf([down, across, outputs]), needsGradient);
    const matrix = {
      rows: options.kernelSize[0] * options.kernelSize[1] * part.grid.channels,
      columns: padded(outputs),
    };
    const geometry = { input: part.grid, output: result.grid, ...sliding };
    context.push(
      new ConvolutionNode(`${name} group ${index + 1}`, part, result, geometry, {
        kernel: partOf(kernel, index, count, matrix),
        bias: bias && partOf(bias, index, count),
        norm: norm && normOf(norm, index * outputs, outputs),
        transient: false,
      }),
    );
    return result;
  });
  const output = new Tensor(node.shape, gridOf(node.shape), needsGradient);
  context.push(new ConcatenateNode(`${name} joined`, results, output));
  if (next) context.absorb(next, output);
  const { activation } = options;
  return activation === "linear"
    ? output
    : applyActivation(context, `${name} ${activation}`, output, { kind: activation });
}
