import { layerNorm } from "../core/layers/index.js";
import { type Constant, expanded, sizeOf, uniformValue } from "./constant.js";
import { longestExpression } from "./expression.js";
import { draftOf, reshaped } from "./layout.js";
import type { NodeContext } from "./node-context.js";
import { recognized } from "./recognize.js";
import { shortestDecimal } from "./shortest-decimal.js";
import {
  type Atom,
  lengthOf,
  type OverChannels,
  orderBetween,
  sameAtoms,
  type Value,
  type View,
} from "./view.js";

type Numbers = ArrayLike<number>;

interface Part {
  readonly dims: View["dims"];
  readonly size: number;
  /** Whether its axes are a constant's, which may be 1 wherever it is the same for all. */
  readonly isFixed?: boolean;
  at(channels: Numbers): Numbers;
}

const mean = (values: Numbers): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** The mean over one axis, where heddle has that as channels; undefined elsewhere. */
export function meanOverChannels(
  view: View,
  axis: number,
  keeps: boolean,
  pooled: () => View,
): View | undefined {
  const channels = view.dims[axis];
  const { over } = view;
  const trail = view.axes.slice(view.axes.length - channels.length);
  const isOurs = over ? sameAtoms(over.channels, channels) : orderBetween(trail, channels) !== undefined;
  if (channels.length === 0 || !isOurs) return undefined;
  const dims = keeps
    ? view.dims.map((atoms, index) => (index === axis ? [] : atoms))
    : view.dims.filter((_, index) => index !== axis);
  const size = (over?.size ?? 0) + 1;
  const count = lengthOf(channels);
  const meanOf = (values: Numbers): Numbers => [mean(values.length === count ? values : [values[0]])];
  const { lastStep: _, ...rest } = view;
  const made: OverChannels = over
    ? { ...over, size, at: (x) => meanOf(over.at(x)), pooled: undefined }
    : { base: view, channels, size, at: meanOf, ...(view.axes.length === channels.length && { pooled }) };
  return { ...rest, dims, over: made, least: Number.NEGATIVE_INFINITY, sole: false };
}

/** A function of each value behind one of all channels. */
export function appliedOver(
  view: View,
  over: OverChannels,
  f: (x: number) => number,
  context: NodeContext,
): View {
  const { pooled: _, ...rest } = over;
  const at = (x: Numbers): Numbers => Array.from(over.at(x), f);
  return short(
    { ...view, over: { ...rest, size: over.size + 1, at }, least: Number.NEGATIVE_INFINITY },
    context,
  );
}

/**
 * Two values joined of which at least one is a function of all channels, the other such a one of the same channels, these
 * themselves, or a constant; undefined where they have nothing to do with each other. What comes to a layer
 * normalization becomes that.
 */
export function joinedOver(
  a: Value,
  b: Value,
  f: (a: number, b: number) => number,
  context: NodeContext,
): View | undefined {
  const [first, second] = [a, b].map((value) => (value.kind === "view" ? value.over : undefined));
  const over = first ?? second;
  if (!over) return undefined;
  const rank = Math.max(a.dims.length, b.dims.length);
  const [left, right] = [a, b].map((value) => partOf(value, over, rank));
  if (!left || !right) return undefined;
  const dims = left.dims.map((atoms, axis) => (atoms.length > 0 ? atoms : right.dims[axis]));
  const fits = [left, right].every((part) =>
    part.dims.every(
      (atoms, axis) =>
        sameAtoms(atoms, dims[axis]) ||
        (atoms.length === 0 && (part.isFixed || sameAtoms(dims[axis], over.channels))),
    ),
  );
  // Before a constant's axes those of what depends on images come.
  if (!fits || !dims[0]?.includes(context.batch)) return undefined;
  const at = (x: Numbers): Numbers => {
    const [ours, theirs] = [left.at(x), right.at(x)];
    const length = Math.max(ours.length, theirs.length);
    return Array.from({ length }, (_, index) => f(ours[index % ours.length], theirs[index % theirs.length]));
  };
  const { base, channels } = over;
  const made: View = {
    ...base,
    dims,
    over: { base, channels, size: left.size + right.size + 1, at },
    least: Number.NEGATIVE_INFINITY,
    sole: false,
  };
  return normalized(short(made, context), context);
}

function short(view: View, context: NodeContext): View {
  if (view.over!.size <= longestExpression) return view;
  return context.refuse("it reads a function of all channels that is none of heddle's layers");
}

