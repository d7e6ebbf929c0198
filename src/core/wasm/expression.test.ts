import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import "../../node/platform.js";
import { atomic, type Expression, f32, f32x4, type I32, i32, i32x4, type V128, v128 } from "./expression.js";
import { evaluate } from "./testing/evaluate.js";

/** Every pair of these through an operation, and what JavaScript says. */
const edges = [0, 1, -1, 2, 7, 31, 33, -5, 2 ** 31 - 1, -(2 ** 31), 0x12345678];

const unsignedBits = (value: number): number => value >>> 0;
const truth = (value: boolean): number => (value ? 1 : 0);

const wholeOperations: Record<string, [(a: I32, b: I32) => I32, (a: number, b: number) => number]> = {
  add: [i32.add, (a, b) => (a + b) | 0],
  sub: [i32.sub, (a, b) => (a - b) | 0],
  mul: [i32.mul, Math.imul],
  and: [i32.and, (a, b) => a & b],
  or: [i32.or, (a, b) => a | b],
  shl: [i32.shl, (a, b) => a << b],
  shrU: [i32.shrU, (a, b) => (a >>> b) | 0],
  divU: [i32.divU, (a, b) => Math.floor(unsignedBits(a) / unsignedBits(b)) | 0],
  remU: [i32.remU, (a, b) => (unsignedBits(a) % unsignedBits(b)) | 0],
  eq: [i32.eq, (a, b) => truth(a === b)],
  ne: [i32.ne, (a, b) => truth(a !== b)],
  ltS: [i32.ltS, (a, b) => truth(a < b)],
  ltU: [i32.ltU, (a, b) => truth(unsignedBits(a) < unsignedBits(b))],
  geS: [i32.geS, (a, b) => truth(a >= b)],
  select: [(a, b) => i32.select(a, b, 77), (a, b) => (a === 0 ? 77 : b)],
  eqz: [(a) => i32.eqz(a), (a) => truth(a === 0)],
};

describe("whole numbers", () => {
  for (const [name, [emit, expected]] of Object.entries(wholeOperations)) {
    it(`${name} as JavaScript has it, of variables and of constants`, () => {
      for (const a of edges)
        for (const b of edges) {
          if (b === 0 && /^(div|rem)/.test(name)) continue;
          const ofVariables = evaluate((f, { x, y }) => f.return(emit(x, y)), { args: { x: a, y: b } });
          assert.equal(ofVariables.result, expected(a, b), `${name}(${a}, ${b})`);
          const ofConstants = evaluate((f) => f.return(emit(i32.const(a), i32.const(b))));
          assert.equal(ofConstants.result, expected(a, b), `${name}(${a}, ${b}) of constants`);
        }
    });
  }

  it("plain numbers stand for constants, 0 and 1 left out where they do nothing", () => {
    const { result } = evaluate((f, { x }) => f.return(i32.mul(i32.add(x, 0), 1)), { args: { x: 41 } });
    assert.equal(result, 41);
    assert.equal(evaluate((f, { x }) => f.return(i32.sub(i32.add(3, x), 2)), { args: { x: 41 } }).result, 42);
  });

  it("are loaded and stored, with an offset too", () => {
    const { result, words, bytes } = evaluate(
      (f, { at }) => {
        f.do(i32.store(at, 0x01020304, 8));
        f.do(i32.store(at, i32.load8u(at, 9)));
        f.return(i32.load(at, 8));
      },
      { args: { at: 16 } },
    );
    assert.equal(result, 0x01020304);
    assert.deepEqual([words[4], words[6], bytes[24]], [3, 0x01020304, 4]);
  });
});

