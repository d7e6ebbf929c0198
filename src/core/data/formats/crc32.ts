const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let remainder = index;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** The checksum that ZIP keeps of each content (CRC-32 of IEEE 802.3). */
export function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (let place = 0; place < bytes.length; place++) sum = table[(sum ^ bytes[place]) & 0xff] ^ (sum >>> 8);
  return ~sum >>> 0;
}
