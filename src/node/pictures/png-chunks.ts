import { PictureError } from "./picture-error.js";

/** Those parts of a PNG that say what its pixels are. */
export interface PngChunks {
  /** IHDR, 13 bytes. */
  readonly header: Uint8Array;
  /** PLTE: red, green and blue of each colour. */
  readonly palette?: Uint8Array;
  /** tRNS: alphas of a palette's colours, or the one colour that is transparent. */
  readonly transparency?: Uint8Array;
  /** eXIf: a TIFF file of what a camera says. */
  readonly exif?: Uint8Array;
  /** IDAT, in order. */
  readonly data: readonly Uint8Array[];
}

/** @throws PictureError where a chunk is cut off or was changed, or one that has to be there isn't */
export function pngChunks(bytes: Uint8Array): PngChunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  const data: Uint8Array[] = [];
  for (let at = 8; !found.has("IEND"); ) {
    if (at + 12 > bytes.length) throw cutOff();
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) throw cutOff();
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, end);
    if (crc(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new PictureError(`it is a damaged PNG: its part at byte ${at} was changed`);
    }
    if (type === "IDAT") data.push(content);
    else found.set(type, content);
    at = end + 4;
  }
  const header = found.get("IHDR");
  if (header?.length !== 13 || data.length === 0) {
    throw new PictureError("it is a damaged PNG: its header or its pixels are missing");
  }
  return {
    header,
    palette: found.get("PLTE"),
    transparency: found.get("tRNS"),
    exif: found.get("eXIf"),
    data,
  };
}

const cutOff = (): PictureError => new PictureError("it is cut off");

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The cyclic redundancy check of PNG: Node has it from 20.15 on. */
function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) value = table[(value ^ bytes[at]) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
