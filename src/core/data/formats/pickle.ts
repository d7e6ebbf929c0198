import { HeddleError } from "../../errors.js";
import { PickleDrafts, type PickleValue } from "./pickle-drafts.js";
import { PickleReader } from "./pickle-reader.js";

/** Where the arguments of the next opcodes begin on the stack. */
const mark = Symbol("mark");

type Slot = PickleValue | typeof mark;

/**
 * Reads a pickle of plain values, lists, dictionaries and NumPy arrays, protocols 0 to 5, as CIFAR's batches are. A pickle
 * is a program that may name any function of Python's: it is never run. Opcodes that build such values are followed,
 * the few functions that NumPy writes are known by name and done here, and everything else is refused.
 *
 * @param name in errors
 * @throws HeddleError on anything else in it, and where it is cut off or says sizes that it doesn't have
 */
export function parsePickle(bytes: Uint8Array, name: string): PickleValue {
  const reader = new PickleReader(bytes, name);
  const drafts = new PickleDrafts(name, bytes.length);
  const stack: Slot[] = [];
  const memo = new Map<number, PickleValue>();

  const damaged = (): HeddleError =>
    reader.damaged(`its opcode before byte ${reader.at} finds nothing to take`);
  const push = (value: Slot): void => void stack.push(value);
  const pop = (): PickleValue => {
    const value = stack.pop();
    if (value === undefined || value === mark) throw damaged();
    return value;
  };
  const top = (): PickleValue => {
    const value = stack.at(-1);
    if (value === undefined || value === mark) throw damaged();
    return value;
  };
  const popToMark = (): PickleValue[] => {
    const from = stack.lastIndexOf(mark);
    if (from === -1) throw damaged();
    const values = stack.splice(from) as PickleValue[];
    values.shift();
    return values;
  };
  const append = (values: readonly PickleValue[]): void => {
    const list = top();
    if (!Array.isArray(list)) throw damaged();
    for (const value of values) list.push(value);
  };
  const setItems = (values: readonly PickleValue[]): void => {
    const items = top();
    if (!(items instanceof Map) || values.length % 2 === 1) throw damaged();
    for (let at = 0; at < values.length; at += 2) items.set(textOf(values[at], reader), values[at + 1]);
  };
  const recall = (place: number): void => {
    const value = memo.get(place);
    if (value === undefined) throw damaged();
    push(value);
  };
  const popAll = (count: number): PickleValue[] => Array.from({ length: count }, pop).reverse();

  /** What each opcode does, by its byte. */
  const steps: Readonly<Record<string, () => void>> = {
    "\x80": () => reader.skip(1),
    "\x95": () => reader.skip(8),
    "(": () => push(mark),
    "0": () => void stack.pop(),
    "1": () => void popToMark(),
    "2": () => push(top()),
    N: () => push(null),
    "\x88": () => push(true),
    "\x89": () => push(false),
    I: () => push(reader.wholeLine()),
    L: () => push(reader.wholeLine()),
    J: () => push(reader.signed(4)),
    K: () => push(reader.count(1)),
    M: () => push(reader.count(2)),
    "\x8a": () => push(reader.signed(reader.count(1))),
    "\x8b": () => push(reader.signed(reader.count(4))),
    F: () => push(Number(reader.line())),
    G: () => push(reader.double()),
    S: () => push(reader.quotedLine()),
    T: () => push(reader.take(reader.count(4))),
    U: () => push(reader.take(reader.count(1))),
    B: () => push(reader.take(reader.count(4))),
    C: () => push(reader.take(reader.count(1))),
    "\x8e": () => push(reader.take(reader.count(8))),
    "\x96": () => push(reader.take(reader.count(8))),
    V: () => push(reader.textLine()),
    X: () => push(reader.text(reader.count(4))),
    "\x8c": () => push(reader.text(reader.count(1))),
    "\x8d": () => push(reader.text(reader.count(8))),
    "]": () => push([]),
    l: () => push(popToMark()),
    a: () => append([pop()]),
    e: () => append(popToMark()),
    ")": () => push([]),
    t: () => push(popToMark()),
    "\x85": () => push(popAll(1)),
    "\x86": () => push(popAll(2)),
    "\x87": () => push(popAll(3)),
    "}": () => push(new Map()),
    d: () => {
      const values = popToMark();
      push(new Map());
      setItems(values);
    },
    s: () => setItems(popAll(2)),
    u: () => setItems(popToMark()),
    p: () => void memo.set(reader.wholeLine(), top()),
    q: () => void memo.set(reader.count(1), top()),
    r: () => void memo.set(reader.count(4), top()),
    "\x94": () => void memo.set(memo.size, top()),
    g: () => recall(reader.wholeLine()),
    h: () => recall(reader.count(1)),
    j: () => recall(reader.count(4)),
    c: () => push(drafts.named(reader.line(), reader.line())),
    "\x93": () => {
      const [module, member] = popAll(2);
      push(drafts.named(textOf(module, reader), textOf(member, reader)));
    },
    R: () => {
      const [called, given] = popAll(2);
      push(drafts.called(called, given));
    },
    b: () => {
      const [built, state] = popAll(2);
      push(drafts.built(built, state));
    },
  };

  for (;;) {
    const opcode = String.fromCharCode(reader.count(1));
    if (opcode === ".") return drafts.finished(pop());
    if (!Object.hasOwn(steps, opcode)) {
      throw new HeddleError(
        `${name} holds more than plain values: its opcode 0x${opcode.charCodeAt(0).toString(16)} at byte ${reader.at - 1} is not followed, since a pickle may run anything. Load it with Python and save its arrays with np.savez.`,
      );
    }
    steps[opcode]();
  }
}

/** A text, whichever Python wrote it; numbers serve as keys too. */
function textOf(value: PickleValue, reader: PickleReader): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array && value.length < 256) return String.fromCharCode(...value);
  if (typeof value === "number") return String(value);
  throw reader.damaged("a key or a name in it is no text");
}
