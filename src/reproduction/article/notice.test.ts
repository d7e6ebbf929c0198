import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { syntheticResults } from "../testing/synthetic.js";
import { noticeOf } from "./notice.js";

const whole = syntheticResults({ images: 50 });

describe("what a reader must know before any figure", () => {
  it("is nothing where trials are as long as the paper's, the schedules' shorter", () => {
    assert.ok(whole.records.some(({ config }) => config.epochs === 15));
    assert.equal(noticeOf(whole), undefined);
  });

  it("is another length of training than the paper's", () => {
    const short = syntheticResults({ images: 50, epochs: 5, part: "table4" });
    assert.match(noticeOf(short)!, /^Trials here are of 5 epochs, the paper's of 50/);
    const mixed = { ...whole, records: [...whole.records, ...short.records] };
    assert.match(noticeOf(mixed)!, /^Trials here are of 5 epochs/);
    const schedules = syntheticResults({ images: 50, epochs: 5, part: "schedules" });
    assert.match(noticeOf(schedules)!, /^Trials here are of 2 epochs, the paper's of 50/);
    assert.doesNotMatch(noticeOf({ ...short, quick: true })!, /Trials here/);
  });

  it("is a quick run, and other data", () => {
    assert.match(noticeOf({ ...whole, quick: true })!, /^This is a quick run/);
    assert.equal(
      noticeOf({ ...whole, data: "leaves" }),
      "The data is leaves, not Fashion-MNIST: the paper's figures are of other images.",
    );
  });
});
