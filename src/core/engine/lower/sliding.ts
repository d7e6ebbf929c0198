/** How a convolution's window goes over the image. */
export interface Sliding {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Zeros above and left of the image. */
  readonly padding: readonly [number, number];
  readonly dilation?: readonly [number, number];
}
