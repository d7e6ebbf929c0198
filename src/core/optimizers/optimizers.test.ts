import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../errors.js";
import { adam, adamw, createOptimizer, muon, optimizerNames, rmsprop, sgd } from "./index.js";

describe("optimizers", () => {
  it("have Keras's defaults", () => {
    assert.deepEqual(sgd(), { name: "sgd", momentum: 0, nesterov: false, weightDecay: 0 });
    assert.deepEqual(adam(), { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
    assert.deepEqual(adamw(), {
      name: "adamw",
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
      weightDecay: 0.004,
    });
    assert.deepEqual(rmsprop(), { name: "rmsprop", rho: 0.9, epsilon: 1e-7, momentum: 0 });
  });

  it("have Jordan's defaults where they are Jordan's", () => {
    assert.deepEqual(muon(), {
      name: "muon",
      momentum: 0.95,
      nesterov: true,
      iterations: 5,
      weightDecay: 0.01,
      adamShare: 0.1,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
    });
  });

  it("are made by name with some options given", () => {
    assert.deepEqual(optimizerNames, ["sgd", "adam", "adamw", "rmsprop", "muon"]);
    for (const name of optimizerNames) assert.equal(createOptimizer(name).name, name);
    assert.deepEqual(
      createOptimizer("sgd", { momentum: 0.9, nesterov: true, weightDecay: undefined }),
      sgd({ momentum: 0.9, nesterov: true }),
    );
  });

  const wrong: [string, () => unknown, RegExp][] = [
    ["an unknown name", () => createOptimizer("adamm"), /Unknown optimizer "adamm"; known are sgd, adam/],
    ["an inherited name", () => createOptimizer("toString"), /Unknown optimizer "toString"/],
    [
      "another's option",
      () => createOptimizer("adam", { momentum: 0.9 }),
      /adam has no option momentum; it has beta1/,
    ],
    ["a momentum of 1", () => sgd({ momentum: 1 }), /sgd's momentum is 1; it must be at least 0 and below 1/],
    ["NaN", () => adam({ beta1: Number.NaN }), /adam's beta1 is NaN/],
    [
      "an epsilon of 0",
      () => rmsprop({ epsilon: 0 }),
      /rmsprop's epsilon is 0; it must be a finite number above 0/,
    ],
    ["a negative decay", () => adamw({ weightDecay: -1 }), /adamw's weightDecay is -1/],
    [
      "half an iteration",
      () => muon({ iterations: 2.5 }),
      /muon's iterations is 2\.5; it must be a whole number from 1 to 100/,
    ],
    ["no iteration", () => muon({ iterations: 0 }), /muon's iterations is 0/],
    ["a negative share", () => muon({ adamShare: -0.1 }), /muon's adamShare is -0\.1; .* 0 or more/],
    ["muon's momentum of 1", () => muon({ momentum: 1 }), /muon's momentum is 1/],
    ["muon's NaN", () => muon({ beta2: Number.NaN }), /muon's beta2 is NaN/],
    ["nesterov alone", () => sgd({ nesterov: true }), /nesterov needs a momentum above 0/],
  ];
  for (const [what, call, message] of wrong) {
    it(`refuse ${what}`, () => {
      assert.throws(call, (error) => error instanceof UsageError && message.test(error.message));
    });
  }
});
