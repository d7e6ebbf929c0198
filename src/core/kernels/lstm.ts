import { f32x4, i32, type Local, type V128, v128 } from "../wasm/index.js";
import { sigmoid, tanh } from "./activation.js";
import type { Emitter } from "./emitter.js";
import { forVectors } from "./vectors.js";

/**
 * The element-wise half of an LSTM step for one sample, `units` a multiple of four. Gates lie side by side in
 * the order i, f, g, o, `units` numbers each.
 */

/**
 * Gates hold the sums W·x + R·h + b and become their activations; c ← f ∘ c' + i ∘ g; h ← o ∘ tanh(c). With
 * `first`, c' is zero. What only the way back reads, activations and tanh(c), is left out where it is not `kept`.
 */
export function emitLstmStep(
  emitter: Emitter,
  units: number,
  { first, kept }: { readonly first: boolean; readonly kept: boolean },
) {
  const { madd } = emitter.arithmetic;
  return emitter.module.once(`lstm step ${units} ${first} ${kept}`, () =>
    emitter.module.function(
      ["gates", "cellBefore", "cell", "cellTanh", "hidden"],
      (f, { gates, cellBefore, cell, cellTanh, hidden }) => {
        const keep = (value: V128): Local<"v128"> => f.let(value);
        const end = i32.add(hidden, units * 4);
        forVectors(emitter, f, [hidden, gates, cellBefore, cell, cellTanh], end, (at) => {
          const [zi, zf, zg, zo] = [0, 1, 2, 3].map((gate) => keep(v128.load(gates, gate * units * 4 + at)));
          const i = keep(sigmoid(emitter, zi, keep));
          const forget = keep(sigmoid(emitter, zf, keep));
          const g = keep(tanh(emitter, zg, keep));
          const o = keep(sigmoid(emitter, zo, keep));
          const candidate = f32x4.mul(i, g);
          const c = keep(first ? candidate : madd(forget, v128.load(cellBefore, at), candidate));
          const t = keep(tanh(emitter, c, keep));
          const output = keep(f32x4.mul(o, t));
          if (kept) {
            [i, forget, g, o].forEach((value, gate) => {
              f.do(v128.store(gates, value, gate * units * 4 + at));
            });
            f.do(v128.store(cellTanh, t, at));
          }
          f.do(v128.store(cell, c, at));
          f.do(v128.store(hidden, output, at));
        });
      },
    ),
  );
}

/**
 * With dh and the dc that later steps sent back, dc ← dc + dh ∘ o ∘ (1 − tanh²c); gates become the gradients of
 * their sums, di = dc ∘ g ∘ i(1 − i), df = dc ∘ c' ∘ f(1 − f), dg = dc ∘ i ∘ (1 − g²), do = dh ∘ tanh(c) ∘
 * o(1 − o); and dc ∘ f goes on to the step before. With `first`, c' is zero.
 */
export function emitLstmStepGradient(emitter: Emitter, units: number, first: boolean) {
  const one = f32x4.const(1);
  return emitter.module.once(`lstm step gradient ${units} ${first}`, () =>
    emitter.module.function(
      ["gates", "cellBefore", "cellTanh", "hiddenGradient", "cellGradient"],
      (f, { gates, cellBefore, cellTanh, hiddenGradient, cellGradient }) => {
        const keep = (value: V128): Local<"v128"> => f.let(value);
        const slope = (y: V128): V128 => f32x4.mul(y, f32x4.sub(one, y));
        const end = i32.add(cellGradient, units * 4);
        const moving = [cellGradient, gates, cellBefore, cellTanh, hiddenGradient];
        forVectors(emitter, f, moving, end, (at) => {
          const [i, forget, g, o] = [0, 1, 2, 3].map((gate) => keep(v128.load(gates, gate * units * 4 + at)));
          const t = keep(v128.load(cellTanh, at));
          const dh = keep(v128.load(hiddenGradient, at));
          const through = f32x4.mul(f32x4.mul(dh, o), f32x4.sub(one, f32x4.mul(t, t)));
          const dc = keep(f32x4.add(v128.load(cellGradient, at), through));
          const gradients = [
            f32x4.mul(f32x4.mul(dc, g), slope(i)),
            first ? v128.zero() : f32x4.mul(f32x4.mul(dc, v128.load(cellBefore, at)), slope(forget)),
            f32x4.mul(f32x4.mul(dc, i), f32x4.sub(one, f32x4.mul(g, g))),
            f32x4.mul(f32x4.mul(dh, t), slope(o)),
            f32x4.mul(dc, forget),
          ].map(keep);
          gradients.slice(0, 4).forEach((value, gate) => {
            f.do(v128.store(gates, value, gate * units * 4 + at));
          });
          f.do(v128.store(cellGradient, gradients[4], at));
        });
      },
    ),
  );
}
