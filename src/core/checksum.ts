const basis = 0x811c9dc5;
const prime = 0x01000193;

/**
 * FNV-1a in 32 bits (Fowler, Noll and Vo): tells damage and mix-ups apart, not forgeries.
 *
 * @param seed what came before, for content in several pieces
 */
export function checksum(bytes: Uint8Array, seed: number = basis): number {
  let hash = seed;
  for (let index = 0; index < bytes.length; index++) hash = Math.imul(hash ^ bytes[index], prime);
  return hash >>> 0;
}
