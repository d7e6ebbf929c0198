import type { Outlines } from "./outlines.js";

/** Leading numbers of an outline that say which cell it lies in. */
const axes = 4;

/** Cells that a radius spans. */
const fineness = 2;

/** Leading numbers that are looked at first, laid close together: most pairs are too far apart in these alone. */
const leading = 8;

/** Told of two images, the first one's number below the second's; `mirrored` where one is near the other's mirror image. */
export type OnNear = (first: number, second: number, mirrored: boolean) => void;

export interface NearSearch {
  /** Whether mirror images are looked for too. */
  readonly mirrored: boolean;
  readonly onNear: OnNear;
  /** Awaited before each image, told how many came before. */
  readonly pause: (done: number) => Promise<void>;
}

/**
 * Finds all pairs of outlines within a radius of each other: they are sorted into cells by their leading numbers, and only
 * cells within the radius are looked into. No pair is missed.
 */
export async function nearOutlines(
  outlines: Outlines,
  radius: number,
  { mirrored, onNear, pause }: NearSearch,
): Promise<void> {
  const { size, values } = outlines;
  const cells = new Cells(outlines, radius);
  const { images, leads } = cells;
  const signs: Int8Array[] = [Int8Array.from(outlines.mirrored, () => 1)];
  if (mirrored) signs.push(outlines.mirrored);
  const limit = radius * radius;
  const sought = new Float32Array(Math.max(size, leading));
  for (let place = 0; place < images.length; place++) {
    await pause(place);
    const image = images[place];
    for (const [view, sign] of signs.entries()) {
      for (let index = 0; index < size; index++) sought[index] = sign[index] * values[image * size + index];
      // Each pair is met at the one of its images that lies behind the other.
      for (const cell of cells.around(sought)) {
        const last = Math.min(cells.starts[cell + 1], place);
        for (let other = cells.starts[cell]; other < last; other++) {
          if (squaredDistance(sought, leads, other * leading, leading, limit) > limit) continue;
          const at = images[other] * size;
          if (squaredDistance(sought, values, at, size, limit) > limit) continue;
          onNear(Math.min(image, images[other]), Math.max(image, images[other]), view === 1);
        }
      }
    }
  }
}

/** Over so many numbers, or more than the limit as soon as it is. */
function squaredDistance(
  sought: Float32Array,
  values: Float32Array,
  at: number,
  numbers: number,
  limit: number,
): number {
  let distance = 0;
  for (let index = 0; index < numbers && distance <= limit; index++) {
    const difference = sought[index] - values[at + index];
    distance += difference * difference;
  }
  return distance;
}

class Cells {
  /** Which image lies at each place, sorted by cells. */
  readonly images: Uint32Array;
  /** Where each cell's images begin; one more at the end. */
  readonly starts: Uint32Array;
  /** [places, leading]: the leading numbers of each, zeros where there are fewer. */
  readonly leads: Float32Array;
  readonly #axes: number;
  /** Cells of an axis: numbers lie in −1 … 1. */
  readonly #across: number;
  readonly #width: number;
  /** Those that `around` found last. */
  readonly #found: number[] = [];

  constructor(
    { count, size, values, told }: Outlines,
    private readonly radius: number,
  ) {
    this.#axes = Math.min(axes, size);
    this.#width = radius / fineness;
    this.#across = Math.floor(2 / this.#width) + 1;
    const cellOf = new Uint32Array(count);
    const images: number[] = [];
    for (let image = 0; image < count; image++) {
      if (!told[image]) continue;
      images.push(image);
      for (let axis = 0; axis < this.#axes; axis++)
        cellOf[image] = cellOf[image] * this.#across + this.#placeOf(values[image * size + axis]);
    }
    this.images = Uint32Array.from(images).sort((a, b) => cellOf[a] - cellOf[b] || a - b);
    let cells = 1;
    for (let axis = 0; axis < this.#axes; axis++) cells *= this.#across;
    this.starts = new Uint32Array(cells + 1);
    this.leads = new Float32Array(images.length * leading);
    for (const [place, image] of this.images.entries()) {
      const from = image * size;
      this.leads.set(values.subarray(from, from + Math.min(size, leading)), place * leading);
      this.starts[cellOf[image] + 1]++;
    }
    for (let cell = 1; cell < this.starts.length; cell++) this.starts[cell] += this.starts[cell - 1];
  }

  /** The cells that what is near an outline may lie in, ascending; valid until the next call. */
  around(outline: Float32Array): readonly number[] {
    this.#found.length = 0;
    this.#add(outline, 0, 0, this.radius * this.radius);
    return this.#found;
  }

  /** @param left of the squared radius, once the distances along earlier axes are taken off */
  #add(outline: Float32Array, axis: number, cell: number, left: number): void {
    if (axis === this.#axes) {
      this.#found.push(cell);
      return;
    }
    const reach = Math.sqrt(left);
    const last = this.#placeOf(outline[axis] + reach);
    for (let place = this.#placeOf(outline[axis] - reach); place <= last; place++) {
      const low = place * this.#width - 1;
      const gap = Math.max(0, low - outline[axis], outline[axis] - low - this.#width);
      this.#add(outline, axis + 1, cell * this.#across + place, Math.max(0, left - gap * gap));
    }
  }

  #placeOf(value: number): number {
    return Math.max(0, Math.min(this.#across - 1, Math.floor((value + 1) / this.#width)));
  }
}
