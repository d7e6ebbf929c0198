import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { errorCode } from "./file-errors.js";

/** What tells a process from every other one, also from those that get its number after it. */
export interface ProcessMark {
  readonly pid: number;
  readonly host: string;
  /** When the process began, ISO 8601, UTC. */
  readonly startedAt: string;
  /** Which start of the machine it belongs to, where the system says. */
  readonly boot?: string;
  /** When it began in ticks since then, where the system says: all threads of a process agree on it. */
  readonly ticks?: string;
}

export function ourselves(): ProcessMark {
  const startedAt = new Date(performance.timeOrigin).toISOString();
  const mark = { pid: process.pid, host: hostname(), startedAt };
  const boot = readBoot();
  const ticks = readTicks(process.pid);
  return { ...mark, ...(boot && { boot }), ...(ticks && { ticks }) };
}

/**
 * Whether a process of this machine is still there. Our own number with another beginning was another process's, as
 * in containers that number from 1 each time.
 */
export function isRunning({ pid, startedAt, boot, ticks }: ProcessMark): boolean {
  const now = readBoot();
  if (boot !== undefined && now !== undefined && boot !== now) return false;
  if (!isThere(pid)) return false;
  if (isZombie(pid)) return false;
  const itsTicks = readTicks(pid);
  if (ticks !== undefined && itsTicks !== undefined) return ticks === itsTicks;
  return pid !== process.pid || startedAt === ourselves().startedAt;
}

/** Undefined where the text is no mark. */
export function parseProcessMark(text: string): ProcessMark | undefined {
  try {
    const { pid, host, startedAt, boot, ticks } = JSON.parse(text) as Partial<ProcessMark>;
    if (!Number.isSafeInteger(pid) || Number(pid) < 1) return undefined;
    return {
      pid: Number(pid),
      host: String(host),
      startedAt: String(startedAt),
      ...(typeof boot === "string" && { boot }),
      ...(typeof ticks === "string" && { ticks }),
    };
  } catch {
    return undefined;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return errorCode(cause) !== "ESRCH";
  }
}

function readBoot(): string | undefined {
  return readProc("/proc/sys/kernel/random/boot_id")?.trim();
}

/** Fields of `stat` from the third on (proc(5)); the second, the program's name in brackets, may hold spaces. */
function readStat(pid: number): readonly string[] | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

const readTicks = (pid: number): string | undefined => readStat(pid)?.[19];

/** Ended, and only waits for its parent to be told: in a container that may never be. */
const isZombie = (pid: number): boolean => ["Z", "X"].includes(readStat(pid)?.[0] ?? "");

function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
