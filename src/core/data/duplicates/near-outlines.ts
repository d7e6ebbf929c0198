import type { Outlines } from "./outlines.js";

/** Leading numbers of an outline that say which cell it lies in. */
const axes = 4;

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
 * Finds all pairs of outlines within a radius of each other: they are sorted into cells as wide as the radius, and what is near
 * lies in a neighbouring cell. No pair is missed.
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
  const limit = radius ** 2;
  const sought = new Float32Array(Math.max(size, leading));
  for (let place = 0; place < images.length; place++) {
    await pause(place);
    const image = images[place];
    for (const [view, sign] of signs.entries()) {
      for (let index = 0; index < size; index++) sought[index] = sign[index] * values[image * size + index];
      // Each pair is met at the one of its images that lies behind the other.
      for (const { first, end } of cells.around(sought)) {
        const last = Math.min(end, place);
        for (let other = first; other < last; other++) {
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

/** A cell's images: places first … end − 1 of all, sorted by cells. */
interface Cell {
  readonly first: number;
  end: number;
}

class Cells {
  /** Which image lies at each place. */
  readonly images: Uint32Array;
  /** [places, leading]: the leading numbers of each, zeros where there are fewer. */
  readonly leads: Float32Array;
  readonly #cells = new Map<number, Cell>();
  readonly #axes: number;
  readonly #across: number;

  constructor(
    { count, size, values, told }: Outlines,
    private readonly radius: number,
  ) {
    this.#axes = Math.min(axes, size);
    // Numbers lie in −1 … 1; the cells beyond are never filled, so that no neighbour is taken for another.
    this.#across = Math.ceil(2 / radius) + 4;
    const cellOf = new Float64Array(count);
    const images: number[] = [];
    for (let image = 0; image < count; image++) {
      if (!told[image]) continue;
      images.push(image);
      for (let axis = 0; axis < this.#axes; axis++)
        cellOf[image] = cellOf[image] * this.#across + this.#placeOf(values[image * size + axis]);
    }
    this.images = Uint32Array.from(images).sort((a, b) => cellOf[a] - cellOf[b] || a - b);
    this.leads = new Float32Array(images.length * leading);
    for (const [place, image] of this.images.entries()) {
      const from = image * size;
      this.leads.set(values.subarray(from, from + Math.min(size, leading)), place * leading);
      const cell = this.#cells.get(cellOf[image]);
      if (cell) cell.end = place + 1;
      else this.#cells.set(cellOf[image], { first: place, end: place + 1 });
    }
  }

  /** The cells that an outline and its near ones lie in. */
  *around(outline: Float32Array): Generator<Cell> {
    for (let step = 0; step < 3 ** this.#axes; step++) {
      let key = 0;
      let rest = step;
      for (let axis = 0; axis < this.#axes; axis++) {
        key = key * this.#across + this.#placeOf(outline[axis]) + (rest % 3) - 1;
        rest = Math.floor(rest / 3);
      }
      const cell = this.#cells.get(key);
      if (cell) yield cell;
    }
  }

  #placeOf(value: number): number {
    return 2 + Math.floor((value + 1) / this.radius);
  }
}
