import { HeddleError } from "../../errors.js";
import { type NumpyArray, numpyArray } from "./numpy-array.js";

/** `\x93NUMPY`, then a version of two bytes. */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** More than any header has that describes plain numbers. */
const longestHeader = 65_536;

export const isNpy = (bytes: Uint8Array): boolean =>
  bytes.length >= 8 && magic.every((byte, place) => bytes[place] === byte);

interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly length: number;
}

/**
 * Reads NumPy's format of one array, versions 1 to 3 (numpy.lib.format): a magic number, the length of a header, a Python
 * dictionary of `descr`, `fortran_order` and `shape`, then the values.
 *
 * @param name in errors
 * @throws HeddleError on other bytes, on Python objects, and where the values are not as many as the header says
 */
export function parseNpy(bytes: Uint8Array, name: string): NumpyArray {
  const { descr, fortranOrder, shape, length } = readHeader(bytes, name);
  return numpyArray({ descr, shape, fortranOrder, bytes: bytes.subarray(length) }, name);
}

function readHeader(bytes: Uint8Array, name: string): NpyHeader {
  if (!isNpy(bytes)) {
    throw new HeddleError(
      `${name} is no NumPy array: it doesn't begin with \\x93NUMPY. Save it with np.save.`,
    );
  }
  const version = bytes[6];
  if (version < 1 || version > 3) {
    throw new HeddleError(`${name} is of version ${version} of NumPy's format: expected 1 to 3.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const begin = version === 1 ? 10 : 12;
  const size = bytes.length < begin ? 0 : version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (bytes.length < begin || begin + size > bytes.length) {
    throw new HeddleError(`${name} is truncated: it ends within its header. Save or copy it again.`);
  }
  if (size > longestHeader) {
    throw new HeddleError(`${name} has a header of ${size} bytes: expected at most ${longestHeader}.`);
  }
  const header = String.fromCharCode(...bytes.subarray(begin, begin + size));
  return { ...parseHeader(header, name), length: begin + size };
}

/** Python's writing of the dictionary, as NumPy writes it: anything else in it is refused, not understood. */
function parseHeader(header: string, name: string): Omit<NpyHeader, "length"> {
  const whole = /^\{\s*(?<entries>'.*?)\s*\}\s*$/s.exec(header)?.groups?.entries ?? "";
  const descr = /'descr'\s*:\s*'(?<text>[^']*)'/.exec(whole)?.groups?.text;
  const order = /'fortran_order'\s*:\s*(?<text>True|False)/.exec(whole)?.groups?.text;
  const shape = /'shape'\s*:\s*\((?<text>[\d\s,L]*)\)/.exec(whole)?.groups?.text;
  if (descr === undefined && /'descr'\s*:\s*\[/.test(whole)) {
    throw new HeddleError(
      `${name} holds records of several fields: expected an array of plain numbers. Save each field by itself.`,
    );
  }
  const sizes = shape?.split(",").filter((text) => text.trim() !== "");
  if (
    descr === undefined ||
    order === undefined ||
    !sizes?.every((text) => /^\s*\d{1,15}L?\s*$/.test(text))
  ) {
    throw new HeddleError(
      `${name} has a header that can't be read: ${JSON.stringify(header.slice(0, 80))}. Save it again with np.save or np.savez.`,
    );
  }
  return {
    descr,
    fortranOrder: order === "True",
    shape: sizes.map((text) => Number.parseInt(text, 10)),
  };
}
