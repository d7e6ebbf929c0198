import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** A file's text, or nothing where there is no such file. */
export type ReadText = (path: string) => string | undefined;

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Processors that this process may keep busy: those that the system lets it run on, and no more than the processor
 * time that a container or a service is granted, rounded down. Threads beyond that would take turns.
 */
export function usableProcessors(read: ReadText = readText, present = availableParallelism()): number {
  return Math.max(1, Math.min(present, Math.floor(grantedProcessors(read))));
}

/** The least that a control group of Linux on the way to this process's grants; no limit elsewhere. */
export function grantedProcessors(read: ReadText): number {
  const lines = (read("/proc/self/cgroup") ?? "").trim().split("\n");
  const quotas = lines.flatMap((line) => {
    const [, controllers = "", path = "/"] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const names = controllers.split(",");
    if (controllers === "") return [...upwards(path)].map((group) => unifiedQuota(read, group));
    return names.includes("cpu") ? [...upwards(path)].map((group) => oldQuota(read, controllers, group)) : [];
  });
  return Math.min(Number.POSITIVE_INFINITY, ...quotas);
}

/** A group and those above it; a container may see its own as the topmost, whatever its name outside. */
function* upwards(path: string): Generator<string> {
  const parts = path.split("/").filter((part) => part !== "" && part !== "..");
  for (let length = parts.length; length >= 0; length--)
    yield parts
      .slice(0, length)
      .map((part) => `/${part}`)
      .join("");
}

/** Version 2: "max 100000" or "50000 100000", microseconds of a period. */
function unifiedQuota(read: ReadText, group: string): number {
  for (const root of ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]) {
    const [quota, period] = (read(`${root}${group}/cpu.max`) ?? "").trim().split(/\s+/).map(Number);
    if (quota > 0 && period > 0) return quota / period;
  }
  return Number.POSITIVE_INFINITY;
}

/** Version 1: a file each, −1 for no limit. */
function oldQuota(read: ReadText, controllers: string, group: string): number {
  for (const root of [controllers, "cpu", "cpu,cpuacct"].map((name) => `/sys/fs/cgroup/${name}`)) {
    const quota = Number(read(`${root}${group}/cpu.cfs_quota_us`));
    const period = Number(read(`${root}${group}/cpu.cfs_period_us`));
    if (quota > 0 && period > 0) return quota / period;
  }
  return Number.POSITIVE_INFINITY;
}
