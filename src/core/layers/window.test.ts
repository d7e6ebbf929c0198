import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { slideWindow } from "./window.js";

const size = fc.integer({ min: 1, max: 40 });

describe("slideWindow", () => {
  it("puts the odd zero after, as TensorFlow does", () => {
    assert.deepEqual(slideWindow(4, 3, 2, "same"), { output: 2, before: 0, after: 1 });
    assert.deepEqual(slideWindow(28, 5, 1, "same"), { output: 28, before: 2, after: 2 });
    assert.deepEqual(slideWindow(5, 1, 2, "same"), { output: 3, before: 0, after: 0 });
  });

  it("with same padding, every window reads some of the input and none reaches past the zeros", () => {
    fc.assert(
      fc.property(size, size, size, (input, kernel, stride) => {
        const { output, before, after } = slideWindow(input, kernel, stride, "same");
        assert.equal(output, Math.ceil(input / stride));
        assert.ok(after - before === 0 || after - before === 1);
        const lastStart = (output - 1) * stride - before;
        assert.ok(lastStart < input && before < kernel && lastStart + kernel <= input + after);
      }),
    );
  });

  it("with so many zeros before and after, windows are those of an image that holds them", () => {
    const zeros = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(size, size, size, zeros, zeros, (input, kernel, stride, before, most) => {
        const slid = slideWindow(input, kernel, stride, [before, most]);
        assert.equal(slid.output, slideWindow(before + input + most, kernel, stride, "valid").output);
        assert.ok(slid.before === before && slid.after >= 0 && slid.after <= most);
        if (slid.output < 1) return;
        const end = (slid.output - 1) * stride + kernel - before;
        assert.ok(end <= input + slid.after && (slid.after === 0 || end === input + slid.after));
      }),
    );
  });

  it("with valid padding, one more window wouldn't fit", () => {
    fc.assert(
      fc.property(size, size, size, (input, kernel, stride) => {
        const { output } = slideWindow(input, kernel, stride, "valid");
        if (kernel > input) return assert.ok(output < 1);
        assert.ok((output - 1) * stride + kernel <= input && output * stride + kernel > input);
      }),
    );
  });
});
