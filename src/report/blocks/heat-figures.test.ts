import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { heatPicture } from "../heat-picture.js";
import { madeUpImages, madeUpRun, madeUpShape } from "../testing/made-up-runs.js";
import { type ExplainImages, heatSection } from "./heat-figures.js";
import { mistakesOf } from "./judged-images.js";

const run = madeUpRun("first", 1);
const { predictions } = run;
const images = madeUpImages();
const test = { count: 400, images, labels: predictions.labels };

describe("where a run looks", () => {
  it("is shown of its surest mistakes and of what it names rightly, for the class that each is taken for", async () => {
    let asked: readonly number[] = [];
    const explain: ExplainImages = async (given, classIndex) => {
      asked = classIndex;
      const count = classIndex.length;
      assert.equal(given.length, count * 48);
      const values = new Float32Array(count * 48).fill(0.5);
      return {
        count,
        height: 8,
        width: 6,
        values,
        classIndexes: Uint32Array.from(classIndex),
        method: "gradCam",
      };
    };
    const names = Array.from(test.labels, (_, image) => `photo-${image}.jpg`);
    const [section] = await heatSection(run, { test, imageShape: madeUpShape }, explain, names);
    const wrong = mistakesOf(run).slice(0, 12);
    assert.deepEqual(
      asked.slice(0, 12),
      wrong.map(({ predicted }) => predicted),
    );
    const { html } = section.body as { html: string };
    assert.equal(html.match(/<img /g)?.length, asked.length);
    assert.ok(wrong.every(({ image }) => html.includes(`photo-${image}.jpg`)));
    assert.match(html, /by Grad-CAM/);
  });
});

describe("a picture with heat", () => {
  it("is grey where there is none and red where there is most", () => {
    const values = Float32Array.of(0, 1);
    const picture = heatPicture(Uint8Array.of(90, 90), [1, 2, 1], { height: 1, width: 2, values });
    assert.deepEqual([...picture.subarray(0, 3)], [90, 90, 90]);
    const [red, green, blue] = picture.subarray(3);
    assert.ok(red > 150 && green < 60 && blue < 80, `${red} ${green} ${blue}`);
  });

  it("may be larger than the map", () => {
    const heat = { height: 1, width: 1, values: Float32Array.of(1) };
    const picture = heatPicture(new Uint8Array(4 * 4 * 3).fill(200), [4, 4, 3], heat);
    assert.equal(new Set(picture).size, 3);
  });
});
