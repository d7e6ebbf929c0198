import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { decode } from "fast-png";
import { inProcess } from "../testing/in-process.js";
import { writeSyntheticData } from "../testing/synthetic-data.js";

describe("heddle augment", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeSyntheticData(join(folder, "data"));
  });
  after(() => rm(folder, { recursive: true }));

  const augment = (...more: string[]) =>
    inProcess(["augment", ...more, "--data", join(folder, "data"), "--out", join(folder, "sheet.png")]);

  it("writes a sheet, and replaces none unasked", async () => {
    const { code, stderr } = await augment("flip,shift,reflect,crop", "--images", "3", "--epochs", "2");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /3 training images of .*, as they are and in 2 epochs, drawn in .*sheet\.png/);
    const { width, height } = decode(await readFile(join(folder, "sheet.png")));
    // Images of 12 × 12, their pixels six times as large.
    assert.deepEqual([width, height], [4 + 3 * 76 + 4, 4 + 3 * 76]);
    const again = await augment("flip");
    assert.equal(again.code, 1);
    assert.match(again.stderr, /sheet\.png is there already and was left as it is/);
    assert.equal((await augment("flip", "--overwrite")).code, 0);
    const place = await inProcess(["augment", "flip", "--overwrite", "--out", folder]);
    assert.equal(place.code, 1);
    assert.match(place.stderr, /is a folder: expected the name of a file, such as \S+augmentation\.png/);
  });

  it("refuses what the images don't have", async () => {
    const { code, stderr } = await augment("hue", "--overwrite");
    assert.equal(code, 1);
    assert.match(stderr, /"hue" is for images of three channels, red, green and blue, but these have 1/);
  });
});
