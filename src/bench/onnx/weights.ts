// Weights in the orders that ONNX has them in.
import type { Shape } from "../../core/layers/layer.js";

/** [rows, columns, in, out] → [out, in, rows, columns]. */
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

/** An LSTM's columns i, f, g, o of [inputs, 4 · units], or of a bias [4 · units], as rows i, o, f, g. */
export function gatesFirst(inputs: number, data: Float32Array): Float32Array {
  const columns = data.length / inputs;
  const units = columns / 4;
  const turned = new Float32Array(data.length);
  for (const [place, gate] of [0, 3, 1, 2].entries())
    for (let unit = 0; unit < units; unit++)
      for (let input = 0; input < inputs; input++)
        turned[(place * units + unit) * inputs + input] = data[input * columns + gate * units + unit];
  return turned;
}
