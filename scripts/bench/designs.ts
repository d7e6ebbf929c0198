// The designs that docs/engine.md compares, each as a small module of its own:
//   npm run build && node dist/scripts/bench/designs.js [--wide]
// writes results/designs-<avx2|avx512>-node<major>.json: GFLOP/s of one thread, best of interleaved rounds.
import { relaxedArithmetic } from "#heddle/core/kernels/arithmetic.js";
import { blockVectors } from "#heddle/core/kernels/block-walk.js";
import { emitTile, type TileShape } from "#heddle/core/kernels/tile.js";
import {
  type FunctionBuilder,
  f32x4,
  i32,
  type Local,
  ModuleBuilder,
  v128,
} from "#heddle/core/wasm/index.js";
import "#heddle/node/platform.js";
import { widenVectors } from "#heddle/node/vector-width.js";
import { describeMachine } from "./machine.js";
import type { DesignsFile } from "./result-files.js";
import { writeResult } from "./write-result.js";

const wide = process.argv.includes("--wide");
if (wide) {
  const { bits, why } = widenVectors();
  if (bits !== 256) throw new Error(`There is no design of 256 bits to measure: ${why}.`);
}

const memory = new WebAssembly.Memory({ initial: 1024, maximum: 1024 });
new Float32Array(memory.buffer).fill(0.01);
const A = 1 << 20;
const B = 1 << 24;
const OUT = 1 << 25;

const eight = [
  { weight: 0, out: 0 },
  { weight: 16, out: 16 },
];
const rows = (count: number, step: number): readonly number[] =>
  Array.from({ length: count }, (_, row) => row * step);

interface Variant {
  /** Rows of the tile (default 6). */
  readonly count?: number;
  /** Vectors of four a row (default 2). */
  readonly vectors?: number;
  readonly steps: number;
  /** Whether every two vectors are of a block of their own, as packed weights are (default false). */
  readonly blocks?: boolean;
  /** Steps a turn of the loop (default 1). */
  readonly unroll?: number;
  /** ReLU behind the loop (default false). */
  readonly relu?: boolean;
  /** Loops in a row (default 1). */
  readonly outer?: number;
  /** No loop: every step written out (default false). */
  readonly all?: boolean;
}

/** A tile written out by hand, so that it can be spoilt in one way at a time. */
function variant(
  module: ModuleBuilder,
  {
    count = 6,
    vectors = 2,
    blocks = false,
    steps,
    unroll = 1,
    relu = false,
    outer = 1,
    all = false,
  }: Variant,
) {
  const lanes = blockVectors(vectors, blocks ? steps * 32 : 32, 0);
  const bStep = blocks ? 32 : vectors * 16;
  return module.function(["a", "b", "out"], (f, { a, b, out }) => {
    const accumulators = rows(count, 128).map(() =>
      Array.from({ length: vectors }, () => f.let(v128.zero())),
    );
    const weights = Array.from({ length: vectors }, () => f.local("v128"));
    const input = f.local("v128");
    const body = (from: number, to: number): void => {
      weights.forEach((weight, v) => {
        f.set(weight, v128.load(b, to + lanes[v].weight));
      });
      rows(count, 128).forEach((offset, row) => {
        f.set(input, v128.load32Splat(a, offset + from));
        weights.forEach((weight, v) => {
          f.set(accumulators[row][v], f32x4.relaxedMadd(input, weight, accumulators[row][v]));
        });
      });
    };
    if (all) for (let step = 0; step < steps; step++) body(step * 4, step * bStep);
    else
      for (let turn = 0; turn < outer; turn++)
        f.for({ to: steps / unroll / outer }, () => {
          for (let step = 0; step < unroll; step++) body(step * 4, step * bStep);
          f.add(a, 4 * unroll);
          f.add(b, bStep * unroll);
        });
    accumulators.flat().forEach((value, index) => {
      f.do(v128.store(out, relu ? f32x4.max(value, v128.zero()) : value, index * 16));
    });
  });
}

/** Writes a turn of a design; `turn` counts them. */
type Turn = (f: FunctionBuilder, turn: Local<"i32">) => void;

interface Design {
  readonly flops: number;
  run(): void;
  best: number;
}

