import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { otherImagesWords } from "./other-images.js";

describe("what is said of other images", () => {
  const cases: readonly [then: unknown, now: unknown, words: string][] = [
    [{ count: 96 }, { count: 1097 }, "there were 96 then, and there are 1,097 now"],
    [
      { count: 96, checksum: 1 },
      { count: 96, checksum: 2 },
      "there are 96 as then, but others, in another order, or with other labels or groups",
    ],
    [{ count: 96 }, undefined, "there were some then, and there are none now"],
    [undefined, { count: 96 }, "there were none then, and there are 96 now"],
  ];
  for (const [then, now, words] of cases) {
    it(words, () => assert.equal(otherImagesWords(then, now), words));
  }
});
