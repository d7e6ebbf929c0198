import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sgd } from "../../core/optimizers/index.js";
import { cellOf } from "../table-data.js";
import { madeUpRun } from "../testing/made-up-runs.js";
import { environmentTable, headlineTable, settingsTable } from "./run-tables.js";

const first = madeUpRun("first", 1);
const second = madeUpRun("second", 2);

describe("headlineTable", () => {
  const rowOf = (title: string, runs = [first, second]) =>
    headlineTable(runs)
      .rows.find(([cell]) => cell === title)!
      .slice(1)
      .map(cellOf);

  it("marks the best of each row: the most accuracy, the least loss", () => {
    const accuracies = [first, second].map(({ evaluation }) => evaluation.accuracy);
    const losses = [first, second].map(({ evaluation }) => evaluation.loss);
    assert.notEqual(accuracies[0], accuracies[1]);
    assert.deepEqual(
      rowOf("Test accuracy").map(({ value, tone }) => [value, tone]),
      accuracies.map((value) => [value, value === Math.max(...accuracies) ? "good" : undefined]),
    );
    assert.deepEqual(
      rowOf("Test loss (nats)").map(({ tone }) => tone),
      losses.map((value) => (value === Math.min(...losses) ? "good" : undefined)),
    );
  });

  it("marks nothing where there is no better or no other", () => {
    assert.deepEqual(
      [...rowOf("Training time"), ...rowOf("Best epoch"), ...rowOf("Test accuracy", [first])].map(
        ({ tone }) => tone,
      ),
      Array(5).fill(undefined),
    );
    assert.equal(rowOf("Training time")[0].text, "1 min 00 s");
  });

  it("has a dash for a run that was not judged, and no row that nobody has a figure for", () => {
    const { evaluation: _, predictions: __, ...course } = second;
    const titles = (runs: Parameters<typeof headlineTable>[0]) =>
      headlineTable(runs).rows.map(([title]) => title);
    assert.deepEqual(headlineTable([first, course]).rows[0][2], { text: "–", tone: "muted" });
    assert.ok(!titles([course]).includes("Test accuracy") && titles([course]).includes("Best epoch"));
  });
});

describe("settingsTable", () => {
  it("has every setting and says what runs differ in", () => {
    const { rows, caption } = settingsTable([first, second]);
    assert.equal(caption, "The runs differ in seed.");
    assert.deepEqual(rows.find(([title]) => title === "Optimizer")?.slice(1), [
      "sgd, momentum 0.9",
      "sgd, momentum 0.9",
    ]);
    const augmented = {
      ...first,
      config: { ...first.config, augmentation: { flip: true, shift: 2, rotate: 0, zoom: 0, erase: 0 } },
    };
    assert.deepEqual(
      settingsTable([augmented]).rows.find(([title]) => title === "Augmentation"),
      ["Augmentation", "flip, shift 2"],
    );
    assert.equal(
      settingsTable([first, { ...first, name: "again" }]).caption,
      "The runs have the same settings.",
    );
    const optimizer = sgd({ momentum: 0.900001 });
    const close = { ...first, config: { ...first.config, optimizer } };
    assert.equal(settingsTable([first, close]).caption, "The runs differ in optimizer.");
  });
});

describe("environmentTable", () => {
  it("has a dash for what a run does not know", () => {
    const { rows } = environmentTable([first, { ...second, environment: undefined }]);
    assert.deepEqual(
      rows.find(([title]) => title === "Started"),
      ["Started", "2026-01-02 03:04 UTC", "–"],
    );
    assert.deepEqual(
      rows.find(([title]) => title === "Threads"),
      ["Threads", "2", "–"],
    );
  });
});
