import type { TrainEvent } from "../../core/training/events.js";

/**
 * The way of one `fit`'s events to a page. At most one is on it, so that a page never has more than one to deal with:
 * training waits for the page at every event but a step's, and of those the ones are left out that come while
 * another is still on its way.
 *
 * It is the signal of that `fit` as well.
 */
export class EventLine {
  aborted = false;
  /** Nobody reads any more. */
  left = false;
  #open = false;
  #answered: (() => void) | undefined;
  #onItsWay: Promise<void> | undefined;

  constructor(private readonly send: (event: TrainEvent) => void) {}

  async tell(event: TrainEvent): Promise<void> {
    if (event.event === "step") {
      if (!this.#onItsWay) void this.#sendOne(event);
      return;
    }
    await this.#onItsWay;
    if (!this.left) await this.#sendOne(event);
  }

  /** The page has dealt with the last one. */
  next(): void {
    this.#answered?.();
  }

  /** Ends the `fit` as its signal does, amid a validation too. */
  leave(): void {
    this.left = true;
    this.aborted = true;
    this.letGo();
  }

  /** From now on nothing waits for the page. */
  letGo(): void {
    this.#open = true;
    this.next();
  }

  #sendOne(event: TrainEvent): Promise<void> {
    this.send(event);
    if (this.#open) return Promise.resolve();
    this.#onItsWay = new Promise((resolve) => {
      this.#answered = () => {
        this.#onItsWay = undefined;
        this.#answered = undefined;
        resolve();
      };
    });
    return this.#onItsWay;
  }
}
