import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { i32 } from "../wasm/index.js";
import { portableArithmetic } from "./arithmetic.js";
import { blockVectors, forBlocks } from "./block-walk.js";
import { kernelBench } from "./testing/kernel-bench.js";

const log = 4096;

/** The walk as [block, vectors], for blocks from the first to the end. */
function walker(channels: number, atOnce: number) {
  const { words, run } = kernelBench(portableArithmetic, ({ module }) =>
    module.function(["firstBlock", "endBlock"], (f, range) => {
      const entry = f.let(i32.const(log));
      forBlocks(f, { channels, ...range }, atOnce, (block, vectors) => {
        f.do(i32.store(entry, block));
        f.do(i32.store(entry, vectors, 4));
        f.add(entry, 8);
      });
      f.do(i32.store(0, entry));
    }),
  );
  return (firstBlock: number, endBlock: number): [block: number, vectors: number][] => {
    run({ firstBlock, endBlock });
    return Array.from({ length: (words[0] - log) / 8 }, (_, at) => [
      words[log / 4 + at * 2],
      words[log / 4 + at * 2 + 1],
    ]);
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

describe("a walk over blocks of eight channels", () => {
  for (const atOnce of [1, 2, 3, 4, 5]) {
    it(`visits each vector of four channels once, in order, ${atOnce} blocks at once at most`, () => {
      for (const channels of range(1, 14).map((four) => four * 4)) {
        const walk = walker(channels, atOnce);
        const blocks = Math.ceil(channels / 8);
        for (const first of range(0, blocks))
          for (const end of range(first, blocks + 1)) {
            const turns = walk(first, end);
            const visited = turns.flatMap(([block, vectors]) => range(block * 2, block * 2 + vectors));
            assert.deepEqual(visited, range(first * 2, Math.min(end * 2, channels / 4)));
            assert.ok(turns.every(([, vectors]) => vectors <= atOnce * 2));
          }
      }
    });
  }

  it("takes as many at once as there are, then two, then one, the half one last", () => {
    assert.deepEqual(walker(68, 5)(0, 9), [
      [0, 10],
      [5, 4],
      [7, 2],
      [8, 1],
    ]);
    assert.deepEqual(walker(68, 3)(2, 8), [
      [2, 6],
      [5, 6],
    ]);
  });

  it("finds a block's vectors side by side, and the next block's a block apart", () => {
    assert.deepEqual(blockVectors(3, 1000, 200), [
      { weight: 0, out: 0 },
      { weight: 16, out: 16 },
      { weight: 1000, out: 200 },
    ]);
  });
});
