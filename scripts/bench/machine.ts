import { existsSync, readFileSync } from "node:fs";
import { describeEnvironment, type NodeEnvironment as Environment } from "#heddle/node/environment.js";

export interface Machine extends Environment {
  /** The widest vectors of its processor, which name a results file: avx512, avx2, or else the architecture. */
  readonly vectors: string;
}

export function describeMachine(): Machine {
  const cpu = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
  const vectors = cpu.includes("avx512f") ? "avx512" : cpu.includes("avx2") ? "avx2" : process.arch;
  return { ...describeEnvironment(), vectors };
}
