import { UsageError } from "../errors.js";
import {
  checkValue,
  choice,
  convertedBy,
  type OptionKind,
  optionValues,
  received,
} from "../options/index.js";
import {
  type OptimizerConfig,
  type OptimizerName,
  type OptimizerOptions,
  type OptimizerSpec,
  optimizerNames,
  optimizers,
} from "./optimizer.js";

const nameKind = choice(optimizerNames);
const expected = `${nameKind.expected}, or an object with such a name`;

/**
 * An optimizer by name, or whole as a factory or a file gives it; what is left out is at its default.
 *
 * @throws UsageError on an unknown name, an option that the optimizer hasn't, or a number out of range.
 */
export function createOptimizer(
  optimizer: string | OptimizerSpec,
  options: OptimizerOptions = {},
): OptimizerConfig {
  if (typeof optimizer === "string") {
    return make(optimizer, options);
  }
  const given = optionValues(optimizer);
  if (given === undefined) {
    const mend = typeof optimizer === "function" ? " Call it, as in adam()." : "";
    throw new UsageError(`optimizer must be ${expected}, but is ${received(optimizer)}.${mend}`);
  }
  const { name, ...own } = Object.fromEntries(given);
  return make(name, { ...own, ...options });
}

function make(name: unknown, options: OptimizerOptions): OptimizerConfig {
  return optimizers[checkValue("optimizer", "name", name, nameKind)].make(options);
}

/** An optimizer as an option of something else. */
export const optimizerKind: OptionKind<OptimizerConfig, OptimizerName | OptimizerSpec> = convertedBy(
  expected,
  (given) => createOptimizer(given),
);
