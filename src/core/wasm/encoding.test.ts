import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { floatBytes, signed, signed64, unsigned, utf8, vector } from "./encoding.js";

/** LEB128 as the standard reads it: seven bits a byte, lowest first, the last byte's sixth bit the sign. */
function read(bytes: readonly number[], isSigned: boolean): bigint {
  let value = 0n;
  bytes.forEach((byte, index) => {
    assert.equal(byte >= 0x80, index < bytes.length - 1, "only the last byte ends it");
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
  });
  return isSigned ? BigInt.asIntN(7 * bytes.length, value) : value;
}

describe("LEB128", () => {
  it("knows the edges of unsigned numbers", () => {
    assert.deepEqual(unsigned(0), [0]);
    assert.deepEqual(unsigned(127), [0x7f]);
    assert.deepEqual(unsigned(128), [0x80, 1]);
    assert.deepEqual(unsigned(624_485), [0xe5, 0x8e, 0x26]);
    assert.deepEqual(unsigned(2 ** 32 - 1), [0xff, 0xff, 0xff, 0xff, 0x0f]);
  });

  it("knows the edges of signed numbers", () => {
    assert.deepEqual(signed(63), [0x3f]);
    assert.deepEqual(signed(64), [0xc0, 0]);
    assert.deepEqual(signed(-1), [0x7f]);
    assert.deepEqual(signed(-64), [0x40]);
    assert.deepEqual(signed(-65), [0xbf, 0x7f]);
    assert.deepEqual(signed(-123_456), [0xc0, 0xbb, 0x78]);
    assert.deepEqual(signed(-(2 ** 31)), [0x80, 0x80, 0x80, 0x80, 0x78]);
    assert.deepEqual(signed(2 ** 31 - 1), [0xff, 0xff, 0xff, 0xff, 0x07]);
    // An address beyond 2 GiB is the same 32 bits.
    assert.deepEqual(signed(2 ** 31), signed(-(2 ** 31)));
    assert.deepEqual(signed64(-(2n ** 63n)), [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]);
    assert.deepEqual(signed64(64n), [0xc0, 0]);
  });

  it("says every number in as few bytes as can be", () => {
    const fewest = (bytes: readonly number[], isSigned: boolean): boolean => {
      const last = bytes[bytes.length - 1];
      const before = bytes[bytes.length - 2] ?? 0;
      if (bytes.length === 1) return true;
      return isSigned
        ? !(last === 0 && (before & 0x40) === 0) && !(last === 0x7f && (before & 0x40) !== 0)
        : last !== 0;
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.maxSafeInteger(),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        (word, wide, long) => {
          const whole = wide | 0;
          assert.equal(read(unsigned(word), false), BigInt(word));
          assert.equal(read(signed(whole), true), BigInt(whole));
          assert.equal(read(signed64(long), true), long);
          assert.ok(
            fewest(unsigned(word), false) && fewest(signed(whole), true) && fewest(signed64(long), true),
          );
        },
      ),
    );
  });
});

describe("encoding", () => {
  it("puts a vector's length first", () => {
    assert.deepEqual(vector([]), [0]);
    assert.deepEqual(vector([[1, 2], [3]]), [2, 1, 2, 3]);
    assert.equal(vector(new Array<number[]>(200).fill([7])).length, 202);
  });

  it("writes names of ASCII, and no others", () => {
    assert.deepEqual(utf8("run"), [3, 0x72, 0x75, 0x6e]);
    assert.throws(() => utf8("größe"), { name: "RangeError", message: /ASCII; received "größe"/ });
  });

  it("writes floats lowest byte first", () => {
    assert.deepEqual(floatBytes(1, -2), [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });
});
