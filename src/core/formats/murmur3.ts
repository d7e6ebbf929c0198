/** How many hexadecimal digits `murmur3` gives. */
export const murmur3Digits = 32;

const lanes = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93] as const;
const blockBytes = 16;

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/** What one word of content adds to a lane. */
const scrambled = (word: number, first: number, bits: number, second: number): number =>
  Math.imul(rotate(Math.imul(word, first), bits), second);

const finished = (lane: number): number => {
  let hash = lane;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};

/**
 * MurmurHash3 in 128 bits, its variant for 32-bit machines with seed 0 (Austin Appleby, in the public domain:
 * github.com/aappleby/smhasher, MurmurHash3_x86_128), as 32 hexadecimal digits. Tells damage apart, not
 * forgeries: each step can be undone, so that one changed word always changes it. It goes by words of four
 * bytes: a digest of each file costs less than copying it, where SHA-256 in plain code would cost many times that.
 */
export function murmur3(bytes: Uint8Array): string {
  const [c1, c2, c3, c4] = lanes;
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % blockBytes);
  for (let at = 0; at < whole; at += blockBytes) {
    h1 ^= scrambled(view.getInt32(at, true), c1, 15, c2);
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= scrambled(view.getInt32(at + 4, true), c2, 16, c3);
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= scrambled(view.getInt32(at + 8, true), c3, 17, c4);
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= scrambled(view.getInt32(at + 12, true), c4, 18, c1);
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  // Words that aren't there are zero, and add nothing.
  const rest = new Uint8Array(blockBytes);
  rest.set(bytes.subarray(whole));
  const tail = new DataView(rest.buffer);
  h1 ^= scrambled(tail.getInt32(0, true), c1, 15, c2);
  h2 ^= scrambled(tail.getInt32(4, true), c2, 16, c3);
  h3 ^= scrambled(tail.getInt32(8, true), c3, 17, c4);
  h4 ^= scrambled(tail.getInt32(12, true), c4, 18, c1);

  const mixed = spread([h1, h2, h3, h4].map((lane) => lane ^ bytes.length));
  const digest = new DataView(new ArrayBuffer(blockBytes));
  for (const [index, lane] of spread(mixed.map(finished)).entries()) digest.setInt32(index * 4, lane, true);
  return Array.from(new Uint8Array(digest.buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Adds all lanes to the first, then that to each of the others. */
function spread([h1, h2, h3, h4]: readonly number[]): number[] {
  const sum = (h1 + h2 + h3 + h4) | 0;
  return [sum, (h2 + sum) | 0, (h3 + sum) | 0, (h4 + sum) | 0];
}
