import type { Normalization } from "../data/dataset.js";
import { plainNormalization } from "../data/normalization.js";
import { HeddleError, UsageError } from "../errors.js";
import { type Graph, tensorsOf } from "../graph/index.js";
import { initialize } from "../layers/initializers.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize, shapeText } from "../layers/shape.js";
import type { NamedTensor } from "../named-tensor.js";
import { checkValue, quoted, received, typedArray } from "../options/index.js";
import { plainCopy } from "../plain-copy.js";
import { isNormalizationTensor, normalizationOf, normalizationTensors } from "./normalization-tensors.js";
import { isList, readParts } from "./read-parts.js";

/** The first weights of a graph, named `<layer>.<tensor>`, each drawn from a stream of its own. */
export function initialWeights(graph: Graph, seed: number): NamedTensor[] {
  return tensorsOf(graph).map((spec, index) => ({
    name: spec.name,
    shape: spec.shape,
    data: initialize(spec, seed, index),
  }));
}

/**
 * Holds tensors against those that a model has: the same names and shapes, in any order.
 *
 * @param source what the tensors came from, for the error
 * @throws HeddleError on one missing, unknown or of another shape.
 */
export function checkTensors(
  tensors: readonly NamedTensor[],
  expected: readonly Pick<NamedTensor, "name" | "shape">[],
  source = "The weights",
): void {
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const { name, shape } of expected) {
    const tensor = given.get(name);
    if (!tensor) throw mismatch(source, `${name} is missing`);
    if (shapeText(tensor.shape) !== shapeText(shape)) {
      throw mismatch(source, `${quoted(name)} is ${received(tensor.shape)}, not ${shapeText(shape)}`);
    }
    given.delete(name);
  }
  const [unknown] = given.keys();
  if (unknown !== undefined) throw mismatch(source, `${quoted(unknown)} is not one of its tensors`);
}

/** Tensors of a model, those of its normalization apart. */
export interface GivenWeights {
  readonly weights: readonly NamedTensor[];
  /** Where it came along. */
  readonly normalization?: Normalization;
}

/**
 * Copies of the tensors that somebody hands to a model, in the model's order.
 *
 * @param model whose tensors they should be
 * @throws UsageError on what are no tensors.
 * @throws HeddleError on one missing, unknown, of another shape, or named twice.
 */
export function readWeights(
  given: unknown,
  model: { readonly tensors: readonly Pick<NamedTensor, "name" | "shape">[]; readonly channels: number },
  owner: string,
): GivenWeights {
  const expected = model.tensors;
  const all = listOfTensors(given, owner);
  const theirs = all.filter(isNormalizationTensor);
  const input = normalizationTensors(plainNormalization(model.channels));
  const wanted = theirs.length > 0 ? [...expected, ...input] : expected;
  checkTensors(all, wanted);
  const byName = new Map(all.map((tensor) => [tensor.name, tensor]));
  const copies = wanted.map(({ name, shape }) => copyOf(byName.get(name)!, shape, owner));
  const weights = copies.slice(0, expected.length);
  if (theirs.length === 0) return { weights };
  const [scale, shift] = copies.slice(expected.length);
  checkFinite([scale, shift], owner);
  if (scale.data.some((value) => value <= 0)) {
    throw new UsageError(`${owner}: every number of ${scale.name} must be above 0.`);
  }
  return { weights, normalization: normalizationOf(scale.data, shift.data) };
}

function listOfTensors(given: unknown, owner: string): readonly NamedTensor[] {
  const example = 'tensors such as { name: "dense_1.bias", shape: [10], data: new Float32Array(10) }';
  if (!isList(given))
    throw new UsageError(`${owner} takes a list of ${example}, but got ${received(given)}.`);
  const tensors = new Map<string, NamedTensor>();
  for (const [index, tensor] of [...given].entries()) {
    const { name, shape, data } = readParts<NamedTensor>(owner, tensor, "name", "shape", "data");
    if (typeof name !== "string" || !isList(shape) || !shape.every(Number.isSafeInteger)) {
      throw new UsageError(
        `${owner} takes a list of ${example}, but number ${index} of it is ${received(tensor)}.`,
      );
    }
    if (tensors.has(name)) throw new HeddleError(`${owner} got two tensors named ${quoted(name)}.`);
    const values = checkValue(owner, `the data of ${quoted(name)}`, data, typedArray("Float32Array"));
    tensors.set(name, { name, shape: [...shape], data: values });
  }
  return [...tensors.values()];
}

function copyOf({ name, data }: NamedTensor, shape: Shape, owner: string): NamedTensor {
  if (data.length !== shapeSize(shape)) {
    throw new HeddleError(
      `${owner}: ${name} is ${shapeText(shape)}, ${shapeSize(shape)} numbers, but its data has ${data.length}.`,
    );
  }
  return { name, shape, data: plainCopy(data) };
}

/** @throws HeddleError naming the first number that is none, as a training that diverged leaves them */
export function checkFinite(tensors: readonly NamedTensor[], owner: string): void {
  for (const { name, data } of tensors) {
    const wrong = data.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) continue;
    throw new HeddleError(
      `${owner}: number ${wrong} of ${name} is ${data[wrong]}. Weights that have diverged hold such values: take ones from before.`,
    );
  }
}

function mismatch(source: string, what: string): HeddleError {
  return new HeddleError(
    `${source}: these are weights of another model: ${what}. Build the model with the layers they were saved from.`,
  );
}
