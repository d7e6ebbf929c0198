import type { Platform } from "./platform.js";

/** Milliseconds of work after which signals and timers get their turn. */
const turnLength = 25;

/**
 * Short works one after the other, each asked for when the one before is done: they may never let the event loop turn,
 * nor whoever waits for that. This notices, and lets it.
 */
export class LoopWatch {
  #turning: Promise<void> | undefined;
  #since = 0;

  constructor(private readonly platform: Pick<Platform, "now" | "yield">) {}

  /** Before each of the works. */
  async pass(): Promise<void> {
    if (this.#turning) {
      if (this.platform.now() - this.#since >= turnLength) await this.#turning;
      return;
    }
    this.#since = this.platform.now();
    // A platform of one's own may give no promise.
    this.#turning = Promise.resolve(this.platform.yield()).finally(() => {
      this.#turning = undefined;
    });
  }
}

/** Long work that lets timers, signals and messages through from time to time. */
export class Turns {
  #ends: number;

  constructor(private readonly platform: Pick<Platform, "now" | "yield">) {
    this.#ends = platform.now() + turnLength;
  }

  /** Between two pieces of the work. */
  async pass(): Promise<void> {
    if (this.platform.now() < this.#ends) return;
    await this.platform.yield();
    this.#ends = this.platform.now() + turnLength;
  }
}
