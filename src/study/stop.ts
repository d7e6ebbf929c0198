import type { StopSignal } from "../run/host.js";

/** A signal of one's own that another one gives too. */
export class Stop implements StopSignal {
  readonly #given: StopSignal | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #pass = (): void => this.stop(this.#given?.reason);
  #aborted = false;
  #reason: unknown;

  /** @param given whatever stops it beside `stop` */
  constructor(given?: StopSignal) {
    this.#given = given;
    if (given?.aborted) this.stop(given.reason);
    else given?.addEventListener("abort", this.#pass, { once: true });
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** Gives the signal; once more does nothing. */
  stop(reason?: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    // Whoever throws it is known by it: that of an abort without one would be the platform's own.
    this.#reason = reason ?? new Error("It was told to stop.");
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  addEventListener(_type: "abort", listener: () => void): void {
    if (!this.#aborted) this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Listens to the other one no longer. */
  release(): void {
    this.#given?.removeEventListener("abort", this.#pass);
  }
}
