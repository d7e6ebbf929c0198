import type { WeightsKind } from "../engine/network.js";
import { choice, type OptionTable, resolveOptions } from "../options/index.js";

/** Which of a model's weights a call works with. */
export interface WeightsOptions {
  /**
   * "trained", as the last step left them (the default); or "average", their moving average, which
   * `compile({ weightAverage: { decay: 0.999 } })` has `fit` keep.
   */
  readonly weights?: WeightsKind | undefined;
}

export const weightsOptions = {
  weights: { meaning: "which of its weights", kind: choice(["trained", "average"]), default: "trained" },
} satisfies OptionTable<WeightsOptions>;

/** @throws UsageError on an unknown option, or a value that is not allowed */
export const weightsKind = (owner: string, given: WeightsOptions): WeightsKind =>
  resolveOptions(owner, given, weightsOptions).weights;
