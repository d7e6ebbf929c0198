import type { HeddleError } from "../core/errors.js";
import type { MonitoredFigure } from "../core/schedules/improvement.js";
import type { Json, Settings } from "./settings.js";

/** How a sweep chooses its trials. */
export type SweepKind = "grid" | "random" | "halving" | "list";

export const sweepKinds: readonly SweepKind[] = ["grid", "random", "halving", "list"];

/** Numbers between two ends, both included. */
export interface Range {
  readonly from: number;
  readonly to: number;
  /** Whether equal steps or equal ratios are alike. */
  readonly scale: "linear" | "log";
  /** Whole numbers alone. */
  readonly whole: boolean;
  /** Takes so many of them, evenly, ends included (default: whatever is drawn). */
  readonly steps?: number | undefined;
}

/** What is varied together: a setting, or several that go hand in hand. */
export interface Dimension {
  /** As the specification writes it: `optimizer, schedule.learningRate`. */
  readonly name: string;
  /** Of the settings: `["schedule.learningRate"]`. */
  readonly paths: readonly string[];
  /** A range, or what the settings are: a value a path. */
  readonly domain: Range | readonly (readonly Json[])[];
}

/** A sweep, as it is asked for. */
export interface SweepSpec {
  readonly kind: SweepKind;
  /** What all trials have in common, but for the images. */
  readonly base: Settings;
  /** The images, as `trainRun` takes them (default: Fashion-MNIST). */
  readonly data: {
    readonly name?: string | undefined;
    readonly options?: { readonly [name: string]: Json } | undefined;
    /** A recipe's options, which count behind those where the images come as pictures. */
    readonly pictures?: { readonly [name: string]: unknown } | undefined;
  };
  /** None of a list. */
  readonly vary: readonly Dimension[];
  /** Trials written out, by name: of a list alone. */
  readonly list: readonly { readonly name: string; readonly settings: Settings }[];
  /** Each configuration is trained with each of them, and judged by their mean. */
  readonly seeds: readonly number[];
  /** Decides what is drawn. */
  readonly seed: number;
  /** What the best has most or least of. */
  readonly optimize: MonitoredFigure;
  /** Trials that train at once (default: as many as there are cores). */
  readonly parallel?: number | undefined;
  readonly budget: {
    /** Configurations. */
    readonly trials?: number | undefined;
    /** Of all trials together. */
    readonly epochs?: number | undefined;
    /** After them it stops, to be gone on with. */
    readonly minutes?: number | undefined;
  };
  readonly halving: {
    /** Epochs of the first round. */
    readonly from: number;
    /** One in so many goes on, for so many times the epochs. */
    readonly factor: number;
  };
}

/** What is wrong at a place of a specification, in the words of whose it is. */
export type Complaint = (path: readonly PropertyKey[], words: string) => HeddleError;

/** Whether a dimension is a range, and no list of values. */
export const isRange = (domain: object): domain is Range => !Array.isArray(domain);
