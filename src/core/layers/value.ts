import { UsageError } from "../errors.js";
import { received } from "../options/received.js";
import type { Layer, Shape, Value } from "./layer.js";
import { checkShape, layerText } from "./shape.js";

export type { Value };

/** A value with where it comes from: what only graphs need to know. */
export interface SourcedValue extends Value {
  /** Undefined for the images. */
  readonly layer: Layer | undefined;
  readonly inputs: readonly SourcedValue[];
}

const known = new WeakSet<object>();

function value(shape: Shape, layer?: Layer, inputs: readonly SourcedValue[] = []): Value {
  const made: SourcedValue = Object.freeze({ shape: Object.freeze(shape), layer, inputs });
  known.add(made);
  return made;
}

/**
 * The images that a model reads, to call its first layers with.
 *
 * @param shape [H, W, C]
 * @throws UsageError when it is no list of whole numbers of 1 or more.
 */
export function input(shape: Shape): Value {
  return value(checkShape("input", shape));
}

/** @throws UsageError on anything that neither `input` nor a layer gave. */
export function sourceOf(candidate: unknown, what: string): SourcedValue {
  if (typeof candidate === "object" && candidate !== null && known.has(candidate))
    return candidate as SourcedValue;
  const hint =
    typeof candidate === "function"
      ? "a layer itself; call it with its input first, as in dense({ units: 10 })(x)"
      : received(candidate);
  throw new UsageError(
    `${what} must be what input(…) or a layer gave, but is ${hint}. Begin with const x = input([28, 28, 1]).`,
  );
}

/** What a layer gives for these inputs. @throws UsageError on what is no value. @throws HeddleError on their shapes. */
export function apply(layer: Layer, given: unknown): Value {
  const text = layerText(layer);
  if (layer.inputs === "one") {
    if (Array.isArray(given))
      throw new UsageError(
        `${text} reads one input, but got a list. Call it with one, or join them with add().`,
      );
    const source = sourceOf(given, `The input of ${text}`);
    return value(layer.outputShape(source.shape), layer, [source]);
  }
  if (!Array.isArray(given))
    throw new UsageError(`${text} joins several inputs: call it with a list of them, as in add()([a, b]).`);
  const sources = given.map((each, index) => sourceOf(each, `Input ${index + 1} of ${text}`));
  return value(layer.outputShape(...sources.map(({ shape }) => shape)), layer, sources);
}
