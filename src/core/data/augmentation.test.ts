import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../errors.js";
import { isAugmented, NO_AUGMENTATION, parseAugmentation } from "./augmentation.js";

describe("reading an augmentation", () => {
  it("reads every change", () => {
    assert.deepEqual(parseAugmentation("flip,shift=3,rotate=15.5, zoom=0.2,erase=0.4"), {
      flip: true,
      shift: 3,
      rotate: 15.5,
      zoom: 0.2,
      erase: 0.4,
    });
  });

  it("leaves out what is not named, and fills in a number that is not given", () => {
    assert.deepEqual(parseAugmentation("shift"), { ...NO_AUGMENTATION, shift: 2 });
    assert.deepEqual(parseAugmentation("none"), NO_AUGMENTATION);
  });

  it("knows whether anything is on", () => {
    assert.equal(isAugmented(NO_AUGMENTATION), false);
    assert.equal(isAugmented(parseAugmentation("shift=0,zoom=0")), false);
    for (const one of ["flip", "shift", "rotate", "zoom", "erase"]) {
      assert.equal(isAugmented(parseAugmentation(one)), true, one);
    }
  });

  const bad: readonly [string, RegExp][] = [
    ["flop", /Unknown augmentation "flop": expected flip, shift, rotate, zoom or erase/],
    ["", /Unknown augmentation ""/],
    ["flip,", /Unknown augmentation ""/],
    ["toString", /Unknown augmentation "toString"/],
    ["flip=0.5", /"flip" takes no number, got "0.5"/],
    ["shift=1,shift=2", /"shift" is given twice/],
    ["shift=1.5", /"shift=1.5" is out of range: expected a whole number of pixels/],
    ["shift=-1", /"shift=-1" is out of range/],
    ["shift=", /"shift=" is out of range/],
    ["rotate=ten", /"rotate=ten" is out of range: expected degrees from 0 to 180/],
    ["rotate=181", /"rotate=181" is out of range/],
    ["zoom=1", /"zoom=1" is out of range: expected a number from 0 to less than 1/],
    ["erase=1.1", /"erase=1.1" is out of range: expected a share of the area/],
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
