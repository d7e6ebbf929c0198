const constructors = { Uint8Array, Uint16Array, Uint32Array, Float32Array };

type Copied = Uint8Array | Uint16Array | Uint32Array | Float32Array;

/** A copy of a typed array, of its plain kind: a Buffer's own `slice` is a view of the same memory. */
export function plainCopy<Kind extends Copied>(array: Kind): Kind {
  const kind = Object.prototype.toString.call(array).slice(8, -1) as keyof typeof constructors;
  return new constructors[kind](array) as Copied as Kind;
}
