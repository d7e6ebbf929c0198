import assert from "node:assert/strict";
import { it } from "node:test";
import { cutTo, padEnd, padStart, widthOf } from "./display-width.js";

it("text is measured, cut and filled by the columns that it takes", () => {
  assert.deepEqual(["", "cat", "猫", "長頸鹿", "é", "😀"].map(widthOf), [0, 3, 2, 6, 1, 2]);
  assert.deepEqual([cutTo("cat", 3), cutTo("giraffe", 5), cutTo("長頸鹿", 6)], ["cat", "gira…", "長頸鹿"]);
  assert.equal(cutTo("長頸鹿", 5), "長頸…");
  assert.equal(cutTo("長頸鹿", 4), "長…");
  assert.equal(cutTo("😀😀", 3), "😀…");
  assert.deepEqual([padStart("猫", 4), padEnd("猫", 4), padEnd("long", 2)], ["  猫", "猫  ", "long"]);
});
