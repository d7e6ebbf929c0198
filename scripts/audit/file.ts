import type { Machine } from "../bench/machine.js";

/** How many of a change's planted copies were found. */
export interface PlantedRow {
  readonly change: string;
  readonly planted: number;
  readonly found: number;
}

/** results/audit-fashion-mnist.json */
export interface AuditFile {
  readonly environment: Machine;
  readonly command: string;
  /** Copies planted among the test images. */
  readonly planted?: {
    readonly images: number;
    readonly rows: readonly PlantedRow[];
    /** Pairs among the images themselves, before the copies came. */
    readonly pairsBefore: number;
    /** Pairs of a copy and an image that is neither its original nor one found to be the same picture before. */
    readonly strangers: number;
  };
  /** The audit of Fashion-MNIST as it is. */
  readonly own?: {
    readonly model: string;
    readonly epochs: number;
    readonly folds: number;
    /** Of the cross-validated predictions. */
    readonly accuracy: number;
    /** Labels that are likely wrong, of training and of test images. */
    readonly suspected: { readonly train: number; readonly test: number };
    readonly groups: number;
    readonly exactGroups: number;
    readonly conflictingGroups: number;
    readonly largestGroup: number;
    readonly leaks: {
      readonly groups: number;
      /** Test images whose picture is a training image as well. */
      readonly testImages: readonly number[];
      readonly conflicting: number;
    };
    readonly oddOnes: Readonly<Record<string, number>>;
    /** The likeliest wrong labels. */
    readonly first: readonly {
      readonly part: string;
      readonly index: number;
      readonly label: string;
      readonly suggestion: string;
      readonly labelProbability: number;
    }[];
  };
  /** The same with labels of training images flipped. */
  readonly flipped?: {
    readonly seed: number;
    readonly flips: number;
    /** Suggestions in all, and those among the training images. */
    readonly suggestions: number;
    readonly trainSuggestions: number;
    /** Flips among as many suggestions for training images as there are flips. */
    readonly found: number;
    /** Of those found, how many suggestions name the label from before. */
    readonly named: number;
    readonly accuracy: number;
  };
  /** What a trial scores on the test images, and on those that leak nothing. */
  readonly withoutLeaks?: readonly {
    readonly trial: string;
    readonly all: number;
    readonly without: number;
    /** On those that leak. */
    readonly leaked: number;
  }[];
}
