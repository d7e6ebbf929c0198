interface NpyHeader {
  readonly descr?: string;
  readonly order?: string;
  /** In place of the dictionary of the others. */
  readonly header?: string;
}

/** A file as np.save writes it, with any header that a test asks for. */
export function encodeNpy(shape: readonly number[], values: Uint8Array, given: NpyHeader = {}): Uint8Array {
  const { descr = "|u1", order = "False" } = given;
  const usual = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape.join(", ")},), }`;
  const text = Buffer.from(`${given.header ?? usual}\n`, "latin1");
  const start = Uint8Array.of(0x93, ...Buffer.from("NUMPY"), 1, 0, text.length & 0xff, text.length >> 8);
  return new Uint8Array(Buffer.concat([start, text, values]));
}
