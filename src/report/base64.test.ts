import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { base64 } from "./base64.js";

describe("base64", () => {
  it("is what Node makes of the same bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        assert.equal(base64(bytes), Buffer.from(bytes).toString("base64"));
      }),
    );
  });
});
