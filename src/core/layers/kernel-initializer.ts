import { choice } from "../options/index.js";
import type { KernelInitializer } from "./layer.js";

const kernelInitializers = [
  "glorotUniform",
  "glorotNormal",
  "heUniform",
  "heNormal",
  "orthogonal",
  "dirac",
  "truncatedNormal",
  "zeros",
] as const satisfies KernelInitializer[];

/** The option of every layer that multiplies; files don't mention it where it is left out. */
export const kernelInitializerOption = {
  meaning: "what the kernel holds at first",
  kind: choice(kernelInitializers),
  otherwise: "glorotUniform",
} as const;
