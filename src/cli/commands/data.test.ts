import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeImages, encodeLabels } from "../../core/data/testing/encode-idx.js";
import { temporaryFolder, writeFour } from "../../node/data/testing/small-fashion.js";
import { dataCommand, dataProgressLines } from "./data.js";

const contents = {
  trainImages: encodeImages(2500, 2, 3),
  trainLabels: encodeLabels(2500, 2),
  testImages: encodeImages(5, 2, 3),
  testLabels: encodeLabels(5, 2),
};

async function linesOf(data: string, json: boolean): Promise<string[]> {
  const lines: string[] = [];
  await dataCommand(
    { data, json },
    {
      stdout: (line) => lines.push(line),
      stderr: (line) => assert.match(line, / is read as idx: /),
      errorColour: false,
    },
  );
  return lines;
}

describe("heddle data", () => {
  it("shows each file's place, origin and checksum, and the images a class", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, contents);
    const text = (await linesOf(folder, false)).join("\n");
    assert.match(text, /: images of 2×3×1, 2 classes\n/);
    assert.match(
      text,
      /train-images-idx3-ubyte.gz\n {2}from {5}the folder given\n {2}SHA-256 {2}[0-9a-f]{64}\n/,
    );
    assert.match(text, /\n +0 +0 +1,250 +3 *\n +1 +1 +1,250 +2 *\n +all +2,500 +5 *$/);
    assert.ok(!text.includes("\u001b"), "no colours");
  });

  it("says the same as one line of JSON", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(folder, contents);
    const lines = await linesOf(folder, true);
    assert.equal(lines.length, 1);
    const report = JSON.parse(lines[0]);
    assert.equal(report.event, "data");
    assert.equal(report.kind, "idx");
    assert.deepEqual(report.imageShape, [2, 3, 1]);
    assert.deepEqual(report.train, { images: 2500, imagesPerClass: [1250, 1250] });
    assert.deepEqual(report.test, { images: 5, imagesPerClass: [3, 2] });
    assert.equal(report.files.length, 4);
    assert.deepEqual(Object.keys(report.files[0]), ["file", "path", "origin", "sha256"]);
  });

  it("tells once that all pictures are decoded, in however many sizes", () => {
    const lines: string[] = [];
    const tell = dataProgressLines({ stderr: (line) => lines.push(line), errorColour: false });
    for (const done of [3, 30, 30, 30]) tell({ type: "pictures", done, total: 30, perSecond: 9.6 });
    assert.deepEqual(lines, [
      "Decoding pictures: 3 of 30, 10 a second",
      "Decoding pictures: 30 of 30, 10 a second",
    ]);
  });

  it("tells of a download once, then every ten seconds", (context) => {
    let now = 0;
    context.mock.method(performance, "now", () => now);
    const lines: string[] = [];
    const tell = dataProgressLines({ stderr: (line) => lines.push(line), errorColour: false });
    for (; now <= 12_000; now += 1000) {
      tell({ type: "download", file: "f", address: "http://a/f", receivedBytes: now * 100, totalBytes: 2e6 });
    }
    tell({ type: "warning", message: "it broke" });
    tell({ type: "download", file: "g", address: "http://a/g", receivedBytes: 0 });
    assert.deepEqual(lines, [
      "Fetching http://a/f: 0 MiB of 2 MiB",
      "Fetching http://a/f: 1 MiB of 2 MiB",
      "warning: it broke",
      "Fetching http://a/g: 0 MiB",
    ]);
  });
});
