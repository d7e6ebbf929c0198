import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NO_AUGMENTATION } from "../core/data/augmentation.js";
import { adamw, sgd } from "../core/optimizers/index.js";
import { naturalExponentialDecay } from "../core/schedules/index.js";
import { augmentationWords, optionWords, settingsWords } from "./settings-words.js";

describe("settings in words", () => {
  it("leave out what is zero or off, and round what goes on for ever", () => {
    assert.equal(optionWords(sgd({ momentum: 0.9, nesterov: true })), "sgd, momentum 0.9, nesterov");
    assert.match(optionWords(naturalExponentialDecay().config), /decay 2\.303/);
  });

  it("name augmentations, or none", () => {
    assert.equal(augmentationWords(null), "none");
    assert.equal(augmentationWords(NO_AUGMENTATION), "none");
    assert.equal(augmentationWords({ ...NO_AUGMENTATION, flip: true, shift: 2 }), "flip, shift 2");
  });

  it("say all of a protocol", () => {
    const words = settingsWords({
      optimizer: adamw({ weightDecay: 0.2 }),
      schedule: naturalExponentialDecay().config,
      labelSmoothing: 0.05,
      augmentation: null,
    });
    assert.match(
      words,
      /^optimizer adamw, .*weight decay 0\.2; schedule natural-exponential, .*; label smoothing 0\.05; augmentation none$/,
    );
  });
});
