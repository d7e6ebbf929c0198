import {
  type F32,
  type FunctionBuilder,
  type f32,
  f32x4,
  type I32Like,
  i32,
  i32x4,
  type Local,
  type V128,
} from "../wasm/index.js";

/** Up to so many classes are written out and stay in registers; more are a loop over memory. */
const mostWrittenOut = 64;

/** Kahan's sum: what rounding took off the sum so far is taken off the next term with the sign turned. */
export function addExactly(f: FunctionBuilder, sum: Local<"v128">, lost: Local<"v128">, term: V128): void {
  const wanted = f.let(f32x4.sub(term, lost));
  const next = f.let(f32x4.add(sum, wanted));
  f.set(lost, f32x4.sub(f32x4.sub(next, sum), wanted));
  f.set(sum, next);
}

/** Four classes' place among the logits: `offset` is known, `address` where there is a loop. */
export interface Place {
  readonly address: I32Like;
  readonly offset: number;
  /** The classes' numbers. */
  readonly numbers: V128;
}

/** Goes through all classes, four at a time; `inside` masks the classes of the last four that there are. */
export interface Walk {
  /** @returns what each four gave, where there is no loop */
  each(write: (at: Place, inside: V128 | undefined, vector: number) => V128): readonly V128[] | undefined;
}

/** @param classes decides how: written out, or as a loop over memory */
export function walkClasses(f: FunctionBuilder, classes: number): Walk {
  return classes <= mostWrittenOut ? writtenOut(classes) : looped(f, classes);
}

const fourFrom = (first: number): V128 => i32x4.const([first, first + 1, first + 2, first + 3]);

function insideOf(first: number, classes: number): V128 | undefined {
  if (first + 4 <= classes) return undefined;
  const [a, b, c, d] = [0, 1, 2, 3].map((lane) => (first + lane < classes ? -1 : 0));
  return i32x4.const([a, b, c, d]);
}

function writtenOut(classes: number): Walk {
  return {
    each: (write) =>
      Array.from({ length: Math.ceil(classes / 4) }, (_, vector) => {
        const place = { address: 0, offset: vector * 16, numbers: fourFrom(vector * 4) };
        return write(place, insideOf(vector * 4, classes), vector);
      }),
  };
}

function looped(f: FunctionBuilder, classes: number): Walk {
  const whole = Math.floor(classes / 4) * 4;
  return {
    each: (write) => {
      f.for({ to: whole * 4, step: 16 }, (address) => {
        const first = i32x4.splat(i32.shrU(address, 2));
        write({ address, offset: 0, numbers: i32x4.add(first, fourFrom(0)) }, undefined, 0);
      });
      if (whole < classes)
        write({ address: 0, offset: whole * 4, numbers: fourFrom(whole) }, insideOf(whole, classes), 0);
      return undefined;
    },
  };
}

/** One number of four lanes. */
export function across(vector: Local<"v128">, join: typeof f32.add): F32 {
  return join(
    join(f32x4.extractLane(vector, 0), f32x4.extractLane(vector, 1)),
    join(f32x4.extractLane(vector, 2), f32x4.extractLane(vector, 3)),
  );
}
