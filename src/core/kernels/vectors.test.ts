import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { type FunctionBuilder, f32x4, type I32Like, i32, v128 } from "../wasm/index.js";
import { portableArithmetic } from "./arithmetic.js";
import type { Emitter } from "./emitter.js";
import { kernelBench } from "./testing/kernel-bench.js";
import { narrowTiling, wideTilings } from "./tiling.js";
import { eachHalf, forChannels, forVectors } from "./vectors.js";

const places = { from: 4096, to: 8192 };

/** Adds a vector to another, so that one visited twice is seen. */
const addVector = (f: FunctionBuilder, from: I32Like, to: I32Like, offset: number): void =>
  f.do(v128.store(to, f32x4.add(v128.load(to, offset), v128.load(from, offset)), offset));

/** The offsets that a walk's body is written for, by the tiling. */
function offsetsOf(write: (emitter: Emitter, f: FunctionBuilder, body: (offset: number) => void) => void) {
  const seen = new Map<boolean, number[]>();
  kernelBench(portableArithmetic, (emitter) =>
    emitter.module.function([], (f) => {
      const offsets: number[] = [];
      write(emitter, f, (offset) => offsets.push(offset));
      seen.set(emitter.tiling.pairs, offsets);
    }),
  );
  return { narrow: seen.get(narrowTiling.pairs), wide: seen.get(wideTilings[0].pairs) };
}

const counts = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describe("walks over vectors", () => {
  for (const count of counts) {
    const bytes = count * 16;
    const expected = Array.from({ length: count * 4 + 8 }, (_, at) => (at < count * 4 ? at + 1.5 : 0.5));
    const walks: Record<string, Parameters<typeof kernelBench<"from" | "to">>[1]> = {
      pointers: (emitter) =>
        emitter.module.function(["from", "to"], (f, { from, to }) =>
          forVectors(emitter, f, [from, to], i32.add(from, bytes), (offset) =>
            addVector(f, from, to, offset),
          ),
        ),
      channels: (emitter) =>
        emitter.module.function(["from", "to"], (f, { from, to }) =>
          forChannels(emitter, f, bytes, (channel, offset) =>
            addVector(f, i32.add(from, channel), i32.add(to, channel), offset),
          ),
        ),
    };
    for (const [what, emit] of Object.entries(walks)) {
      it(`of ${what} visit each of ${count} once and none beside`, () => {
        const { floats, run } = kernelBench(portableArithmetic, emit);
        floats.set(
          expected.map((_, at) => at + 1),
          places.from / 4,
        );
        floats.fill(0.5, places.to / 4, places.to / 4 + expected.length);
        run(places);
        assert.deepEqual([...floats.subarray(places.to / 4, places.to / 4 + expected.length)], expected);
      });
    }
  }

  it("of none visit none", () => {
    const { words, run } = kernelBench(portableArithmetic, (emitter) =>
      emitter.module.function(["from", "to"], (f, { from, to }) =>
        forVectors(emitter, f, [from], to, (offset) => addVector(f, from, from, offset)),
      ),
    );
    words[1024] = 1;
    run({ from: 4096, to: 4096 });
    assert.equal(words[1024], 1);
  });

  it("are written in pairs where pairs are joined", () => {
    const half = offsetsOf((emitter, f, body) => eachHalf(emitter, f, body));
    assert.deepEqual(half, { narrow: [0, 16], wide: [0, 16] });
    const pointers = offsetsOf((emitter, f, body) => {
      const pointer = f.let(i32.const(0));
      forVectors(emitter, f, [pointer], 0, body);
    });
    assert.deepEqual(pointers, { narrow: [0], wide: [0, 16, 0] });
    const channels = (bytes: number) =>
      offsetsOf((emitter, f, body) => forChannels(emitter, f, bytes, (_, offset) => body(offset)));
    assert.deepEqual(channels(16), { narrow: [0], wide: [0] });
    assert.deepEqual(channels(32), { narrow: [0], wide: [0, 16] });
    assert.deepEqual(channels(48), { narrow: [0], wide: [0, 16, 0] });
  });
});
