// Weights in the orders that others have them in, whose images lie channel by channel.
import type { Shape } from "../layers/layer.js";

/** A convolution's kernel [rows, columns, in, out] as [out, in, rows, columns]. */
export function filtersFirst([rows, columns, inChannels, filters]: Shape, data: Float32Array): Float32Array {
  const turned = new Float32Array(data.length);
  const area = rows * columns;
  for (let place = 0; place < area; place++)
    for (let channel = 0; channel < inChannels; channel++)
      for (let filter = 0; filter < filters; filter++)
        turned[(filter * inChannels + channel) * area + place] =
          data[(place * inChannels + channel) * filters + filter];
  return turned;
}

/** The rows of a dense kernel [H·W·C, units], which read pixel by pixel, for images that lie channel by channel. */
export function rowsByChannel([height, width, channels]: Shape, data: Float32Array): Float32Array {
  const turned = new Float32Array(data.length);
  const area = height * width;
  const units = data.length / (area * channels);
  for (let place = 0; place < area; place++)
    for (let channel = 0; channel < channels; channel++) {
      const from = (place * channels + channel) * units;
      turned.set(data.subarray(from, from + units), (channel * area + place) * units);
    }
  return turned;
}

/** [rows, columns] as [columns, rows]. */
export function transposed([rows, columns]: Shape, data: Float32Array): Float32Array {
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = data[row * columns + column];
  return turned;
}

/**
 * The columns of a recurrent layer's kernel [inputs, gates · units], or of its bias [gates · units] with one input, as
 * rows [gates · units, inputs].
 *
 * @param gates for each block of rows, which block of columns it is
 */
export function gatesFirst(gates: readonly number[], inputs: number, data: Float32Array): Float32Array {
  const columns = data.length / inputs;
  const units = columns / gates.length;
  const turned = new Float32Array(data.length);
  for (const [place, gate] of gates.entries())
    for (let unit = 0; unit < units; unit++)
      for (let input = 0; input < inputs; input++)
        turned[(place * units + unit) * inputs + input] = data[input * columns + gate * units + unit];
  return turned;
}
