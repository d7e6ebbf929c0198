import { f32x4, i32, type V128, v128 } from "../wasm/index.js";
import { sigmoid, tanh } from "./activation.js";
import type { Emitter } from "./emitter.js";
import { forVectors } from "./vectors.js";

/**
 * The element-wise half of a GRU step for one sample, `units` a multiple of four. Gates lie side by side in the
 * order z, r, n, `units` numbers each.
 */

/**
 * Gates hold the sums W·x + b and recurrent R·h' + c. Gates become their activations z, r = σ(gates + recurrent) and
 * n = tanh(gates + r ∘ recurrent); h ← z ∘ h' + (1 − z) ∘ n. With `first`, h' is zero and recurrent not there yet: its
 * sums are the bias, of which n's is left in it. What only the way back reads, activations and that sum, is left out
 * where it is not `kept`.
 */
export function emitGruStep(
  emitter: Emitter,
  units: number,
  { first, kept }: { readonly first: boolean; readonly kept: boolean },
) {
  const { madd } = emitter.arithmetic;
  return emitter.module.once(`gru step ${units} ${first} ${kept}`, () =>
    emitter.module.function(
      ["gates", "recurrent", "recurrentBias", "hiddenBefore", "hidden"],
      (f, { gates, recurrent, recurrentBias, hiddenBefore, hidden }) => {
        const keep = (value: V128) => f.let(value);
        const [update, reset, candidate] = [0, 1, 2].map((gate) => gate * units * 4);
        const from = first ? recurrentBias : recurrent;
        const moving = [hidden, gates, recurrent, recurrentBias, hiddenBefore];
        forVectors(emitter, f, moving, i32.add(hidden, units * 4), (at) => {
          const sum = (gate: number): V128 =>
            f32x4.add(v128.load(gates, gate + at), v128.load(from, gate + at));
          const z = keep(sigmoid(emitter, keep(sum(update)), keep));
          const r = keep(sigmoid(emitter, keep(sum(reset)), keep));
          const q = keep(v128.load(from, candidate + at));
          const n = keep(tanh(emitter, keep(madd(r, q, v128.load(gates, candidate + at))), keep));
          const h = keep(
            first ? f32x4.sub(n, f32x4.mul(z, n)) : madd(z, f32x4.sub(v128.load(hiddenBefore, at), n), n),
          );
          f.do(v128.store(hidden, h, at));
          if (!kept) return;
          f.do(v128.store(gates, z, update + at));
          f.do(v128.store(gates, r, reset + at));
          f.do(v128.store(gates, n, candidate + at));
          if (first) f.do(v128.store(recurrent, q, candidate + at));
        });
      },
    ),
  );
}

/**
 * With dh, and q the sum in recurrent that r weighs: gates become the gradients of their sums,
 * dz = dh ∘ (h' − n) ∘ z(1 − z), dr = dn ∘ q ∘ r(1 − r), dn = dh ∘ (1 − z) ∘ (1 − n²), and recurrent of its own,
 * dz, dr, dn ∘ r; dh ∘ z goes on to the state before, added to what is there where it `adds`. With `first`, h' is zero
 * and nothing goes on.
 */
export function emitGruStepGradient(
  emitter: Emitter,
  units: number,
  { first, adds }: { readonly first: boolean; readonly adds: boolean },
) {
  const one = f32x4.const(1);
  return emitter.module.once(`gru step gradient ${units} ${first} ${adds}`, () =>
    emitter.module.function(
      ["gates", "recurrent", "hiddenBefore", "hiddenGradient", "gradientBefore"],
      (f, { gates, recurrent, hiddenBefore, hiddenGradient, gradientBefore }) => {
        const keep = (value: V128) => f.let(value);
        const [update, reset, candidate] = [0, 1, 2].map((gate) => gate * units * 4);
        const slope = (y: V128): V128 => f32x4.mul(y, f32x4.sub(one, y));
        const moving = [gates, recurrent, hiddenBefore, hiddenGradient, gradientBefore];
        forVectors(emitter, f, moving, i32.add(gates, units * 4), (at) => {
          const [z, r, n] = [update, reset, candidate].map((gate) => keep(v128.load(gates, gate + at)));
          const q = v128.load(recurrent, candidate + at);
          const dh = keep(v128.load(hiddenGradient, at));
          const inner = f32x4.mul(f32x4.sub(one, z), f32x4.sub(one, f32x4.mul(n, n)));
          const dn = keep(f32x4.mul(dh, inner));
          const kept = first ? f32x4.neg(n) : f32x4.sub(v128.load(hiddenBefore, at), n);
          const dz = keep(f32x4.mul(f32x4.mul(dh, kept), slope(z)));
          const dr = keep(f32x4.mul(f32x4.mul(dn, q), slope(r)));
          const dq = keep(f32x4.mul(dn, r));
          const on = f32x4.mul(dh, z);
          const sent = first ? undefined : keep(adds ? f32x4.add(v128.load(gradientBefore, at), on) : on);
          for (const room of [gates, recurrent]) {
            f.do(v128.store(room, dz, update + at));
            f.do(v128.store(room, dr, reset + at));
          }
          f.do(v128.store(gates, dn, candidate + at));
          f.do(v128.store(recurrent, dq, candidate + at));
          if (sent) f.do(v128.store(gradientBefore, sent, at));
        });
      },
    ),
  );
}
