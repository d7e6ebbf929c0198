import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { HeddleError } from "#heddle/core/errors.js";
import { createRandom } from "#heddle/core/random.js";
import { parseReceipt, receiptText } from "#heddle/run/receipt/receipt.js";
import { exampleReceipt } from "./fuzz/example-receipt.js";
import { hostileReceipt } from "./fuzz/hostile-receipt.js";

describe("a receipt that somebody changed", () => {
  let text: string;
  before(async () => {
    text = await exampleReceipt();
  });

  it("is read as it was written before", () => {
    assert.equal(receiptText(parseReceipt(text, "receipt.json")), text);
  });

  it("is refused in words, or is what a run could have written, whatever happened to it", () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        try {
          parseReceipt(hostileReceipt(text, createRandom(seed)), "receipt.json");
        } catch (error) {
          assert.ok(error instanceof HeddleError, String((error as Error).stack));
          refused++;
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(refused > 200, `${refused} of 400`);
  });
});
