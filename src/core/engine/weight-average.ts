import { UsageError } from "../errors.js";
import type { NamedTensor } from "../named-tensor.js";
import type { WeightsKind } from "./network.js";
import type { ParameterStore } from "./plan/parameters.js";

/** Where a network's vectors lie in its memory. */
interface Places {
  readonly parameters: number;
  /** 0 where none is kept. */
  readonly average: number;
  readonly averageShare: number;
}

/**
 * A moving average of a network's weights. Programs read weights at one place: where the average is wanted there, the
 * two change places, until the others are wanted.
 */
export class WeightAverage {
  #inPlace: WeightsKind = "trained";

  /** @param memory of the network; views of it change as it grows */
  constructor(
    private readonly store: ParameterStore,
    private readonly places: Places,
    private readonly memory: { readonly floats: Float32Array },
  ) {}

  get isKept(): boolean {
    return this.places.average !== 0;
  }

  /** Has these weights where programs read them. @returns whether others were there @throws UsageError without an average */
  hold(weights: WeightsKind): boolean {
    if (weights === this.#inPlace) return false;
    const average = this.#vector();
    const trained = this.#at(this.places.parameters);
    const other = trained.slice();
    trained.set(average);
    average.set(other);
    this.#inPlace = weights;
    return true;
  }

  /** Readies a step. @throws UsageError unless its share is one, and given where an average is kept alone */
  begin(share: number | undefined): void {
    if (share === undefined && !this.isKept) return;
    if (!(share !== undefined && share > 0 && share <= 1 && this.isKept)) {
      const expected = this.isKept ? "expected a number above 0 and at most 1" : "it keeps no average";
      throw new UsageError(`A step's averageShare is ${share ?? "missing"} in this network: ${expected}.`);
    }
    this.memory.floats[this.places.averageShare / 4] = share;
    // Nothing of what was before is left, nor what it would be rounded by.
    if (share === 1) this.#vector().fill(0);
  }

  /** While the trained weights are in their place. */
  read(): NamedTensor[] {
    return this.store.read(this.#vector(), "", this.store.moving);
  }

  write(tensors: readonly NamedTensor[]): void {
    this.store.write(this.#vector(), tensors, "average's tensors", this.store.moving);
  }

  #vector(): Float32Array {
    if (this.isKept) return this.#at(this.places.average);
    throw new UsageError("This network keeps no average of its weights: make it with averages.");
  }

  #at(address: number): Float32Array {
    return this.memory.floats.subarray(address / 4, address / 4 + this.store.movingLength);
  }
}
