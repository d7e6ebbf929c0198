import { f32x4, type V128, v128 } from "../wasm/index.js";
import { sigmoid, tanh } from "./activation.js";
import type { Emitter } from "./emitter.js";

/**
 * The element-wise half of a GRU step for one sample, `units` a multiple of four. Gates lie side by side in the
 * order z, r, n, `units` numbers each.
 */

/**
 * Gates hold the sums W·x + b and recurrent R·h' + c. Gates become their activations z, r = σ(gates + recurrent) and
 * n = tanh(gates + r ∘ recurrent); h ← z ∘ h' + (1 − z) ∘ n. With `first`, h' is zero and recurrent not there yet: its
 * sums are the bias, of which n's is left in it.
 */
export function emitGruStep(emitter: Emitter, units: number, first: boolean) {
  const { madd } = emitter.arithmetic;
  return emitter.module.once(`gru step ${units} ${first}`, () =>
    emitter.module.function(
      ["gates", "recurrent", "recurrentBias", "hiddenBefore", "hidden"],
      (f, { gates, recurrent, recurrentBias, hiddenBefore, hidden }) => {
        const keep = (value: V128) => f.let(value);
        const [update, reset, candidate] = [0, 1, 2].map((gate) => gate * units * 4);
        const from = first ? recurrentBias : recurrent;
        f.for({ to: units * 4, step: 16 }, () => {
          const sum = (gate: number): V128 => f32x4.add(v128.load(gates, gate), v128.load(from, gate));
          const z = keep(sigmoid(emitter, keep(sum(update)), keep));
          const r = keep(sigmoid(emitter, keep(sum(reset)), keep));
          const q = keep(v128.load(from, candidate));
          const n = keep(tanh(emitter, keep(madd(r, q, v128.load(gates, candidate))), keep));
          const h = first ? f32x4.sub(n, f32x4.mul(z, n)) : madd(z, f32x4.sub(v128.load(hiddenBefore), n), n);
          f.do(v128.store(hidden, h));
          f.do(v128.store(gates, z, update));
          f.do(v128.store(gates, r, reset));
          f.do(v128.store(gates, n, candidate));
          if (first) f.do(v128.store(recurrent, q, candidate));
          for (const pointer of [gates, recurrent, recurrentBias, hiddenBefore, hidden]) f.add(pointer, 16);
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
        f.for({ to: units * 4, step: 16 }, () => {
          const [z, r, n] = [update, reset, candidate].map((gate) => keep(v128.load(gates, gate)));
          const q = v128.load(recurrent, candidate);
          const dh = keep(v128.load(hiddenGradient));
          const inner = f32x4.mul(f32x4.sub(one, z), f32x4.sub(one, f32x4.mul(n, n)));
          const dn = keep(f32x4.mul(dh, inner));
          const kept = first ? f32x4.neg(n) : f32x4.sub(v128.load(hiddenBefore), n);
          const dz = keep(f32x4.mul(f32x4.mul(dh, kept), slope(z)));
          const dr = keep(f32x4.mul(f32x4.mul(dn, q), slope(r)));
          for (const room of [gates, recurrent]) {
            f.do(v128.store(room, dz, update));
            f.do(v128.store(room, dr, reset));
          }
          f.do(v128.store(gates, dn, candidate));
          f.do(v128.store(recurrent, f32x4.mul(dn, r), candidate));
          if (!first) {
            const on = f32x4.mul(dh, z);
            f.do(v128.store(gradientBefore, adds ? f32x4.add(v128.load(gradientBefore), on) : on));
          }
          for (const pointer of [gates, recurrent, hiddenBefore, hiddenGradient, gradientBefore])
            f.add(pointer, 16);
        });
      },
    ),
  );
}
