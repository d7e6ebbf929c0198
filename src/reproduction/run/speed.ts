import { chainOf, summarize } from "../../core/graph/index.js";
import type { Shape } from "../../core/layers/layer.js";
import { modelDefinitions } from "../../core/models/index.js";
import type { PaperModel } from "../paper/paper.js";
import type { TrialConfig } from "../plan/trial.js";

/** What decides how long an epoch takes. */
export type EpochKind = Pick<TrialConfig, "model" | "batchSize">;

/** What an epoch goes over. */
export interface EpochData {
  readonly imageShape: Shape;
  readonly classes: number;
  /** Images that train. */
  readonly trainImages: number;
}

/** Multiply-adds of a training step on a sample over those of its forward pass: the two products backward. */
const trainingPasses = 3;
/** Epochs that a speed is taken from: another machine's, or another load's, is soon forgotten. */
const recentEpochs = 9;
/** Operations of an optimizer on a parameter, a step. */
const updateOperations = 10;

/**
 * Seconds of an epoch by model and batch size: the median of the latest seen. One not seen yet is estimated from one that
 * was, of the same model where there is one, by the operations of an epoch.
 */
export class EpochSpeeds {
  readonly #data: EpochData;
  readonly #seen = new Map<string, { readonly kind: EpochKind; seconds: readonly number[] }>();

  constructor(data: EpochData) {
    this.#data = data;
  }

  add(kind: EpochKind, seconds: number): void {
    const key = `${kind.model} ${kind.batchSize}`;
    const entry = this.#seen.get(key) ?? { kind, seconds: [] };
    entry.seconds = [...entry.seconds, seconds].slice(-recentEpochs);
    this.#seen.set(key, entry);
  }

  /** Undefined before the first epoch of any kind. */
  secondsOf(kind: EpochKind): number | undefined {
    const own = this.#seen.get(`${kind.model} ${kind.batchSize}`);
    if (own) return median(own.seconds);
    const all = [...this.#seen.values()];
    const near = all.find((entry) => entry.kind.model === kind.model) ?? all[0];
    return near && (median(near.seconds) * this.#operations(kind)) / this.#operations(near.kind);
  }

  #operations({ model, batchSize }: EpochKind): number {
    const { trainImages } = this.#data;
    const { multiplyAdds, parameters } = this.#summary(model);
    const steps = Math.ceil(trainImages / batchSize);
    return trainingPasses * trainImages * multiplyAdds + updateOperations * steps * parameters;
  }

  #summary(model: PaperModel): { multiplyAdds: number; parameters: number } {
    const { imageShape, classes } = this.#data;
    return summarize(chainOf(modelDefinitions[model].layers(imageShape, classes), imageShape));
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
