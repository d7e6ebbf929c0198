/** Images one after the other, as bytes, [H, W, C] each: a piece is one image, or several whole ones. */
export type ImageStream =
  | AsyncIterable<Uint8Array | Uint8ClampedArray>
  | Iterable<Uint8Array | Uint8ClampedArray>;

/** The images of these indices, in this order. */
export type ImagesInOrder = (order: Uint32Array) => ImageStream;

/** Images as a source gives them: asked as the object that they may be a method of. */
export const imagesOf =
  (source: unknown, images: ImagesInOrder): ImagesInOrder =>
  (order) =>
    Reflect.apply(images, source, [order]);
