import { type Graph, summarize } from "../core/graph/index.js";

/** Epochs that take as long as each other. */
export interface EpochKind {
  /** Tells kinds apart. */
  readonly name: string;
  /** Tells models apart. */
  readonly model: string;
  /** Of an epoch, in about. */
  readonly operations: number;
}

/** Multiply-adds of a training step on a sample over those of its forward pass: the two products backward. */
const trainingPasses = 3;
/** Epochs that a speed is taken from: another machine's, or another load's, is soon forgotten. */
const recentEpochs = 9;
/** Operations of an optimizer on a parameter, a step. */
const updateOperations = 10;

/** @param trainImages images that train, an epoch */
export function epochKind(graph: Graph, batchSize: number, trainImages: number): EpochKind {
  const { multiplyAdds, parameters } = summarize(graph);
  const model = `${multiplyAdds} ${parameters}`;
  const steps = Math.ceil(trainImages / batchSize);
  const operations = trainingPasses * trainImages * multiplyAdds + updateOperations * steps * parameters;
  return { name: `${model} ${batchSize}`, model, operations };
}

/**
 * Seconds of an epoch by model and batch size: the median of the latest seen. One not seen yet is estimated from one that
 * was, of the same model where there is one, by the operations of an epoch.
 */
export class EpochSpeeds {
  readonly #seen = new Map<string, { readonly kind: EpochKind; seconds: readonly number[] }>();

  add(kind: EpochKind, seconds: number): void {
    const entry = this.#seen.get(kind.name) ?? { kind, seconds: [] };
    entry.seconds = [...entry.seconds, seconds].slice(-recentEpochs);
    this.#seen.set(kind.name, entry);
  }

  /** Undefined before the first epoch of any kind. */
  secondsOf({ name, model, operations }: EpochKind): number | undefined {
    const own = this.#seen.get(name);
    if (own) return median(own.seconds);
    const all = [...this.#seen.values()];
    const near = all.find(({ kind }) => kind.model === model) ?? all[0];
    return near && (median(near.seconds) * operations) / near.kind.operations;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
