import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { numberClasses, numbered } from "./numbering.js";

describe("numbering classes", () => {
  it("keeps the order of the labels and loses none, or refuses, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 30 }), (given) => {
        const labels = Float64Array.from(given, (label) => 3 * label + 1);
        const distinct = [...new Set(labels)].sort((a, b) => a - b);
        const isRight =
          distinct.length > 1 && distinct.every((label) => labels.filter((own) => own === label).length > 1);
        if (!isRight) return assert.throws(() => numberClasses(labels, "x"), { name: "HeddleError" });
        const numbering = numberClasses(labels, "x");
        assert.deepEqual(numbering.written, distinct);
        const numbers = numbered(labels, numbering, "x");
        assert.deepEqual(
          Array.from(numbers, (number) => distinct[number]),
          [...labels],
        );
      }),
    );
  });

  it("tells 65,536 classes apart, in labels as wide as they need", () => {
    const labels = Uint16Array.from({ length: 2 * 65_536 }, (_, image) => image);
    const numbers = numbered(labels, numberClasses(labels, "x"), "x");
    assert.ok(numbers instanceof Uint16Array);
    assert.equal(numbers[65_535], 65_535);
  });

  it("gives the labels of a file back as they are where they count from 0", () => {
    const labels = Uint8Array.of(0, 1, 1, 0);
    assert.equal(numbered(labels, numberClasses(labels, "x"), "x"), labels);
  });
});
