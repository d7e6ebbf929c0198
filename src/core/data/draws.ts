import { mix32 } from "../random.js";

/** Each decision has a draw of its own, so that turning one change on leaves the others as they were. */
export const draws = {
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
  alternate: 11,
  cropLeft: 12,
  cropTop: 13,
  brightness: 14,
  contrast: 15,
  saturation: 16,
  hue: 17,
  grey: 18,
  colourOrder: 19,
  /** Two an attempt: ten of those. */
  cropSize: 32,
} as const;

/** Draw number `draw` of a key, in [0, 1). */
export function uniform(key: number, draw: number): number {
  return mix32(key + Math.imul(draw, 0x9e3779b9)) / 2 ** 32;
}

/** Uniform in [−1, 1). */
export function eitherSide(key: number, draw: number): number {
  return 2 * uniform(key, draw) - 1;
}

/** Uniform in [least, greatest). */
export function between(key: number, draw: number, least: number, greatest: number): number {
  return least + uniform(key, draw) * (greatest - least);
}

/** A whole number, uniform in [0, count). */
export function below(key: number, draw: number, count: number): number {
  return Math.floor(uniform(key, draw) * count);
}
