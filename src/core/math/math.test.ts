import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { mix32 } from "../random.js";
import { cos, exp, log, pow, sin } from "./index.js";

const share = (index: number): number => mix32(index) / 2 ** 32;

/** All bits of many values, as one number. */
function bitsOf(values: readonly number[]): string {
  const words = new Uint32Array(Float64Array.from(values).buffer);
  return words.reduce((sum, word) => mix32(sum ^ word), 1).toString(16);
}

/** In units in the last place. */
function apart(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  const [ours, theirs] = new BigInt64Array(Float64Array.of(a, b).buffer);
  const distance = Number(ours - theirs);
  return Math.abs(distance);
}

type Case = readonly [
  name: string,
  ours: (index: number) => number,
  theirs: (index: number) => number,
  bits: string,
];

/** The bits are those of Node 20's `Math`, with which runs were recorded. */
const cases: readonly Case[] = [
  ["exp", (at) => exp(1500 * share(at) - 750), (at) => Math.exp(1500 * share(at) - 750), "3da7827e"],
  ["exp near 0", (at) => exp(4 * share(at) - 3), (at) => Math.exp(4 * share(at) - 3), "bff628b2"],
  ["log", (at) => log(share(at) / share(at + 1)), (at) => Math.log(share(at) / share(at + 1)), "4f1cc5df"],
  ["log near 1", (at) => log(0.9 + share(at) / 5), (at) => Math.log(0.9 + share(at) / 5), "e4f5ad8b"],
  ["sin", (at) => sin(40 * share(at) - 20), (at) => Math.sin(40 * share(at) - 20), "32b2b23a"],
  ["cos", (at) => cos(40 * share(at) - 20), (at) => Math.cos(40 * share(at) - 20), "7632eeb2"],
  [
    "pow",
    (at) => pow(2 * share(at), 60 * share(at + 9) - 20),
    (at) => (2 * share(at)) ** (60 * share(at + 9) - 20),
    "71a72538",
  ],
];

describe("exponentials, logarithms, sines and powers", () => {
  for (const [name, ours, theirs, bits] of cases) {
    it(`have the same bits everywhere, and the engine's value: ${name}`, () => {
      const values = Array.from({ length: 20_000 }, (_, index) => ours(index));
      assert.equal(bitsOf(values), bits);
      for (const [index, value] of values.entries()) assert.ok(apart(value, theirs(index)) <= 2, `${index}`);
    });
  }

  it("are near the engine's over all their numbers", () => {
    const double = fc.double({ noNaN: true });
    fc.assert(
      fc.property(double, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x, angle) => {
        assert.ok(apart(exp(x), Math.exp(x)) <= 2);
        assert.ok(Object.is(log(x), Math.log(x)) || apart(log(x), Math.log(x)) <= 2);
        assert.ok(apart(sin(angle), Math.sin(angle)) <= 2);
        assert.ok(apart(cos(angle), Math.cos(angle)) <= 2);
        assert.ok(apart(pow(Math.abs(x), angle / 1e6), Math.abs(x) ** (angle / 1e6)) <= 2);
      }),
    );
  });

  it("have their values at the ends", () => {
    const { POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minus, NaN: none, MIN_VALUE: least } = Number;
    assert.deepEqual([0, 1, infinity, minus, none, 710, -746].map(exp), [
      1,
      Math.E,
      infinity,
      0,
      none,
      infinity,
      0,
    ]);
    assert.deepEqual([0, -0, 1, -1, infinity, none].map(log), [minus, minus, 0, none, infinity, none]);
    assert.deepEqual([log(least), exp(log(least))], [Math.log(least), least]);
    assert.deepEqual([0, -0, infinity, none].map(sin), [0, -0, none, none]);
    assert.deepEqual([0, infinity, none].map(cos), [1, none, none]);
    const powers = [
      pow(0, 2),
      pow(0, -1),
      pow(3, 0),
      pow(1.5, 3),
      pow(0.5, 1e30),
      pow(2, -1074),
      pow(2, 1024),
    ];
    assert.deepEqual(powers, [0, infinity, 1, 3.375, 0, least, infinity]);
    assert.deepEqual([pow(none, 1), pow(2, none), pow(2, infinity)], [none, none, none]);
    assert.throws(() => pow(-1, 2), /No power is made here of -1/);
    assert.throws(() => sin(1e9), /No sine is made here of 1000000000/);
  });
});

describe("what decides results", () => {
  const source = fileURLToPath(new URL("../../../src", import.meta.url));
  const engines =
    /Math\.(?:expm1|exp|log\w*|pow|sinh?|cosh?|tanh?|hypot|atan2?|asinh?|acosh?)\b|(?<!\b2|\b1024) \*\* /u;

  it("asks no engine for what engines differ in", () => {
    const files = ["core", "run"].flatMap((folder) =>
      readdirSync(join(source, folder), { recursive: true, encoding: "utf8" }).map((file) =>
        join(folder, file),
      ),
    );
    const judged = files.filter(
      (file) => file.endsWith(".ts") && !/\.test\.ts$|testing|kernels.reference/u.test(file),
    );
    assert.ok(judged.length > 200);
    const found = judged.flatMap((file) => {
      const lines = readFileSync(join(source, file), "utf8").split("\n");
      const isCode = (line: string): boolean => !/^\s*(?:\*|\/)/u.test(line) && engines.test(line);
      return lines.filter(isCode).map((line) => `${file}: ${line.trim()}`);
    });
    assert.deepEqual(found, []);
  });
});
