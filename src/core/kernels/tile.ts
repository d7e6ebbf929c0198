import {
  type FunctionBuilder,
  type FunctionReference,
  f32x4,
  type I32,
  i32,
  type Local,
  type ModuleBuilder,
  v128,
} from "../wasm/index.js";
import type { Arithmetic } from "./arithmetic.js";

/**
 * A register tile of a matrix product: rows × vectors accumulators of four lanes, held in registers over one
 * flat loop. In step k, row r reads one number at a + rows[r] + k·aStep and vector v four numbers at
 * b + vectors[v].weight + k·bStep; their product is added to accumulator (r, v), which belongs at
 * out + outRows[r] + vectors[v].out. All offsets are bytes.
 */
export interface TileShape {
  readonly rows: readonly number[];
  readonly outRows: readonly number[];
  readonly vectors: readonly { readonly weight: number; readonly out: number }[];
  readonly aStep: number;
  readonly bStep: number;
  /** What the accumulators begin with: nothing, four numbers a vector at `bias`, or what `out` holds. */
  readonly start: "zero" | "bias" | "accumulate";
  readonly finish: "store" | "relu";
}

/** The accumulators of a tile, and how they begin and end. */
class Accumulators {
  readonly #values: Local<"v128">[][];

  constructor(
    readonly f: FunctionBuilder,
    readonly arithmetic: Arithmetic,
    readonly shape: Omit<TileShape, "aStep" | "bStep">,
    readonly out: I32,
    bias: I32,
  ) {
    const { rows, outRows, vectors, start } = shape;
    this.#values = rows.map((_, row) =>
      vectors.map((vector) =>
        f.let(
          start === "zero"
            ? v128.zero()
            : start === "bias"
              ? v128.load(bias, vector.out)
              : v128.load(out, outRows[row] + vector.out),
        ),
      ),
    );
  }

  /** One step: every row's number at `a` times every vector of weights at `b`. */
  multiply(
    weights: readonly Local<"v128">[],
    input: Local<"v128">,
    a: I32,
    aOffset: number,
    b: I32,
    bOffset: number,
  ): void {
    const { f, shape } = this;
    shape.vectors.forEach((vector, v) => {
      f.set(weights[v], v128.load(b, vector.weight + bOffset));
    });
    shape.rows.forEach((offset, row) => {
      f.set(input, v128.load32Splat(a, offset + aOffset));
      shape.vectors.forEach((_, v) => {
        const value = this.#values[row][v];
        f.set(value, this.arithmetic.madd(input, weights[v], value));
      });
    });
  }

  store(): void {
    const { f, out, shape } = this;
    shape.outRows.forEach((offset, row) => {
      shape.vectors.forEach((vector, v) => {
        const value = this.#values[row][v];
        const stored = shape.finish === "relu" ? f32x4.max(value, v128.zero()) : value;
        f.do(v128.store(out, stored, offset + vector.out));
      });
    });
  }
}

/**
 * Emits a function (a, b, out, steps, bias). It holds exactly one loop and no branch beside it: V8 before 24
 * reorders anything richer into a quarter of the speed (docs/engine.md).
 */
export function emitTile(module: ModuleBuilder, arithmetic: Arithmetic, shape: TileShape): FunctionReference {
  return module.once(`tile ${JSON.stringify(shape)}`, () =>
    module.function(5, (f, a, b, out, steps, bias) => {
      const accumulators = new Accumulators(f, arithmetic, shape, out, bias);
      const weights = shape.vectors.map(() => f.local("v128"));
      const input = f.local("v128");
      const step = f.let(i32.const(0));
      f.while(i32.ltU(step, steps), () => {
        accumulators.multiply(weights, input, a, 0, b, 0);
        f.add(a, shape.aStep);
        f.add(b, shape.bStep);
        f.add(step, 1);
      });
      accumulators.store();
    }),
  );
}

/**
 * Emits a function (a, b, out, bias) that takes its few steps without a loop, each at offsets of its own from
 * a and b: for kernels over one or three channels, where a loop a kernel row would hardly begin.
 */
export function emitShortTile(
  module: ModuleBuilder,
  arithmetic: Arithmetic,
  shape: Omit<TileShape, "aStep" | "bStep">,
  steps: readonly { readonly a: number; readonly b: number }[],
): FunctionReference {
  return module.once(`short tile ${JSON.stringify([shape, steps])}`, () =>
    module.function(4, (f, a, b, out, bias) => {
      const accumulators = new Accumulators(f, arithmetic, shape, out, bias);
      const weights = shape.vectors.map(() => f.local("v128"));
      const input = f.local("v128");
      for (const step of steps) accumulators.multiply(weights, input, a, step.a, b, step.b);
      accumulators.store();
    }),
  );
}
