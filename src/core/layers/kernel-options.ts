import { choice, flag } from "../options/index.js";
import { activationKind } from "./activation.js";
import type { KernelInitializer, TensorSpec } from "./layer.js";

export const kernelInitializers = [
  "glorotUniform",
  "glorotNormal",
  "heUniform",
  "heNormal",
  "orthogonal",
  "dirac",
  "diracUniform",
  "truncatedNormal",
  "zeros",
] as const satisfies KernelInitializer[];

/** The option of every layer that multiplies; files don't mention it where it is left out. */
export const kernelInitializerOption = {
  meaning: "what the kernel holds at first",
  kind: choice(kernelInitializers),
  otherwise: "glorotUniform",
} as const;

/** The option of every layer that may do without a bias. */
export const useBiasOption = {
  meaning: "whether there is a bias",
  kind: flag(),
  otherwise: "true",
} as const;

/** The option of every layer whose output may pass a function at once. */
export const activationOption = {
  meaning: "function of each value of the output",
  kind: activationKind,
  default: "linear",
} as const;

/** A bias for so many channels, where there is one. */
export const biasTensor = (channels: number, useBias = true): TensorSpec[] =>
  useBias ? [{ name: "bias", shape: [channels], initializer: "zeros" }] : [];
