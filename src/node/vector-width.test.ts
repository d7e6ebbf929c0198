import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { portableArithmetic } from "../core/kernels/arithmetic.js";
import { narrowTiling, wideTilings } from "../core/kernels/tiling.js";
import {
  adoptVectors,
  type Decision,
  decide,
  decidedVectors,
  tilingOf,
  type VectorSurroundings,
  vectorWidth,
  widenVectors,
} from "./vector-width.js";
import "./platform.js";

const pass = "experimental-wasm-revectorize";

/** What is decided in surroundings where all is well but for what is given, and what V8 was told meanwhile. */
function decided(given: Partial<VectorSurroundings>): Decision & { readonly told: readonly string[] } {
  const told: string[] = [];
  const decision = decide({
    release: 24,
    architecture: "x64",
    flags: [],
    setFlags: (flags) => told.push(flags),
    battery: () => {
      told.push("battery");
      return Int32Array.of(1, 2, 3);
    },
    fastest: () => {
      told.push("fastest");
      return wideTilings[1];
    },
    ...given,
  });
  return { ...decision, told };
}

/** V8's own compilers as they were, whatever came of it. */
const restored = ["--liftoff", "--wasm-inlining"];

describe("256-bit vectors", () => {
  it("are kept where kernels come to the same bits with them, and faster", () => {
    const { width, tilings, told } = decided({});
    assert.deepEqual(width, { bits: 256 });
    assert.equal(tilings.get(portableArithmetic), wideTilings[1]);
    const once = told.filter((word, at) => word !== told[at - 1]);
    assert.deepEqual(once, [
      `--no-${pass}`,
      "battery",
      ...["--no-liftoff", "--no-wasm-inlining", `--${pass}`],
      "battery",
      "fastest",
      ...restored,
    ]);
  });

  it("are tried by modules that are never the same", () => {
    const editions: number[] = [];
    decided({
      battery: (_, tiling, edition) => {
        assert.ok(tiling.pairs);
        editions.push(edition);
        return new Int32Array(1);
      },
    });
    const [first, last] = [editions.slice(0, editions.length / 2), editions.slice(editions.length / 2)];
    assert.ok(last.every((edition) => !first.includes(edition)));
  });

  const untried: readonly [string, Partial<VectorSurroundings>, RegExp][] = [
    ["Node 20", { release: 20 }, /^Node 20 has no pass that could be used$/],
    ["a release that nobody tried", { release: 27 }, /^Node 27 was not tried$/],
    ["another processor", { architecture: "arm64" }, /^the pass is for x64, and this is arm64$/],
    [
      "a process that was started without",
      { flags: ["--no_experimental-wasm_revectorize"] },
      /^Node was started with --no-experimental-wasm-revectorize$/,
    ],
  ];
  for (const [where, given, why] of untried) {
    it(`are not tried with ${where}: V8 is told nothing`, () => {
      const { width, tilings, told } = decided(given);
      assert.equal(width.bits, 128);
      assert.match(width.why!, why);
      assert.deepEqual([tilings.size, width.differs, told], [0, undefined, []]);
    });
  }

  let runs = 0;
  const failures: readonly [string, Partial<VectorSurroundings>, RegExp, true?][] = [
    [
      "kernels come to other bits",
      { battery: () => Int32Array.of(1, runs++) },
      /^V8's pass came to other results on this processor$/,
      true,
    ],
    [
      "a kernel fails",
      {
        battery: () => {
          throw new RangeError("no such operation");
        },
      },
      /^V8's pass could not be tried: no such operation$/,
    ],
    [
      "the measuring fails",
      {
        fastest: () => {
          throw "out of order";
        },
      },
      /^V8's pass could not be tried: out of order$/,
    ],
    ["they are no faster", { fastest: () => narrowTiling }, /^256 bits are no faster than 128 on this/],
  ];
  for (const [when, given, why, differs] of failures) {
    it(`are given up where ${when}, and V8 is as it was`, () => {
      const { width, tilings, told } = decided(given);
      assert.equal(width.bits, 128);
      assert.match(width.why!, why);
      assert.deepEqual([tilings.size, width.differs], [0, differs]);
      assert.deepEqual(told.slice(-3), [`--no-${pass}`, ...restored]);
    });
  }

  for (const [flag, other] of [
    ["--no-liftoff", "wasm-inlining"],
    ["--liftoff", "wasm-inlining"],
    ["--no_wasm_inlining", "liftoff"],
  ]) {
    it(`leave ${flag} to who gave it`, () => {
      const { told } = decided({ flags: ["--expose-gc", flag] });
      const compilers = told.filter((word) => /liftoff|inlining/.test(word));
      assert.deepEqual(compilers, [`--no-${other}`, `--${other}`]);
    });
  }

  it("are decided once a process", () => {
    assert.deepEqual(vectorWidth(), { bits: 128, why: "nobody has asked for 256" });
    const first = widenVectors();
    assert.equal(widenVectors(), first);
    assert.equal(vectorWidth(), first);
    assert.notEqual(first.differs, true, "the battery of this very processor");
  });

  it("are as another thread of the process has decided", () => {
    assert.deepEqual(decidedVectors()?.width, vectorWidth());
    const given = { width: { bits: 256 }, fused: wideTilings[1], portable: narrowTiling } as const;
    adoptVectors(structuredClone(given));
    assert.deepEqual(decidedVectors(), given);
    assert.deepEqual([vectorWidth().bits, tilingOf(true)], [256, wideTilings[1]]);
    assert.deepEqual(widenVectors(), { bits: 256 });
  });
});
