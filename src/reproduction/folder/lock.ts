import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { errorCode } from "../../node/data/read-file.js";
import { writeError } from "../../node/write-file.js";

export const lockName = "reproduction.lock";

/** Who works in a results folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, ISO 8601, UTC: a number that was given again is told apart by it. */
  readonly startedAt: string;
}

export interface Lock {
  /** What was in the way: a lock whose process is gone. */
  readonly takenOver?: string;
  release(): Promise<void>;
}

/**
 * Makes sure that one process at a time works in a results folder, which is made where it isn't there.
 *
 * @throws HeddleError where another one does, or the folder can't be made.
 */
export async function lockFolder(folder: string): Promise<Lock> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw writeError(folder, cause);
  });
  const file = join(folder, lockName);
  const release = (): Promise<void> => rm(file, { force: true });
  if (await create(file)) return { release };
  const text = await readFile(file, "utf8").catch(() => "");
  const holder = parseHolder(text);
  const refuse = (who: string, how: string): HeddleError =>
    new HeddleError(`${who} works in ${folder} already (${file}). ${how}`);
  if (!holder) throw refuse("It seems that another process", `If none does, delete ${file}.`);
  const who = `Process ${holder.pid} on ${holder.host}, begun at ${holder.startedAt},`;
  if (holder.host !== hostname()) throw refuse(who, `If it has ended, delete ${file}.`);
  if (isRunning(holder)) {
    throw refuse(
      who,
      "Wait for its end, or choose another folder with --out. If it is something else, delete that file.",
    );
  }
  // Of several who found the same stale lock, one makes this file, and finds the lock unchanged only if it is the first.
  const guard = `${file}.taking-over`;
  if (!(await create(guard)))
    throw refuse("Another process", `It came first; if none does, delete ${guard}.`);
  try {
    const now = await readFile(file, "utf8").catch(() => "");
    if (now !== text) throw refuse("Another process", "It came first.");
    await writeFile(file, holderText()).catch((cause: unknown) => {
      throw writeError(file, cause);
    });
  } finally {
    await rm(guard, { force: true });
  }
  return { takenOver: `${who} left ${file} behind: it was taken over.`, release };
}

/** Makes a file that must not be there, with who we are in it. */
async function create(file: string): Promise<boolean> {
  try {
    await writeFile(file, holderText(), { flag: "wx" });
    return true;
  } catch (cause) {
    if (errorCode(cause) === "EEXIST") return false;
    await rm(file, { force: true }).catch(() => undefined);
    throw writeError(file, cause);
  }
}

const holderText = (): string => `${JSON.stringify(ourselves())}\n`;

function ourselves(): Holder {
  const startedAt = new Date(performance.timeOrigin).toISOString();
  return { pid: process.pid, host: hostname(), startedAt };
}

/** Our own number with another beginning was another process's, as in containers that number from 1 each time. */
function isRunning({ pid, startedAt }: Holder): boolean {
  if (pid === process.pid) return startedAt === ourselves().startedAt;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return errorCode(cause) !== "ESRCH";
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, host, startedAt } = JSON.parse(text) as Partial<Holder>;
    if (!Number.isSafeInteger(pid) || Number(pid) < 1) return undefined;
    return { pid: Number(pid), host: String(host), startedAt: String(startedAt) };
  } catch {
    return undefined;
  }
}
