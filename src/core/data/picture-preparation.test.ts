import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkPreparation, isPreparation } from "./picture-preparation.js";

describe("how pictures are prepared", () => {
  const size = [32, 24];
  const given = { size, channels: 3, resize: "crop", background: 255 };

  it("is kept as it was given, whatever becomes of the caller's list", () => {
    const own = [...size];
    const checked = checkPreparation("fit", { ...given, size: own });
    own[0] = 5;
    assert.deepEqual(checked, given);
  });

  it("is told by the images that it makes", () => {
    assert.equal(isPreparation(given, [32, 24, 3]), true);
    assert.equal(isPreparation(given, [24, 32, 3]), false);
    assert.equal(isPreparation({ ...given, size: [32, 0] }, [32, 0, 3]), false);
    assert.equal(isPreparation({ ...given, size: [32, 24, 3] }, [32, 24, 3]), false);
  });

  it("says what a size must be", () => {
    assert.throws(() => checkPreparation("fit", { ...given, size: [32] }), {
      message:
        "fit: preparation.size must be [height, width], each a whole number of 1 or more, but is [32].",
    });
  });
});
