import { HeddleError } from "../../errors.js";
import { pageBytes } from "../../wasm/index.js";
import { mebibytes } from "../../words.js";

/** A WebAssembly.Memory, by what is used of it. */
export interface SharedMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

/** WebAssembly's 32-bit addresses end here. */
const mostPages = 65_535;
export const largestArena = mostPages * pageBytes;

/** One block of zeroed memory that may grow, seen as bytes, words and floats. */
export class ArenaMemory {
  /** What growing takes the place of: read it anew after anything that may grow. */
  bytes: Uint8Array;
  words: Int32Array;
  floats: Float32Array;

  constructor(
    readonly memory: WebAssembly.Memory,
    /** Bytes in use; what lies behind is not zeroed. */
    private used: number,
  ) {
    this.bytes = new Uint8Array(memory.buffer);
    this.words = new Int32Array(memory.buffer);
    this.floats = new Float32Array(memory.buffer);
  }

  /** Bytes in use. */
  get size(): number {
    return this.used;
  }

  /** Makes room up to this address, zeroed. @returns false where there is none to be had */
  grow(end: number): boolean {
    if (end <= this.used) return true;
    const { byteLength } = this.memory.buffer;
    this.bytes.fill(0, this.used, Math.min(end, byteLength));
    if (end > byteLength) {
      try {
        this.memory.grow(Math.ceil((end - byteLength) / pageBytes));
      } catch {
        return false;
      }
      this.bytes = new Uint8Array(this.memory.buffer);
      this.words = new Int32Array(this.memory.buffer);
      this.floats = new Float32Array(this.memory.buffer);
    }
    this.used = end;
    return true;
  }
}

/**
 * One block of memory, zeroed.
 * @param available bytes that may be taken: the system hands out more, and ends the process when they are used
 * @param mend says how to need less
 * @throws HeddleError where there is not so much
 */
export function allocateMemory(
  bytes: number,
  shared: boolean,
  mend: () => string,
  available = Number.POSITIVE_INFINITY,
): ArenaMemory {
  const size = mebibytes(bytes);
  if (bytes > largestArena)
    throw new HeddleError(
      `The plan needs ${size}, more than the 4096 MiB that WebAssembly can address. ${mend()}`,
    );
  const known = recycled(bytes, shared);
  if (known) return known;
  if (bytes > available) {
    const left = Math.floor(Math.max(available, 0) / 1024 ** 2);
    throw new HeddleError(
      `Not enough memory: the plan needs ${size} at once, ${left} MiB are free. ${mend()}`,
    );
  }
  const pages = Math.ceil(bytes / pageBytes);
  // Address space to grow into costs nothing, but not every system grants all of it.
  let refusal: unknown;
  for (const maximum of [mostPages, pages])
    try {
      return new ArenaMemory(new WebAssembly.Memory({ initial: pages, maximum, shared }), bytes);
    } catch (cause) {
      refusal = cause;
    }
  const message = `Not enough memory: the plan needs ${size} at once, which the system refused. ${mend()}`;
  throw new HeddleError(message, { cause: refusal });
}

/**
 * Memories that nobody uses any more. Collecting them is left to the runtime, which does not count shared memory
 * among the reasons to do so: whoever makes one network after the other would fill the machine with their arenas.
 */
const freed = new Set<WeakRef<WebAssembly.Memory>>();

/** A memory may be so much larger than what is wanted of it. */
const mostExcess = 4;

/** Gives a memory back: no thread may know it any more. */
export function recycle({ memory }: ArenaMemory): void {
  freed.add(new WeakRef(memory));
}

/** The smallest freed memory that is large enough, zeroed. */
function recycled(bytes: number, shared: boolean): ArenaMemory | undefined {
  let best: { reference: WeakRef<WebAssembly.Memory>; memory: WebAssembly.Memory } | undefined;
  for (const reference of freed) {
    const memory = reference.deref();
    if (!memory) freed.delete(reference);
    else if (
      fits(memory, bytes, shared) &&
      !(best && best.memory.buffer.byteLength <= memory.buffer.byteLength)
    )
      best = { reference, memory };
  }
  if (!best) return undefined;
  freed.delete(best.reference);
  const arena = new ArenaMemory(best.memory, 0);
  arena.grow(bytes);
  return arena;
}

function fits({ buffer }: WebAssembly.Memory, bytes: number, shared: boolean): boolean {
  const { byteLength } = buffer;
  return (
    !(buffer instanceof ArrayBuffer) === shared && byteLength >= bytes && byteLength <= bytes * mostExcess
  );
}
