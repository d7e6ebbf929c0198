import { RepackNode } from "../nodes/repack.js";
import { ViewNode } from "../nodes/view.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import { isReshape, type LowerNode, readsNumbers } from "./context.js";

/** The same numbers in the same places under another shape, where padding leaves them there. */
export const lowerReshape: LowerNode<"flatten" | "reshape"> = (context, node, [input]) => {
  const { layer, shape } = node;
  const channels = shape[shape.length - 1];
  const dense =
    input.grid.channels === input.shape[input.shape.length - 1] && input.grid.pitch === input.grid.width;
  const readers = context.readersOf(node);
  const unpadded =
    channels % 4 === 0 ||
    (!input.needsGradient &&
      readers.length > 0 &&
      readers.every((reader) => readsNumbers(reader) || isReshape(reader)));
  // How the numbers lie goes by the graph alone: weights lie as training reads them, and dropout, which only training
  // has, changes how many read a tensor.
  const grid = dense && unpadded ? { ...gridOf(shape), channels } : gridOf(shape);
  const output = new Tensor(shape, grid, input.needsGradient);
  // A view shares its input's gradient, which no other reader may add to.
  if (dense && unpadded && input.readers === 1) {
    output.slope = input.slope;
    context.push(new ViewNode(layer.name, input, output));
  } else context.push(new RepackNode(layer.name, input, output));
  return output;
};
