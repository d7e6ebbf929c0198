import { digestKeys } from "../file-digest.js";
import { lengthBytes } from "../layout.js";

/** A safetensors file with a header written by hand; `headerLength` is what it says of it, true or not. */
export function fileOf(header: unknown, dataLength: number, headerLength?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  return joined(text, new Uint8Array(dataLength), headerLength);
}

/** JSON that a recursion over it can't take: a list in a list, and so on. */
export const deepList = "[".repeat(100_000) + "]".repeat(100_000);

/** The same file as heddle 0.1 and other programs would have written it. */
export function withoutDigest(file: Uint8Array): Uint8Array {
  const dataStart = dataStartOf(file);
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const { __metadata__, ...tensors } = JSON.parse(text.decode(file.subarray(lengthBytes, dataStart)));
  const kept = Object.entries(__metadata__).filter(([key]) => !digestKeys.includes(key));
  const metadata = kept.length > 0 ? { __metadata__: Object.fromEntries(kept) } : {};
  const header = JSON.stringify({ ...metadata, ...tensors });
  const length = new TextEncoder().encode(header).length;
  const padded = header + " ".repeat((8 - (length % 8)) % 8);
  return joined(new TextEncoder().encode(padded), file.subarray(dataStart));
}

/** Where the data begins, going by the file's own word. */
export function dataStartOf(file: Uint8Array): number {
  return lengthBytes + new DataView(file.buffer, file.byteOffset).getUint32(0, true);
}

/** Each file that differs in one bit. The one array is changed from one to the next. */
export function* withOneBitFlipped(file: Uint8Array): Generator<{ flipped: Uint8Array; where: string }> {
  const flipped = file.slice();
  for (let index = 0; index < file.length; index++) {
    for (let bit = 0; bit < 8; bit++) {
      flipped[index] = file[index] ^ (1 << bit);
      yield { flipped, where: `bit ${bit} of byte ${index}` };
    }
    flipped[index] = file[index];
  }
}

function joined(header: Uint8Array, data: Uint8Array, headerLength = header.length): Uint8Array {
  const file = new Uint8Array(lengthBytes + header.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.set(header, lengthBytes);
  file.set(data, lengthBytes + header.length);
  return file;
}
