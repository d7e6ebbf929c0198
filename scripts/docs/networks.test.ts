import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TableEntry, TableFile, TableRow } from "../bench/result-files.js";
import { mostSlower, type NamedTable, networkTables } from "./networks.js";

const entry = (name: string, setting: string, rounds: readonly number[], ours = false): TableEntry => ({
  name,
  setting,
  ours,
  pilotMs: rounds[0] ?? 5,
  rounds,
  peakBytes: 1e8,
});
const heddle = (setting: string, rounds: readonly number[]) => entry("heddle 9", setting, rounds, true);

function file(name: string, rows: readonly TableRow[], processor = "Some Processor"): NamedTable {
  const environment = { processor, vectors: "avx2" } as TableFile["environment"];
  return { name, file: { environment, command: "node table.js", rows, skipped: [] } };
}

const row = (
  network: TableRow["network"],
  work: TableRow["work"],
  entries: readonly TableEntry[],
): TableRow => ({
  network,
  work,
  batch: work === "single" ? 1 : 128,
  threads: work === "single" ? 1 : 2,
  entries,
});

const lstm = row("lstm", "train", [
  heddle("Node 20", [40, 40, 44]),
  heddle("Node 24", [20, 20, 22]),
  entry("Torch 1", "channels-last", [30, 40, 33]),
  entry("Flow 2", "", [60, 60, 60]),
  entry("Torch 1", "channels-first", []),
]);

describe("the table of networks", () => {
  it("sets heddle in each setting beside the fastest rival, the ratio that of the median round", () => {
    const text = networkTables([file("table-1.json", [lstm])], "../");
    assert.match(text, /^Some Processor \(AVX2\):$/m);
    assert.match(text, /^Training step, 2 threads:$/m);
    // Rounds of Node 20: 0.75, 1 and 0.75 times as fast; of Node 24 1.5, 2 and 1.5.
    assert.match(
      text,
      /^\| LSTM \| 128 \| 40\.0 \| 0\.75 × \| 20\.0 \| 1\.50 × \| Torch 1, channels-last \| 33\.0 \| 100 \/ 100 \/ 100 \|$/m,
    );
    assert.match(
      text,
      /^`node table\.js` → \[table-1\.json\]\(\.\.\/results\/table-1\.json\), with the raw/m,
    );
  });

  it("keeps rivals that were held to narrower vectors apart", () => {
    const { name, file: own } = file("table-2.json", [lstm]);
    const held = { name, file: { ...own, rivalVectors: "avx2" as const } };
    const text = networkTables([file("table-1.json", [lstm]), held], "");
    assert.equal(text.match(/^\| LSTM \|/gm)?.length, 2);
    assert.match(text, /^Some Processor \(AVX2\), rivals held to AVX2:$/m);
  });

  it("says where heddle is slower, by how much, and where it isn't", () => {
    const text = networkTables([file("table-1.json", [lstm])], "");
    assert.match(
      text,
      /^- training step, Node 20: slower than the fastest rival in 1 of 1: LSTM \(0\.75 ×\)\.$/m,
    );
    assert.match(text, /^- training step, Node 24: slower than the fastest rival nowhere\.$/m);
  });

  it("takes the newest figures of each row, and keeps processors apart", () => {
    const single = row("lstm", "single", [heddle("Node 20", [1]), entry("Torch 1", "", [3])]);
    const older = row("lstm", "train", [heddle("Node 20", [99]), entry("Torch 1", "", [99])]);
    const files = [
      file("table-1.json", [older, single]),
      file("table-2.json", [lstm]),
      file("table-3.json", [single], "Another"),
    ];
    const text = networkTables(files, "");
    assert.doesNotMatch(text, /\b99/);
    assert.match(text, /table-1\.json.*; .*table-2\.json/);
    assert.match(text, /^One image, 1 thread:$/m);
    assert.match(
      text,
      /^Another \(AVX2\):\n\nOne image, 1 thread:\n\n.*\n.*\n\| LSTM \| 1 \| 1\.00 \| 3\.00 × \| Torch 1 \| 3\.00 \|$/m,
    );
  });

  it("keeps numbers of threads apart", () => {
    const alone = { ...lstm, threads: 1 };
    const text = networkTables([file("table-1.json", [lstm]), file("table-2.json", [alone])], "");
    assert.match(text, /^Training step, 2 threads:$/m);
    assert.match(text, /^Training step, 1 thread:$/m);
  });

  it("names who couldn't do some rows, and why", () => {
    const skipped = [
      { what: "lstm, train, Flow 2, channels-first", why: "{{function_node f_1}} It can't." },
      { what: "lstm, infer, Flow 2, channels-first", why: "{{function_node f_2}} It can't." },
      { what: "onnxruntime", why: "it isn't installed" },
    ];
    const { name, file: own } = file("table-1.json", [lstm]);
    const text = networkTables([{ name, file: { ...own, skipped } }], "");
    assert.match(text, /^- not measured: Flow 2, channels-first, in 2 rows \(It can't\.\)$/m);
    assert.match(text, /^- not measured: onnxruntime \(it isn't installed\)$/m);
  });

  it("says whose memory is of more than the row", () => {
    const predicted = row("lstm", "infer", lstm.entries);
    assert.doesNotMatch(networkTables([file("table-1.json", [lstm])], ""), /had predicted before/);
    const { name, file: own } = file("table-1.json", [predicted, lstm]);
    assert.match(networkTables([{ name, file: own }], ""), /is of a process that had predicted before\.$/);
    const apart = { name, file: { ...own, processPerRow: true as const } };
    assert.doesNotMatch(networkTables([apart], ""), /had predicted before/);
  });

  it("counts the networks that train slower under a Node, held rivals apart", () => {
    const setting = (entries: readonly TableEntry[]) =>
      entries.map((each) => (each.setting === "Node 20" ? { ...each, setting: "Node 20.1.0" } : each));
    const { name, file: own } = file("table-1.json", [{ ...lstm, entries: setting(lstm.entries) }]);
    const held = { name: "table-2.json", file: { ...own, rivalVectors: "avx2" as const } };
    const found = mostSlower([{ name, file: own }, held], /^Node 20\./);
    assert.deepEqual([found?.slower, found?.compared], [1, 1]);
    assert.match(found?.machine ?? "", /^[^,]+$/);
    assert.equal(mostSlower([{ name, file: own }], /^Node 22\./), undefined);
  });

  it("leaves a place empty where nothing was measured", () => {
    const alone = row("mlp", "infer", [heddle("Node 20", [2])]);
    const text = networkTables([file("table-1.json", [alone, lstm])], "");
    assert.match(
      text,
      /^\| dense 784-512-512-10 \| 128 \| 2\.00 \| {2}\| {2}\| {2}\| {2}\| {2}\| 100 \/ {2}\/ {2}\|$/m,
    );
    assert.doesNotMatch(text, /inference, Node/);
    assert.match(networkTables([], ""), /^_Not measured yet/);
  });
});
