/** What each image of a batch is turned into before it enters: made by data/augment-batch, applied on the threads. */
export interface BatchAugmentation {
  /**
   * 6 numbers an image, [a, b, c, d, e, f]: output pixel (x, y) reads input pixel
   * (a·x + b·y + c, d·x + e·y + f), bilinear, black outside.
   */
  readonly affine: Float32Array;
  /** 4 whole numbers an image, [left, top, width, height]: set to the mean pixel after the transform. */
  readonly erase: Int32Array;
  /** Whether what lies outside is the image, or its crop, mirrored at its outermost pixels (default: black). */
  readonly reflect?: boolean;
  /**
   * 4 numbers an image, [left, top, width, height]: the part that output is made of. Beside it, up to half a pixel
   * from its outermost pixels, those are read, and what is farther off is outside (default: the whole, and outside it
   * pixels fade into black).
   */
  readonly crop?: Float32Array;
  /**
   * 10 numbers an image, five changes of its colours in their order, [kind, amount] each: see `colourChange`
   * (default: none). Made between the transform and the erasing.
   */
  readonly colour?: Float32Array;
}

/** Kinds of changes of colours, and what their amount is: a factor, or of the hue a share of the circle. */
export const colourChange = { none: 0, brightness: 1, contrast: 2, saturation: 3, hue: 4 } as const;

/** Of an image. */
export const colourChanges = 5;

/** What grey is of a pixel's channels: torchvision's weights. */
export const greyWeights = { 1: [1], 3: [0.2989, 0.587, 0.114] } as const;
