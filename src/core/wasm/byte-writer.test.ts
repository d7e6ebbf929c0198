import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ByteWriter } from "./byte-writer.js";

describe("the byte writer", () => {
  it("keeps everything that was written, in order, however it grows", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 12 }), (parts) => {
        const writer = new ByteWriter();
        for (const part of parts) writer.write(part);
        const all = parts.flatMap((part) => [...part]);
        assert.equal(writer.length, all.length);
        assert.deepEqual([...writer.finish()], all);
      }),
    );
  });

  it("gives a copy, which later bytes leave alone", () => {
    const writer = new ByteWriter();
    writer.write([1, 2]);
    const first = writer.finish();
    writer.write([3]);
    assert.deepEqual([...first], [1, 2]);
    assert.deepEqual([...writer.finish()], [1, 2, 3]);
  });
});
