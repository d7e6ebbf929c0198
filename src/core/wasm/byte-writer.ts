/** Bytes one after the other, in a typed array that grows as it fills: modules are too long for lists of numbers. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  write(bytes: ArrayLike<number>): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) this.#grow(length);
    // An instruction is a few bytes: a loop is faster than a copy.
    if (bytes.length < 64)
      for (let index = 0; index < bytes.length; index++) this.#bytes[this.#length + index] = bytes[index];
    else this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }

  /** A copy of what was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
