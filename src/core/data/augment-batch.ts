import { HeddleError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { cos, pow, sin } from "../math/index.js";
import { mix32, streamKey } from "../random.js";
import type { AugmentationConfig } from "./augmentation.js";
import { type BatchAugmentation, colourChanges } from "./batch-augmentation.js";
import { changesColour, drawColour } from "./draw-colour.js";
import { drawCrop, moveIntoCrop } from "./draw-crop.js";
import { below, draws, eitherSide, uniform } from "./draws.js";

/** Sets these draws apart from every other use of the same seed. */
const augmentationStream = 0x4155474d;

/** Zhong et al. 2017: at least 2 % of the area, sides in a ratio between 0.3 and 1 / 0.3. */
const smallestErasedShare = 0.02;
const narrowestAspect = 0.3;

/** Room for the augmentation of a batch, to be filled again and again by `augmentBatch`. */
export function createBatchAugmentation(batchSize: number, config: AugmentationConfig): BatchAugmentation {
  return {
    affine: new Float32Array(6 * batchSize),
    erase: new Int32Array(4 * batchSize),
    ...(config.reflect && { reflect: true }),
    ...(config.crop && { crop: new Float32Array(4 * batchSize) }),
    ...(changesColour(config) && { colour: new Float32Array(2 * colourChanges * batchSize) }),
  };
}

/**
 * @param imageShape [H, W, C]
 * @throws HeddleError when a shift could move images of this shape out of sight, or they have no colours to change, or
 * no neighbours to be mirrored at their borders.
 */
export function checkAugmentation(config: AugmentationConfig, [height, width, channels]: Shape): void {
  const { shift, reflect } = config;
  if (shift > 0 && shift >= Math.min(height, width)) {
    throw new HeddleError(
      `Augmentation "shift=${shift}" moves images of ${height}×${width} out of sight: expected less than ${Math.min(height, width)}.`,
    );
  }
  if (reflect && Math.min(height, width) < 2) {
    throw new HeddleError(
      `Augmentation "reflect" mirrors images at their outermost pixels, but those of ${height}×${width} have none beside them: leave it out.`,
    );
  }
  const refuse = (names: readonly (keyof AugmentationConfig)[], expected: string): void => {
    const name = names.find((each) => config[each]);
    if (name === undefined) return;
    throw new HeddleError(
      `Augmentation "${name}" is for images of ${expected}, but these have ${channels}: leave it out.`,
    );
  };
  if (channels !== 3) refuse(["saturation", "hue", "grey"], "three channels, red, green and blue");
  if (channels !== 3 && channels !== 1) refuse(["brightness", "contrast"], "one channel or three");
}

/**
 * Draws the changes of each image of a batch into `out`, which was made for the same configuration: image k's at
 * affine[6k], erase[4k] and so on. They follow from (seed, epoch, image index) alone, whatever the batch.
 *
 * About the centre o, an image is mirrored (F), scaled by s, turned by θ and shifted by t, so the output pixel
 * p reads o + F · R(−θ) · (p − o − t) / s, of the image or of its crop.
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
  const { affine, erase, crop, colour } = out;
  const epochKey = streamKey(augmentationStream, seed, epoch);
  const seedKey = streamKey(augmentationStream, seed);
  for (let k = 0; k < indices.length; k++) {
    const image = mix32(indices[k] + 1);
    const key = mix32(epochKey ^ image);
    const mirrored =
      config.flip === "alternate"
        ? (mix32(mix32(seedKey ^ image) + draws.alternate) + epoch) % 2 === 1
        : config.flip && uniform(key, draws.flip) < 0.5;
    drawAffine(config, mirrored, height, width, key, affine, 6 * k);
    drawErase(config.erase, height, width, key, erase, 4 * k);
    if (crop) {
      drawCrop(config, imageShape, key, crop, 4 * k);
      moveIntoCrop(affine, 6 * k, crop, 4 * k, imageShape);
    }
    if (colour) drawColour(config, key, colour, 2 * colourChanges * k);
  }
}

/** A whole number, uniform in [−limit, limit]. */
function wholeShift(key: number, draw: number, limit: number): number {
  return below(key, draw, 2 * limit + 1) - limit;
}

function drawAffine(
  config: AugmentationConfig,
  mirrored: boolean,
  height: number,
  width: number,
  key: number,
  affine: Float32Array,
  at: number,
): void {
  const mirror = mirrored ? -1 : 1;
  const angle = (eitherSide(key, draws.rotate) * config.rotate * Math.PI) / 180;
  const scale = 1 + eitherSide(key, draws.zoom) * config.zoom;
  const centreX = (width - 1) / 2;
  const centreY = (height - 1) / 2;
  const originX = centreX + wholeShift(key, draws.shiftX, config.shift);
  const originY = centreY + wholeShift(key, draws.shiftY, config.shift);
  const cosine = cos(angle) / scale;
  const sine = sin(angle) / scale;
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
  const aspect = pow(narrowestAspect, eitherSide(key, draws.eraseAspect));
  const erasedHeight = Math.min(height, Math.max(1, Math.floor(Math.sqrt(area * aspect))));
  const erasedWidth = Math.min(width, Math.floor(area / erasedHeight));
  if (erasedWidth === 0) return;
  erase[at] = Math.floor(uniform(key, draws.eraseLeft) * (width - erasedWidth + 1));
  erase[at + 1] = Math.floor(uniform(key, draws.eraseTop) * (height - erasedHeight + 1));
  erase[at + 2] = erasedWidth;
  erase[at + 3] = erasedHeight;
}
