import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../errors.js";
import { checkValue, describeOptions } from "../options/index.js";
import {
  type AugmentationOptions,
  augmentationKind,
  augmentationOptions,
  noAugmentation,
  parseAugmentation,
  resolveAugmentation,
} from "./augmentation.js";

describe("reading an augmentation", () => {
  it("reads every change", () => {
    assert.deepEqual(parseAugmentation("flip,shift=3,rotate=15.5, zoom=0.2,erase=0.4"), {
      flip: true,
      shift: 3,
      rotate: 15.5,
      zoom: 0.2,
      erase: 0.4,
    });
    assert.deepEqual(
      parseAugmentation("flip=alternate,shift=2,reflect,brightness=0.2,crop=0.6-1, ratio = 0.5 - 2,hue=.1"),
      {
        ...noAugmentation,
        flip: "alternate",
        shift: 2,
        reflect: true,
        brightness: 0.2,
        crop: [0.6, 1],
        ratio: [0.5, 2],
        hue: 0.1,
      },
    );
  });

  it("leaves out what is not named, and fills in a number that is not given", () => {
    assert.deepEqual(parseAugmentation("shift"), { ...noAugmentation, shift: 2 });
    assert.deepEqual(parseAugmentation("none"), noAugmentation);
    assert.deepEqual(parseAugmentation("mixup,cutmix=0.5"), { ...noAugmentation, mixup: 0.2, cutmix: 0.5 });
    assert.deepEqual(parseAugmentation("mixup=0,cutmix"), { ...noAugmentation, cutmix: 1 });
    assert.deepEqual(parseAugmentation("flip=false,crop,hue,grey"), {
      ...noAugmentation,
      crop: [0.6, 1],
      hue: 0.05,
      grey: 0.1,
    });
  });

  const bad: readonly [string, RegExp][] = [
    [
      "flop",
      /Unknown augmentation "flop" \(did you mean flip\?\): expected flip, shift, rotate, .* mixup or cutmix, in a list/,
    ],
    ["", /Unknown augmentation ""/],
    ["flip,", /Unknown augmentation ""/],
    ["toString", /Unknown augmentation "toString"/],
    ["flip=0.5", /"flip=0.5" is out of range: expected true, false or "alternate"/],
    ["flip=alternating", /"flip=alternating" is out of range/],
    ["reflect=2,shift", /"reflect=2" is out of range: expected true or false/],
    [
      "crop=0.6",
      /"crop=0.6" is out of range: expected \[least, greatest\], each a number above 0 and at most 1/,
    ],
    ["crop=1-0.6", /"crop=1-0.6" is out of range/],
    ["crop=0-1", /"crop=0-1" is out of range/],
    ["hue=0.6", /"hue=0.6" is out of range: expected a number from 0 to 0.5 \(a share of the circle\)/],
    ["brightness=-1", /"brightness=-1" is out of range: expected a number of 0 or more/],
    ["grey=2", /"grey=2" is out of range: expected a number from 0 to 1/],
    ["ratio=0.5-2,flip", /has a ratio but no crop; give a crop/],
    [
      "reflect,flip",
      /reflects borders, but nothing moves an image beyond them; give a shift, rotate or zoom/,
    ],
    ["shift=1,shift=2", /"shift" is given twice/],
    ["shift=1.5", /"shift=1.5" is out of range: expected a whole number of 0 or more \(pixels\)/],
    ["shift=-1", /"shift=-1" is out of range/],
    ["shift=", /"shift=" is out of range/],
    ["rotate=ten", /"rotate=ten" is out of range: expected a number from 0 to 180 \(degrees\)/],
    ["rotate=181", /"rotate=181" is out of range/],
    ["zoom=1", /"zoom=1" is out of range: expected a number from 0 up to, not including, 1/],
    ["erase=1.1", /"erase=1.1" is out of range: expected a number from 0 to 1 \(a share of the area\)/],
    ["mixup=-1", /"mixup=-1" is out of range: expected a number from 0 to 100 \(α of Beta\(α, α\)\)/],
    ["erase=NaN", /"erase=NaN" is out of range/],
  ];
  for (const [text, message] of bad) {
    it(`refuses "${text}"`, () => {
      assert.throws(
        () => parseAugmentation(text),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});

describe("an augmentation by options", () => {
  it("leaves off what is left out", () => {
    assert.deepEqual(resolveAugmentation({ flip: true }), { ...noAugmentation, flip: true });
    assert.deepEqual(resolveAugmentation({}), noAugmentation);
    assert.deepEqual(resolveAugmentation("flip,shift"), { ...noAugmentation, flip: true, shift: 2 });
    const turned = { ...noAugmentation, rotate: 180 };
    assert.deepEqual(checkValue("fit", "augmentation", { rotate: 180 }, augmentationKind), turned);
  });

  it("is off by default, each change of it", () => {
    const defaults = describeOptions(augmentationOptions).map((row) => [row.name, row.default]);
    assert.deepEqual(Object.fromEntries(defaults), {
      flip: "false",
      shift: "0",
      rotate: "0",
      zoom: "0",
      erase: "0",
      reflect: "false: they bring in black",
      crop: "the whole is taken",
      ratio: "[3/4, 4/3]",
      brightness: "none",
      contrast: "none",
      saturation: "none",
      hue: "none",
      grey: "never",
      mixup: "none are blended",
      cutmix: "none are pasted",
    });
  });

  const wrong: readonly [unknown, RegExp][] = [
    [
      { flop: true },
      /^fit: augmentation has no option "flop"\. Did you mean flip\? Its options: flip, shift, /,
    ],
    [{ horizontal_flip: true }, /Did you mean flip\?/],
    [{ flip: 1 }, /^fit: augmentation: flip must be true, false or "alternate", but is 1\./],
    [{ shift: 1.5 }, /shift must be a whole number of 0 or more \(pixels\), but is 1\.5/],
    [{ zoom: 1 }, /zoom must be a number from 0 up to, not including, 1, but is 1/],
    [{ erase: "0.2" }, /erase must be .*, but is "0\.2"/],
    [{ crop: 0.5 }, /crop must be \[least, greatest\], each a number above 0 and at most 1, but is 0\.5/],
    [{ ratio: [1, 2] }, /^fit: The augmentation has a ratio but no crop/],
    [{ reflect: true }, /reflects borders, but nothing moves an image/],
    [true, /augmentation takes an object of options .* got true/],
    ["flop", /^fit: Unknown augmentation "flop"/],
  ];
  for (const [given, message] of wrong) {
    it(`is not ${JSON.stringify(given)}`, () => {
      assert.throws(
        () => checkValue("fit", "augmentation", given as AugmentationOptions, augmentationKind),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
