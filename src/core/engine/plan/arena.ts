/** Hands out addresses in one block of memory, each on a cache line of its own; nothing is given back. */
export class Arena {
  #end: number;

  constructor(start: number) {
    this.#end = start;
  }

  /** The first byte nobody has. */
  get end(): number {
    return this.#end;
  }

  allocate(bytes: number): number {
    const address = Math.ceil(this.#end / 64) * 64;
    this.#end = address + bytes;
    return address;
  }
}
