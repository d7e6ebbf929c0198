import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import type { Environment } from "../run/host.js";
import { vectorWidth } from "./vector-width.js";
import { heddleVersion } from "./version.js";

/** All of it is known in Node. */
export type NodeEnvironment = Required<Environment>;

export function describeEnvironment(): NodeEnvironment {
  return {
    heddle: heddleVersion(),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${platform()} ${release()}`,
    architecture: arch(),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    processors: availableParallelism(),
    memoryBytes: totalmem(),
    vectorBits: vectorWidth().bits,
  };
}
