import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../errors.js";
import { describeOptions } from "../options/index.js";
import {
  adam,
  adamw,
  createOptimizer,
  muon,
  optimizerNames,
  optimizerOptions,
  rmsprop,
  sgd,
} from "./index.js";

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

  it("are made of their configuration, whole or in part", () => {
    assert.deepEqual(createOptimizer({ name: "adam" }), adam());
    assert.deepEqual(createOptimizer({ name: "adamw", beta1: 0.8 }), adamw({ beta1: 0.8 }));
    assert.deepEqual(createOptimizer({ name: "adamw", beta1: 0.8 }, { beta1: 0.7 }), adamw({ beta1: 0.7 }));
    for (const name of optimizerNames) {
      const made = createOptimizer(name);
      assert.deepEqual(createOptimizer(JSON.parse(JSON.stringify(made))), made);
    }
  });

  it("declare defaults that they would take", () => {
    for (const name of optimizerNames) {
      const { name: _, ...defaults } = createOptimizer(name);
      assert.deepEqual(
        describeOptions(optimizerOptions[name]).map((row) => [row.name, row.default]),
        Object.entries(defaults).map(([option, value]) => [option, String(value)]),
      );
    }
  });

  const wrong: [string, () => unknown, RegExp][] = [
    [
      "an unknown name",
      () => createOptimizer("adamm"),
      /^optimizer: name must be one of "sgd", "adam", .* but is "adamm"\. Did you mean "adam"\?/,
    ],
    ["an inherited name", () => createOptimizer("toString"), /but is "toString"\./],
    ["a type", () => createOptimizer({ type: "adam" } as never), /name must be one of .* but is nothing/],
    ["a factory", () => createOptimizer(adam as never), /but is a function\. Call it, as in adam\(\)\./],
    ["nothing", () => createOptimizer(undefined as never), /^optimizer must be one of .* but is nothing/],
    [
      "another's option",
      () => createOptimizer("adam", { momentum: 0.9 }),
      /^adam has no option "momentum"\. Its options: beta1, beta2, epsilon\./,
    ],
    [
      "a learning rate",
      () => adam({ lr: 0.1 } as never),
      /adam has no option "lr"\. Give the learning rate to compile: compile\(/,
    ],
    ["PyTorch's betas", () => adam({ betas: [0.9, 0.99] } as never), /Give beta1 and beta2\./],
    ["Keras's spelling", () => adam({ beta_1: 0.9 } as never), /no option "beta_1"\. Did you mean beta1\?/],
    [
      "a momentum of 1",
      () => sgd({ momentum: 1 }),
      /^sgd: momentum must be a number from 0 up to, not including, 1, but is 1\.$/,
    ],
    ["NaN", () => adam({ beta1: Number.NaN }), /adam: beta1 must be .* is NaN/],
    ["a number for options", () => adam(0.001 as never), /^adam takes an object of options .* got 0\.001/],
    [
      "an epsilon of 0",
      () => rmsprop({ epsilon: 0 }),
      /rmsprop: epsilon must be a number of 1e-30 or more, but is 0/,
    ],
    [
      "a negative decay",
      () => adamw({ weightDecay: -1 }),
      /adamw: weightDecay must be a number of 0 or more/,
    ],
    ["half an iteration", () => muon({ iterations: 2.5 }), /iterations must be a whole number from 1 to 100/],
    ["no iteration", () => muon({ iterations: 0 }), /muon: iterations must be .* is 0/],
    ["a negative share", () => muon({ adamShare: -0.1 }), /muon: adamShare must be .* 0 or more.* is -0\.1/],
    ["muon's momentum of 1", () => muon({ momentum: 1 }), /muon: momentum must be .* is 1/],
    ["muon's NaN", () => muon({ beta2: Number.NaN }), /muon: beta2 must be .* is NaN/],
    [
      "a word for a flag",
      () => muon({ nesterov: "no" as never }),
      /nesterov must be true or false, but is "no"/,
    ],
    ["nesterov alone", () => sgd({ nesterov: true }), /nesterov needs a momentum above 0/],
  ];
  for (const [what, call, message] of wrong) {
    it(`refuse ${what}`, () => {
      assert.throws(call, (error) => error instanceof UsageError && message.test(error.message));
    });
  }
});