function partOf(value: Value, { base, channels }: OverChannels, rank: number): Part | undefined {
  const filled = <Each>(dims: readonly Each[], one: Each): readonly Each[] => [
    ...Array<Each>(rank - dims.length).fill(one),
    ...dims,
  ];
  if (value.kind === "constant") return constantPart(value, channels, filled(value.dims, 1));
  const dims = filled(value.dims, []);
  if (value.over) return value.over.base.draft === base.draft ? { ...value.over, dims } : undefined;
  const isBase = recognized(value)?.draft === base.draft && dims.some((atoms) => sameAtoms(atoms, channels));
  return isBase ? { dims, size: 0, at: (x) => x } : undefined;
}

function constantPart(
  constant: Constant,
  channels: readonly Atom[],
  dims: readonly number[],
): Part | undefined {
  const one = uniformValue(constant);
  const count = sizeOf(dims);
  const isAlong = count === 1 || (count === lengthOf(channels) && dims.includes(count));
  if (!isAlong) return undefined;
  const values = one === undefined ? expanded(constant) : [one];
  return {
    dims: dims.map((length) => (length > 1 ? channels : [])),
    size: 0,
    isFixed: true,
    at: () => values,
  };
}

/** Numbers without a rule that a normalization could take for its own. */
const probe = (count: number, by: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.sin(1 + by * (index + 1) ** 2));

/** A function of all channels as the layer normalization that it computes, where it does; else as it is. */
function normalized(view: View, context: NodeContext): View {
  const { base, channels, at } = view.over!;
  const count = lengthOf(channels);
  const isWhole = view.dims.some((atoms) => sameAtoms(atoms, channels));
  const found = isWhole && count > 1 ? normalizationOf((x) => at(x), count) : undefined;
  if (!found) return view;
  const places = orderBetween(base.axes.slice(base.axes.length - channels.length), channels)!;
  const inPlace = (values: readonly number[]): Float32Array => {
    const placed = new Float32Array(count);
    for (const [index, value] of values.entries()) placed[places[index]] = value;
    return placed;
  };
  const { draft } = base;
  const lead = lengthOf(base.axes) / count;
  const isLast = draft.shape[draft.shape.length - 1] === count;
  const read = isLast ? draft : reshaped(draft, lead === 1 ? [count] : [lead, count], context);
  const weights = { gamma: inPlace(found.gamma), beta: inPlace(found.beta) };
  const made = draftOf(() => layerNorm({ epsilon: found.epsilon }), [read], context, weights);
  const { over: _, ...rest } = view;
  return { ...rest, draft: reshaped(made, draft.shape, context), sole: true };
}

interface LayerNormalization {
  readonly gamma: readonly number[];
  readonly beta: readonly number[];
  readonly epsilon: number;
}

/**
 * The numbers of y = γ (x − μ) / √(σ² + ε) + β, where a function is that: β is what it makes of equal channels, γ what
 * it comes to far out, where ε is nothing, and ε what it falls short of that near zero.
 */
function normalizationOf(f: (x: Numbers) => Numbers, count: number): LayerNormalization | undefined {
  const beta = Array.from(f(Array<number>(count).fill(0)));
  const u = probe(count, 1);
  const centred = u.map((value) => value - mean(u));
  const variance = mean(centred.map((value) => value * value));
  const beyond = (t: number): number[] => {
    const made = f(u.map((value) => t * value));
    return beta.map((value, index) => made[index] - value);
  };
  const gamma = beyond(1e5).map((value, index) => (value * Math.sqrt(variance)) / centred[index]);
  const strongest = centred.reduce(
    (best, value, index) =>
      Math.abs(value * gamma[index]) > Math.abs(centred[best] * gamma[best]) ? index : best,
    0,
  );
  const near = 0.01;
  const short = (near * centred[strongest] * gamma[strongest]) / beyond(near)[strongest];
  const epsilon = shortestDecimal(Math.fround(short * short - near * near * variance));
  // With an ε beyond all values it would be x − μ alone.
  if (!(epsilon > 1e-12 && epsilon < 1)) return undefined;
  const isIt = [0.003, 0.3, 7].every((scale, index) => {
    const x = probe(count, index + 2).map((value) => scale * value + index);
    const middle = mean(x);
    const deviation = Math.sqrt(mean(x.map((value) => (value - middle) ** 2)) + epsilon);
    const made = f(x);
    return x.every((value, channel) => {
      const wanted = (gamma[channel] * (value - middle)) / deviation + beta[channel];
      return Math.abs(made[channel] - wanted) <= 1e-5 * Math.max(1, Math.abs(wanted));
    });
  });
  return isIt ? { gamma, beta, epsilon } : undefined;
}
