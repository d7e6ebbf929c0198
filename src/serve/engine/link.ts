import type { TransferListItem, Worker } from "node:worker_threads";
import { HeddleError } from "../../core/errors.js";

/** What a worker answers a request with. */
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string; readonly expected: boolean };

/** A request on its way to a worker. */
export interface Asked<Request> {
  readonly id: number;
  readonly request: Request;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** A thread ended before it answered. Another one takes its place: asked again in a moment, that answers. */
export class LostThreadError extends Error {
  override readonly name: string = "LostThreadError";

  constructor(reason: Error) {
    super(reason.message, { cause: reason });
    // For the log: where the thread failed.
    this.stack = reason.stack;
  }
}

/** Requests to a worker and its answers, each to its own. A worker that ends fails all that wait, and all who come. */
export class Link<Request> {
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #ended: Error | undefined;

  /** @param onEnd called once when the worker ends by itself, with the reason */
  constructor(
    private readonly worker: Worker,
    private readonly onEnd: (reason: Error) => void = () => undefined,
  ) {
    worker.on("message", (answer: Answer) => this.#settle(answer));
    worker.on("error", (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", (code) => this.#end(new Error(`A thread of the server ended (${code}).`)));
  }

  /** @throws HeddleError as the worker does; Error where it fails; LostThreadError where it is gone */
  ask<Result>(request: Request, transferred: readonly TransferListItem[] = []): Promise<Result> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.worker.postMessage({ id, request } satisfies Asked<Request>, [...transferred]);
    });
  }

  /** Ends the worker; what waits for it fails. */
  async close(): Promise<void> {
    this.#fail(new Error("The server was closed."));
    await this.worker.terminate();
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("result" in answer) waiting?.resolve(answer.result);
    else waiting?.reject(answer.expected ? new HeddleError(answer.error) : new Error(answer.error));
  }

  #end(reason: Error): void {
    if (!this.#ended) this.onEnd(reason);
    this.#fail(new LostThreadError(reason));
  }

  #fail(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
