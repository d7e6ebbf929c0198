import {
  callI32,
  type FunctionBuilder,
  type FunctionReference,
  i32,
  type Local,
  type ModuleBuilder,
} from "../wasm/index.js";

/** What the time at barriers is booked under. */
export const waitingName = "waiting";

/** Most jobs of different names in a step. */
const capacity = 1024;

/**
 * Emits what keeps account of a thread's time: each piece of work adds the nanoseconds it took to the account of
 * its name. The accounts of a thread lie just before its scratch, one i32 each: they wrap after four seconds, so
 * take them every step.
 */
export class StepTimer {
  readonly #clock: FunctionReference<never>;
  readonly #accounts = new Map<string, number>();

  /** Bytes that a thread's accounts take before its scratch. */
  readonly bytes = capacity * 4;

  /** The module must be empty still: the clock is an import. */
  constructor(module: ModuleBuilder) {
    this.#clock = module.importFunction("nanoseconds");
  }

  get names(): readonly string[] {
    return [...this.#accounts.keys()];
  }

  around(f: FunctionBuilder, scratch: Local<"i32">, name: string, work: () => void): void {
    const start = f.let(callI32(this.#clock, {}));
    work();
    const account = f.let(i32.sub(scratch, accountOffset(this.#account(name))));
    f.do(i32.store(account, i32.add(i32.load(account), i32.sub(callI32(this.#clock, {}), start))));
  }

  #account(name: string): number {
    const known = this.#accounts.get(name);
    if (known !== undefined) return known;
    const next = this.#accounts.size;
    if (next === capacity) throw new Error(`A timed step has more than ${capacity} different jobs.`);
    this.#accounts.set(name, next);
    return next;
  }
}

/** Bytes from an account to its thread's scratch. */
const accountOffset = (account: number): number => 4 * (account + 1);

/** Where a program keeps the accounts of its threads. */
export interface Accounts {
  readonly names: readonly string[];
  /** The first thread's scratch. */
  readonly scratch: number;
  /** Bytes from one thread's scratch to the next one's. */
  readonly threadBytes: number;
}

/** What each thread spent on the jobs of one name. */
export interface JobTimes {
  readonly name: string;
  /** Milliseconds, one for each thread. */
  readonly milliseconds: readonly number[];
}

/** Reads all accounts and sets them back to nothing. */
export function takeJobTimes(
  words: Int32Array,
  { names, scratch, threadBytes }: Accounts,
  threads: number,
): JobTimes[] {
  return names.map((name, account) => {
    const milliseconds = Array.from({ length: threads }, (_, thread) => {
      const at = (scratch + thread * threadBytes - accountOffset(account)) / 4;
      const nanoseconds = words[at];
      words[at] = 0;
      return nanoseconds / 1e6;
    });
    return { name, milliseconds };
  });
}

/** What i32 nanoseconds a timed module imports, made of a clock of milliseconds. */
export const nanosecondClock = (now: () => number) => (): number => (now() * 1e6) | 0;
