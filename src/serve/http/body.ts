import type { IncomingMessage } from "node:http";
import { mebibytes } from "../../core/words.js";
import type { Exchange } from "./exchange.js";
import { HttpError } from "./http-error.js";

/** Room for bodies that are being read or worked on. */
export class BodyRoom {
  #taken = 0;

  constructor(private readonly most: number) {}

  get taken(): number {
    return this.#taken;
  }

  /** Whether there was room for so many more bytes. */
  take(bytes: number): boolean {
    if (this.#taken + bytes > this.most) return false;
    this.#taken += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#taken -= bytes;
  }
}

/** Answers before the body has come can't be followed by another request. */
const close = { Connection: "close" };

/**
 * Reads a body and does something with it; until that is done it is counted.
 *
 * @throws HttpError 413 where it is longer than allowed, 415 where it is packed, 408 where it is late, 400 where it breaks off, 503 where
 * too many bytes are held already
 */
export async function withBody<Result>(
  incoming: IncomingMessage,
  exchange: Exchange,
  { most, room }: { readonly most: number; readonly room: BodyRoom },
  use: (body: Buffer) => Promise<Result>,
): Promise<Result> {
  refuseUnread(incoming, most);
  let taken = 0;
  const take = (bytes: number): void => {
    if (!room.take(bytes))
      throw new HttpError(503, "The server has as many bytes to do as it takes. Ask again in a moment.", {
        "Retry-After": "1",
        ...close,
      });
    taken += bytes;
  };
  try {
    const body = await read(incoming, exchange, most, take);
    return await use(body);
  } finally {
    room.give(taken);
  }
}

/** What the header alone shows. */
function refuseUnread({ headers }: IncomingMessage, most: number): void {
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity")
    throw new HttpError(415, `The body is encoded as ${encoding.slice(0, 40)}: send it as it is.`, {
      "Accept-Encoding": "identity",
      ...close,
    });
  if (Number(headers["content-length"]) > most) throw tooLong(most);
}

/** Chunks of a body that are kept as they came. */
const mostChunks = 1024;

function read(
  incoming: IncomingMessage,
  exchange: Exchange,
  most: number,
  take: (bytes: number) => void,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const { signal } = exchange;
    const parts: Buffer[] = [];
    let chunks: Buffer[] = [];
    const stop = (reason: unknown): void => {
      incoming.off("data", onData).off("end", onEnd).off("error", onError).off("close", onError);
      signal.removeEventListener("abort", onAbort);
      if (reason !== undefined) {
        incoming.pause();
        reject(reason);
      }
    };
    const onData = (chunk: Buffer): void => {
      exchange.bytes += chunk.length;
      try {
        if (exchange.bytes > most) throw tooLong(most);
        take(chunk.length);
        chunks.push(chunk);
        // Each takes more than its bytes, which small ones would be few of.
        if (chunks.length < mostChunks) return;
        parts.push(Buffer.concat(chunks));
        chunks = [];
      } catch (error) {
        stop(error);
      }
    };
    const onEnd = (): void => {
      stop(undefined);
      exchange.received = true;
      parts.push(...chunks);
      resolve(parts.length === 1 ? parts[0] : Buffer.concat(parts));
    };
    const onError = (): void => stop(new HttpError(400, "The body breaks off.", close));
    const onAbort = (): void => stop(signal.reason);
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    signal.addEventListener("abort", onAbort);
    incoming.on("data", onData).on("end", onEnd).on("error", onError).on("close", onError);
  });
}

const tooLong = (most: number): HttpError =>
  new HttpError(
    413,
    `The body is longer than ${most < 2 ** 20 ? `${most} bytes` : mebibytes(most)}, which is the most that is taken.`,
    close,
  );
