/** What a field of a Protocol Buffers message holds. */
export type FieldValue = bigint | string | Uint8Array | { readonly float: number };

/** One field: its number in the message's definition, and its value. A list is the same field several times. */
export type Field = readonly [number: number, value: FieldValue];

/** Base-128 digits, the lowest first. */
function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

function encoded([number, value]: Field): Uint8Array[] {
  const key = (wireType: number): number[] => varint(BigInt(number * 8 + wireType));
  if (typeof value === "bigint") return [Uint8Array.from([...key(0), ...varint(value)])];
  if (typeof value === "object" && "float" in value) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value.float, true);
    return [Uint8Array.from(key(5)), bytes];
  }
  const content = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return [Uint8Array.from([...key(2), ...varint(BigInt(content.length))]), content];
}

/**
 * The bytes of a message: numbers as varints, floats in four bytes, text, bytes and inner messages behind their
 * length (https://protobuf.dev/programming-guides/encoding/).
 */
export function message(...fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const parts = fields.flatMap(encoded);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
