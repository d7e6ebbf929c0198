import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { portableArithmetic, relaxedArithmetic } from "../kernels/arithmetic.js";
import { narrowTiling, type Tiling, wideTilings } from "../kernels/tiling.js";
import { fastestTiling, measureTilings } from "./tiling-probe.js";

const [six, five, four] = wideTilings;

describe("the fastest tiling", () => {
  const cases: readonly [string, number[], Tiling][] = [
    ["the narrow one where all are equal", [10, 10, 10, 10], narrowTiling],
    ["the narrow one where none is clearly faster", [10, 11, 11.4, 11.4], narrowTiling],
    ["the narrow one where it is fastest", [10, 5, 5, 5], narrowTiling],
    ["the wide one of most rows where those are equal", [10, 20, 20, 20], six],
    ["the one of most rows among nearly equal ones", [10, 15, 19.6, 20], five],
    ["the clearly fastest", [10, 12, 15, 20], four],
  ];
  for (const [what, rates, tiling] of cases) {
    it(`is ${what}`, () => {
      const measured = fastestTiling(
        portableArithmetic,
        () => assert.fail("rates are given"),
        (_, tilings) => {
          assert.deepEqual(tilings, [narrowTiling, ...wideTilings]);
          return rates;
        },
      );
      assert.equal(measured, tiling);
    });
  }

  it("is asked for again where the narrow one came first: something else may have had the processor", () => {
    const rates = [
      [10, 9, 11, 8],
      [10, 20, 20, 20],
    ];
    let asked = 0;
    assert.equal(
      fastestTiling(
        relaxedArithmetic,
        () => 0,
        () => rates[asked++],
      ),
      six,
    );
    assert.equal(asked, 2);
  });

  it("is told from multiply-adds a millisecond, the best of some rounds", () => {
    // Each measurement asks twice; the narrow tile's take 2 ms, 1 ms once, the wide one's 4.
    let asked = 0;
    let time = 0;
    const clock = (): number => {
      const round = Math.floor(asked / 4);
      const wide = asked % 4 > 1;
      if (asked++ % 2 === 1) time += wide ? 4 : round === 3 ? 1 : 2;
      return time;
    };
    const [narrow, wide] = measureTilings(portableArithmetic, [narrowTiling, six], clock);
    const work = ({ rows, blocks }: Tiling): number => rows * blocks[rows];
    assert.equal(narrow / wide, (4 * work(narrowTiling)) / work(six));
  });
});