describe("float32 numbers", () => {
  const values = [0, -0, 1, -1.5, 0.1, 3e38, 1e-40, Number.POSITIVE_INFINITY, Number.NaN];
  const operations: Record<
    string,
    [(a: Expression<"f32">, b: Expression<"f32">) => Expression<"f32">, (a: number, b: number) => number]
  > = {
    add: [f32.add, (a, b) => a + b],
    sub: [f32.sub, (a, b) => a - b],
    mul: [f32.mul, (a, b) => a * b],
    div: [f32.div, (a, b) => a / b],
    max: [f32.max, Math.max],
    floor: [(a) => f32.floor(a), (a) => Math.floor(a)],
  };
  for (const [name, [emit, expected]] of Object.entries(operations)) {
    it(`${name} as Math.fround has it`, () => {
      for (const a of values.map(Math.fround))
        for (const b of values.map(Math.fround)) {
          const { floats } = evaluate((f) => {
            f.do(f32.store(0, emit(f32.const(a), f32.const(b))));
            f.return(0);
          });
          assert.equal(floats[0], Math.fround(expected(a, b)), `${name}(${a}, ${b})`);
        }
    });
  }

  it("turn into whole numbers and back, kept in range", () => {
    for (const [value, whole] of [
      [2.9, 2],
      [-2.9, -2],
      [1e20, 2 ** 31 - 1],
      [-1e20, -(2 ** 31)],
      [Number.NaN, 0],
    ])
      assert.equal(evaluate((f) => f.return(i32.truncSatF32(f32.const(value)))).result, whole);
    const { floats } = evaluate(
      (f, { x }) => {
        f.do(f32.store(4, f32.convertI32(x)));
        f.do(f32.store(8, f32.load(0, 4)));
        f.return(0);
      },
      { args: { x: -16_777_217 } },
    );
    assert.deepEqual([floats[1], floats[2]], [-16_777_216, -16_777_216]);
  });
});

