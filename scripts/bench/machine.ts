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

/** What of a machine and its software decides what is measured there. */
const deciding = ["heddle", "node", "processor", "vectors", "processors", "vectorBits"] as const;

/**
 * Results that are gone on with are of one machine, since one environment stands over all of them.
 *
 * @throws Error where what is there was measured on another
 */
export function refuseOtherMachines(
  name: string,
  before: Partial<Machine>,
  now: Machine = describeMachine(),
): void {
  const differing = deciding.filter((key) => (before[key] ?? now[key]) !== now[key]);
  if (differing.length === 0) return;
  const told = (of: Partial<Machine>): string => differing.map((key) => `${key} ${of[key]}`).join(", ");
  throw new Error(
    `results/${name} was measured with ${told(before)}, and this is ${told(now)}: take it away, and run this again.`,
  );
}
