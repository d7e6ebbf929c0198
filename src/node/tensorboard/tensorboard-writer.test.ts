import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type ReadEvent, readEvents } from "../../export/testing/read-events.js";
import { writeColumnImages } from "../data/testing/column-images.js";
import { resumeRun, trainRun } from "../runs.js";
import { tensorboardWriter } from "./tensorboard-writer.js";

const epochs = 3;

describe("what TensorBoard is given of a run", () => {
  let parent: string;
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "heddle-board-"));
    await writeColumnImages(join(parent, "data"), { seed: 1, train: 80, test: 20 });
  });
  after(() => rm(parent, { recursive: true }));

  const settings = () => ({
    model: "lenet" as const,
    data: join(parent, "data"),
    epochs,
    batchSize: 15,
    threads: 1,
  });

  /** The one file of a run, read. */
  async function eventsOf(board: string, run: string): Promise<readonly ReadEvent[]> {
    const names = (await readdir(join(board, run))).filter((name) => name.endsWith(".heddle"));
    assert.equal(names.length, 1, names.join());
    return readEvents(await readFile(join(board, run, names[0])));
  }

  const series = (events: readonly ReadEvent[], tag: string): [step: number, value: number][] =>
    events.flatMap(({ step, values }) =>
      values.flatMap((value) => (value.tag === tag ? [[step, value.number!] as [number, number]] : [])),
    );

  const single = (values: readonly number[]): number[] => [...Float32Array.from(values)];

  it("is every epoch's figures, the settings, and at its end the confusion matrix and the worst mistakes", async () => {
    const board = join(parent, "whole");
    const writer = tensorboardWriter(board);
    const folder = join(parent, "run-whole");
    const result = await trainRun({ ...settings(), folder, onEvent: writer.onEvent });
    await writer.finish(result);
    const events = await eventsOf(board, "run-whole");
    const { history, evaluation, predictions } = result;
    const steps = history.map(({ epoch }) => epoch);
    for (const [tag, key] of [
      ["loss/train", "trainLoss"],
      ["loss/validation", "validationLoss"],
      ["accuracy/train", "trainAccuracy"],
      ["accuracy/validation", "validationAccuracy"],
      ["learning_rate", "learningRate"],
      ["epoch_seconds", "seconds"],
    ] as const) {
      const wanted = single(history.map((epoch) => epoch[key]));
      assert.deepEqual(
        series(events, tag),
        steps.map((step, index) => [step, wanted[index]]),
        tag,
      );
    }
    const [[step, accuracy]] = series(events, "test/accuracy");
    assert.deepEqual([step, accuracy], [result.end.bestEpoch, single([evaluation!.accuracy])[0]]);
    const values = events.flatMap((event) => event.values);
    assert.match(values.find(({ tag }) => tag === "settings")?.text ?? "", /^\| Batch size \| 15 \|$/mu);
    assert.match(values.find(({ tag }) => tag === "confusion/table")?.text ?? "", /^\| is, taken for \|/u);
    assert.deepEqual(
      values.find(({ tag }) => tag === "confusion/matrix")?.image?.png.subarray(1, 4),
      new Uint8Array(Buffer.from("PNG")),
    );
    const wrong = Math.round((1 - evaluation!.accuracy) * predictions!.labels.length);
    assert.equal(values.filter(({ tag }) => tag.startsWith("mistakes/")).length, Math.min(24, wrong));
    const times = events.map(({ wallTime }) => wallTime);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });

  it("has each epoch once where a run goes on, also those that it was not told of", async () => {
    const board = join(parent, "resumed");
    const folder = join(parent, "run-resumed");
    const controller = new AbortController();
    const writer = tensorboardWriter(board);
    const stopped = await trainRun({
      ...settings(),
      folder,
      signal: controller.signal,
      onEvent: (event, run) => {
        // The second epoch is cut off before it is told.
        if (event.event !== "epoch" || event.epoch === 1) writer.onEvent(event, run);
        if (event.event === "epoch" && event.epoch === 2) controller.abort();
      },
    });
    assert.equal(stopped.end.reason, "aborted");
    await writer.finish(stopped);
    assert.deepEqual(
      series(await eventsOf(board, "run-resumed"), "loss/train").map(([step]) => step),
      [1],
    );
    const others = join(board, "run-resumed", "events.out.tfevents.1.other");
    await writeFile(others, "somebody else's");
    const again = tensorboardWriter(board);
    const result = await resumeRun({ folder, threads: 1, onEvent: again.onEvent });
    await again.finish(result);
    const losses = series(await eventsOf(board, "run-resumed"), "loss/train");
    const wanted = single(result.history.map(({ trainLoss }) => trainLoss));
    assert.deepEqual(
      losses,
      [1, 2, 3].map((step, index) => [step, wanted[index]]),
    );
    assert.equal(await readFile(others, "utf8"), "somebody else's");
  });

  it("leaves what it was given of another run of the same name", async () => {
    const board = join(parent, "named");
    const [first, second] = ["a", "b"].map((place) => join(parent, place, "run"));
    for (const [seed, folder] of [first, second].entries()) {
      const writer = tensorboardWriter(board);
      const given = { ...settings(), epochs: 1, folder, seed };
      await writer.finish(await trainRun({ ...given, onEvent: writer.onEvent }));
    }
    assert.deepEqual((await readdir(board)).sort(), ["run", "run-2"]);
    const steps = async (run: string): Promise<number[]> =>
      series(await eventsOf(board, run), "loss/train").map(([step]) => step);
    assert.deepEqual([await steps("run"), await steps("run-2")], [[1], [1]]);
  });

  it("says once where it can't be written, and the run goes on", async () => {
    const board = join(parent, "failing");
    const warnings: string[] = [];
    const writer = tensorboardWriter(board, { onWarning: (message) => warnings.push(message) });
    const folder = join(parent, "run-failing");
    await writeFile(join(board, "run-failing"), "a file in its way");
    const result = await trainRun({ ...settings(), folder, epochs: 2, onEvent: writer.onEvent });
    await writer.finish(result);
    assert.equal(result.end.reason, "finished");
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /run-failing.* Nothing more is written for TensorBoard\.$/u);
    const strict = tensorboardWriter(board);
    const folderOfOther = join(parent, "other", "run-failing");
    await assert.rejects(
      trainRun({ ...settings(), folder: folderOfOther, epochs: 1, onEvent: strict.onEvent }),
      /run-failing.*something is there already/u,
    );
  });

  it("is refused where no folder can be", async () => {
    const file = join(parent, "file");
    await writeFile(file, "");
    assert.throws(() => tensorboardWriter(file), /file.*something is there already/u);
    assert.throws(() => tensorboardWriter(""), /the name of a folder/u);
    assert.throws(() => tensorboardWriter(parent, { warn: true } as object), /"warn"/u);
  });
});
