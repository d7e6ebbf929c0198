/** A checksum of 32 bits of a polynomial, its bits in reverse. */
function checksum(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, index) => {
    let remainder = index;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
    return remainder;
  });
  return (bytes) => {
    let sum = 0xffffffff;
    for (let place = 0; place < bytes.length; place++) sum = table[(sum ^ bytes[place]) & 0xff] ^ (sum >>> 8);
    return ~sum >>> 0;
  };
}

/** The checksum that ZIP keeps of each content (CRC-32 of IEEE 802.3). */
export const crc32 = checksum(0xedb88320);

/** The one that TFRecord files keep (CRC-32C, Castagnoli). */
export const crc32c = checksum(0x82f63b78);
