import { HeddleError, messageOf, UsageError } from "../core/errors.js";
import type { TrainEvent } from "../core/training/events.js";
import {
  type CallName,
  type Calls,
  type Facts,
  type Port,
  type Reply,
  type Request,
  receivedError,
} from "./worker/protocol.js";

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  hear?(event: TrainEvent): void;
}

/** A call that was sent, and may be spoken to while it goes on. */
export interface SentCall<Value> {
  readonly number: number;
  readonly value: Promise<Value>;
}

/** The page's end of the line to a worker: calls with their answers, all refused once the worker has ended. */
export class Link {
  /** Resolves when the worker hears: to its lock. */
  readonly ready: Promise<string | undefined>;
  /** Of the model, as of the newest answer or event; there once it has started. */
  facts: Facts | undefined;
  readonly #pending = new Map<number, Pending>();
  #calls = 0;
  #ended: Error | undefined;
  #refuseReady!: (error: Error) => void;

  constructor(private readonly port: Port<Request, Reply>) {
    this.ready = new Promise((resolve, reject) => {
      this.#refuseReady = reject;
      port.addEventListener("message", ({ data: reply }) => {
        if (reply.kind === "ready") resolve(reply.lock);
        else this.#hear(reply);
      });
    });
    // Whoever asks hears of it.
    this.ready.catch(() => undefined);
  }

  /** @throws UsageError on arguments that no message can hold; an Error once the worker has ended */
  send<Name extends CallName>(
    name: Name,
    args: Parameters<Calls[Name]>,
    { transfer = [], hear }: { transfer?: ArrayBuffer[]; hear?: (event: TrainEvent) => void } = {},
  ): SentCall<ReturnType<Calls[Name]>> {
    if (this.#ended) throw this.#ended;
    const number = ++this.#calls;
    try {
      this.port.postMessage({ kind: "call", call: number, name, args } as Request, transfer);
    } catch (cause) {
      const words = messageOf(cause);
      throw new UsageError(
        `${name} was given what can't be sent to a worker: ${words} Give plain values and arrays of numbers.`,
        { cause },
      );
    }
    const value = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(number, { resolve, reject, hear });
    });
    return { number, value: value as Promise<ReturnType<Calls[Name]>> };
  }

  /** The same for calls that only answer. */
  async call<Name extends CallName>(
    name: Name,
    args: Parameters<Calls[Name]>,
    transfer: ArrayBuffer[] = [],
  ): Promise<ReturnType<Calls[Name]>> {
    return this.send(name, args, { transfer }).value;
  }

  /** A word to a call that goes on; lost on one that is over. */
  tell(kind: "next" | "abort" | "leave", call: number): void {
    if (this.#pending.has(call)) this.port.postMessage({ kind, call }, []);
  }

  /** Nothing is answered any more: all calls, now and later, are refused with this. */
  end(error: Error): void {
    this.#ended ??= error;
    this.#refuseReady(error);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #hear(reply: Exclude<Reply, { kind: "ready" }>): void {
    if (reply.kind === "facts") {
      this.facts = reply.facts;
      return;
    }
    const pending = this.#pending.get(reply.call);
    if (reply.kind === "event") {
      pending?.hear?.(reply.event);
      return;
    }
    this.#pending.delete(reply.call);
    if (reply.kind === "done") pending?.resolve(reply.value);
    else pending?.reject(receivedError(reply.error));
  }
}

/** What a link is ended with when its worker dies. */
export function workerEnded(reason: string): HeddleError {
  return new HeddleError(
    `The worker that held the model has ended: ${reason}. Start the model again, from a file of it where there is one.`,
  );
}
