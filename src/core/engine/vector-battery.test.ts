import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { portableArithmetic, relaxedArithmetic } from "../kernels/arithmetic.js";
import { narrowTiling, wideTilings } from "../kernels/tiling.js";
import { vectorBattery } from "./vector-battery.js";

describe("the battery of kernels", () => {
  for (const arithmetic of [relaxedArithmetic, portableArithmetic]) {
    const battery = vectorBattery(arithmetic, wideTilings[0], 0);
    it(`leaves the same bits each time${arithmetic.relaxed ? "" : " (portable)"}`, () => {
      assert.deepEqual(vectorBattery(arithmetic, wideTilings[0], 1), battery);
    });

    it(`computes something that is not zero nor NaN${arithmetic.relaxed ? "" : " (portable)"}`, () => {
      // A NaN's bits may differ from compiler to compiler, so there must be none but the small negative whole numbers
      // of tables, which only look like some.
      const table = (word: number): boolean => word < 0 && word > -4096;
      const numbers = new Float32Array(battery.buffer);
      const written = numbers.filter((_, at) => at >= 8 * 16_384 && !table(battery[at]));
      const telling = written.filter((value) => value !== 0 && Number.isFinite(value));
      assert.ok(telling.length > 5000, `${telling.length} numbers`);
      assert.ok(!written.some(Number.isNaN));
    });
  }

  it("tells arithmetics apart", () => {
    const [fused, plain] = [relaxedArithmetic, portableArithmetic].map((arithmetic) =>
      vectorBattery(arithmetic, narrowTiling, 0),
    );
    assert.notDeepEqual(fused, plain);
  });
});
