import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellOf } from "../../report/table-data.js";
import { parseEpochTimes } from "../results/epoch-times.js";
import { syntheticResults } from "../testing/synthetic.js";
import { epochTimesNote } from "./epoch-times.js";
import { tables } from "./index.js";

const bench = JSON.stringify({
  environment: { processor: "Some Processor", node: "20.1.0" },
  results: [
    { name: "train/proposed/32", threads: 2, medianMs: 4, ofCeiling: 1.5 },
    { name: "train/proposed/32", threads: 1, medianMs: 7, ofCeiling: 1.6 },
    { name: "train/vggSmall/128/28x28x1", threads: 2, medianMs: 200, ofCeiling: 1.2 },
    { name: "train/proposed/512", threads: 2, medianMs: 50, ofCeiling: null },
    { name: "train/cnn/128", threads: 2, medianMs: 8, ofCeiling: 1 },
  ],
});

describe("the table of an epoch's time", () => {
  it("has the fastest bench of each network and each batch size, and says how to make one", () => {
    const epochTimes = parseEpochTimes(bench, "epoch-times.json");
    const made = syntheticResults({ epochs: 2, images: 50, part: "table4" });
    const { rows } = tables["epoch-times"]({ ...made, epochTimes }, "file");
    assert.deepEqual(
      rows.map((row) => row.map((cell) => cellOf(cell).text)),
      [
        ["CNN", "128", "3.0", "375", "8.00", "100", "2"],
        ["Small VGG", "128", "75.0", "375", "200.00", "120", "2"],
        ["Proposed CNN", "32", "6.0", "1500", "4.00", "150", "2"],
        ["Proposed CNN", "512", "4.7", "94", "50.00", "–", "2"],
      ],
    );
    assert.match(
      epochTimesNote(epochTimes),
      /on a machine meant to be idle \(Some Processor, Node 20\.1\.0\)/,
    );
    assert.match(
      epochTimesNote(null),
      /not yet here: `npx heddle bench train\/proposed\/32 .*train\/vggSmall\/128\/28x28x1/,
    );
  });
});
