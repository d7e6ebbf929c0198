import { floatBytes, signed, signed64, unsigned } from "./encoding.js";
import { vectorConstant } from "./vector-constants.js";

export type ValueType = "i32" | "i64" | "f32" | "v128";

/** Bytes that leave one value of a known type on the stack, and numbers beyond a byte for constants (vector-constants.ts). */
export class Expression<Type extends ValueType> {
  constructor(
    readonly type: Type,
    readonly bytes: readonly number[],
  ) {}
}

/** Bytes that leave nothing on the stack. */
export class Statement {
  readonly kind = "statement";
  constructor(readonly bytes: readonly number[]) {}
}

export type I32 = Expression<"i32">;
type I64 = Expression<"i64">;
export type F32 = Expression<"f32">;
export type V128 = Expression<"v128">;

/** Where an i32 is wanted, a plain number stands for its constant. */
export type I32Like = I32 | number;

export const asI32 = (value: I32Like): I32 => (typeof value === "number" ? i32.const(value) : value);

function unary<A extends ValueType, R extends ValueType>(type: R, ...code: number[]) {
  return (a: Expression<A>) => new Expression(type, [...a.bytes, ...code]);
}
function binary<A extends ValueType, R extends ValueType>(type: R, ...code: number[]) {
  return (a: Expression<A>, b: Expression<A>) => new Expression(type, [...a.bytes, ...b.bytes, ...code]);
}
function binaryI32(...code: number[]) {
  return (a: I32Like, b: I32Like) => new Expression("i32", [...asI32(a).bytes, ...asI32(b).bytes, ...code]);
}
const simd = (code: number): number[] => [0xfd, ...unsigned(code)];

/** Zeros are one instruction wherever they stand. */
const constant = (bytes: readonly number[]): V128 =>
  bytes.every((byte) => byte === 0) ? v128.zero() : new Expression("v128", [vectorConstant(bytes)]);

/** Address operand: alignment as a power of two, then a constant byte offset. */
const operand = (align: number, offset: number): number[] => [align, ...unsigned(offset)];

function load<Type extends ValueType>(type: Type, align: number, ...code: number[]) {
  return (address: I32Like, offset = 0) =>
    new Expression(type, [...asI32(address).bytes, ...code, ...operand(align, offset)]);
}
function store<Type extends ValueType>(align: number, ...code: number[]) {
  return (address: I32Like, value: Expression<Type>, offset = 0) =>
    new Statement([...asI32(address).bytes, ...value.bytes, ...code, ...operand(align, offset)]);
}

export const i32 = {
  const: (value: number): I32 => new Expression("i32", [0x41, ...signed(value)]),
  add: (a: I32Like, b: I32Like): I32 => (b === 0 ? asI32(a) : binaryI32(0x6a)(a, b)),
  sub: binaryI32(0x6b),
  mul: (a: I32Like, b: I32Like): I32 => (b === 1 ? asI32(a) : binaryI32(0x6c)(a, b)),
  divU: binaryI32(0x6e),
  remU: binaryI32(0x70),
  and: binaryI32(0x71),
  or: binaryI32(0x72),
  shl: binaryI32(0x74),
  shrU: binaryI32(0x76),
  eq: binaryI32(0x46),
  ne: binaryI32(0x47),
  ltS: binaryI32(0x48),
  ltU: binaryI32(0x49),
  geS: binaryI32(0x4e),
  eqz: (a: I32Like): I32 => new Expression("i32", [...asI32(a).bytes, 0x45]),
  load: load("i32", 2, 0x28),
  load8u: load("i32", 0, 0x2d),
  store: (address: I32Like, value: I32Like, offset = 0) =>
    store<"i32">(2, 0x36)(address, asI32(value), offset),
  truncSatF32: unary<"f32", "i32">("i32", 0xfc, 0),
  /** a where the condition holds, else b; both are computed. */
  select: (condition: I32Like, a: I32Like, b: I32Like): I32 =>
    new Expression("i32", [...asI32(a).bytes, ...asI32(b).bytes, ...asI32(condition).bytes, 0x1b]),
};

const i64 = {
  const: (value: bigint): I64 => new Expression("i64", [0x42, ...signed64(value)]),
};

export const f32 = {
  const: (value: number): F32 => new Expression("f32", [0x43, ...floatBytes(value)]),
  add: binary<"f32", "f32">("f32", 0x92),
  sub: binary<"f32", "f32">("f32", 0x93),
  mul: binary<"f32", "f32">("f32", 0x94),
  div: binary<"f32", "f32">("f32", 0x95),
  max: binary<"f32", "f32">("f32", 0x97),
  floor: unary<"f32", "f32">("f32", 0x8e),
  convertI32: unary<"i32", "f32">("f32", 0xb2),
  load: load("f32", 2, 0x2a),
  store: store<"f32">(2, 0x38),
};

type Four = readonly [number, number, number, number];

