import { HeddleError } from "../errors.js";
import { pageBytes } from "../wasm/index.js";

/** A WebAssembly.Memory, by what is used of it. */
export interface SharedMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

/** WebAssembly's 32-bit addresses end here. */
const largest = 4 * 1024 ** 3 - pageBytes;

/**
 * One block of memory, zeroed.
 * @param available bytes that may be taken: the system hands out more, and ends the process when they are used
 * @throws HeddleError where there is not so much, ending in how to mend it
 */
export function allocateMemory(
  bytes: number,
  shared: boolean,
  mend: string,
  available = Number.POSITIVE_INFINITY,
): SharedMemory {
  const size = `${Math.ceil(bytes / 1024 ** 2)} MiB`;
  if (bytes > largest)
    throw new HeddleError(
      `The plan needs ${size}, more than the 4096 MiB that WebAssembly can address. ${mend}`,
    );
  if (bytes > available) {
    const left = Math.floor(Math.max(available, 0) / 1024 ** 2);
    throw new HeddleError(`Not enough memory: the plan needs ${size} at once, ${left} MiB are free. ${mend}`);
  }
  const pages = Math.ceil(bytes / pageBytes);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (cause) {
    const message = `Not enough memory: the plan needs ${size} at once, which the system refused. ${mend}`;
    throw new HeddleError(message, { cause });
  }
}
