import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Difference } from "../results/spread.js";
import {
  comesFirst,
  differs,
  gains,
  leads,
  littleInfluence,
  podium,
  ranked,
  reaches,
  riseAfterLowest,
  risesAgain,
  stableAfter,
  together,
  widestGap,
} from "./rules.js";

const difference = (value: number, size: Difference["size"]): Difference => ({
  value,
  deviations: null,
  size,
});

describe("what becomes of a claim", () => {
  it("holds from its figure on, in part from the lesser one on", () => {
    const verdicts = [0.9287, 0.9286, 0.925, 0.9249].map((value) => reaches(value, 0.9287, 0.925));
    assert.deepEqual(verdicts, ["holds", "holds in part", "holds in part", "doesn't hold"]);
  });

  it("takes a difference for one only beyond the spread, and only that way", () => {
    const sizes = ["clear", "small", "unjudged", "level"] as const;
    assert.deepEqual(
      sizes.map((size) => differs(difference(1, size), "higher")),
      ["holds", "holds in part", "can't be judged yet", "doesn't hold"],
    );
    assert.deepEqual(
      sizes.map((size) => differs(difference(1, size), "lower")),
      ["doesn't hold", "doesn't hold", "can't be judged yet", "doesn't hold"],
    );
    assert.equal(differs(difference(-1, "clear"), "lower"), "holds");
  });

  it("leads only where it leads every other", () => {
    const [clear, level] = [difference(1, "clear"), difference(0.1, "level")];
    assert.equal(leads([clear, difference(1, "small")], "higher"), "holds");
    assert.equal(leads([clear, level], "higher"), "holds in part");
    assert.equal(leads([clear, difference(1, "unjudged")], "higher"), "can't be judged yet");
    assert.equal(leads([difference(-1, "clear"), difference(1, "unjudged")], "higher"), "doesn't hold");
    assert.equal(leads([clear, difference(-0.1, "level")], "higher"), "doesn't hold");
    assert.equal(leads([difference(-1, "clear")], "lower"), "holds");
  });

  it("holds a claimed gain against the gain", () => {
    const of = (value: number, size: Difference["size"] = "clear") => difference(value, size);
    assert.equal(gains([{ gain: of(4.5), claimed: 4.5 }]), "holds");
    assert.equal(
      gains([
        { gain: of(4.4), claimed: 4.5 },
        { gain: of(9), claimed: 5 },
      ]),
      "holds in part",
    );
    assert.equal(gains([{ gain: of(4.4, "level"), claimed: 4.5 }]), "doesn't hold");
    assert.equal(gains([{ gain: of(-1), claimed: 4.5 }]), "doesn't hold");
    assert.equal(gains([{ gain: of(4.5, "unjudged"), claimed: 4.5 }]), "holds");
    assert.equal(gains([{ gain: of(4.4, "unjudged"), claimed: 4.5 }]), "can't be judged yet");
  });

  it("calls an influence little up to a range, and in part up to twice that", () => {
    const verdicts = [1.18, 1.19, 2.36, 2.37].map((range) => littleInfluence([90, 90 + range, 90.5], 1.18));
    assert.deepEqual(verdicts, ["holds", "holds in part", "holds in part", "doesn't hold"]);
  });

  it("knows who comes first", () => {
    const order = ["a", "b", "c"];
    assert.deepEqual(
      ["a", "b", "c", "d"].map((name) => comesFirst(order, name, 2)),
      ["holds", "holds in part", "doesn't hold", "doesn't hold"],
    );
    assert.equal(podium(["b", "a", "c", "d"], ["a", "b"], "c"), "holds");
    assert.equal(podium(["c", "a", "b", "d"], ["a", "b"], "c"), "holds in part");
    assert.equal(podium(["a", "b", "d", "c"], ["a", "b"], "c"), "doesn't hold");
  });

  it("sees a loss rise again, and settle", () => {
    assert.equal(riseAfterLowest([1, 0.5, 0.6]), (0.6 - 0.5) / 0.5);
    assert.deepEqual(
      [
        [1, 0.5, 0.56],
        [1, 0.5, 0.51],
        [1, 0.5, 0.504],
        [1, 0.5],
      ].map(risesAgain),
      ["holds", "holds in part", "doesn't hold", "doesn't hold"],
    );
    assert.deepEqual(
      [
        [2, 1.09, 1],
        [2, 1.19, 1],
        [2, 1.3, 1],
        [9, 1, 1],
      ].map((losses) => stableAfter(losses, 2)),
      ["holds", "holds in part", "doesn't hold", "holds"],
    );
  });

  it("sees how far two curves are apart from an epoch on", () => {
    assert.equal(widestGap([9, 3, 2], [0, 1, 2.5], 2), 2);
    assert.equal(widestGap([9, 3, 2], [0, 1, 2.5], 3), 0.5);
  });

  it("joins parts", () => {
    const [yes, part, no] = ["holds", "holds in part", "doesn't hold"] as const;
    const untested = "can't be tested here";
    assert.equal(together([yes, yes]), yes);
    assert.equal(together([yes, no]), part);
    assert.equal(together([no, yes, no]), part);
    assert.equal(together([part, part]), part);
    assert.equal(together([part, no]), no);
    assert.equal(together([no, no]), no);
    assert.equal(together([untested, yes, yes]), part);
    assert.equal(together([untested, no]), no);
    assert.equal(together([untested]), untested);
    assert.equal(together([yes, "can't be judged yet"]), "can't be judged yet");
  });

  it("ranks", () => {
    const spread = (mean: number) => ({ mean, deviation: null, observations: [] });
    const named = ["a", "b", "c"].map((name, index) => ({ name, spread: spread([1, 3, 1][index]) }));
    assert.deepEqual(ranked(named), ["b", "a", "c"]);
  });
});
