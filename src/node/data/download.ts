import { open, stat } from "node:fs/promises";
import { HeddleError, messageOf } from "../../core/errors.js";
import { errorCode } from "../file-errors.js";
import { CacheError } from "./cache.js";

export interface DownloadOptions {
  /** Longest wait for the server's first answer, milliseconds. */
  readonly connectLimit: number;
  /** Longest wait between two pieces, milliseconds. */
  readonly stallLimit: number;
  /** Longest time for the whole file, milliseconds. */
  readonly totalLimit: number;
  /** More bytes than this are not what was asked for. */
  readonly maximumBytes: number;
  readonly signal?: AbortSignal;
  readonly onReceived?: (receivedBytes: number, totalBytes: number | undefined) => void;
}

export const usualLimits = {
  connectLimit: 4_000,
  stallLimit: 10_000,
  totalLimit: 10 * 60_000,
  maximumBytes: 30e6,
} as const;

/** The server could not be reached: other files of the same address are not worth a try. */
export class UnreachableError extends HeddleError {
  override readonly name: string = "UnreachableError";
}

/**
 * Fetches `address` into `partPath`, going on where an earlier try left off. What has arrived stays there when
 * it fails.
 * @throws UnreachableError when no answer came, HeddleError on any other failure.
 */
export async function download(address: string, partPath: string, options: DownloadOptions): Promise<void> {
  const limits = new AbortController();
  const giveUp = (words: string) => limits.abort(new HeddleError(words));
  const total = setTimeout(
    () => giveUp(`${address} took longer than ${options.totalLimit / 1000} s`),
    options.totalLimit,
  );
  const signal = options.signal ? AbortSignal.any([limits.signal, options.signal]) : limits.signal;
  try {
    const present = await sizeOf(partPath);
    const response = await request(address, present, signal, options.connectLimit);
    if (response.status === 416 && present > 0) {
      // What is there is the whole file already, or no part of it: its checksum will tell.
      await response.body?.cancel();
      return;
    }
    if (response.status !== 200 && response.status !== 206) {
      await response.body?.cancel();
      throw new HeddleError(`${address} answered ${response.status} ${response.statusText}`.trimEnd());
    }
    const start = response.status === 206 ? present : 0;
    checkRange(response, start, address);
    await receive(response, partPath, start, address, options, signal, giveUp);
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (limits.signal.aborted) throw limits.signal.reason;
    throw cause;
  } finally {
    clearTimeout(total);
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

async function request(
  address: string,
  present: number,
  signal: AbortSignal,
  connectLimit: number,
): Promise<Response> {
  // Without this a server may compress once more, and a range would count other bytes.
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (present > 0) headers.range = `bytes=${present}-`;
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(), connectLimit);
  try {
    return await fetch(address, { headers, signal: AbortSignal.any([signal, connecting.signal]) });
  } catch (cause) {
    signal.throwIfAborted();
    const words = connecting.signal.aborted
      ? `no answer within ${connectLimit / 1000} s`
      : failureWords(cause);
    throw new UnreachableError(`${address} can't be reached (${words})`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

function checkRange(response: Response, start: number, address: string): void {
  if (response.status !== 206) return;
  const range = response.headers.get("content-range");
  if (range !== null && !range.startsWith(`bytes ${start}-`)) {
    throw new HeddleError(`${address} sent the range "${range}", asked for bytes from ${start}`);
  }
}

async function receive(
  response: Response,
  partPath: string,
  start: number,
  address: string,
  options: DownloadOptions,
  signal: AbortSignal,
  giveUp: (words: string) => void,
): Promise<void> {
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  const totalBytes = Number.isFinite(length) ? start + length : undefined;
  const file = await open(partPath, start > 0 ? "a" : "w").catch((cause) => {
    throw new CacheError(partPath, cause);
  });
  const stalled = () =>
    giveUp(`${address} sent nothing for ${options.stallLimit / 1000} s, after ${received} bytes`);
  let received = start;
  let timer = setTimeout(stalled, options.stallLimit);
  try {
    options.onReceived?.(received, totalBytes);
    for await (const piece of response.body ?? []) {
      signal.throwIfAborted();
      clearTimeout(timer);
      await file.writeFile(piece).catch((cause) => {
        throw new CacheError(partPath, cause);
      });
      received += piece.length;
      if (received > options.maximumBytes) {
        await file.truncate(0);
        throw new HeddleError(`${address} sent more than ${options.maximumBytes} bytes`);
      }
      options.onReceived?.(received, totalBytes);
      timer = setTimeout(stalled, options.stallLimit);
    }
  } catch (cause) {
    if (cause instanceof HeddleError) throw cause;
    throw new HeddleError(`${address} broke off after ${received} bytes (${failureWords(cause)})`, { cause });
  } finally {
    clearTimeout(timer);
    await file.close();
  }
  if (received === 0) throw new HeddleError(`${address} sent an empty file`);
  if (totalBytes !== undefined && received < totalBytes) {
    throw new HeddleError(`${address} broke off after ${received} of ${totalBytes} bytes`);
  }
}

/** What `fetch` hides in the cause of its "fetch failed". */
function failureWords(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return errorCode(cause) ?? messageOf(cause);
}
