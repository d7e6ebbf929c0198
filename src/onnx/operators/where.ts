import { type Constant, constant, expanded, uniformValue } from "../constant.js";
import { fixed, join } from "../expression.js";
import { broadcast } from "../fold.js";
import type { NodeReader } from "../node-reader.js";
import { isSame, none } from "./elementwise.js";
import type { Operator } from "./operator.js";

/** Where, of functions of one value, as activations are spelled out in pieces; or of constants. */
export const where: Operator = (node) => {
  const values = [node.value(0), node.value(1), node.value(2)];
  const views = values.filter((value) => value.kind === "view");
  if (views.length === 0) return ofConstants(values as Constant[], node);
  const [first] = views;
  const parts = values.map((value) => {
    if (value.kind === "view") return value.expression;
    const one = uniformValue(value);
    return one === undefined
      ? node.refuse("it chooses by a constant that differs from place to place")
      : fixed(one);
  });
  if (!views.every((view) => isSame(view, first)))
    return node.refuse("it chooses between values of different tensors");
  const choose = (...[condition, yes, no]: number[]): number => (condition ? yes : no);
  return { ...first, expression: join(parts, choose, "Where"), least: none };
};

function ofConstants(given: readonly Constant[], node: NodeReader): Constant {
  const places = given.reduce((before, each) => broadcast(before, each, () => 0, node));
  const [conditions, yes, no] = given.map((each) => expanded(broadcast(each, places, (x) => x, node)));
  return constant(
    places.dims,
    conditions.map((condition, index) => (condition ? yes[index] : no[index])),
    given[1].whole && given[2].whole,
  );
}
