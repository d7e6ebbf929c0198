import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { HeddleError } from "../core/errors.js";
import { type Lock, LockedError } from "../run/store.js";
import { errorCode, writeError } from "./file-errors.js";
import { makeFolders } from "./make-folders.js";
import { isRunning, ourselves, type ProcessMark, parseProcessMark } from "./process-mark.js";
import { sweepLeftovers } from "./write-file.js";

/** In a run's folder while a process works there. */
export const lockName = "run.lock";

/** Locks that this thread holds, with what stands in each. */
const held = new Map<string, string>();
let releasesAtExit = false;

/**
 * Makes sure that one process at a time works in a folder, which is made where it isn't there, and takes away what
 * those before it left half-written. The lock of a process that is gone, or of a machine that was started since, is
 * taken over.
 *
 * @param name of the lock's file in the folder
 * @throws LockedError where another process works there. @throws HeddleError when the folder can't be made.
 */
export async function lockFolder(folder: string, name: string): Promise<Lock> {
  await makeFolders(folder).catch((cause: unknown) => {
    throw writeError(folder, cause);
  });
  const file = join(folder, name);
  // The working folder may be another one when the process ends.
  const place = resolve(file);
  const ours = `${JSON.stringify({ ...ourselves(), key: randomBytes(8).toString("hex") })}\n`;
  const takenOver = await take(file, folder, ours, 0);
  held.set(place, ours);
  if (!releasesAtExit) process.on("exit", releaseAll);
  releasesAtExit = true;
  await sweepLeftovers(folder);
  const release = async (): Promise<void> => {
    if (!held.delete(place)) return;
    const now = await readFile(place, "utf8").catch(() => "");
    // Whoever deleted our lock by hand may have let another one in.
    if (now === ours) await rm(place, { force: true }).catch(() => undefined);
  };
  return { takenOver, release };
}

/** A signal's second time, or a fault: the process ends without a turn of the event loop. */
function releaseAll(): void {
  for (const [file, ours] of held) {
    try {
      if (readFileSync(file, "utf8") === ours) rmSync(file, { force: true });
    } catch {
      // Then it is stale, and taken over.
    }
  }
}

const guardEnding = ".taking-over";
/** A guard is left behind only by a process that ends in the moment it takes a lock over. */
const mostGuards = 4;

/**
 * Makes a lock's file, or takes its place: of several who find the same stale lock, one makes the guard beside it,
 * and only while the lock is as it was found; then the guard, which names its maker, becomes the lock. A stale guard
 * is taken over in the same way.
 */
async function take(file: string, folder: string, ours: string, guards: number): Promise<string | undefined> {
  if (await createWhole(file, ours)) return undefined;
  const found = await readFile(file, "utf8").catch(() => "");
  // Given free in between.
  if (found === "" && (await createWhole(file, ours))) return undefined;
  const refuse = (who: string, how: string): LockedError =>
    new LockedError(`${who} works in ${folder} already (${file}). ${how}`);
  const holder = parseProcessMark(found);
  if (!holder) throw refuse("It seems that another process", `If none does, delete ${file}.`);
  const who = nameOf(holder);
  if (holder.host !== hostname()) throw refuse(who, `If it has ended, delete ${file}.`);
  if (isRunning(holder) || guards === mostGuards) {
    throw refuse(who, `Wait for its end, or choose another folder. If it is something else, delete ${file}.`);
  }
  const guard = file + guardEnding;
  await take(guard, folder, ours, guards + 1);
  try {
    const now = await readFile(file, "utf8").catch(() => "");
    if (now !== found) throw refuse("Another process", "It came first.");
    await rename(guard, file);
  } catch (cause) {
    await rm(guard, { force: true }).catch(() => undefined);
    throw cause instanceof HeddleError ? cause : writeError(file, cause);
  }
  return `${who} left ${file} behind: it was taken over.`;
}

function nameOf({ pid, host, startedAt }: ProcessMark): string {
  // Who wrote the lock may have meant to write a line of ours.
  const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");
  return `Process ${pid} on ${oneLine(host)}, begun at ${oneLine(startedAt)},`;
}

/** Makes a file that must not be there, with all of its content at once. Gives false where it is there. */
async function createWhole(file: string, content: string): Promise<boolean> {
  const beside = join(dirname(file), `.lock.${randomBytes(4).toString("hex")}.tmp`);
  try {
    await writeFile(beside, content);
    try {
      await link(beside, file);
    } catch (cause) {
      if (errorCode(cause) === "EEXIST") return false;
      // Some disks have no links. A lock that is found empty there is being made.
      await writeFile(file, content, { flag: "wx" });
    }
    return true;
  } catch (cause) {
    if (errorCode(cause) === "EEXIST") return false;
    throw writeError(file, cause);
  } finally {
    await rm(beside, { force: true }).catch(() => undefined);
  }
}
