import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { i32, i32x4, v128 } from "./expression.js";
import { callI32, type FunctionBuilder } from "./function.js";
import { ModuleBuilder } from "./module.js";
import { evaluate, instantiate } from "./testing/evaluate.js";

describe("control flow", () => {
  it("loops from, to and by a step", () => {
    const sum = (from: number, to: number, step: number): number =>
      evaluate(
        (f, { from, to }) => {
          const total = f.let(i32.const(0));
          f.for({ from, to, step }, (counter) => f.set(total, i32.add(total, counter)));
          f.return(total);
        },
        { args: { from, to } },
      ).result;
    assert.equal(sum(0, 10, 1), 45);
    assert.equal(sum(3, 10, 3), 18);
    assert.equal(sum(10, 10, 1), 0);
    assert.equal(sum(-1, 10, 1), 0, "counters are unsigned");
  });

  it("repeats while a condition holds, looked at first", () => {
    const halvings = (value: number): number =>
      evaluate(
        (f, { x }) => {
          const count = f.let(i32.const(0));
          f.while(i32.geS(x, 2), () => {
            f.set(x, i32.shrU(x, 1));
            f.add(count, 1);
          });
          f.return(count);
        },
        { args: { x: value } },
      ).result;
    assert.deepEqual([halvings(64), halvings(1)], [6, 0]);
  });

  it("takes one branch, or another, or none, and leaves early", () => {
    const sign = (value: number): number =>
      evaluate(
        (f, { x }) => {
          const answer = f.let(i32.const(7));
          f.if(i32.eqz(x), () => f.return(0));
          f.if(
            i32.ltS(x, 0),
            () => f.set(answer, i32.const(-1)),
            () => f.set(answer, i32.const(1)),
          );
          f.return(answer);
        },
        { args: { x: value } },
      ).result;
    assert.deepEqual([sign(-9), sign(0), sign(9)], [-1, 0, 1]);
  });

  it("keeps variables of different types apart", () => {
    const { words } = evaluate(
      (f, { x }) => {
        const first = f.let(i32.const(1));
        const lanes = f.let(i32x4.splat(x));
        const second = f.let(i32.const(2));
        const doubled = f.let(i32x4.add(lanes, lanes));
        f.drop(i32.const(99));
        f.do(v128.store(0, doubled));
        f.return(i32.add(first, second));
      },
      { args: { x: 21 } },
    );
    assert.deepEqual([...words.subarray(0, 4)], [42, 42, 42, 42]);
  });
});

describe("modules", () => {
  const newModule = () => new ModuleBuilder({ maximumPages: 1, shared: false });

  it("export what has a name, and call what has none", () => {
    const module = newModule();
    const square = module.function(["x"], (f, { x }) => f.return(i32.mul(x, x)), { result: "i32" });
    const note = module.function(["at", "value"], (f, { at, value }) => f.do(i32.store(at, value)));
    module.function(
      ["x", "y"],
      (f, { x, y }) => {
        f.call(note, { at: 8, value: callI32(square, { x: y }) });
        f.return(i32.add(callI32(square, { x }), i32.load(8)));
      },
      { result: "i32", exportAs: "squares" },
    );
    const { exports } = instantiate(module, false);
    assert.deepEqual(Object.keys(exports), ["squares"]);
    assert.equal(exports.squares(3, 4), 25);
  });

  it("emit once what has one key", () => {
    const module = newModule();
    let made = 0;
    const make = () => {
      made++;
      return module.function([], () => undefined);
    };
    assert.equal(module.once("a", make), module.once("a", make));
    assert.notEqual(module.once("a", make), module.once("b", make));
    assert.equal(made, 2);
  });

  it("call what they import, which must come first", () => {
    const module = new ModuleBuilder({ maximumPages: 1, shared: false });
    const seven = module.importFunction("seven");
    module.function(["value"], (f, { value }) => f.return(i32.add(value, callI32(seven, {}))), {
      result: "i32",
      exportAs: "run",
    });
    assert.throws(() => module.importFunction("late"), /"late" came after a function/);
    assert.equal(instantiate(module, false, { seven: () => 7 }).exports.run(5), 12);
  });

  it("pass arguments by name, in the order of the parameters whatever the call's", () => {
    const module = newModule();
    const subtract = module.function(["from", "amount"], (f, p) => f.return(i32.sub(p.from, p.amount)), {
      result: "i32",
    });
    module.function(["x", "y"], (f, { x, y }) => f.return(callI32(subtract, { amount: y, from: x })), {
      result: "i32",
      exportAs: "run",
    });
    assert.deepEqual(subtract.parameters, ["from", "amount"]);
    assert.equal(instantiate(module, false).exports.run(50, 8), 42);
  });

  it("refuse a call that leaves a parameter out or knows another: the compiler does, and what runs", () => {
    const module = newModule();
    const copy = module.function(["from", "to"], () => undefined);
    const one = module.function(["x"], (f, { x }) => f.return(x), { result: "i32" });
    const refused = (write: (f: FunctionBuilder) => void, message: RegExp) =>
      assert.throws(() => module.function([], write), { message });
    // @ts-expect-error
    refused((f) => f.call(copy, { from: 1 }), /passes \(from\) to a function that takes \(from, to\)/);
    // @ts-expect-error
    refused((f) => f.call(copy, { from: 1, to: 2, end: 3 }), /passes \(from, to, end\) to a function/);
    // @ts-expect-error
    refused((f) => f.call(copy, { from: 1, toString: 2 }), /passes \(from, toString\) to a function/);
    // @ts-expect-error
    refused((f) => f.drop(callI32(one, {})), /passes \(\) to a function that takes \(x\)/);
  });

  it("refuse two parameters of one name", () => {
    assert.throws(() => newModule().function(["x", "x"], () => undefined), {
      message: /two parameters of one name: \(x, x\)/,
    });
  });

  it("take more functions and variables than one byte can count", () => {
    const module = newModule();
    const functions = Array.from({ length: 300 }, (_, index) =>
      module.function([], (f) => f.return(index), { result: "i32" }),
    );
    module.function(
      [],
      (f) => {
        const variables = functions.map((target) => f.let(callI32(target, {})));
        f.return(
          variables.reduce(
            (sum: ReturnType<typeof i32.add>, variable) => i32.add(sum, variable),
            i32.const(0),
          ),
        );
      },
      { result: "i32", exportAs: "sum" },
    );
    assert.equal(instantiate(module, false).exports.sum(), (299 * 300) / 2);
  });

  it("want the kind of memory they were made for", () => {
    const module = new ModuleBuilder({ maximumPages: 1, shared: true });
    assert.throws(() => instantiate(module, false), { name: "LinkError" });
  });
});
