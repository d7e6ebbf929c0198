// The worker in which a page's model lives, started by `startModel` and `openModel`.
import { hostModel } from "./host.js";
import { browserPlatform, endIdleWorkers } from "./platform.js";
import type { Reply, Request } from "./protocol.js";
import { tellOfUnreadable } from "./unreadable.js";

/** A lock that goes with this worker, so that a page sees its end; undefined where there are none, as without https. */
function holdLock(): Promise<string | undefined> {
  const { locks } = navigator;
  if (!locks) return Promise.resolve(undefined);
  const name = `heddle ${crypto.randomUUID()}`;
  return new Promise((resolve, reject) => {
    const forever = () => {
      resolve(name);
      return new Promise<never>(() => {});
    };
    locks.request(name, forever).catch(reject);
  });
}

tellOfUnreadable(self);

hostModel(
  {
    postMessage: (message: Reply, transfer) => postMessage(message, transfer),
    addEventListener: (type, listener: (event: MessageEvent<Request>) => void) =>
      addEventListener(type, listener),
  },
  browserPlatform,
  endIdleWorkers,
);

holdLock()
  .catch(() => undefined)
  .then((lock) => postMessage({ kind: "ready", lock } satisfies Reply));
