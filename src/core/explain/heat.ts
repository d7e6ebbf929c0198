/** Numbers over an image's pixels, [height, width] in row-major order. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly values: Float64Array;
}

/** A plane in another size: between the middles of its pixels in straight lines, beyond the outermost as they are. */
export function resized({ height, width, values }: Plane, toHeight: number, toWidth: number): Plane {
  const rows = places(height, toHeight);
  const columns = places(width, toWidth);
  const resizedValues = new Float64Array(toHeight * toWidth);
  rows.forEach(({ first: top, second: bottom, share: down }, row) => {
    columns.forEach(({ first: left, second: right, share: across }, column) => {
      const along = (line: number): number =>
        values[line * width + left] * (1 - across) + values[line * width + right] * across;
      resizedValues[row * toWidth + column] = along(top) * (1 - down) + along(bottom) * down;
    });
  });
  return { height: toHeight, width: toWidth, values: resizedValues };
}

/** For each pixel of a side the two pixels of another that it lies between, and the share of the second. */
function places(from: number, to: number) {
  return Array.from({ length: to }, (_, index) => {
    const at = Math.min(Math.max(((index + 0.5) * from) / to - 0.5, 0), from - 1);
    const first = Math.min(Math.floor(at), from - 1);
    return { first, second: Math.min(first + 1, from - 1), share: at - first };
  });
}

/** What is above zero, as shares of the greatest; nothing where nothing is. */
export function heatOf(values: Float64Array): Float32Array {
  const greatest = values.reduce((most, each) => Math.max(most, each), 0);
  if (!(greatest > 0 && Number.isFinite(greatest))) return new Float32Array(values.length);
  return Float32Array.from(values, (each) => Math.max(0, each) / greatest);
}
