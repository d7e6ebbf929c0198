import { readFileSync } from "node:fs";

/**
 * The most memory that this process has held resident. Linux's `VmHWM` begins anew with a program, where `maxRSS` is
 * at least what the process that started it held; elsewhere there is only that.
 */
export function peakBytes(): number {
  return highWaterMark() ?? process.resourceUsage().maxRSS * 1024;
}

function highWaterMark(): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
