import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checkLabelRange, classesOfTrainingLabels, countLabels } from "./labels.js";

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
    assert.equal(classesOfTrainingLabels(labels, "x"), classes);
    checkLabelRange(labels, classes, "x");
    assert.throws(
      () => checkLabelRange(labels, classes - 1, "x"),
      /label 65535 \(of image 65535\).* 0 to 65534/,
    );
  });

  it("that are damaged name the class that is short, without a table as large as they say", () => {
    const damaged = Uint32Array.of(0, 1, 0, 1, 2 ** 32 - 1);
    assert.throws(
      () => classesOfTrainingLabels(damaged, "x"),
      /^HeddleError: x: label 4294967295 \(of image 4\) is out of range: .* but class 2 has 0\./,
    );
  });

  it("are of as many classes as there are, or refused, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 30 }), (labels) => {
        const highest = Math.max(...labels);
        const whole = Array.from({ length: highest + 1 }, (_, own) =>
          labels.filter((label) => label === own),
        );
        const right = highest > 0 && whole.every((own) => own.length >= 2);
        for (const type of types) {
          const classes = () => classesOfTrainingLabels(type.from(labels), "x");
          if (right) assert.equal(classes(), highest + 1);
          else assert.throws(classes, { name: "HeddleError" });
        }
      }),
    );
  });
});
