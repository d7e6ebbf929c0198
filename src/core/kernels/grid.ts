/** Where the pixels of one sample lie: [height][pitch ≥ width][channels], four bytes a number. */
export interface Grid {
  readonly height: number;
  readonly width: number;
  /** Pixels from one row to the next. */
  readonly pitch: number;
  /** Pixels from one column to the next, where columns lie in one piece each (default 1). */
  readonly across?: number;
  /** Numbers a pixel, padding included. */
  readonly channels: number;
}

export function gridBytes({ height, width, pitch, across, channels }: Grid): number {
  return (across === undefined ? height * pitch : width * across) * channels * 4;
}

/**
 * Bytes from one sample to the next: an odd number of cache lines, since walks over samples would otherwise
 * land in a few sets of the first cache and drive each other out.
 */
export function sampleStride(grid: Grid): number {
  return oddLines(gridBytes(grid));
}

/** The next odd number of cache lines, in bytes. */
export function oddLines(bytes: number): number {
  return (Math.ceil(bytes / 64) | 1) * 64;
}
