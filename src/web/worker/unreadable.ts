/** What hears that a message has come and can't be made again here. */
interface Hearing {
  addEventListener(type: "messageerror", listener: () => void): void;
}

/**
 * Has who started a worker hear of it when a message can't be read, which would be waited for without end: what a worker's
 * timer throws comes to the page as its worker's error.
 */
export function tellOfUnreadable(worker: Hearing, later: (tell: () => never) => void = setTimeout): void {
  worker.addEventListener("messageerror", () =>
    later(() => {
      throw new Error("a message could not be read, probably for lack of memory");
    }),
  );
}
