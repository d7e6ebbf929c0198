const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes as text in base 64 (RFC 4648). Written out: what Node has for it pages haven't, and the other way round. */
export function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let first = 0; first < bytes.length; first += 3) {
    const [a, b = 0, c = 0] = bytes.subarray(first, first + 3);
    const group = (a << 16) | (b << 8) | c;
    parts.push(...[18, 12, 6, 0].map((shift) => digits[(group >> shift) & 63]));
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  return parts.slice(0, parts.length - missing).join("") + "=".repeat(missing);
}
