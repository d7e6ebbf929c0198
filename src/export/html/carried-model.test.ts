import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError } from "../../core/errors.js";
import { requireCarriable } from "./carried-model.js";

describe("a model that a page carries", () => {
  it("is no larger than a page's text can be", () => {
    const most = 380 * 2 ** 20;
    assert.ok(Math.ceil(most / 3) * 4 < 2 ** 29 - 24);
    requireCarriable(most, false);
    const words = /has 381 MiB of weights, and a page carries at most 380 MiB\. With half .*better served/;
    assert.throws(() => requireCarriable(most + 1, false), words);
    assert.throws(
      () => requireCarriable(most + 1, true),
      (error) => error instanceof HeddleError && !error.message.includes("With half"),
    );
  });
});
