/** Digests content that comes in pieces. */
export interface Hasher {
  update(bytes: Uint8Array): unknown;
  /** As hexadecimal digits. */
  digest(): string;
}

const blockBytes = 64;

const primes = Array.from({ length: 312 }, (_, number) => number).filter(
  (number) =>
    number > 1 && !Array.from({ length: number }, (_, by) => by).some((by) => by > 1 && number % by === 0),
);

/** The first 32 bits behind the point of a root: what the standard takes its constants from. */
const behindPoint = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) | 0;

const roundConstants = Int32Array.from(primes.slice(0, 64), (prime) => behindPoint(Math.cbrt(prime)));
const firstState = Int32Array.from(primes.slice(0, 8), (prime) => behindPoint(Math.sqrt(prime)));

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/**
 * SHA-256 (FIPS 180-4) of content that comes in pieces. In plain code, so that it is the same wherever a run is: pages
 * from plain http have no digests of their own. Nobody finds other content with the same one: it is for what strangers
 * compare. What tells damage alone takes `murmur3`, which is several times as fast.
 */
export class Sha256 implements Hasher {
  readonly #state = firstState.slice();
  readonly #words = new Int32Array(64);
  readonly #rest = new Uint8Array(blockBytes);
  /** Bytes so far; the last of them, less than a block, wait in `#rest`. */
  #length = 0;

  update(bytes: Uint8Array): this {
    const waiting = this.#length % blockBytes;
    this.#length += bytes.length;
    let at = 0;
    if (waiting > 0) {
      at = Math.min(blockBytes - waiting, bytes.length);
      this.#rest.set(bytes.subarray(0, at), waiting);
      if (waiting + at < blockBytes) return this;
      this.#blocks(this.#rest, 0, 1);
    }
    const blocks = Math.floor((bytes.length - at) / blockBytes);
    this.#blocks(bytes, at, blocks);
    this.#rest.set(bytes.subarray(at + blocks * blockBytes));
    return this;
  }

  /** As hexadecimal digits. No more content may come. */
  digest(): string {
    const length = this.#length;
    const waiting = length % blockBytes;
    const padded = new Uint8Array(waiting < blockBytes - 8 ? blockBytes : 2 * blockBytes);
    padded.set(this.#rest.subarray(0, waiting));
    padded[waiting] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(length / 2 ** 29));
    view.setUint32(padded.length - 4, (length << 3) >>> 0);
    this.#blocks(padded, 0, padded.length / blockBytes);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #blocks(bytes: Uint8Array, from: number, count: number): void {
    const state = this.#state;
    const words = this.#words;
    for (let block = 0; block < count; block++) {
      const start = from + block * blockBytes;
      for (let index = 0, at = start; index < 16; index++, at += 4) {
        words[index] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
      }
      for (let index = 16; index < 64; index++) {
        const early = words[index - 15];
        const late = words[index - 2];
        const small = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
        const large = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
        words[index] = (words[index - 16] + small + words[index - 7] + large) | 0;
      }
      let a = state[0];
      let b = state[1];
      let c = state[2];
      let d = state[3];
      let e = state[4];
      let f = state[5];
      let g = state[6];
      let h = state[7];
      for (let index = 0; index < 64; index++) {
        const chosen = (e & f) ^ (~e & g);
        const first =
          (h +
            (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
            chosen +
            roundConstants[index] +
            words[index]) |
          0;
        const most = (a & b) ^ (a & c) ^ (b & c);
        const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + most) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + first) | 0;
        d = c;
        c = b;
        b = a;
        a = (first + second) | 0;
      }
      state[0] += a;
      state[1] += b;
      state[2] += c;
      state[3] += d;
      state[4] += e;
      state[5] += f;
      state[6] += g;
      state[7] += h;
    }
  }
}

/** The SHA-256 of some bytes, or of a text as UTF-8, as hexadecimal digits. */
export function sha256(content: Uint8Array | string): string {
  return new Sha256()
    .update(typeof content === "string" ? new TextEncoder().encode(content) : content)
    .digest();
}
