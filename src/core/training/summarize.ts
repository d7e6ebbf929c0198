import { planNetwork } from "../engine/program/plan.js";
import { UsageError } from "../errors.js";
import { type Graph, isGraph, summarize as summarizeGraph } from "../graph/index.js";
import type { ModelSummary } from "../graph/summary.js";
import type { OptimizerName, OptimizerSpec } from "../optimizers/index.js";
import { type OptionTable, received, resolveOptions, wholeNumber } from "../options/index.js";
import { compileOptions } from "./compile.js";
import { inferenceBatchSize } from "./network-cache.js";

/** For what a model's memory is planned. */
export interface SummaryOptions {
  /** Images a step, 1 … 1,048,576. */
  readonly batchSize: number;
  /** A name or a factory's result: what it keeps takes memory in training (default `adam()`). */
  readonly optimizer?: OptimizerName | OptimizerSpec | undefined;
  /** Threads that compute, 1 … 256 (default 1): each takes memory of its own. */
  readonly threads?: number | undefined;
}

/** Bytes that the engine plans for a model: weights, activations, gradients, images and what threads have of their own. */
export interface PlannedMemory {
  /** Images a step. */
  readonly batchSize: number;
  readonly threads: number;
  /** To train in steps of `batchSize` images, and to validate meanwhile. */
  readonly training: number;
  /** To predict alone, `inferenceBatchSize` images at once. */
  readonly inference: number;
  /** `batchSize`, or fewer where that many at once would take more than 128 MiB. */
  readonly inferenceBatchSize: number;
}

/** A model as a table, and the memory that is planned for it. */
export interface PlannedSummary extends ModelSummary {
  readonly memory: PlannedMemory;
}

/** Far beyond what any memory holds, and still planned within seconds. */
const mostImages = 2 ** 20;

const options = {
  batchSize: { meaning: "images a step", kind: wholeNumber({ from: 1, to: mostImages }) },
  optimizer: compileOptions.optimizer,
  threads: { meaning: compileOptions.threads.meaning, kind: compileOptions.threads.kind, default: 1 },
} satisfies OptionTable<SummaryOptions>;

/** What each layer makes of what it reads. @throws UsageError on what is no graph */
export function summarize(graph: Graph): ModelSummary;
/**
 * The same, and the memory that the engine plans at a batch size. Nothing is allocated and no thread starts, so that a
 * plan may be larger than the memory there is, or than the 4 GiB that WebAssembly has.
 *
 * @example summarize(modelDefinitions.resNet20.graph([28, 28, 1], 10), { batchSize: 128 }).memory.training
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function summarize(graph: Graph, options: SummaryOptions): PlannedSummary;
export function summarize(graph: Graph, given?: SummaryOptions): ModelSummary | PlannedSummary {
  if (!isGraph(graph)) {
    throw new UsageError(
      `summarize takes a graph, such as model.graph or modelDefinitions.cnn.graph([28, 28, 1], 10), but got ${received(graph)}.`,
    );
  }
  const summary = summarizeGraph(graph);
  return given === undefined ? summary : { ...summary, memory: plannedMemory(graph, given) };
}

function plannedMemory(graph: Graph, given: SummaryOptions): PlannedMemory {
  const { batchSize, optimizer, threads } = resolveOptions("summarize", given, options);
  const plan = (trainBatchSize: number, predicted: number) =>
    planNetwork(
      {
        graph,
        trainBatchSize,
        inferenceBatchSize: predicted,
        optimizer,
        threads,
        platform: { cores: threads, sharedMemory: true },
      },
      false,
    );
  const { arenaBytes: training } = plan(batchSize, inferenceBatchSize);
  const { arenaBytes: inference, predictor } = plan(0, batchSize);
  return { batchSize, threads, training, inference, inferenceBatchSize: predictor?.batch ?? batchSize };
}
