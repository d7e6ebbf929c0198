import { convolutionKernelRows } from "./convolution-rows.js";
import { depthwiseRows } from "./depthwise-rows.js";
import type { KernelRow } from "./kernel-row.js";
import { memoryKernelRows } from "./memory-rows.js";

/** Every kernel on the shapes that the paper's models give it, and some others. */
export const kernelRows: readonly KernelRow[] = [
  ...convolutionKernelRows,
  ...depthwiseRows,
  ...memoryKernelRows,
];
