import type { Operator } from "./operator.js";

/** Softmax over the classes, which heddle's models have behind them already. */
export const softmax =
  (name: "softmax" | "log-softmax"): Operator =>
  (node) => {
    const view = node.view(0);
    const axis = node.axis(node.int("axis", node.opset < 13 ? 1 : -1), view.dims.length);
    const others = view.dims.filter((atoms, index) => index > 0 && index !== axis && atoms.length > 0);
    if (axis === 0 || others.length > 0)
      return node.refuse(
        "it is over a part of its input, where heddle has a softmax over the classes, at a model's end",
      );
    return { ...view, end: name };
  };
