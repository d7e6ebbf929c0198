import { muonNormEpsilon } from "../optimizers/muon.js";
import type { MuonConfig } from "../optimizers/optimizer.js";
import { type F32, f32, f32x4, i32, type V128, v128 } from "../wasm/index.js";
import { withoutSubnormals } from "./arithmetic.js";
import { diagonalStep, emitPanel, type PanelShape, panelRows } from "./cross-product.js";
import type { Emitter } from "./emitter.js";
import type { StepNumbers } from "./optimizer.js";
import { transpose4 } from "./transpose.js";

/** A matrix in blocks of eight columns, [columns / 8][rows][8]; both sizes are padded to multiples of four. */
export interface BlockedMatrix {
  readonly rows: number;
  readonly columns: number;
}

/** Bytes of a block of a matrix, and of its transposed copy [rows / 8][columns][8], padded to whole squares. */
export const blockBytes = ({ rows }: BlockedMatrix): number => rows * 32;
export const transposedBlockBytes = ({ columns }: BlockedMatrix): number => Math.ceil(columns / 8) * 8 * 32;

/**
 * v ← μv + g, `ahead` = g + μv or v, and its transposed copy, for some blocks of eight columns. Without a
 * configuration it only transposes `ahead`.
 */
export function emitMuonMomentum(
  emitter: Emitter,
  matrix: BlockedMatrix,
  config?: Pick<MuonConfig, "momentum" | "nesterov">,
) {
  const { module, arithmetic } = emitter;
  const { rows } = matrix;
  const own = blockBytes(matrix);
  const other = transposedBlockBytes(matrix);
  const key = `muon momentum ${rows} ${matrix.columns} ${config?.momentum} ${config?.nesterov}`;
  return module.once(key, () =>
    module.function(
      ["velocity", "gradients", "ahead", "transposed", "firstBlock", "endBlock"],
      (f, { velocity, gradients, ahead, transposed, firstBlock, endBlock }) => {
        const start = f.let(i32.mul(firstBlock, own));
        const [v, g, u] = [velocity, gradients, ahead].map((address) => f.let(i32.add(address, start)));
        const moved = (offset: number): V128 => {
          if (!config) return v128.load(u, offset);
          const momentum = f32x4.const(config.momentum);
          const gradient = f.let(v128.load(g, offset));
          const sum = f.let(
            withoutSubnormals(f.let(arithmetic.madd(v128.load(v, offset), momentum, gradient))),
          );
          f.do(v128.store(v, sum, offset));
          const value = config.nesterov ? f.let(arithmetic.madd(sum, momentum, gradient)) : sum;
          f.do(v128.store(u, value, offset));
          return value;
        };
        f.for({ from: firstBlock, to: endBlock }, (block) => {
          const target = f.let(i32.add(transposed, i32.mul(block, 256)));
          f.for({ to: rows, step: 4 }, (row) => {
            for (const half of [0, 16]) {
              const values = [0, 1, 2, 3].map((index) => f.let(moved(index * 32 + half)));
              transpose4(values, (value) => f.let(value)).forEach((value, index) => {
                f.do(v128.store(target, value, half * 8 + index * 32));
              });
            }
            for (const pointer of [v, g, u]) f.add(pointer, 128);
            // From the left half of a block of rows to its right, then on to the next block.
            f.add(target, i32.select(i32.and(row, 4), other - 16, 16));
          });
          // The lanes of rows that are not there.
          if (rows % 8 === 4)
            for (let column = 0; column < 8; column++) f.do(v128.store(target, v128.zero(), column * 32));
        });
      },
    ),
  );
}

/**
 * out = gram / (√trace + ε)² between two byte offsets, and the scale 1 / (√trace + ε) where `from` is zero. A
 * Gram matrix's trace is its matrix's squared Frobenius norm.
 */
