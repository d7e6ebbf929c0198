import { quartiles } from "#heddle/bench/measure.js";

/** Of one tensor's gradient in one batch: its norm in float64, and how far others are from that. */
export interface TensorErrors {
  readonly name: string;
  readonly norm: number;
  readonly ours: number;
  readonly pytorch: number;
}

/** What pytorch.py says of a batch. */
export interface BatchErrors {
  readonly tensors: readonly TensorErrors[];
}

/** A tensor over all batches. */
export interface ComparedTensor {
  readonly name: string;
  /** The median of the relative L2 errors, ‖float32 − float64‖ / ‖float64‖. */
  readonly ours: number;
  readonly pytorch: number;
  readonly ratio: number;
  /** Whether the gradient is zero but for rounding, as a bias' is before a normalization: errors are of all tensors' norm. */
  readonly vanishes?: true;
}

/** A model over all batches. */
export interface ComparedModel {
  readonly model: string;
  /** Of the tensors whose gradient doesn't vanish. */
  readonly worst: { readonly ours: number; readonly pytorch: number; readonly ratio: number };
  /** How many of those have an error of more than twice PyTorch's. */
  readonly beyondTwice: number;
  readonly tensors: readonly ComparedTensor[];
}

/** Below this share of the whole gradient a tensor's is nothing but what float64 rounds. */
const nothing = 1e-12;

/** Medians, since one batch in which rounding turns a ReLU on or off decides any mean. */
export function compared(model: string, batches: readonly BatchErrors[]): ComparedModel {
  const wholes = batches.map(({ tensors }) => Math.hypot(...tensors.map(({ norm }) => norm)));
  const tensors = batches[0].tensors.map(({ name }, index): ComparedTensor => {
    const own = batches.map((batch) => batch.tensors[index]);
    const vanishes = own.every(({ norm }, batch) => norm < nothing * wholes[batch]);
    const error = (of: "ours" | "pytorch"): number =>
      quartiles(own.map((each, batch) => each[of] / (vanishes ? wholes[batch] : each.norm))).median;
    const [ours, pytorch] = [error("ours"), error("pytorch")];
    return { name, ours, pytorch, ratio: ours / pytorch, ...(vanishes && { vanishes }) };
  });
  const told = tensors.filter(({ vanishes }) => !vanishes);
  const worst = (of: "ours" | "pytorch" | "ratio"): number => Math.max(...told.map((each) => each[of]));
  return {
    model,
    worst: { ours: worst("ours"), pytorch: worst("pytorch"), ratio: worst("ratio") },
    beyondTwice: told.filter(({ ratio }) => ratio > 2).length,
    tensors,
  };
}
