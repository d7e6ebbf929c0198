import { HeddleError } from "../errors.js";
import { type OptionKind, Refusal } from "./kind.js";

/** A kind whose values a function converts; where it throws one of our errors, that says what was wrong. */
export function convertedBy<Value, Given>(
  expected: string,
  make: (given: Given) => Value,
): OptionKind<Value, Given> {
  return {
    expected,
    read(value) {
      try {
        return make(value as Given);
      } catch (error) {
        if (!(error instanceof HeddleError)) throw error;
        return new Refusal((owner) => `${owner}: ${error.message}`, error);
      }
    },
  };
}
