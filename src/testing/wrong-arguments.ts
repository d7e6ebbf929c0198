import assert from "node:assert/strict";
import { it } from "node:test";
import { HeddleError } from "../core/errors.js";

/** One call with one thing wrong, and what that is: `options.threads = -1`. */
export interface WrongCall {
  readonly what: string;
  readonly args: readonly unknown[];
  /** Whether a value stands where one of another kind was: it can't be right by chance. */
  readonly ofAnotherKind?: boolean;
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
    for (const { what, value, ofAnotherKind } of wrongValues(args[index], 4)) {
      yield { what: `argument ${index}${what}`, args: args.with(index, value), ofAnotherKind };
    }
    yield { what: `no argument ${index}`, args: args.slice(0, index) };
  }
  yield { what: "an argument more", args: [...args, {}] };
}

interface WrongValue {
  readonly what: string;
  readonly value: unknown;
  readonly ofAnotherKind?: boolean;
}

function* wrongValues(right: unknown, depth: number): Generator<WrongValue> {
  for (const [name, make] of Object.entries(strangers)) {
    const value = make();
    const ofAnotherKind = value !== undefined && kindOf(value) !== kindOf(right);
    yield { what: ` = ${name}`, value, ofAnotherKind };
  }
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
  const Own = right.constructor as unknown as { from(items: Iterable<number>): NumberArray };
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
  for (const index of new Set([0, right.length - 1])) {
    if (index < 0 || index >= right.length) continue;
    for (const { what, value, ofAnotherKind } of wrongValues(right[index], depth - 1)) {
      yield { what: `[${index}]${what}`, value: right.with(index, value), ofAnotherKind };
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
    for (const { what, value, ofAnotherKind } of wrongValues(member, depth - 1)) {
      yield { what: `.${name}${what}`, value: { ...right, [name]: value }, ofAnotherKind };
    }
  }
}

function kindOf(value: unknown): string {
  try {
    return typeof value === "object" ? Object.prototype.toString.call(value) : typeof value;
  } catch {
    return "a proxy";
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
  readonly call: (...args: Args) => Result | Promise<Result>;
  readonly args: Args;
  /** Whether a result is a right one. Throws or says false where it isn't. */
  readonly holds: (result: Result) => boolean;
  /** Of the values of another kind those that are right all the same, by what is said of them. */
  readonly takes?: RegExp;
}

/** Keeps the types of a call's arguments and result together. */
export const fuzzed = <const Args extends readonly unknown[], Result>(
  fuzzedCall: FuzzedCall<Args, Result>,
): FuzzedCall<readonly unknown[], unknown> =>
  fuzzedCall as unknown as FuzzedCall<readonly unknown[], unknown>;

export interface FuzzingResult {
  /** Calls that gave neither a right result nor a HeddleError that says what is wrong, in words. */
  readonly faults: readonly string[];
  /** Calls that were refused. */
  readonly refused: number;
}

/** Makes every wrong call of a function. */
export async function fuzz({
  call,
  args,
  holds,
  takes,
}: FuzzedCall<readonly unknown[], unknown>): Promise<FuzzingResult> {
  const faults: string[] = [];
  let refused = 0;
  for (const wrong of [{ what: "nothing wrong", args } as WrongCall, ...wrongCalls(args)]) {
    try {
      const result = await call(...wrong.args);
      if (!isRight(holds, result)) faults.push(`${wrong.what}: taken for right, and the result is not`);
      else if (wrong.ofAnotherKind && !takes?.test(wrong.what)) faults.push(`${wrong.what}: taken for right`);
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined && wrong.args !== args) refused++;
      else faults.push(`${wrong.what}: ${problem ?? (error as Error).message}`);
    }
  }
  return { faults, refused };
}

function isRight(holds: (result: unknown) => boolean, result: unknown): boolean {
  try {
    return holds(result);
  } catch {
    return false;
  }
}

/** Why an error is none that a user can act on; undefined where it is one. */
function problemOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  if (!(error instanceof HeddleError)) return `threw ${error.name}: ${error.message}`;
  const { message } = error;
  if (message.length > 2000) return `a message of ${message.length} letters`;
  if (/\[object |undefined|=>|\n/.test(message)) return `a message that shows the inside: ${message}`;
  return /[.?]$/.test(message) ? undefined : `a message without an end: ${message}`;
}

/** A test of each call: all that is wrong is refused, or was right. */
export function itRefusesWrongArguments(
  calls: Readonly<Record<string, FuzzedCall<readonly unknown[], unknown>>>,
): void {
  for (const [name, call] of Object.entries(calls)) {
    it(`refuses wrong arguments of ${name}`, async () => {
      const { faults, refused } = await fuzz(call);
      assert.deepEqual(faults, []);
      assert.ok(refused > 20, `only ${refused} calls were refused`);
    });
  }
}
