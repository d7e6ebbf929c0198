import type { NamedTensor } from "heddle";

/** The mean of the weights of some epochs. */
export class Averaging {
  #sums: readonly (Omit<NamedTensor, "data"> & { readonly data: Float64Array })[] | undefined;
  #count = 0;

  add(tensors: readonly NamedTensor[]): void {
    this.#count++;
    this.#sums ??= tensors.map((tensor) => ({ ...tensor, data: new Float64Array(tensor.data.length) }));
    for (const [index, { data: sum }] of this.#sums.entries()) {
      const { data } = tensors[index];
      for (let at = 0; at < sum.length; at++) sum[at] += data[at];
    }
  }

  /** Undefined where nothing was added. */
  mean(): readonly NamedTensor[] | undefined {
    return this.#sums?.map(({ data, ...tensor }) => ({
      ...tensor,
      data: Float32Array.from(data, (sum) => sum / this.#count),
    }));
  }
}
