import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  onLightGround,
  paletteSize,
  type ShadeName,
  seriesColor,
  shade,
  shadeDeclarations,
  shades,
} from "./theme.js";

/** Relative luminance of #rrggbb (WCAG 2.2). */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

describe("the page's colours", () => {
  for (const ground of ["light", "dark"] as const) {
    const between = (front: ShadeName, back: ShadeName): number =>
      contrast(shades[front][ground], shades[back][ground]);

    it(`let every line and marker be seen on the ${ground} ground`, () => {
      for (let index = 0; index < paletteSize; index++) {
        const name = `series-${index + 1}` as ShadeName;
        assert.ok(between(name, "ground") >= 3, `${name}: ${between(name, "ground")}`);
      }
    });

    it(`let all text be read on the ${ground} ground`, () => {
      for (const front of ["ink", "muted", "link", "good", "bad"] as const)
        for (const back of ["ground", "raised"] as const)
          assert.ok(between(front, back) >= 4.5, `${front} on ${back}: ${between(front, back)}`);
      for (const back of ["heat", "heat-wrong", "notice"] as const)
        assert.ok(between("ink", back) >= 4.5, `ink on ${back}: ${between("ink", back)}`);
    });
  }

  it("begin again after the last", () => {
    assert.equal(seriesColor(0), "var(--series-1)");
    assert.equal(seriesColor(paletteSize), seriesColor(0));
    assert.equal(
      new Set(Array.from({ length: paletteSize }, (_, index) => seriesColor(index))).size,
      paletteSize,
    );
  });

  it("are declared and put in place by the same names", () => {
    assert.ok(shadeDeclarations("dark").includes(`--ink:${shades.ink.dark}`));
    assert.equal(
      onLightGround(`fill="${shade("ink")}" var(--other)`),
      `fill="${shades.ink.light}" var(--other)`,
    );
  });
});
