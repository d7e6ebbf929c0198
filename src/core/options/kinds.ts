import { kindOfValue, type OptionKind, Refusal, refusal } from "./kind.js";
import { isSameName, nearestName } from "./nearest.js";
import { wholeNumber } from "./numbers.js";
import { kindOf } from "./received.js";

export function flag(): OptionKind<boolean> {
  return kindOfValue("true or false", (value) => typeof value === "boolean");
}

/** Whatever can be called. */
export function functionKind<Value>(expected = "a function"): OptionKind<Value> {
  return kindOfValue(expected, (value) => typeof value === "function");
}

/** One of a few names. @param elsewhere what to say of others that people give: `{ softmax: "Leave it out." }` */
export function choice<const Name extends string>(
  names: readonly Name[],
  elsewhere: Readonly<Record<string, string>> = {},
): OptionKind<Name> {
  const expected = `one of ${names.map((name) => JSON.stringify(name)).join(", ")}`;
  return {
    expected,
    read(value) {
      const found = names.find((name) => name === value);
      if (found !== undefined) return found;
      const known =
        typeof value === "string" && Object.keys(elsewhere).find((name) => isSameName(name, value));
      if (known) return refusal(expected, value, elsewhere[known]);
      const nearest = typeof value === "string" ? nearestName(value, names) : undefined;
      return refusal(expected, value, nearest && `Did you mean ${JSON.stringify(nearest)}?`);
    },
  };
}

/** Text that fits a pattern; without one, any text that isn't empty. */
export function text(pattern = /./su, expected = "text"): OptionKind<string> {
  return kindOfValue(expected, (value) => typeof value === "string" && pattern.test(value));
}

const size = wholeNumber({ from: 1 });

/** One size for both axes, or [height, width]. */
export function sizePair(): OptionKind<readonly [number, number], number | readonly [number, number]> {
  const expected = `${size.expected}, or two of them as [height, width]`;
  return {
    expected,
    read(value) {
      const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
      const [height, width] = [size.read(pair[0]), size.read(pair[1])];
      if (pair.length !== 2 || height instanceof Refusal || width instanceof Refusal) {
        return refusal(expected, value);
      }
      return [height, width];
    },
  };
}

/** The likeliest slip: a grey image's one channel is left out. */
function greyHint(value: unknown, axes: readonly string[] = []): string | undefined {
  const isShort = axes.at(-1) === "channels" && Array.isArray(value) && value.length === axes.length - 1;
  if (!isShort || value.some((each) => size.read(each) instanceof Refusal)) return undefined;
  return `Grey images have one channel: [${[...value, 1].join(", ")}].`;
}

/** The sizes of a tensor without its batch axis: `shape(["height", "width", "channels"])`, or of any axes. */
export function shape(axes?: readonly string[]): OptionKind<readonly number[]> {
  const expected = axes ? `[${axes.join(", ")}], each ${size.expected}` : "a list of sizes such as [28, 28]";
  return {
    expected,
    read(value) {
      const sized = Array.isArray(value) && value.length > 0 && value.length === (axes ?? value).length;
      if (!sized) return refusal(expected, value, greyHint(value, axes));
      const sizes: number[] = [];
      for (const each of value) {
        const read = size.read(each);
        if (read instanceof Refusal) return read.within((option) => `each size of ${option}`);
        sizes.push(read);
      }
      return sizes;
    },
  };
}

/** An array whose every item is of one kind. */
export function listOf<Value, Given>(
  kind: OptionKind<Value, Given>,
  { from = 0, what }: { readonly from?: number; readonly what?: string } = {},
): OptionKind<readonly Value[], readonly Given[]> {
  const least = from > 0 ? ` of ${from} or more` : "";
  const expected = what ?? `a list${least}, each ${kind.expected}`;
  return {
    expected,
    read(value) {
      if (!Array.isArray(value) || value.length < from) return refusal(expected, value);
      const items: Value[] = [];
      for (let index = 0; index < value.length; index++) {
        const read = kind.read(value[index]);
        if (read instanceof Refusal) return read.within((option) => `${option}[${index}]`);
        items.push(read);
      }
      return items;
    },
  };
}

/** What the first kind that takes it makes of a value. */
export function either<First, FirstGiven, Second, SecondGiven>(
  first: OptionKind<First, FirstGiven>,
  second: OptionKind<Second, SecondGiven>,
): OptionKind<First | Second, FirstGiven | SecondGiven> {
  const expected = `${first.expected}, or ${second.expected}`;
  return {
    expected,
    read(value) {
      const read = first.read(value);
      if (!(read instanceof Refusal)) return read;
      const other = second.read(value);
      return other instanceof Refusal ? refusal(expected, value) : other;
    },
  };
}

/** An object of any class that has these methods, such as a schedule. */
export function withMethods<Value>(what: string, ...methods: (keyof Value & string)[]): OptionKind<Value> {
  return kindOfValue(what, (value) => {
    if (typeof value !== "object" || value === null) return false;
    return methods.every((method) => typeof (value as Record<string, unknown>)[method] === "function");
  });
}

/** Over memory of either sort, shared or not: what is read is the same. */
interface ArrayTypes {
  readonly Uint8Array: Uint8Array;
  readonly Uint16Array: Uint16Array;
  readonly Uint32Array: Uint32Array;
  readonly Int32Array: Int32Array;
  readonly Float32Array: Float32Array;
  readonly Float64Array: Float64Array;
}

export type TypedArrayName = keyof ArrayTypes;

/** The largest whole number of a typed array; beyond it they wrap. */
const largestWhole: Readonly<Partial<Record<TypedArrayName, number>>> = {
  Uint8Array: 255,
  Uint16Array: 65_535,
  Uint32Array: 4_294_967_295,
};

/** By tag: memory of another realm is the same, and where pages share none the second class isn't there. */
const memories = ["ArrayBuffer", "SharedArrayBuffer"];

/** How a list becomes one of these, where it does. */
function mendOfList(list: readonly unknown[], names: readonly TypedArrayName[]): string {
  if (list.some((item) => typeof item === "string"))
    return `Make numbers of names: ${names[0]}.from(values, (value) => names.indexOf(value)).`;
  const fits = (name: TypedArrayName): boolean =>
    list.every((item) => {
      const largest = largestWhole[name];
      if (typeof item !== "number") return false;
      return largest === undefined || (Number.isInteger(item) && item >= 0 && item <= largest);
    });
  const name = names.find(fits);
  return name ? `Make one with ${name}.from(…).` : "";
}

/** How memory by itself becomes an array; "" of what is none. */
export function wrapWords(value: unknown, name: TypedArrayName = "Uint8Array"): string {
  const isMemory = typeof value === "object" && value !== null && memories.includes(kindOf(value));
  return isMemory ? `Wrap it: new ${name}(buffer).` : "";
}

/** One of these typed arrays, as it is: nothing is copied or converted. */
export function typedArray<const Name extends TypedArrayName>(
  ...names: readonly Name[]
): OptionKind<ArrayTypes[Name]> {
  const expected = `a ${names.join(" or ")}`;
  return {
    expected,
    read(value) {
      // By tag, not by class: arrays of another realm (a frame, a VM context) are the same arrays.
      const name = ArrayBuffer.isView(value) ? kindOf(value) : "";
      if (names.includes(name as Name)) return value as unknown as ArrayTypes[Name];
      return refusal(
        expected,
        value,
        Array.isArray(value) ? mendOfList(value, names) : wrapWords(value, names[0]),
      );
    },
  };
}