function timed(build: (module: ModuleBuilder) => Turn, flops: number): Design {
  const module = new ModuleBuilder({ maximumPages: 65_536, shared: false });
  const call = build(module);
  module.function(["turns"], (f, { turns }) => f.for({ to: turns }, (turn) => call(f, turn)), {
    exportAs: "go",
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { engine: { memory } });
  const go = instance.exports.go as (turns: number) => void;
  const turns = Math.max(1, Math.round(2e7 / flops));
  return { run: () => go(turns), flops: flops * turns, best: 0 };
}

const tile = (
  module: ModuleBuilder,
  shape: Pick<TileShape, "rows" | "outRows" | "vectors"> & Partial<TileShape>,
) => emitTile(module, relaxedArithmetic, { aStep: 4, bStep: 32, start: "zero", ...shape });
const plain = (options: Variant): Design =>
  timed(
    (module) => {
      const target = variant(module, options);
      return (f) => f.call(target, { a: A, b: B, out: OUT });
    },
    2 * (options.count ?? 6) * 4 * (options.vectors ?? 2) * options.steps,
  );

/** A weight gradient's walk over 128 samples, all tiles of a layer of 1,152 inputs and 64 outputs. */
const walk = (sampleBytes: number, gradientBytes: number): Design =>
  timed(
    (module) => {
      const target = tile(module, {
        rows: rows(6, 4),
        outRows: rows(6, 32),
        vectors: eight,
        aStep: sampleBytes,
        bStep: gradientBytes,
      });
      return (f) =>
        f.for({ to: 192 }, (at) =>
          f.for({ to: 8 }, (block) => {
            const [a, b] = [i32.add(i32.mul(at, 24), A), i32.add(i32.mul(block, 32), B)];
            f.call(target, { a, b, out: OUT, steps: 128, bias: 0 });
          }),
        );
    },
    2 * 6 * 8 * 128 * 192 * 8,
  );

/** Nine taps of a one-channel image for 6 pixels × 8 channels. */
const nine = 2 * 6 * 8 * 9;
const places = { rows: rows(6, 4), outRows: rows(6, 128), vectors: eight };
const designs: Readonly<Record<string, Design>> = {
  "tile 6 × 8, one loop": plain({ steps: 288 }),
  "tile 6 × 8, two loops in a row": plain({ steps: 288, outer: 2 }),
  "tile 6 × 8, loop unrolled twice": plain({ steps: 288, unroll: 2 }),
  "tile 6 × 8, ReLU behind the loop": plain({ steps: 288, relu: true }),
  "tile 5 × 8, one loop": plain({ steps: 288, count: 5 }),
  "tile 4 × 8, one loop": plain({ steps: 288, count: 4 }),
  "tile 12 × 8, one loop": plain({ steps: 288, count: 12 }),
  "tile 3 × 16, one loop": plain({ steps: 288, count: 3, vectors: 4 }),
  "tile 4 × 16, one loop": plain({ steps: 288, count: 4, vectors: 4 }),
  "tile 5 × 16, one loop": plain({ steps: 288, count: 5, vectors: 4 }),
  "tile 6 × 16, one loop": plain({ steps: 288, count: 6, vectors: 4 }),
  "tile 6 × 16, weights in two blocks": plain({ steps: 288, count: 6, vectors: 4, blocks: true }),
  "tile 3 × 24, one loop": plain({ steps: 288, count: 3, vectors: 6 }),
  "tile 2 × 32, one loop": plain({ steps: 288, count: 2, vectors: 8 }),
  "walk over samples 72 and 16 cache lines apart": walk(4608, 1024),
  "walk over samples 73 and 17 cache lines apart": walk(4672, 1088),
  "nine taps, a loop a kernel row": timed((module) => {
    const first = tile(module, places);
    const next = tile(module, { ...places, start: "accumulate" });
    return (f) => {
      for (const [row, one] of [first, next, next].entries())
        f.call(one, { a: A + row * 112, b: B + row * 96, out: OUT, steps: 3, bias: 0 });
    };
  }, nine),
  "nine taps, written out": plain({ steps: 9, all: true }),
  "nine taps, patches gathered before": timed((module) => {
    const one = tile(module, { ...places, rows: rows(6, 36) });
    return (f) => f.call(one, { a: A, b: B, out: OUT, steps: 9, bias: 0 });
  }, nine),
};

for (let round = 0; round < 24; round++) {
  for (const design of Object.values(designs)) {
    const start = performance.now();
    design.run();
    design.best = Math.max(design.best, design.flops / (performance.now() - start) / 1e6);
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
}
const environment = describeMachine();
const results = Object.entries(designs).map(([name, { best }]) => ({ name, gflops: best }));
for (const { name, gflops } of results) console.log(gflops.toFixed(1).padStart(6), name);
const command = `node dist/scripts/bench/designs.js${wide ? " --wide" : ""}`;
const content: DesignsFile = { environment, command, results };
const name = `designs-${environment.vectors}-node${environment.node.split(".")[0]}${wide ? "-256bits" : ""}`;
writeResult(`${name}.json`, content);
