import assert from "node:assert/strict";
import fc from "fast-check";
import { HeddleError } from "../core/errors.js";

/**
 * Holds a reader to what it owes hostile files: of any beginning of a good one, and of one with bytes exchanged, it makes
 * something or refuses it in words.
 */
export function itSurvivesDamage(
  good: Uint8Array,
  read: (bytes: Uint8Array) => unknown,
  numRuns = 300,
): void {
  const survives = (bytes: Uint8Array): void => {
    try {
      read(bytes);
    } catch (error) {
      assert.ok(error instanceof HeddleError, String((error as Error).stack));
    }
  };
  for (let length = 0; length < good.length; length += Math.ceil(good.length / 200)) {
    assert.throws(() => read(good.slice(0, length)), HeddleError, `the first ${length} bytes`);
  }
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = good.slice();
      for (const [place, value] of changes) bytes[place] = value;
      survives(bytes);
    }),
    { numRuns },
  );
}
