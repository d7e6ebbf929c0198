const basis = 0x811c9dc5;
const prime = 0x01000193;

/**
 * FNV-1a in 32 bits (Fowler, Noll and Vo): tells damage and mix-ups apart, not forgeries. Wider numbers than
 * bytes are taken whole, so that labels have one checksum in every width that holds them.
 *
 * @param seed what came before, for content in several pieces
 */
export function checksum(values: Uint8Array | Uint16Array | Uint32Array, seed: number = basis): number {
  let hash = seed;
  for (let index = 0; index < values.length; index++) hash = Math.imul(hash ^ values[index], prime);
  return hash >>> 0;
}
