import assert from "node:assert/strict";
import { HeddleError } from "../errors.js";

/** One call with one thing wrong, and what that is: `options.threads = -1`. */
export interface WrongCall {
  readonly what: string;
  readonly args: readonly unknown[];
}

/** Values that are wrong nearly everywhere, made anew for each call. */
const strangers: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  "-1": () => -1,
  "-0": () => -0,
  "1.5": () => 1.5,
  "2 ** 31": () => 2 ** 31,
  "2 ** 53": () => 2 ** 53,
  "1e300": () => 1e300,
  '""': () => "",
  '"x"': () => "x",
  '"__proto__"': () => "__proto__",
  true: () => true,
  "1n": () => 1n,
  "Symbol()": () => Symbol("stranger"),
  "[]": () => [],
  "[[]]": () => [[]],
  "[undefined]": () => [undefined],
  "{}": () => ({}),
  "an object without a prototype": () => Object.create(null),
  "a function": () => () => 1,
  "a class": () => class {},
  "a promise": () => Promise.resolve({}),
  "a map": () => new Map([["a", 1]]),
  "an empty Uint8Array": () => new Uint8Array(0),
  "a Float64Array": () => new Float64Array(3),
  "a DataView": () => new DataView(new ArrayBuffer(8)),
  "an ArrayBuffer": () => new ArrayBuffer(8),
  "an object that holds itself": () => {
    const self: Record<string, unknown> = {};
    self.self = self;
    return self;
  },
  "an array that holds itself": () => {
    const self: unknown[] = [];
    self.push(self);
    return self;
  },
  "a proxy that throws": () =>
    new Proxy(
      {},
      {
        get: () => throwing(),
        has: () => throwing(),
        ownKeys: () => throwing(),
        getPrototypeOf: () => throwing(),
        getOwnPropertyDescriptor: () => throwing(),
      },
    ),
};

function throwing(): never {
  throw new TypeError("from a proxy");
}

const arrayTypes = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const;

type NumberArray = InstanceType<(typeof arrayTypes)[number]>;

/**
 * Calls with one thing wrong in each: every argument, and every member of every argument down to the fourth
 * level, replaced by a stranger, left out, or of another type; objects with one member more, or with one name
 * misspelt; typed arrays of another type, one item shorter or longer, or with an impossible item.
 */
export function* wrongCalls(args: readonly unknown[]): Generator<WrongCall> {
  for (let index = 0; index < args.length; index++) {
    for (const { what, value } of wrongValues(args[index], 4)) {
      yield { what: `argument ${index}${what}`, args: args.with(index, value) };
    }
    yield { what: `no argument ${index}`, args: args.slice(0, index) };
  }
  yield { what: "an argument more", args: [...args, {}] };
}

interface WrongValue {
  readonly what: string;
  readonly value: unknown;
}

function* wrongValues(right: unknown, depth: number): Generator<WrongValue> {
  for (const [name, make] of Object.entries(strangers)) yield { what: ` = ${name}`, value: make() };
  if (isNumberArray(right)) yield* wrongNumberArrays(right);
  else if (Array.isArray(right)) yield* wrongLists(right, depth);
  else if (isPlain(right)) yield* wrongObjects(right, depth);
}

function* wrongNumberArrays(right: NumberArray): Generator<WrongValue> {
  const items = [...right];
  for (const Type of arrayTypes) {
    if (!(right instanceof Type)) yield { what: ` as ${Type.name}`, value: Type.from(items) };
  }
  yield { what: " as a plain array", value: items };
  const Own = right.constructor as { from(items: Iterable<number>): NumberArray };
  yield { what: " one shorter", value: Own.from(items.slice(1)) };
  yield { what: " one longer", value: Own.from([...items, 0]) };
  for (const item of [Number.NaN, -1, 255, 2 ** 32 - 1]) {
    if (items.length > 0) yield { what: `[0] = ${item}`, value: Own.from(items.with(0, item)) };
  }
}

function* wrongLists(right: readonly unknown[], depth: number): Generator<WrongValue> {
  yield { what: " with a hole", value: Object.assign(new Array(right.length + 1), right) };
  yield { what: " one shorter", value: right.slice(1) };
  yield { what: " one longer", value: [...right, right[0]] };
  if (depth === 0) return;
  for (const index of [0, right.length - 1]) {
    if (index < 0 || (index > 0 && right.length < 2)) continue;
    for (const { what, value } of wrongValues(right[index], depth - 1)) {
      yield { what: `[${index}]${what}`, value: right.with(index, value) };
    }
  }
}

function* wrongObjects(right: Readonly<Record<string, unknown>>, depth: number): Generator<WrongValue> {
  yield { what: " with a stranger", value: { ...right, stranger: 1 } };
  yield { what: " by prototype alone", value: Object.create(right) };
  yield {
    what: " with a getter that throws",
    value: Object.defineProperty({ ...right }, Object.keys(right)[0] ?? "stranger", {
      enumerable: true,
      get: throwing,
    }),
  };
  if (depth === 0) return;
  for (const name of Object.keys(right)) {
    const { [name]: member, ...without } = right;
    yield { what: ` without ${name}`, value: without };
    yield { what: ` with ${name} misspelt`, value: { ...without, [`${name}s`]: member } };
    for (const { what, value } of wrongValues(member, depth - 1)) {
      yield { what: `.${name}${what}`, value: { ...right, [name]: value } };
    }
  }
}

function isNumberArray(value: unknown): value is NumberArray {
  return arrayTypes.some((Type) => value instanceof Type);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}

/** A function, arguments that are right, and what holds of every result it may give, whatever it is given. */
export interface FuzzedCall<Args extends readonly unknown[], Result> {
  readonly call: (...args: Args) => Result;
  readonly args: Args;
  /** Whether a result is a right one. Throws or says false where it isn't. */
  readonly holds: (result: Result) => boolean;
}

/** Keeps the types of a call's arguments and result together. */
export const fuzzed = <const Args extends readonly unknown[], Result>(
  fuzzedCall: FuzzedCall<Args, Result>,
): FuzzedCall<readonly unknown[], unknown> =>
  fuzzedCall as unknown as FuzzedCall<readonly unknown[], unknown>;

/**
 * Makes every wrong call. Each must give a right result or a HeddleError whose message is whole.
 * @returns how many were refused, and how many were right after all
 */
export function assertNoRubbish({ call, args, holds }: FuzzedCall<readonly unknown[], unknown>): {
  readonly refused: number;
  readonly right: number;
} {
  assert.ok(holds(call(...args)), "the right arguments give no right result");
  let refused = 0;
  let right = 0;
  for (const wrong of wrongCalls(args)) {
    let result: unknown;
    try {
      result = call(...wrong.args);
    } catch (error) {
      const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      assert.ok(error instanceof HeddleError, `${wrong.what}: ${words}`);
      assert.match(error.message, /^.{10,2000}\.$|^.{10,2000}\?$/s, `${wrong.what}: ${words}`);
      assert.doesNotMatch(error.message, /\[object |=>|undefined/, `${wrong.what}: ${words}`);
      refused++;
      continue;
    }
    assert.ok(holds(result), `${wrong.what}: took it for right and gave rubbish`);
    right++;
  }
  return { refused, right };
}