describe("four lanes", () => {
  const floatsOf = (emit: (a: V128, b: V128, c: V128) => V128, memory: Float32Array): Float32Array =>
    evaluate(
      (f) => {
        f.do(v128.store(64, emit(v128.load(0), v128.load(16), v128.load(32))));
        f.return(0);
      },
      { memory: new Uint8Array(memory.buffer) },
    ).floats.slice(16, 20);
  const wordsOf = (emit: (a: V128, b: V128, c: V128) => V128, memory: Int32Array): Int32Array =>
    new Int32Array(floatsOf(emit, new Float32Array(memory.buffer)).buffer);

  const floatLanes: Record<
    string,
    [(a: V128, b: V128, c: V128) => V128, (a: number, b: number, c: number) => number]
  > = {
    add: [f32x4.add, (a, b) => a + b],
    sub: [f32x4.sub, (a, b) => a - b],
    mul: [f32x4.mul, (a, b) => a * b],
    div: [f32x4.div, (a, b) => a / b],
    min: [f32x4.min, (a, b) => Math.min(a, b)],
    max: [f32x4.max, (a, b) => Math.max(a, b)],
    sqrt: [(a) => f32x4.sqrt(a), (a) => Math.sqrt(a)],
    neg: [(a) => f32x4.neg(a), (a) => -a],
    splat: [(a) => f32x4.splat(f32x4.extractLane(a, 2)), () => Number.NaN],
  };
  const a = Float32Array.of(1.5, -2, 1e20, 0.1);
  const b = Float32Array.of(0.3, 4, -7, 1e-10);
  const c = Float32Array.of(9, -1, 0, 5);
  const memory = Float32Array.of(...a, ...b, ...c);

  for (const [name, [emit, expected]] of Object.entries(floatLanes)) {
    it(`f32x4.${name}`, () => {
      const lanes = floatsOf(emit, memory);
      const own =
        name === "splat" ? a.map(() => a[2]) : a.map((value, lane) => expected(value, b[lane], c[lane]));
      assert.deepEqual(lanes, own);
    });
  }

  it("f32x4.const fills, gt masks", () => {
    assert.deepEqual([...floatsOf(() => f32x4.const(0.1), memory)], [...new Float32Array(4).fill(0.1)]);
    const masks = new Int32Array(floatsOf(f32x4.gt, memory).buffer);
    assert.deepEqual([...masks], [-1, 0, -1, -1]);
  });

  it("f32x4.relaxedMadd is fused or not, and nothing else", () => {
    const lanes = floatsOf(f32x4.relaxedMadd, memory);
    a.forEach((value, lane) => {
      const fused = Math.fround(value * b[lane] + c[lane]);
      const apart = Math.fround(Math.fround(value * b[lane]) + c[lane]);
      assert.ok(lanes[lane] === fused || lanes[lane] === apart, `${lanes[lane]}`);
    });
  });

  const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const four = fc.tuple(whole, whole, whole, whole);
  const wholeLanes: Record<
    string,
    [(a: V128, b: V128, c: V128) => V128, (a: number, b: number, c: number) => number]
  > = {
    "i32x4.add": [i32x4.add, (x, y) => x + y],
    "i32x4.mul": [i32x4.mul, Math.imul],
    "i32x4.eq": [i32x4.eq, (x, y) => -truth(x === y)],
    "i32x4.geS": [i32x4.geS, (x, y) => -truth(x >= y)],
    "i32x4.shl": [(x) => i32x4.shl(x, 23), (x) => x << 23],
    "i32x4.shrU": [(x) => i32x4.shrU(x, 15), (x) => x >>> 15],
    "v128.and": [v128.and, (x, y) => x & y],
    "v128.xor": [v128.xor, (x, y) => x ^ y],
    "v128.bitselect": [v128.bitselect, (x, y, mask) => (x & mask) | (y & ~mask)],
    "v128.zero": [() => v128.zero(), () => 0],
  };
  for (const [name, [emit, expected]] of Object.entries(wholeLanes)) {
    it(name, () => {
      const property = fc.property(four, four, four, (x, y, z) => {
        const lanes = wordsOf(emit, Int32Array.of(...x, ...y, ...z));
        assert.deepEqual(
          [...lanes],
          x.map((value, lane) => expected(value, y[lane], z[lane]) | 0),
        );
      });
      fc.assert(property, {
        numRuns: 20,
        examples: [
          [
            [1, 2, 3, 4],
            [1, -2, 3, -4],
            [-1, 0, 255, -256],
          ],
        ],
      });
    });
  }

  it("i32x4 converts, splats and fills", () => {
    const lanes = Int32Array.of(-5, 16_777_217, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0);
    assert.deepEqual(
      [...floatsOf(f32x4.convertI32x4, new Float32Array(lanes.buffer))],
      [-5, 16_777_216, 0, 9],
    );
    const truncated = floatsOf(i32x4.truncSatF32x4, Float32Array.of(2.9, -1e20, Number.NaN, -7.9));
    assert.deepEqual([...new Int32Array(truncated.buffer)], [2, -(2 ** 31), 0, -7]);
    assert.deepEqual([...wordsOf(() => i32x4.splat(-3), lanes)], [-3, -3, -3, -3]);
    assert.deepEqual([...wordsOf(() => i32x4.const([1, -2, 3, 2 ** 31]), lanes)], [1, -2, 3, -(2 ** 31)]);
  });

  it("bytes widen to lanes and narrow back", () => {
    const bytes = Uint8Array.of(255, 0, 128, 7, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99);
    const { words, bytes: after } = evaluate(
      (f) => {
        f.do(v128.store(16, i32x4.extendLowBytes(v128.load(0))));
        f.do(v128.store(32, i32x4.narrowToBytes(v128.load(16))));
        f.return(0);
      },
      { memory: bytes },
    );
    assert.deepEqual([...words.subarray(4, 8)], [255, 0, 128, 7]);
    assert.deepEqual([...after.subarray(32, 36)], [255, 0, 128, 7]);
  });

  it("v128 shuffles lanes of two, and loads and stores single ones", () => {
    const memory = Int32Array.of(10, 11, 12, 13, 14, 15, 16, 17, 0, 0, 0, 0);
    assert.deepEqual([...wordsOf((x, y) => v128.shuffle32(x, y, [7, 0, 3, 4]), memory)], [17, 10, 13, 14]);
    assert.deepEqual([...wordsOf(() => v128.load32Splat(0, 12), memory)], [13, 13, 13, 13]);
    assert.deepEqual([...wordsOf(() => v128.load32Zero(4), memory)], [11, 0, 0, 0]);
    const { words } = evaluate(
      (f) => {
        f.do(v128.store32Lane(100, v128.load(0), 2, 4));
        f.return(0);
      },
      { memory: new Uint8Array(memory.buffer) },
    );
    assert.deepEqual([...words.subarray(25, 28)], [0, 12, 0]);
  });
});

describe("atomic operations", () => {
  it("load and add on a shared word", () => {
    const { result, words } = evaluate((f) => {
      f.do(i32.store(64, 40, 4));
      const before = f.let(atomic.add(68, 2));
      f.return(i32.add(i32.mul(before, 1000), atomic.load(64, 4)));
    });
    assert.deepEqual([result, words[17]], [40_042, 42]);
  });

  it("wait says why it ended, notify how many it woke", () => {
    const { words } = evaluate((f) => {
      f.do(i32.store(0, atomic.wait(64, 1, 1_000_000_000_000n)));
      f.do(i32.store(4, atomic.wait(64, 0, 1000n)));
      f.do(i32.store(8, atomic.notify(64, -1)));
      f.return(0);
    });
    assert.deepEqual([...words.subarray(0, 3)], [1, 2, 0]);
  });
});
