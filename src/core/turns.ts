import type { Platform } from "./platform.js";

/** Milliseconds of work after which signals and timers get their turn. */
const turnLength = 25;

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
