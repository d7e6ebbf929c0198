import { HeddleError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";
import type { Normalization } from "./dataset.js";
import { scaleAndShift } from "./normalization.js";
import { symmetricEigen } from "./symmetric-eigen.js";

/** Multiply-adds that are spent on one kernel's patches: about half a second, 5,000 images of 32×32×3 under 2×2 windows. */
const mostProducts = 4e8;

/** Added to each direction's variance, so that those in which hardly anything happens are not blown up. */
const epsilon = 5e-4;

/**
 * How the values under a window go together, over all its places inside of images. Sums of bytes and of their products:
 * whole numbers, exact in any order, which know nothing of the normalization.
 */
export class PatchMoments {
  /** Values under a window. */
  readonly size: number;
  /** Images that are wanted at most: more are not looked at. */
  readonly wanted: number;
  /** Where each value stands in an image, from the window's first. */
  readonly #offsets: Int32Array;
  readonly #sums: Float64Array;
  /** The lower triangle, row by row. */
  readonly #products: Float64Array;
  #images = 0;

  /**
   * @param imageShape [H, W, C], no smaller than the window
   * @param kernelSize [down, across]
   */
  constructor(
    readonly imageShape: Shape,
    readonly kernelSize: Shape,
  ) {
    const [, width, channels] = imageShape;
    const [down, across] = kernelSize;
    this.size = down * across * channels;
    this.#offsets = Int32Array.from({ length: this.size }, (_, value) => {
      const row = Math.floor(value / (across * channels));
      return row * width * channels + (value % (across * channels));
    });
    this.#sums = new Float64Array(this.size);
    this.#products = new Float64Array((this.size * (this.size + 1)) / 2);
    this.wanted = Math.max(1, Math.ceil(mostProducts / (this.#products.length * this.#patches)));
  }

  /** @param images whole ones, as bytes */
  add(images: Uint8Array): void {
    const [height, width, channels] = this.imageShape;
    const [down, across] = this.kernelSize;
    const imageSize = shapeSize(this.imageShape);
    const count = Math.min(images.length / imageSize, this.wanted - this.#images);
    const [offsets, sums, products] = [this.#offsets, this.#sums, this.#products];
    const patch = new Float64Array(this.size);
    for (let image = 0; image < count; image++) {
      for (let row = 0; row <= height - down; row++) {
        for (let column = 0; column <= width - across; column++) {
          const first = image * imageSize + (row * width + column) * channels;
          let at = 0;
          for (let value = 0; value < patch.length; value++) {
            const own = images[first + offsets[value]];
            patch[value] = own;
            sums[value] += own;
            for (let other = 0; other <= value; other++) products[at++] += own * patch[other];
          }
        }
      }
    }
    this.#images += count;
  }

  /**
   * The covariance of the values as they enter a network, [size, size], in the order of a kernel [down, across, C].
   * @throws HeddleError where no image was added
   */
  covariance(normalization: Normalization): Float64Array {
    const total = this.#images * this.#patches;
    if (total === 0) throw new HeddleError("Whitening needs at least one training image, got none.");
    const { scale } = scaleAndShift(normalization);
    const of = (value: number): number => scale[value % scale.length];
    const { size } = this;
    return Float64Array.from({ length: size * size }, (_, place) => {
      const [column, row] = [place % size, Math.floor(place / size)].sort((a, b) => a - b);
      const product = this.#products[(row * (row + 1)) / 2 + column] / total;
      const ofMeans = (this.#sums[row] / total) * (this.#sums[column] / total);
      return of(row) * of(column) * (product - ofMeans);
    });
  }

  get #patches(): number {
    const [height, width] = this.imageShape;
    return (height - this.kernelSize[0] + 1) * (width - this.kernelSize[1] + 1);
  }
}

/**
 * What `conv2d` takes with `kernelInitializer: "whitening"`, [size, filters]: the first half of its filters are the
 * eigenvectors of the covariance, those of the largest eigenvalues first, each over √(eigenvalue + 0.0005), the others
 * the same with opposite signs.
 */
export function whiteningKernel(covariance: Float64Array, size: number, filters: number): Float32Array {
  const kernel = new Float32Array(size * filters);
  const half = filters / 2;
  symmetricEigen(covariance, size)
    .slice(0, half)
    .forEach(({ value, vector }, filter) => {
      const scale = 1 / Math.sqrt(Math.max(value, 0) + epsilon);
      vector.forEach((each, row) => {
        kernel[row * filters + filter] = each * scale;
        kernel[row * filters + half + filter] = -each * scale;
      });
    });
  return kernel;
}