export function emitNormalize(emitter: Emitter, side: number) {
  return emitter.module.once(`normalize ${side}`, () =>
    emitter.module.function(["gram", "out", "scale", "from", "end"], (f, { gram, out, scale, from, end }) => {
      const trace = f.let(f32.const(0));
      f.for(
        { from: gram, to: i32.add(gram, (side / 8) * diagonalStep(side)), step: diagonalStep(side) },
        (at) => {
          for (let lane = 0; lane < 8; lane++) f.set(trace, f32.add(trace, f32.load(at, lane * 36)));
        },
      );
      const root = f32x4.extractLane(f32x4.sqrt(f32x4.splat(trace)), 0);
      const factor = f.let(f32.div(f32.const(1), f32.add(root, f32.const(muonNormEpsilon))));
      f.if(i32.eqz(from), () => f.do(f32.store(scale, factor)));
      const square = f.let(f32x4.splat(f32.mul(factor, factor)));
      f.for({ from, to: end, step: 16 }, (at) => {
        f.do(v128.store(i32.add(out, at), f32x4.mul(v128.load(i32.add(gram, at)), square)));
      });
    }),
  );
}

/** What becomes of the last product, X. */
export type MuonFinish =
  | { readonly kind: "store" }
  /** w ← w − α·λ·w − α·factor·X */
  | {
      readonly kind: "update";
      readonly numbers: StepNumbers;
      readonly weightDecay: number;
      readonly factor: number;
    };

/**
 * X = scale · LᵀR for some panels of rows and all columns, into or onto a matrix of blocks.
 *
 * @param scale address of a number to multiply by, where there is one
 */
export function emitMuonProduct(
  emitter: Emitter,
  matrix: BlockedMatrix,
  product: PanelShape & { readonly rightBlock: number; readonly steps: number },
  scale: number | undefined,
  finish: MuonFinish,
) {
  const { module } = emitter;
  const { rows, columns } = matrix;
  const panel = emitPanel(emitter, product);
  /** (from, out, end): one panel of a block of columns. */
  const apply = module.function(["from", "out", "end"], (f, { from, out, end }) => {
    const times = (a: F32, b: number): F32 => f32.mul(a, f32.const(b));
    const rate = (): F32 => (finish.kind === "store" ? f32.const(1) : f32.load(finish.numbers.address, 12));
    const size = finish.kind === "store" ? rate() : times(rate(), finish.factor);
    const factor = f.let(f32x4.splat(scale === undefined ? size : f32.mul(size, f32.load(scale))));
    const decay = f.let(
      f32x4.splat(finish.kind === "store" ? f32.const(0) : times(rate(), finish.weightDecay)),
    );
    f.while(i32.ltU(from, end), () => {
      const move = f32x4.mul(v128.load(from), factor);
      if (finish.kind === "store") f.do(v128.store(out, move));
      else {
        const weights = f.let(v128.load(out));
        const decayed = f32x4.sub(weights, f32x4.mul(weights, decay));
        f.do(v128.store(out, f32x4.sub(decayed, move)));
      }
      f.add(from, 16);
      f.add(out, 16);
    });
  });
  return module.function(
    ["left", "right", "out", "firstPanel", "endPanel", "scratch"],
    (f, { left, right, out, firstPanel, endPanel, scratch }) => {
      f.for({ to: Math.ceil(columns / 8) }, (block) => {
        const own = f.let(i32.add(right, i32.mul(block, product.rightBlock)));
        const target = f.let(i32.add(out, i32.mul(block, blockBytes(matrix))));
        f.for({ from: firstPanel, to: endPanel }, (index) => {
          f.call(panel, { left, right: own, out: scratch, steps: product.steps, panel: index });
          const first = f.let(i32.mul(index, panelRows));
          const rest = f.let(i32.sub(rows, first));
          const count = i32.select(i32.ltU(rest, panelRows), rest, panelRows);
          const bytes = i32.mul(count, 32);
          f.call(apply, {
            from: scratch,
            out: i32.add(target, i32.mul(first, 32)),
            end: i32.add(scratch, bytes),
          });
        });
      });
    },
  );
}

/** Bytes of the thread's scratch that the last product wants. */
export const muonProductScratch = panelRows * 32;
