import {
  flag,
  number,
  type OptionTable,
  resolveOptions,
  type Settled,
  share,
  wholeNumber,
} from "../options/index.js";
import { type AdamOptions, adamOptions } from "./adam.js";
import { misplacedOptions } from "./misplaced-options.js";

/** What `muon` takes; those of Adam are for what Muon leaves to AdamW. */
export interface MuonOptions extends AdamOptions {
  /** μ: share of the gradients' running sum kept, 0 … 1 (default 0.95). */
  momentum?: number | undefined;
  /** Looks ahead along the momentum (default true). */
  nesterov?: boolean | undefined;
  /** Newton–Schulz steps that make a move's directions equally long (default 5). */
  iterations?: number | undefined;
  /** λ of w ← w − α·λ·w, apart from the gradient (default 0.01). */
  weightDecay?: number | undefined;
  /** What Muon does not take moves by AdamW at this share of the learning rate (default 0.1). */
  adamShare?: number | undefined;
}

export const muonOptions = {
  momentum: { meaning: "μ: share of the gradients' running sum kept", kind: share(), default: 0.95 },
  nesterov: { meaning: "looks ahead along the momentum", kind: flag(), default: true },
  iterations: {
    meaning: "Newton–Schulz steps that make a move's directions equally long",
    kind: wholeNumber({ from: 1, to: 100 }),
    default: 5,
  },
  weightDecay: {
    meaning: "λ of w ← w − α·λ·w, apart from the gradient",
    kind: number({ from: 0 }),
    default: 0.01,
  },
  adamShare: {
    meaning: "share of the learning rate at which AdamW moves what Muon does not take",
    kind: number({ from: 0 }),
    default: 0.1,
  },
  ...adamOptions,
} satisfies OptionTable<MuonOptions>;

/** Muon with every option filled in. */
export type MuonConfig = { readonly name: "muon" } & Settled<MuonOptions>;

/** a, b and c of X ← aX + X(bA + cA²), A = XᵀX: they take small singular values towards one in few steps. */
export const newtonSchulzCoefficients = { a: 3.4445, b: -4.775, c: 2.0315 } as const;

/** Added to the norm that a matrix is divided by. */
export const muonNormEpsilon = 1e-7;

/**
 * Muon (Jordan 2024, https://kellerjordan.github.io/posts/muon/): the matrices between hidden layers
 * (`muonMatrices`) move by their momentum with all its singular values brought near one, everything else by
 * AdamW at `adamShare` times the learning rate.
 *
 * For a matrix [rows, columns], its inputs down and its outputs across:
 *
 * 1. v ← μv + g, and u = g + μv, or u = v without `nesterov`. Jordan's code has v ← μv + (1 − μ)g and
 *    u = (1 − μ)g + μv, which is the same u but for a factor of 1 − μ that the next line takes out.
 * 2. X = u / (‖u‖ + 1e-7), ‖u‖ the Frobenius norm; then `iterations` times X ← aX + X(bA + cA²) with A = XᵀX
 *    and (a, b, c) = (3.4445, −4.7750, 2.0315).
 * 3. w ← w − α·λ·w − α·√max(1, columns / rows)·X. Jordan's √max(1, rows / columns) is of PyTorch's
 *    [outputs, inputs], so it is outputs over inputs in both.
 *
 * A kernel [kh, kw, in, out] is the matrix [kh·kw·in, out]; the kernels of an LSTM and of a GRU hold their
 * gates side by side as one matrix.
 *
 * @throws UsageError on an unknown option or a number out of range.
 */
export function muon(options: MuonOptions = {}): MuonConfig {
  return { name: "muon", ...resolveOptions("muon", options, muonOptions, { elsewhere: misplacedOptions }) };
}
