import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { syntheticResults } from "../testing/synthetic.js";
import { leftOutWords, meanHistory } from "./mean-history.js";

const [one, other] = syntheticResults({ part: "table2", epochs: 12, images: 50 }).records;
const empty = { ...other, history: [], bestEpoch: 0, outcome: "diverged" as const };

describe("the mean of histories", () => {
  it("goes as far as the shortest", () => {
    const short = { ...other, history: other.history.slice(0, 3) };
    const mean = meanHistory([one, short]);
    assert.equal(mean.length, 3);
    assert.equal(mean[2].epoch, 3);
    assert.equal(mean[2].trainLoss, (one.history[2].trainLoss + other.history[2].trainLoss) / 2);
    assert.deepEqual(meanHistory([]), []);
  });

  it("leaves out a trial that diverged, and says so; where all did it goes as far as they came", () => {
    assert.deepEqual(meanHistory([one, empty]), meanHistory([one]));
    const cut = { ...other, history: other.history.slice(0, 3), outcome: "diverged" as const };
    assert.deepEqual(meanHistory([one, cut]), meanHistory([one]));
    assert.equal(meanHistory([cut, cut]).length, 3);
    assert.equal(leftOutWords([cut, cut]), "");
    assert.deepEqual(meanHistory([empty]), []);
    assert.equal(leftOutWords([one, other]), "");
    assert.equal(leftOutWords([one, empty]), "; 1 of 2 diverged and is left out");
    assert.equal(leftOutWords([one, empty, empty]), "; 2 of 3 diverged and are left out");
  });
});
