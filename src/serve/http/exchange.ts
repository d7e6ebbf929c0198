import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../../core/errors.js";
import { HttpError } from "./http-error.js";

/** A request on its way to its answer, and what the log and the figures tell of it. */
export interface Exchange {
  /** The request's own, where it has a sane one. */
  readonly id: string;
  readonly begin: number;
  /** Aborts when the client is gone or the time is up; its reason is an HttpError. */
  readonly signal: AbortSignal;
  /** The pattern of its route; undefined where there is none. */
  route?: string;
  /** Its address. */
  readonly client?: string;
  model?: string;
  version?: string;
  images?: number;
  /** Of the body, so far. */
  bytes: number;
  /** Whether its body has come whole. */
  received: boolean;
  error?: string;
}

const saneId = /^[\w.:+/=-]{1,128}$/u;

const exchanges = new WeakMap<IncomingMessage, Exchange>();

export const exchangeOf = (incoming: IncomingMessage): Exchange => exchanges.get(incoming)!;

/**
 * Begins an exchange.
 *
 * @param timeout milliseconds until it is given up
 * @param onEnd called once it is answered, or its client is gone
 */
export function beginExchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  timeout: number,
  onEnd: (exchange: Exchange, status: number) => void,
): Exchange {
  const controller = new AbortController();
  // Each image of a form waits for it.
  setMaxListeners(0, controller.signal);
  const client = incoming.socket.remoteAddress;
  const given = incoming.headers["x-request-id"];
  const exchange: Exchange = {
    id: typeof given === "string" && saneId.test(given) ? given : randomUUID(),
    begin: performance.now(),
    signal: controller.signal,
    bytes: 0,
    received: false,
    // Nobody knows it any more once the client is gone.
    ...(client !== undefined && { client }),
  };
  const timer = setTimeout(() => controller.abort(late(exchange, timeout)), timeout);
  outgoing.on("close", () => {
    clearTimeout(timer);
    const whole = outgoing.writableFinished;
    if (!whole) {
      controller.abort(new HttpError(499, "The client was gone before it was answered."));
      exchange.error ??= messageOf(controller.signal.reason);
    }
    onEnd(exchange, whole ? outgoing.statusCode : 499);
  });
  exchanges.set(incoming, exchange);
  return exchange;
}

const late = ({ received }: Exchange, timeout: number): HttpError =>
  received
    ? new HttpError(504, `The answer took longer than ${timeout / 1000} s. Ask again, or for less at once.`)
    : new HttpError(
        408,
        `The request had not come whole after ${timeout / 1000} s. Send it sooner, or less at once.`,
        { Connection: "close" },
      );

/** What comes of work, unless the exchange is given up before. @throws the signal's reason */
export async function orGivenUp<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  // What it comes to after that is nobody's.
  work.catch(() => undefined);
  signal.throwIfAborted();
  let giveUp = (): void => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
  });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
