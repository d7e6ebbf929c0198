/** One direction of a recurrent layer over a batch of sequences [N, T, F]; a tensor's step axis is always time. */
export interface SequenceGeometry {
  readonly batch: number;
  readonly steps: number;
  readonly features: number;
  readonly units: number;
  /** Reads from the last step to the first. */
  readonly backward: boolean;
}

/** The step after which a direction has read everything. */
export function lastStep({ steps, backward }: SequenceGeometry): number {
  return backward ? 0 : steps - 1;
}

/** The rows of [N, T, …] that belong to a sample, in the order they are read; −1 before the first. */
export function readingOrder({ steps, backward }: SequenceGeometry, sample: number) {
  return Array.from({ length: steps }, (_, read) => {
    const step = backward ? steps - 1 - read : read;
    const now = sample * steps + step;
    return { now, before: read === 0 ? -1 : backward ? now + 1 : now - 1 };
  });
}
