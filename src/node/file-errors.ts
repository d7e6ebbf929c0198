import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { HeddleError, messageOf } from "../core/errors.js";
import { StoreError } from "../run/store.js";

interface SystemError {
  /** What is wrong, behind "can't be read: ". */
  readonly words: string;
  /** What mends it, where that doesn't depend on what was done. */
  readonly remedy?: string;
}

const makeRoom = "Free some space or choose a folder on another disk; what was saved before is unharmed.";
const openFiles = "End other programs, or raise the limit on open files (`ulimit -n`).";

const systemErrors: Readonly<Record<string, SystemError>> = {
  ENOENT: { words: "it does not exist" },
  EACCES: { words: "permission denied", remedy: "Choose a folder that you may write to." },
  EPERM: { words: "permission denied", remedy: "Choose a folder that you may write to." },
  EROFS: { words: "the disk is read-only", remedy: "Choose a folder that you may write to." },
  EISDIR: { words: "it is a folder, expected a file" },
  ENOTDIR: { words: "it is a file, expected a folder" },
  EEXIST: { words: "something is there already" },
  ENOTEMPTY: { words: "it is a folder that is not empty" },
  EBUSY: { words: "another program holds it" },
  ENAMETOOLONG: { words: "its name is too long for this disk", remedy: "Choose a shorter name." },
  ELOOP: { words: "its symbolic links lead in a circle" },
  ENOSPC: { words: "the disk is full", remedy: makeRoom },
  EDQUOT: { words: "your share of the disk is used up", remedy: makeRoom },
  EFBIG: { words: "it is larger than this disk or a limit allows", remedy: makeRoom },
  ERR_FS_FILE_TOO_LARGE: { words: "it is larger than 2 GiB, more than can be read at once" },
  EIO: {
    words: "the disk, or the connection to it, failed",
    remedy: "Check the disk, or choose another one.",
  },
  ESTALE: { words: "the network disk that it is on has lost it" },
  EMFILE: { words: "this process has too many files open", remedy: openFiles },
  ENFILE: { words: "this machine has too many files open", remedy: "End other programs." },
  ENOMEM: { words: "the system has no memory left for it", remedy: "End other programs." },
  EAGAIN: {
    words: "the system has too little left to give for now, such as threads or processes",
    remedy: "End other programs, or raise the limit on processes (`ulimit -u`).",
  },
  ERR_WORKER_INIT_FAILED: {
    words: "the system has no threads left to give",
    remedy: "Take fewer threads, end other programs, or raise the limit on processes (`ulimit -u`).",
  },
  ERR_WORKER_OUT_OF_MEMORY: {
    words: "the system has no memory left for another thread",
    remedy: "Take fewer threads, or end other programs.",
  },
};

/** The `code` of a system or zlib error. */
export function errorCode(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}

/** A failed file operation in a few words. */
export function fileErrorWords(cause: unknown): string {
  const known = systemErrors[errorCode(cause) ?? ""];
  return known?.words ?? messageOf(cause);
}

/** What to say when a file or folder can't be written. */
export function writeError(path: string, cause: unknown): StoreError {
  if (errorCode(cause) === "ENOENT") {
    const missing = `its folder ${dirname(path)} does not exist. Make it, or choose another place.`;
    return new StoreError(`${path} can't be written: ${missing}`, { cause });
  }
  const remedy = systemErrors[errorCode(cause) ?? ""]?.remedy ?? "Choose another place.";
  return new StoreError(`${path} can't be written: ${wordsOf(path, cause)}. ${remedy}`, { cause });
}

/** What failed with a path: where another part of it is to blame, that by its name. */
function wordsOf(path: string, cause: unknown): string {
  const isAbove = errorCode(cause) === "ENOTDIR" && !existsSync(path);
  return isAbove ? `${aboveIn(path)} is a file, expected a folder` : fileErrorWords(cause);
}

/** The nearest of what a path lies in that is there. */
function aboveIn(path: string): string {
  const above = dirname(path);
  return existsSync(above) || dirname(above) === above ? above : aboveIn(above);
}

/** What to say when a file or folder can't be read. */
export function readError(path: string, cause: unknown): HeddleError {
  return new HeddleError(`${path} can't be read: ${wordsOf(path, cause)}.`, { cause });
}

/**
 * What the system refused, where an error that nobody expected is its word and no fault of the program's; undefined
 * for any other.
 */
export function systemRefusal(error: unknown): string | undefined {
  const code = errorCode(error);
  const known = code === undefined ? undefined : systemErrors[code];
  if (!known) return error instanceof RangeError && isOutOfMemory(error) ? outOfMemory : undefined;
  const { path, syscall } = error as NodeJS.ErrnoException;
  const call = code?.startsWith("ERR_WORKER") ? "a thread" : syscall;
  const words = `The system refused ${path ?? call ?? "what was asked of it"}: ${known.words} (${code}).`;
  return known.remedy === undefined ? words : `${words} ${known.remedy}`;
}

const outOfMemory = "The system has no memory left for what was to be done. End other programs.";

/** V8's words: it gives these errors no code. */
const isOutOfMemory = ({ message }: RangeError): boolean =>
  /could not allocate memory|allocation failed/i.test(message);
