import type { FirstDifference } from "./difference.js";

/** What of a run was held against its record. */
export interface ComparedParts {
  /** Whether every image and label was. */
  readonly data: boolean;
  /** Epochs whose figures were: losses, accuracies and the learning rate, to the last bit. */
  readonly figures: number;
  /** Epochs whose trained weights were, by their digest or one by one. */
  readonly weights: number;
  readonly best: boolean;
  readonly last: boolean;
  readonly calibration: boolean;
  /** By their digest, or by the accuracy and loss of them. */
  readonly predictions: "digest" | "figures" | false;
}

/** What repeating a run came to. */
export interface Verification {
  /** The run, or its receipt. */
  readonly of: string;
  /** Whether all that was compared is the same to the byte. */
  readonly identical: boolean;
  /** Where it first came to something else. */
  readonly difference?: FirstDifference;
  /** That were trained again. */
  readonly epochs: number;
  /** That the record has. */
  readonly epochsRecorded: number;
  readonly compared: ComparedParts;
  /** Whose answers it learned from, as its record has them: that network was not trained again. */
  readonly teacher?: { readonly name: string; readonly digest: string };
  readonly arithmeticVersion: number;
  /** Whether multiply and add were fused. */
  readonly fusedMultiplyAdd: boolean;
  /** Threads that computed, and bits of their vectors: no result depends on either. Absent where nothing was trained. */
  readonly threads?: number;
  readonly vectorBits?: number;
}
