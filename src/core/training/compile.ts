import { UsageError } from "../errors.js";
import { createOptimizer, type OptimizerConfig, type OptimizerName } from "../optimizers/index.js";
import type { Platform } from "../platform.js";
import { constant, type Schedule } from "../schedules/index.js";

export interface CompileOptions {
  /** A name or a factory's result, such as `sgd({ momentum: 0.9 })` (default `adam()`). */
  optimizer?: OptimizerName | OptimizerConfig;
  /** A fixed learning rate (default 0.001); `schedule` takes its place. */
  learningRate?: number;
  /** A learning rate for each step, such as `dynamicDecay({ learningRate: 0.001 })`. */
  schedule?: Schedule;
  /** Share of the target spread evenly over all classes, 0 ≤ share < 1 (default 0). */
  labelSmoothing?: number;
  /** Threads that compute, 1 … 256 (default: one a processor). They never change a result. */
  threads?: number;
  /** Plain multiply and add instead of the fused kind: the same bytes on every processor (default false). */
  portable?: boolean;
}

export interface CompiledOptions {
  readonly optimizer: OptimizerConfig;
  readonly schedule: Schedule;
  readonly labelSmoothing: number;
  readonly threads: number;
  readonly portable: boolean;
}

export const maximumThreads = 256;

/**
 * Fills in defaults.
 *
 * @throws UsageError on an unknown optimizer or a number out of range.
 */
export function resolveCompileOptions(options: CompileOptions, platform: Platform): CompiledOptions {
  const { optimizer = "adam", learningRate = 0.001, labelSmoothing = 0, portable = false } = options;
  if (options.schedule && options.learningRate !== undefined) {
    throw new UsageError("compile got both a learningRate and a schedule; give the rate to the schedule.");
  }
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new UsageError(`labelSmoothing is ${labelSmoothing}; it must be at least 0 and below 1.`);
  }
  const threads = checkThreads(options.threads ?? Math.min(platform.cores, maximumThreads));
  return {
    optimizer: typeof optimizer === "string" ? createOptimizer(optimizer) : optimizer,
    schedule: options.schedule ?? constant({ learningRate }),
    labelSmoothing,
    threads,
    portable,
  };
}

/** @throws UsageError unless it is a whole number from 1 to 256. */
export function checkThreads(threads: number): number {
  if (!Number.isInteger(threads) || threads < 1 || threads > maximumThreads) {
    throw new UsageError(
      `threads is ${threads}; it must be a whole number from 1 to ${maximumThreads}. Leave it out to use every processor.`,
    );
  }
  return threads;
}
