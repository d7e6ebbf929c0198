import { unsigned } from "./encoding.js";
import {
  asI32,
  Expression,
  type I32,
  type I32Like,
  i32,
  type Statement,
  type V128,
  type ValueType,
} from "./expression.js";
import { constantBytes, isVectorConstant } from "./vector-constants.js";

export const typeCode: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, v128: 0x7b };

/** A variable of a function; used as an expression it reads itself. */
export class Local<Type extends ValueType = ValueType> extends Expression<Type> {
  constructor(
    type: Type,
    readonly index: number,
  ) {
    super(type, [0x20, ...unsigned(index)]);
  }
}

/** Something that can be called: its index in the module, the names of the i32 that it takes, and what it gives. */
export interface FunctionReference<in out Name extends string> {
  readonly index: number;
  /** In the order of the emitted function's own. */
  readonly parameters: readonly Name[];
  readonly result?: ValueType;
}

/** What a call passes, by the names of the function's parameters. */
export type Arguments<Name extends string> = Readonly<Record<Name, I32Like>>;

/** Collects the instructions of one function. */
export class FunctionBuilder {
  /** What was written so far. */
  readonly #code: number[] = [];
  readonly #locals: ValueType[] = [];
  /** Variables of constants, for each value that `together` writes its own: neighbours are joined, one alone is not. */
  readonly #constants: Map<number, Local<"v128">>[] = [];
  /** Which of its values `together` writes for. */
  #value = 0;
  /** Statements put aside while `together` collects them. */
  #statements: (readonly number[])[] | undefined;
  readonly parameters: readonly Local<"i32">[];

  constructor(parameterCount: number) {
    this.parameters = Array.from({ length: parameterCount }, (_, index) => new Local("i32", index));
  }

  local<Type extends ValueType>(type: Type): Local<Type> {
    this.#locals.push(type);
    return new Local(type, this.parameters.length + this.#locals.length - 1);
  }

  /** A new variable that starts with this value. */
  let<Type extends ValueType>(value: Expression<Type>): Local<Type> {
    const variable = this.local(value.type);
    this.set(variable, value);
    return variable;
  }

  set<Type extends ValueType>(variable: Local<Type>, value: Expression<Type>): void {
    this.#write([...value.bytes, 0x21, ...unsigned(variable.index)]);
  }

  add(variable: Local<"i32">, amount: I32Like): void {
    this.set(variable, i32.add(variable, amount));
  }

  do(statement: Statement): void {
    this.#write(statement.bytes);
  }

  drop(value: Expression<ValueType>): void {
    this.#write([...value.bytes, 0x1a]);
  }

  /** Arguments are worked out in the order of the function's parameters. */
  call<Name extends string>(target: FunctionReference<Name>, args: Arguments<NoInfer<Name>>): void {
    this.#write(callBytes(target, args));
  }

  /**
   * Writes the body for each value, statement by statement in turn: the first of all, then the second of all. So
   * runtimes that join neighbouring operations find them side by side. The body has no branch and no loop.
   */
  together<Value>(values: readonly Value[], body: (value: Value) => void): void {
    if (this.#statements) throw new Error("together within together would lose the order of its statements.");
    const written = values.map((value, index) => {
      const statements: (readonly number[])[] = [];
      this.#statements = statements;
      this.#value = index;
      try {
        body(value);
      } finally {
        this.#statements = undefined;
        this.#value = 0;
      }
      return statements;
    });
    if (written.some(({ length }) => length !== written[0].length))
      throw new Error("together takes a body of as many statements for every value.");
    for (let at = 0; at < (written[0]?.length ?? 0); at++)
      for (const statements of written) append(this.#code, statements[at]);
  }

  /** Ends the function here with this result. */
  return(value: I32Like): void {
    this.#write([...asI32(value).bytes, 0x0f]);
  }

  if(condition: I32, then: () => void, otherwise?: () => void): void {
    this.#control([...condition.bytes, 0x04, 0x40]);
    then();
    if (otherwise) {
      this.#control([0x05]);
      otherwise();
    }
    this.#control([0x0b]);
  }

  /** Repeats the body while the condition, looked at before each turn, holds. */
  while(condition: I32, body: () => void): void {
    this.#control([0x02, 0x40, 0x03, 0x40, ...condition.bytes, 0x45, 0x0d, 1]);
    body();
    this.#control([0x0c, 0, 0x0b, 0x0b]);
  }

  /** for (counter = from; counter < to; counter += step), unsigned. */
  for(range: { from?: I32Like; to: I32Like; step?: number }, body: (counter: Local<"i32">) => void): void {
    const counter = this.let(asI32(range.from ?? 0));
    this.while(i32.ltU(counter, range.to), () => {
      body(counter);
      this.add(counter, range.step ?? 1);
    });
  }

  #write(statement: readonly number[]): void {
    const code = this.#statements ? [] : this.#code;
    this.#append(code, statement);
    this.#statements?.push(code);
  }

  #control(bytes: readonly number[]): void {
    if (this.#statements) throw new Error("A body written together has a branch or a loop.");
    this.#append(this.#code, bytes);
  }

  /** Instructions with variables in the place of constants. */
  #append(code: number[], bytes: readonly number[]): void {
    for (const number of bytes) {
      if (isVectorConstant(number)) append(code, this.#constant(number).bytes);
      else code.push(number);
    }
  }

  #constant(number: number): Local<"v128"> {
    this.#constants[this.#value] ??= new Map();
    const constants = this.#constants[this.#value];
    const variable = constants.get(number) ?? this.local("v128");
    constants.set(number, variable);
    return variable;
  }

  /** The function's body with its declarations, as the module's code section wants it. */
  finish(): Uint8Array {
    const groups: [number, ValueType][] = [];
    for (const type of this.#locals) {
      const last = groups.at(-1);
      if (last && last[1] === type) last[0]++;
      else groups.push([1, type]);
    }
    const declarations = groups.flatMap(([count, type]) => [...unsigned(count), typeCode[type]]);
    const size = unsigned(groups.length);
    const constants = this.#constants.flatMap((variables) =>
      [...variables].flatMap(([number, { index }]) => [
        ...[0xfd, 12, ...constantBytes(number)],
        ...[0x21, ...unsigned(index)],
      ]),
    );
    const parts = [size, declarations, constants, this.#code, [0x0b]];
    const head = unsigned(parts.reduce((sum, part) => sum + part.length, 0));
    const body = new Uint8Array(parts.reduce((sum, part) => sum + part.length, head.length));
    let at = 0;
    for (const part of [head, ...parts]) for (const byte of part) body[at++] = byte;
    return body;
  }
}

function append(code: number[], bytes: readonly number[]): void {
  for (const byte of bytes) code.push(byte);
}

function callBytes<Name extends string>(target: FunctionReference<Name>, args: Arguments<Name>): number[] {
  const { parameters, index } = target;
  const given = Object.keys(args);
  if (given.length !== parameters.length || !parameters.every((name) => Object.hasOwn(args, name)))
    throw new RangeError(
      `A call passes (${given.join(", ")}) to a function that takes (${parameters.join(", ")}).`,
    );
  const values = parameters.flatMap((name) => asI32(args[name]).bytes);
  return [...values, 0x10, ...unsigned(index)];
}

/** A call as an expression, for functions that give an i32. */
export function callI32<Name extends string>(
  target: FunctionReference<Name>,
  args: Arguments<NoInfer<Name>>,
): I32 {
  return new Expression("i32", callBytes(target, args));
}

export type { I32, V128 };
