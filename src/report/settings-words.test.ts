import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noAugmentation } from "../core/data/augmentation.js";
import { sgd } from "../core/optimizers/index.js";
import { naturalExponentialDecay } from "../core/schedules/index.js";
import { augmentationWords, optionWords, spaced } from "./settings-words.js";

describe("settings in words", () => {
  it("leave out what is zero or off, and round what goes on for ever", () => {
    assert.equal(optionWords(sgd({ momentum: 0.9, nesterov: true })), "sgd, momentum 0.9, nesterov");
    assert.match(optionWords(naturalExponentialDecay().config), /decay 2\.303/);
  });

  it("part the words of a setting's name", () => {
    assert.equal(spaced("minLearningRate"), "min learning rate");
  });

  it("name augmentations, or none", () => {
    assert.equal(augmentationWords(null), "none");
    assert.equal(augmentationWords(noAugmentation), "none");
    assert.equal(augmentationWords({ ...noAugmentation, flip: true, shift: 2 }), "flip, shift 2");
    assert.equal(
      augmentationWords({
        ...noAugmentation,
        flip: "alternate",
        crop: [0.6, 1],
        ratio: [3 / 4, 4 / 3],
        hue: 0.05,
      }),
      "flip alternate, crop 0.6 to 1, ratio 0.75 to 1.333, hue 0.05",
    );
  });
});
