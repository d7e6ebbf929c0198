import { kindOf } from "./options/received.js";

const constructors = { Uint8Array, Uint16Array, Uint32Array, Float32Array };

type Copied = Uint8Array | Uint16Array | Uint32Array | Float32Array;

/** A copy of a typed array, of its plain kind: a Buffer's own `slice` is a view of the same memory. */
export const plainCopy = <Kind extends Copied>(array: Kind): Kind =>
  new constructors[kindOf(array) as keyof typeof constructors](array) as Copied as Kind;
