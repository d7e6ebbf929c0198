import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aboutTime } from "./timeLeft.js";

describe("a time left", () => {
  const cases: [number | undefined, string][] = [
    [undefined, "time unknown before the first epoch"],
    [0, "less than a minute"],
    [59, "less than a minute"],
    [90, "about 2 min"],
    [3599, "about 1 h"],
    [12_000, "about 3 h 20 min"],
    [35_940, "about 9 h 59 min"],
    [36_120, "about 10 h"],
    [90_500, "about 25 h 10 min"],
  ];
  for (const [seconds, text] of cases) {
    it(`of ${seconds} s is ${text}`, () => assert.equal(aboutTime(seconds), text));
  }
});
