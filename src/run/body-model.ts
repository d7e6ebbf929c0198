import type { Dataset } from "../core/data/dataset.js";
import type { Graph } from "../core/graph/index.js";
import type { Shape } from "../core/layers/layer.js";
import type { ResolvedGroup } from "../core/optimizers/parameter-groups.js";
import type { FitEventsOptions } from "../core/training/fit.js";
import type { ModelState } from "../core/training/model-options.js";
import type { StandOnProgress } from "../core/transfer/index.js";
import type { BodyRecord } from "./body-record.js";
import type { RunHost, StopSignal } from "./host.js";

/** What a run begins with, where that is more than first weights of its seed. */
export interface Beginning {
  readonly graph: Graph;
  readonly state: ModelState;
  readonly parameterGroups: readonly ResolvedGroup[];
  readonly body: BodyRecord;
}

/** Where a beginning is worked out. */
export interface BeginningContext {
  /** What `fit` will be told. */
  readonly fit: FitEventsOptions;
  readonly seed: number;
  readonly portable: boolean;
  /** Those that come before the body's own. */
  readonly parameterGroups?: readonly ResolvedGroup[];
  readonly host: RunHost;
  readonly threads?: number;
  readonly signal?: StopSignal;
  readonly onProgress?: (progress: StandOnProgress) => void;
}

/** A run's model that stands on a body. */
export interface BodyModel {
  readonly name: string;
  /** @param inputShape [H, W, C] of the images */
  graph(inputShape: Shape, classes: number): Graph;
  begin(dataset: Dataset, context: BeginningContext): Promise<Beginning>;
}

/** Those that `onBody` made: nothing else is known to be one. */
export const bodyModels = new WeakSet<object>();

/** Whether a run's model has more to begin with than first weights. */
export const standsOnBody = (model: object): model is BodyModel => bodyModels.has(model);
