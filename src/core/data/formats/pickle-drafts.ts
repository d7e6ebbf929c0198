import { HeddleError } from "../../errors.js";
import { type NumpyArray, numpyArray } from "./numpy-array.js";

/** A function or a class that a pickle names. */
class Named {
  constructor(readonly is: KnownName) {}
}

/** The type of an array, whose byte order comes by and by. */
class TypeDraft {
  order = "|";
  constructor(readonly code: string) {}
}

/** An array before its state comes. */
class ArrayDraft {
  array: NumpyArray | undefined;
}

type Drafted = Named | TypeDraft | ArrayDraft;

/** What a pickle may hold. Texts of Python 2 come as bytes. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | NumpyArray
  | Drafted
  | PickleValue[]
  | Map<string, PickleValue>;

type KnownName = "array" | "arrayType" | "newArray" | "arrayOfBuffer" | "encode";

/** NumPy's own, from version 1 and version 2 on, and what Python 3 writes bytes with for Python 2. */
const knownNames: Readonly<Record<string, KnownName>> = {
  "numpy ndarray": "array",
  "numpy dtype": "arrayType",
  "numpy.core.multiarray _reconstruct": "newArray",
  "numpy._core.multiarray _reconstruct": "newArray",
  "numpy.core.numeric _frombuffer": "arrayOfBuffer",
  "numpy._core.numeric _frombuffer": "arrayOfBuffer",
  "_codecs encode": "encode",
};

/** Stands in for the functions that NumPy's arrays are pickled with; none of Python's is ever called. */
export class PickleDrafts {
  /** Bytes that may yet be copied: opcodes could ask for one large content again and again. */
  #budget: number;

  /** @param length of the pickle, bytes */
  constructor(
    readonly name: string,
    length: number,
  ) {
    this.#budget = 2 * length;
  }

  /** @throws HeddleError on any name but those that are known */
  named(module: string, member: string): Named {
    const key = `${module} ${member}`;
    if (Object.hasOwn(knownNames, key)) return new Named(knownNames[key]);
    throw new HeddleError(
      `${this.name} names ${JSON.stringify(`${module}.${member}`)}, which is never called: expected plain values and NumPy arrays. Load it with Python, if you trust it, and save its arrays with np.savez.`,
    );
  }

  called(what: PickleValue, given: PickleValue): PickleValue {
    const is = what instanceof Named ? what.is : undefined;
    const [first, second, third, fourth] = Array.isArray(given) ? given : [];
    if (is === "newArray" && first instanceof Named && first.is === "array") return new ArrayDraft();
    if (is === "arrayType" && typeof plain(first) === "string") return new TypeDraft(plain(first) as string);
    if (is === "encode" && typeof first === "string" && plain(second) === "latin1")
      return this.#latin1(first);
    if (is === "arrayOfBuffer") return this.#array(third, second, plain(fourth) === "F", first);
    throw this.#unread();
  }

  built(what: PickleValue, state: PickleValue): PickleValue {
    if (!Array.isArray(state)) throw this.#unread();
    if (what instanceof TypeDraft) {
      const [, order, fields, names] = state;
      if (typeof plain(order) !== "string" || (fields ?? names ?? null) !== null) throw this.#unread();
      what.order = plain(order) as string;
      return what;
    }
    if (!(what instanceof ArrayDraft)) throw this.#unread();
    const [, shape, type, fortranOrder, bytes] = state;
    // A truth value of protocol 0 and 1 is a number.
    what.array = this.#array(shape, type, Boolean(fortranOrder), bytes);
    return what;
  }

  /** Arrays in place of their drafts, however deep in lists and dictionaries. */
  finished(value: PickleValue): PickleValue {
    const seen = new Set<PickleValue>();
    const waiting: (PickleValue[] | Map<string, PickleValue>)[] = [];
    const finish = (part: PickleValue): PickleValue => {
      if (part instanceof ArrayDraft) {
        if (!part.array) throw this.#unread();
        return part.array;
      }
      if ((Array.isArray(part) || part instanceof Map) && !seen.has(part)) {
        seen.add(part);
        waiting.push(part);
      }
      return part;
    };
    const whole = finish(value);
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      if (Array.isArray(part)) for (const [place, each] of part.entries()) part[place] = finish(each);
      if (part instanceof Map) for (const [key, each] of part) part.set(key, finish(each));
    }
    return whole;
  }

  #array(shape: PickleValue, type: PickleValue, fortranOrder: boolean, bytes: PickleValue): NumpyArray {
    const isShape = (value: PickleValue): value is number[] =>
      Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
    if (!(type instanceof TypeDraft) || !isShape(shape)) throw this.#unread();
    // Elements of objects come as a list.
    const content = type.code.startsWith("O") ? new Uint8Array(0) : bytes;
    if (!(content instanceof Uint8Array)) throw this.#unread();
    this.#spend(content.length);
    const order = ["<", ">", "|"].includes(type.order) ? type.order : "|";
    return numpyArray({ descr: order + type.code, shape, fortranOrder, bytes: content }, this.name);
  }

  #latin1(text: string): Uint8Array {
    this.#spend(text.length);
    const bytes = new Uint8Array(text.length);
    for (let place = 0; place < text.length; place++) {
      const code = text.charCodeAt(place);
      if (code > 0xff) throw this.#unread();
      bytes[place] = code;
    }
    return bytes;
  }

  #spend(bytes: number): void {
    this.#budget -= bytes;
    if (this.#budget < 0) {
      throw new HeddleError(
        `${this.name} is a damaged pickle: it makes more arrays of its bytes than it has. Fetch, copy or save it again.`,
      );
    }
  }

  #unread(): HeddleError {
    return new HeddleError(
      `${this.name} holds something other than plain values and NumPy arrays. Load it with Python, if you trust it, and save its arrays with np.savez.`,
    );
  }
}

/** Texts of Python 2 are bytes. */
const plain = (value: PickleValue): PickleValue =>
  value instanceof Uint8Array && value.length < 16 ? String.fromCharCode(...value) : value;
