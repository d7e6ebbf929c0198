import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type PredictionsCsvOptions, predictionsCsv } from "./predictions-csv.js";

describe("predictionsCsv", () => {
  it("has a header and a row an image, nine significant digits", () => {
    assert.deepEqual(
      [...predictionsCsv(Float32Array.of(0.1, 0.9, 1, 1e-12), [1, 0], 2)],
      ["index,label,predicted,p0,p1", "0,1,1,0.100000001,0.899999976", "1,0,0,1.00000000,9.99999996e-13"],
    );
  });

  it("names classes and files where they are known, by none of which a spreadsheet is steered", () => {
    const csv = (options: PredictionsCsvOptions) => [
      ...predictionsCsv(Float32Array.of(0.25, 0.75, 0.5, 0.5), [1, 1], 2, options),
    ];
    const classNames = ["cat, tabby", "=dog"];
    assert.deepEqual(csv({ classNames, files: ["dog/1.png", 'dog/"2".png'] }), [
      "index,file,label,class,predicted,predictedClass,p0,p1",
      "0,dog/1.png,1,'=dog,1,'=dog,0.250000000,0.750000000",
      '1,"dog/""2"".png",1,\'=dog,0,"cat, tabby",0.500000000,0.500000000',
    ]);
    assert.equal(csv({ classNames })[0], "index,label,class,predicted,predictedClass,p0,p1");
    assert.equal(csv({ files: ["a", "b"] })[0], "index,file,label,predicted,p0,p1");
    assert.throws(
      () => csv({ files: ["a"] }),
      /^UsageError: predictionsCsv: files has 1 name: expected 2\.$/,
    );
    assert.throws(() => csv({ classNames: ["a"] }), /classNames has 1 name: expected 2\.$/);
  });

  it("gives every probability back exactly", () => {
    fc.assert(
      fc.property(fc.float({ min: 0, max: 1, noNaN: true }), (probability) => {
        const [, row] = predictionsCsv(Float32Array.of(probability), [0], 1);
        assert.equal(Math.fround(Number(row.split(",")[3])), Math.fround(probability));
      }),
    );
  });

  it("refuses sizes that don't fit before the first line", () => {
    assert.throws(() => predictionsCsv(new Float32Array(3), [0], 2), /Got 3 probabilities for 1 labels/);
  });
});