export const v128 = {
  load: load("v128", 2, ...simd(0)),
  store: store<"v128">(2, ...simd(11)),
  /** One 32-bit lane from memory in all four. */
  load32Splat: load("v128", 2, ...simd(9)),
  /** One 32-bit lane from memory, the others zero. */
  load32Zero: load("v128", 2, ...simd(92)),
  store32Lane: (address: I32Like, value: V128, lane: number, offset = 0): Statement =>
    new Statement([...asI32(address).bytes, ...value.bytes, ...simd(90), ...operand(2, offset), lane]),
  zero: (): V128 => new Expression("v128", [...simd(12), ...new Array<number>(16).fill(0)]),
  and: binary<"v128", "v128">("v128", ...simd(78)),
  xor: binary<"v128", "v128">("v128", ...simd(81)),
  /** Bits of a where the mask has ones, of b elsewhere. */
  bitselect: (a: V128, b: V128, mask: V128): V128 =>
    new Expression("v128", [...a.bytes, ...b.bytes, ...mask.bytes, ...simd(82)]),
  /** Eight lanes of bytes 0 … 15 from a, 16 … 31 from b, given as four 32-bit lane numbers 0 … 7. */
  shuffle32: (a: V128, b: V128, lanes: Four): V128 =>
    new Expression("v128", [
      ...a.bytes,
      ...b.bytes,
      ...simd(13),
      ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)),
    ]),
};

export const i32x4 = {
  splat: (value: I32Like): V128 =>
    typeof value === "number"
      ? i32x4.const([value, value, value, value])
      : new Expression("v128", [...value.bytes, ...simd(17)]),
  const: (lanes: Four): V128 => constant([...new Uint8Array(Int32Array.from(lanes).buffer)]),
  add: binary<"v128", "v128">("v128", ...simd(0xae)),
  mul: binary<"v128", "v128">("v128", ...simd(0xb5)),
  eq: binary<"v128", "v128">("v128", ...simd(55)),
  geS: binary<"v128", "v128">("v128", ...simd(63)),
  shl: (a: V128, bits: number): V128 =>
    new Expression("v128", [...a.bytes, ...i32.const(bits).bytes, ...simd(0xab)]),
  shrU: (a: V128, bits: number): V128 =>
    new Expression("v128", [...a.bytes, ...i32.const(bits).bytes, ...simd(0xad)]),
  truncSatF32x4: unary<"v128", "v128">("v128", ...simd(0xf8)),
  /** Four unsigned bytes in the lowest lane widened to four lanes. */
  extendLowBytes: (a: V128): V128 => new Expression("v128", [...a.bytes, ...simd(0x89), ...simd(0xa9)]),
  /** Four lanes of 0 … 255 narrowed to four bytes in the lowest lane. */
  narrowToBytes: (a: V128): V128 => {
    const zero = v128.zero().bytes;
    return new Expression("v128", [...a.bytes, ...zero, ...simd(0x86), ...zero, ...simd(0x66)]);
  },
};

/** Constants that were made before. */
const floats = new Map<number, V128>();

export const f32x4 = {
  splat: (value: F32): V128 => new Expression("v128", [...value.bytes, ...simd(19)]),
  const: (value: number): V128 => {
    const known = floats.get(value);
    if (known) return known;
    const made = constant(floatBytes(value, value, value, value));
    // A map takes 0 and −0 for one.
    if (value !== 0) floats.set(value, made);
    return made;
  },
  extractLane: (a: V128, lane: number): F32 => new Expression("f32", [...a.bytes, ...simd(31), lane]),
  add: binary<"v128", "v128">("v128", ...simd(0xe4)),
  sub: binary<"v128", "v128">("v128", ...simd(0xe5)),
  mul: binary<"v128", "v128">("v128", ...simd(0xe6)),
  div: binary<"v128", "v128">("v128", ...simd(0xe7)),
  min: binary<"v128", "v128">("v128", ...simd(0xe8)),
  max: binary<"v128", "v128">("v128", ...simd(0xe9)),
  /** a < b ? b : a, one instruction on x64 where `max`, with its care for NaN and −0, is many. */
  pmax: binary<"v128", "v128">("v128", ...simd(0xeb)),
  /** b < a ? b : a. */
  pmin: binary<"v128", "v128">("v128", ...simd(0xea)),
  sqrt: unary<"v128", "v128">("v128", ...simd(0xe3)),
  neg: unary<"v128", "v128">("v128", ...simd(0xe1)),
  gt: binary<"v128", "v128">("v128", ...simd(68)),
  lt: binary<"v128", "v128">("v128", ...simd(67)),
  convertI32x4: unary<"v128", "v128">("v128", ...simd(0xfa)),
  /** a · b + c, rounded once or twice as the processor likes: the relaxed SIMD instruction. */
  relaxedMadd: (a: V128, b: V128, c: V128): V128 =>
    new Expression("v128", [...a.bytes, ...b.bytes, ...c.bytes, ...simd(0x105)]),
};

/** Atomic operations on shared 32-bit words. */
export const atomic = {
  load: load("i32", 2, 0xfe, 0x10),
  /** Adds and gives what was there before. */
  add: (address: I32Like, value: I32Like, offset = 0): I32 =>
    new Expression("i32", [
      ...asI32(address).bytes,
      ...asI32(value).bytes,
      0xfe,
      0x1e,
      ...operand(2, offset),
    ]),
  /** Sleeps while the word holds `expected`: 0 woken, 1 it held something else, 2 the time is over. */
  wait: (address: I32Like, expected: I32Like, nanoseconds: bigint, offset = 0): I32 =>
    new Expression("i32", [
      ...asI32(address).bytes,
      ...asI32(expected).bytes,
      ...i64.const(nanoseconds).bytes,
      0xfe,
      0x01,
      ...operand(2, offset),
    ]),
  /** Wakes up to `count` sleepers and gives how many there were. */
  notify: (address: I32Like, count: I32Like, offset = 0): I32 =>
    new Expression("i32", [
      ...asI32(address).bytes,
      ...asI32(count).bytes,
      0xfe,
      0x00,
      ...operand(2, offset),
    ]),
};
