import type { Normalization } from "../data/dataset.js";
import { plainNormalization, scaleAndShift } from "../data/normalization.js";
import type { NamedTensor } from "../named-tensor.js";

/** Stands where other tensors have their layer's name; no layer may have it. */
export const normalizationLayer = "normalization";

const scaleName = `${normalizationLayer}.scale`;
const shiftName = `${normalizationLayer}.shift`;

export const isNormalizationTensor = ({ name }: Pick<NamedTensor, "name">): boolean =>
  name === scaleName || name === shiftName;

/** A byte p of a channel enters the network as p · scale + shift: both [C], the very numbers that networks compute with. */
export function normalizationTensors(normalization: Normalization): NamedTensor[] {
  const { scale, shift } = scaleAndShift(normalization);
  return [
    { name: scaleName, shape: [scale.length], data: Float32Array.from(scale) },
    { name: shiftName, shape: [shift.length], data: Float32Array.from(shift) },
  ];
}

/**
 * The mean and the deviation that scale and shift stand for, (p / 255 − mean) / deviation. Worked out in double
 * precision, so that `normalizationTensors` gives the same float32 again.
 */
export function normalizationOf(scale: Float32Array, shift: Float32Array): Normalization {
  return {
    mean: Array.from(scale, (each, channel) => -shift[channel] / (255 * each)),
    deviation: Array.from(scale, (each) => 1 / (255 * each)),
  };
}

/** Whether it leaves pixels between 0 and 1, as that of a model does which has measured nothing yet. */
export function isPlain(normalization: Normalization): boolean {
  return haveSameNumbers(normalization, plainNormalization(normalization.mean.length));
}

/** Numbers that a model has already, given back as float32, are what it once measured in double precision. */
export function recognized(given: Normalization, own: Normalization): Normalization {
  const known = [own, plainNormalization(own.mean.length)];
  return known.find((each) => haveSameNumbers(each, given)) ?? given;
}

function haveSameNumbers(a: Normalization, b: Normalization): boolean {
  const numbers = normalizationTensors(b);
  return normalizationTensors(a).every(({ data }, index) =>
    data.every((value, channel) => value === numbers[index].data[channel]),
  );
}
