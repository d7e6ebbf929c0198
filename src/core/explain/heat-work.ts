import type { Normalization } from "../data/dataset.js";
import type { Network, NetworkOptions } from "../engine/network.js";
import type { Graph } from "../graph/index.js";
import type { LossName } from "../loss.js";
import type { NamedTensor } from "../named-tensor.js";
import type { Platform } from "../platform.js";
import type { HeatMaps } from "./explain-options.js";

/** A classifier with its weights, all of one moment. */
export interface ExplainedModel {
  readonly graph: Graph;
  /** Those of its layers; others are left alone. */
  readonly tensors: readonly NamedTensor[];
  readonly normalization: Normalization;
  readonly loss: LossName;
}

/** Work with a network that holds a part of a model, or all of it. */
export type WithNetwork = <Result>(
  of: Pick<NetworkOptions, "graph" | "inferenceBatchSize" | "outputs">,
  work: (network: Network) => Promise<Result>,
) => Promise<Result>;

/** What is explained, and what of. */
export interface HeatWork {
  /** Some of the images from one on, [H, W, C] as bytes each, all that are left at most. @throws UsageError where they are taken away meanwhile */
  readonly imagesFrom: (first: number, most: number) => Uint8Array;
  /** N, 0 or more. */
  readonly count: number;
  /** The class of each image (default: the one that it is taken for). */
  readonly classIndexes?: readonly number[];
  /** Whose maps are weighed (default: see `targetNode`). */
  readonly layer?: string;
  readonly withNetwork: WithNetwork;
  readonly platform: Pick<Platform, "yield">;
}

/** Heat of each image, and what for. */
export type Heat = Pick<HeatMaps, "values" | "classIndexes" | "layer">;
