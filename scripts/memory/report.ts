import type { Machine } from "../bench/machine.js";
import { peakBytes } from "../peak-memory.js";

/** What a training held, in MiB. */
export interface Held {
  /** What is trained, in words. */
  readonly training: string;
  /** Of the network's planned memory. */
  readonly arena: number;
  /** The most that was ever resident of the process. */
  readonly peak: number;
  readonly steps: number;
  /** Resident as time went on, where the training is a long one. */
  readonly over?: readonly { readonly seconds: number; readonly steps: number; readonly resident: number }[];
}

/** results/memory.json. */
export interface MemoryFile {
  readonly environment: Machine;
  readonly command: string;
  readonly trainings: readonly Held[];
}

export const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

/** Writes what this process's training held, to be read by the process that started it. */
export function report(held: Omit<Held, "peak">): void {
  console.log(JSON.stringify({ ...held, peak: mebibytes(peakBytes()) }));
}
