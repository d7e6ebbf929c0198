const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const codes = Uint8Array.from(digits, (digit) => digit.charCodeAt(0));

const padding = "=".charCodeAt(0);

/** Digits that become text at once: arguments of one call. */
const atOnce = 2 ** 13;

/** Bytes as text in base 64 (RFC 4648). Written out: what Node has for it pages haven't, and the other way round. */
export function base64(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    // What lies behind the end is read as undefined, which an operator on bits takes for 0.
    const group = (bytes[from] << 16) | (bytes[from + 1] << 8) | bytes[from + 2];
    for (let place = 0; place < 4; place++) text[to + place] = codes[(group >> (18 - 6 * place)) & 63];
  }
  text.fill(padding, text.length - ((3 - (bytes.length % 3)) % 3));
  const parts: string[] = [];
  for (let from = 0; from < text.length; from += atOnce)
    parts.push(String.fromCharCode(...text.subarray(from, from + atOnce)));
  return parts.join("");
}
