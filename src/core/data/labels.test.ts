import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checkLabelRange, countLabels } from "./labels.js";

const types = [Uint8Array, Uint16Array, Uint32Array] as const;

describe("labels", () => {
  it("are counted alike in every width, those beyond left out", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), fc.integer({ min: 1, max: 12 }), (labels, classes) => {
        const expected = Array.from(
          { length: classes },
          (_, own) => labels.filter((label) => label === own).length,
        );
        for (const type of types) assert.deepEqual([...countLabels(type.from(labels), classes)], expected);
      }),
    );
  });

  it("speak of 65,536 classes", () => {
    const classes = 65_536;
    const labels = Uint16Array.from({ length: 2 * classes }, (_, image) => image);
    checkLabelRange(labels, classes, "x");
    assert.throws(
      () => checkLabelRange(labels, classes - 1, "x"),
      /label 65535 \(of image 65535\).* 0 to 65534/,
    );
  });
});
