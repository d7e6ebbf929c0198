/** What each image of a batch is turned into before it enters: made by data/augmentation. */
export interface BatchAugmentation {
  /**
   * 6 numbers an image, [a, b, c, d, e, f]: output pixel (x, y) reads input pixel
   * (a·x + b·y + c, d·x + e·y + f), bilinear, black outside.
   */
  readonly affine: Float32Array;
  /** 4 whole numbers an image, [left, top, width, height]: set to the mean pixel after the transform. */
  readonly erase: Int32Array;
}
