import type { Bandwidth } from "#heddle/bench/bandwidth.js";
import type { NetworkName } from "#heddle/bench/networks.js";
import type { BenchResult } from "#heddle/bench/run.js";
import type { NodeEnvironment as Environment } from "#heddle/node/environment.js";
import type { Machine } from "./machine.js";

/** A rival's time for the work of one of our rows, in the same rounds. */
export interface RivalResult {
  /** Our row's. */
  readonly name: string;
  /** Our row's. */
  readonly threads: number;
  /** With its version. */
  readonly rival: string;
  readonly setting: string;
  readonly rivalThreads: number;
  readonly medianMs: number;
  readonly rounds: readonly number[];
  /** The median over the rounds of ours ÷ the rival's. */
  readonly ratio: number;
}

/** Whole epochs by the wall clock beside bare steps, as bench/epoch prints them. */
export interface MeasuredEpochs {
  /** How wide their vectors were; what says nothing of it had 128 bits, whatever the bench around it had. */
  readonly vectorBits?: number;
  readonly peakBytes: number;
  readonly rounds: readonly { readonly epochSeconds: number; readonly stepMs: number }[];
}

export interface EpochResult extends MeasuredEpochs {
  /** The median over the rounds of an epoch ÷ its steps. */
  readonly ratio: number;
}

/** What `npm run bench` writes: results/bench-….json. */
export interface BenchFile {
  readonly environment: Machine;
  readonly command: string;
  readonly ceilings: Bandwidth & { readonly fmaGflopsPerThread: number; readonly threads: number };
  readonly results: readonly BenchResult[];
  readonly rivals: readonly RivalResult[];
  readonly epoch?: EpochResult;
  readonly skipped: readonly { readonly what: string; readonly why: string }[];
}

/** What a contestant was measured at in a row of the table of networks. */
export interface TableEntry {
  /** heddle or a rival, with its version. */
  readonly name: string;
  readonly setting: string;
  readonly ours: boolean;
  /** Milliseconds a turn of the first, warm answer, before the rounds. */
  readonly pilotMs: number;
  /** Milliseconds a turn in each round; none where another setting of the same rival was clearly faster at first. */
  readonly rounds: readonly number[];
  /** Resident at most up to the end of the row: see `processPerRow`. */
  readonly peakBytes: number | null;
}

/** What a table calls a part of it, of what it is made; what says nothing is left out. */
export const nameOf = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join(", ");

/** What is measured of a network: a training step, a large prediction, one of a single image. */
export type TableWork = "train" | "infer" | "single";

export interface TableRow {
  readonly network: NetworkName;
  readonly work: TableWork;
  readonly batch: number;
  readonly threads: number;
  readonly entries: readonly TableEntry[];
}

/** What bench/table writes: results/table-….json. */
export interface TableFile {
  readonly environment: Machine;
  /** What the rivals were held to, where the processor has wider vectors. */
  readonly rivalVectors?: "avx2";
  /** Whether each row had processes of its own; in what doesn't say so, a training step's had predicted before. */
  readonly processPerRow?: true;
  readonly command: string;
  readonly rows: readonly TableRow[];
  readonly skipped: readonly { readonly what: string; readonly why: string }[];
}

/** heddle and jax-js in one page: milliseconds a turn in each round. */
export interface PageRow {
  readonly name: string;
  readonly threads: number;
  readonly heddle: readonly number[];
  readonly jax: readonly number[];
}

/** What bench/page writes: results/page-….json. */
export interface PageFile {
  readonly environment: Machine;
  readonly command: string;
  readonly browser: string;
  readonly rival: string;
  readonly rows: readonly PageRow[];
}

/** What bench/scaling writes. */
export interface ScalingFile {
  readonly environment: Machine;
  readonly command: string;
  /** Medians over the rounds. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Milliseconds a turn of each entry. */
  readonly rounds: Readonly<Record<string, readonly number[]>>;
}

/** What bench/designs writes: GFLOP/s of one thread, the best of the rounds. */
export interface DesignsFile {
  readonly environment: Machine;
  readonly command: string;
  readonly results: readonly { readonly name: string; readonly gflops: number }[];
}

export type ConvolutionPath = "direct" | "winograd";

/** |difference| of a tensor's gradient from the twin's, as shares of its root mean square. */
export interface GradientError {
  readonly largest: number;
  readonly mean: number;
}

/** What bench/fast-paths writes. */
export interface FastPathsFile {
  readonly environment: Environment;
  readonly command: string;
  readonly batch: number;
  readonly gradientErrors: Readonly<
    Record<ConvolutionPath, readonly (GradientError & { readonly name: string })[]>
  >;
  readonly epochs: number;
  readonly runs: readonly {
    readonly seed: number;
    readonly path: ConvolutionPath;
    /** After each epoch. */
    readonly validationAccuracy: readonly number[];
  }[];
}

/** What bench/tile-errors writes. */
export interface TileErrorsFile {
  readonly command: string;
  readonly channels: number;
  readonly trials: number;
  readonly results: readonly {
    /** Along an axis. */
    readonly outputs: number;
    /** Weights along an axis. */
    readonly taps: number;
    readonly points: string;
    /** Whether the engine has it. */
    readonly used: boolean;
    /** The root mean square of the errors as a share of the results'. */
    readonly error: number;
  }[];
}

/** A training step in one situation. */
export interface ShareResult {
  readonly situation: string;
  readonly threads: number;
  /** By the wall clock, the mean. */
  readonly stepMs: number;
  /** What the share of processor time would explain; null where all is the process's own. */
  readonly expectedMs: number | null;
  /** Processor time of all threads, the mean of a step. */
  readonly cpuMs: number;
}

/** What processor-shares writes: results/processor-shares.json. */
export interface SharesFile {
  readonly environment: Machine;
  readonly command: string;
  /** How many processes wanted to run before it began: 0 on an idle machine. */
  readonly load: number;
  readonly batch: number;
  /** Cores of the control group; null where none could be made. */
  readonly quota: number | null;
  readonly results: readonly ShareResult[];
}
