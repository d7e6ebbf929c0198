/** An AbortSignal, or anything like it. */
export interface SignalLike {
  readonly aborted: boolean;
  /** Where there are these, what waits for images hears of it at once; else when the next ones come. */
  addEventListener?(type: "abort", listener: () => void): void;
  removeEventListener?(type: "abort", listener: () => void): void;
}

/** What ends long work early: a signal from outside, or `stop`. */
export class Interruption {
  #stopped = false;
  readonly #waiting = new Set<() => void>();

  constructor(private readonly signal?: SignalLike) {}

  get aborted(): boolean {
    return this.#stopped || this.signal?.aborted === true;
  }

  stop(): void {
    this.#stopped = true;
    for (const wake of this.#waiting) wake();
  }

  /** The result, or nothing where the interruption comes first: then what is waited for is left to itself. */
  orStopped<Result>(work: Result | Promise<Result>): Result | Promise<Result | undefined> {
    if (!(work instanceof Promise)) return work;
    return new Promise((resolve, reject) => {
      const listens = typeof this.signal?.addEventListener === "function";
      const leave = (): void => {
        this.#waiting.delete(wake);
        if (listens) this.signal?.removeEventListener?.("abort", wake);
      };
      const wake = (): void => {
        leave();
        resolve(undefined);
      };
      this.#waiting.add(wake);
      if (listens) this.signal?.addEventListener?.("abort", wake);
      work.then(resolve, reject).finally(leave);
      if (this.aborted) wake();
    });
  }
}
