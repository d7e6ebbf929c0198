import { describe } from "node:test";
import { fuzzed, itRefusesWrongArguments } from "../../testing/wrong-arguments.js";
import { checkValue } from "../options/index.js";
import * as optimizers from "./index.js";

const optimizer = (config: optimizers.OptimizerConfig) => {
  const { name, ...options } = config;
  return (
    optimizers.optimizerNames.includes(name) &&
    Object.keys(options).join() === Object.keys(optimizers.optimizerOptions[name]).join() &&
    Object.values(options).every((value) => typeof value === "boolean" || Number.isFinite(value))
  );
};

describe("optimizers", () => {
  itRefusesWrongArguments({
    sgd: fuzzed({
      call: optimizers.sgd,
      args: [{ momentum: 0.9, nesterov: true, weightDecay: 0.1 }],
      holds: optimizer,
    }),
    adam: fuzzed({
      call: optimizers.adam,
      args: [{ beta1: 0.9, beta2: 0.99, epsilon: 1e-8 }],
      holds: optimizer,
    }),
    adamw: fuzzed({ call: optimizers.adamw, args: [{ beta1: 0.9, weightDecay: 0.1 }], holds: optimizer }),
    rmsprop: fuzzed({
      call: optimizers.rmsprop,
      args: [{ rho: 0.9, epsilon: 1, momentum: 0.5 }],
      holds: optimizer,
    }),
    muon: fuzzed({
      call: optimizers.muon,
      args: [{ momentum: 0.9, nesterov: false, iterations: 3, adamShare: 1 }],
      holds: optimizer,
    }),
    createOptimizer: fuzzed({
      call: optimizers.createOptimizer,
      args: ["sgd", { momentum: 0.9, nesterov: true }],
      holds: optimizer,
    }),
    "createOptimizer of a configuration": fuzzed({
      call: optimizers.createOptimizer,
      args: [optimizers.muon()],
      holds: optimizer,
    }),
    "an optimizer as an option": fuzzed({
      call: (given: unknown) => checkValue("compile", "optimizer", given, optimizers.optimizerKind),
      args: [optimizers.adamw()],
      holds: optimizer,
    }),
  });
});
