import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { heddleVersion } from "./version.js";

/** The machine and the programs that a figure or a run comes from. */
export interface Environment {
  readonly heddle: string;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly architecture: string;
  /** As its maker calls it. */
  readonly processor: string;
  /** Logical ones that this process may use. */
  readonly processors: number;
  readonly memoryBytes: number;
}

export function describeEnvironment(): Environment {
  return {
    heddle: heddleVersion(),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${platform()} ${release()}`,
    architecture: arch(),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    processors: availableParallelism(),
    memoryBytes: totalmem(),
  };
}
