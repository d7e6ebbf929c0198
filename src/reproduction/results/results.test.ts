import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { madeUpProtocols, syntheticResults } from "../testing/synthetic.js";
import {
  currentGroup,
  currentProtocol,
  earlierProtocols,
  modelGroup,
  printedGroups,
  scheduleGroups,
} from "./results.js";

const small = { epochs: 4, images: 50 };

describe("which trials make up a table", () => {
  it("puts trials that differ in their seed alone together, by seed", () => {
    const group = currentGroup(syntheticResults({ ...small, part: "table2" }), "lenet");
    const [{ name }] = madeUpProtocols;
    const ids = [1, 2, 3].map((seed) => `${name}-lenet-128-seed${seed}`);
    assert.deepEqual(group.ids, ids);
    assert.deepEqual(
      group.kept.map(({ id }) => id),
      ids,
    );
    assert.deepEqual(group.epochs, [4]);
  });

  it("knows what is planned and not kept, and what is kept and not planned", () => {
    const results = syntheticResults({ ...small, part: "table2", kept: (id) => id.endsWith("seed2") });
    assert.deepEqual(
      [currentGroup(results, "cnn").ids.length, currentGroup(results, "cnn").kept.length],
      [3, 1],
    );
    const unplanned = currentGroup({ ...results, planned: [] }, "cnn");
    assert.deepEqual([unplanned.ids.length, unplanned.kept.length], [1, 1]);
    assert.deepEqual(currentGroup(results, "cnn", 31), { ids: [], kept: [], epochs: [] });
  });

  it("counts the epochs that ended, not those that were to come", () => {
    const results = syntheticResults({ ...small, part: "table2" });
    const records = results.records.map((record) =>
      record.id.endsWith("lenet-128-seed2")
        ? { ...record, outcome: "diverged" as const, history: record.history.slice(0, 1) }
        : record,
    );
    assert.deepEqual(currentGroup({ ...results, records }, "lenet").epochs, [1, 4]);
  });

  it("keeps protocols apart, and names earlier ones that have trials", () => {
    const [protocol] = madeUpProtocols;
    const later = { ...protocol, name: "later" };
    const old = syntheticResults({ ...small, part: "table2", seeds: [1] });
    const results = { ...old, protocols: [protocol, later] };
    assert.equal(currentProtocol(results), later);
    assert.deepEqual(currentGroup(results, "cnn").kept, []);
    assert.equal(modelGroup(results, protocol.name, "cnn").kept.length, 1);
    assert.deepEqual(earlierProtocols(results), [protocol]);
    assert.deepEqual(earlierProtocols({ ...results, records: [] }), []);
  });

  it("finds the printed setting by optimizer and the schedules by start rate", () => {
    const results = syntheticResults(small);
    assert.deepEqual(
      printedGroups(results).map(({ optimizer, group }) => [optimizer, group.kept.length]),
      [
        ["adam", 1],
        ["sgd", 1],
      ],
    );
    const groups = scheduleGroups(results);
    assert.deepEqual(
      groups.map(({ schedule }) => schedule),
      ["constant", "step", "inverse-time", "natural-exponential", "dynamic", "cosine", "one-cycle"],
    );
    for (const { rates } of groups) {
      const counts = rates.map(({ group }) => group.kept.length).sort();
      assert.ok(counts.length >= 3);
      assert.deepEqual(
        counts,
        [...new Array(counts.length - 1).fill(1), 3],
        "rates by one seed, the best by all",
      );
    }
  });
});
