import { HeddleError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { mix32, streamKey } from "../random.js";
import type { AugmentationConfig } from "./augmentation.js";
import type { BatchAugmentation } from "./batch-augmentation.js";

/** Sets these draws apart from every other use of the same seed. */
const augmentationStream = 0x4155474d;

/** Each decision has a draw of its own, so that turning one change on leaves the others as they were. */
const draws = {
  flip: 1,
  shiftX: 2,
  shiftY: 3,
  rotate: 4,
  zoom: 5,
  erase: 6,
  eraseArea: 7,
  eraseAspect: 8,
  eraseLeft: 9,
  eraseTop: 10,
} as const;

/** Zhong et al. 2017: at least 2 % of the area, sides in a ratio between 0.3 and 1 / 0.3. */
const smallestErasedShare = 0.02;
const narrowestAspect = 0.3;

/** Room for the augmentation of a batch, to be filled again and again by `augmentBatch`. */
export function createBatchAugmentation(batchSize: number): BatchAugmentation {
  return { affine: new Float32Array(6 * batchSize), erase: new Int32Array(4 * batchSize) };
}

/** @throws HeddleError when a shift could move images of this shape, [H, W, C], out of sight. */
export function checkAugmentation({ shift }: AugmentationConfig, [height, width]: Shape): void {
  if (shift > 0 && shift >= Math.min(height, width)) {
    throw new HeddleError(
      `Augmentation "shift=${shift}" moves images of ${height}×${width} out of sight: expected less than ${Math.min(height, width)}.`,
    );
  }
}

/**
 * Draws the changes of each image of a batch into `out`, image k of the batch at affine[6k] and erase[4k].
 * They follow from (seed, epoch, image index) alone, whatever the batch.
 *
 * About the centre o, an image is mirrored (F), scaled by s, turned by θ and shifted by t, so the output pixel
 * p reads o + F · R(−θ) · (p − o − t) / s.
 * @param imageShape [H, W, C].
 */
export function augmentBatch(
  config: AugmentationConfig,
  imageShape: Shape,
  indices: Uint32Array,
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
  out: BatchAugmentation,
): void {
  const [height, width] = imageShape;
  const epochKey = streamKey(augmentationStream, seed, epoch);
  for (let k = 0; k < indices.length; k++) {
    const key = mix32(epochKey ^ mix32(indices[k] + 1));
    drawAffine(config, height, width, key, out.affine, 6 * k);
    drawErase(config.erase, height, width, key, out.erase, 4 * k);
  }
}

/** Draw number `draw` of a key, in [0, 1). */
function uniform(key: number, draw: number): number {
  return mix32(key + Math.imul(draw, 0x9e3779b9)) / 2 ** 32;
}

/** Uniform in [−1, 1). */
function eitherSide(key: number, draw: number): number {
  return 2 * uniform(key, draw) - 1;
}

/** A whole number, uniform in [−limit, limit]. */
function wholeShift(key: number, draw: number, limit: number): number {
  return Math.floor(uniform(key, draw) * (2 * limit + 1)) - limit;
}

function drawAffine(
  config: AugmentationConfig,
  height: number,
  width: number,
  key: number,
  affine: Float32Array,
  at: number,
): void {
  const mirror = config.flip && uniform(key, draws.flip) < 0.5 ? -1 : 1;
  const angle = (eitherSide(key, draws.rotate) * config.rotate * Math.PI) / 180;
  const scale = 1 + eitherSide(key, draws.zoom) * config.zoom;
  const centreX = (width - 1) / 2;
  const centreY = (height - 1) / 2;
  const originX = centreX + wholeShift(key, draws.shiftX, config.shift);
  const originY = centreY + wholeShift(key, draws.shiftY, config.shift);
  const cosine = Math.cos(angle) / scale;
  const sine = Math.sin(angle) / scale;
  affine[at] = mirror * cosine;
  affine[at + 1] = mirror * sine;
  affine[at + 2] = centreX - mirror * (cosine * originX + sine * originY);
  affine[at + 3] = -sine;
  affine[at + 4] = cosine;
  affine[at + 5] = centreY + sine * originX - cosine * originY;
}

function drawErase(
  share: number,
  height: number,
  width: number,
  key: number,
  erase: Int32Array,
  at: number,
): void {
  erase.fill(0, at, at + 4);
  if (share === 0 || uniform(key, draws.erase) >= 0.5) return;
  const smallest = Math.min(smallestErasedShare, share);
  const area = (smallest + uniform(key, draws.eraseArea) * (share - smallest)) * height * width;
  const aspect = narrowestAspect ** eitherSide(key, draws.eraseAspect);
  const erasedHeight = Math.min(height, Math.max(1, Math.floor(Math.sqrt(area * aspect))));
  const erasedWidth = Math.min(width, Math.floor(area / erasedHeight));
  if (erasedWidth === 0) return;
  erase[at] = Math.floor(uniform(key, draws.eraseLeft) * (width - erasedWidth + 1));
  erase[at + 1] = Math.floor(uniform(key, draws.eraseTop) * (height - erasedHeight + 1));
  erase[at + 2] = erasedWidth;
  erase[at + 3] = erasedHeight;
}
