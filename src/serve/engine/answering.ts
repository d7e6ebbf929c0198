import { parentPort, type TransferListItem } from "node:worker_threads";
import { HeddleError, messageOf } from "../../core/errors.js";
import type { Answer, Asked } from "./link.js";

/** What a request comes to, and which of its memory goes over instead of being copied. */
export interface Outcome {
  readonly result: unknown;
  readonly transferred?: readonly TransferListItem[];
}

/** Answers the requests of a worker's `Link`, several at a time. */
export function answerRequests<Request>(answer: (request: Request) => Promise<Outcome>): void {
  const port = parentPort!;
  port.on("message", async ({ id, request }: Asked<Request>) => {
    try {
      const { result, transferred = [] } = await answer(request);
      port.postMessage({ id, result } satisfies Answer, transferred);
    } catch (cause) {
      const error = messageOf(cause);
      port.postMessage({ id, error, expected: cause instanceof HeddleError } satisfies Answer);
    }
  });
}
