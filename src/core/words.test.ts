import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  aboutTime,
  clock,
  counted,
  duration,
  figure,
  gibibytes,
  listed,
  mebibytes,
  percent,
  plural,
  wantedPercent,
} from "./words.js";

describe("words", () => {
  it("write shares and figures, and a dash where there is none", () => {
    assert.equal(percent(0.93125), "93.13 %");
    assert.equal(percent(1, 0), "100 %");
    assert.equal(percent(undefined), "–");
    assert.deepEqual([percent(59_998 / 60_000), percent(0.9996, 1)], ["99.99 %", "99.9 %"]);
    assert.deepEqual([0.995, 0.95, 0.07, 1].map(wantedPercent), ["99.5 %", "95 %", "7 %", "100 %"]);
    assert.deepEqual(
      [figure(0.5), figure(0.5, 1), figure(null), figure(Number.NaN)],
      ["0.5000", "0.5", "–", "–"],
    );
  });

  it("count", () => {
    assert.equal(counted(1234567), "1,234,567");
    assert.deepEqual(
      [plural(1, "seed"), plural(3, "seed"), plural(2000, "image"), plural(0, "class", "classes")],
      ["1 seed", "3 seeds", "2,000 images", "0 classes"],
    );
  });

  it("say how much memory is enough", () => {
    assert.deepEqual([0, 1, 2 ** 20, 2 ** 20 + 1].map(mebibytes), ["0 MiB", "1 MiB", "1 MiB", "2 MiB"]);
    assert.equal(gibibytes(8e9), "7.5 GiB");
  });

  it("list words", () => {
    assert.deepEqual(
      [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"]), listed(["a", "b", "c"], "or")],
      ["", "a", "a and b", "a, b and c", "a, b or c"],
    );
  });

  it("write times, never 60 of a smaller unit", () => {
    assert.deepEqual([3.24, 59.97, 65, 3599.6, 7260].map(duration), [
      "3.2 s",
      "1 min 00 s",
      "1 min 05 s",
      "1 h 00 min",
      "2 h 01 min",
    ]);
    assert.deepEqual([0, 9.4, 75, 3599.6, 3600, 36_061].map(clock), [
      "0:00",
      "0:09",
      "1:15",
      "1:00:00",
      "1:00:00",
      "10:01:01",
    ]);
  });

  const guesses: [number | undefined, string][] = [
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
  for (const [seconds, text] of guesses) {
    it(`guess ${seconds} s as ${text}`, () => assert.equal(aboutTime(seconds), text));
  }
});
