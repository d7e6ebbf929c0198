import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { decodeModel } from "../core/formats/model-file.js";
import { chainOf } from "../core/graph/index.js";
import { dense, flatten } from "../core/layers/index.js";
import { tinyShape } from "../core/training/testing/tiny-model.js";
import { headlineTable, settingsTable } from "../report/blocks/run-tables.js";
import { evaluateRun } from "./evaluate-run.js";
import { listRuns } from "./list-runs.js";
import { memoryStore } from "./memory-store.js";
import { resumeRun } from "./resume-run.js";
import { RunFolder } from "./run-folder.js";
import { readRunRecord } from "./run-record.js";
import type { Store } from "./store.js";
import { kept, tinyHost } from "./testing/runs.js";
import { type TrainRunOptions, trainRun } from "./train-run.js";
import { verifyReceipt, verifyRun } from "./verify/verify-run.js";

const views = { flip: true, shift: 1 };

/** What a recipe asks of a run: all images, nothing chosen, an average, views, a temperature that was found elsewhere. */
const settings: TrainRunOptions = {
  model: chainOf([flatten(), dense({ units: 3 })], tinyShape),
  data: "tiny",
  epochs: 3,
  batchSize: 8,
  learningRate: 0.05,
  weightAverage: { decay: 0.8 },
  validationShare: 0,
  views: "flip,shift=1",
  temperature: 1.5,
  threads: 1,
};

describe("a run in which all images train", () => {
  const runs = memoryStore("runs");
  const run: Store = runs.within("whole");
  let accuracy: number | undefined;

  before(async () => {
    await runs.make();
    accuracy = (await trainRun(settings, { run }, tinyHost)).evaluation?.accuracy;
  });

  it("keeps its last epoch as the best, and no figure where nothing validated", async () => {
    const folder = new RunFolder(run);
    const history = await folder.readHistory();
    assert.deepEqual(
      history.map(({ validationLoss, validationAccuracy }) => [validationLoss, validationAccuracy]),
      [1, 2, 3].map(() => [Number.NaN, Number.NaN]),
    );
    assert.equal((await folder.readReceipt())?.weights.best.epoch, 3);
    const [listed] = await listRuns(runs);
    assert.deepEqual([listed.problem, listed.testAccuracy], [undefined, accuracy]);
    assert.equal("bestValidationAccuracy" in listed, false);
  });

  it("has the temperature that it was given in its file, for the views that it is judged over", async () => {
    const { bytes, file } = await new RunFolder(run).readWeights("best");
    assert.deepEqual(decodeModel(bytes, file).calibration, {
      temperature: 1.5,
      unsureBelow: null,
      goal: 0.95,
      images: 0,
      views,
    });
    const { evaluation, file: written } = await evaluateRun(run, {}, tinyHost);
    assert.deepEqual([evaluation.accuracy, evaluation.views], [accuracy, views]);
    assert.equal(evaluation.calibration?.temperature, 1.5);
    assert.notEqual(written, undefined);
    const flipped = await evaluateRun(run, { views: "flip" }, tinyHost);
    assert.deepEqual([flipped.file, flipped.evaluation.calibration], [undefined, undefined]);
    assert.notEqual(flipped.evaluation.loss, evaluation.loss);
    for (const views of ["none", null]) {
      const plain = await evaluateRun(run, { views }, tinyHost);
      const { file, evaluation: judged } = plain;
      assert.deepEqual([file, judged.views, judged.calibration], [undefined, undefined, undefined]);
      assert.equal([evaluation.loss, flipped.evaluation.loss].includes(judged.loss), false);
    }
  });

  it("is the same to the byte after a stop, and when it is verified from its folder or its receipt", async () => {
    const stopped = memoryStore("stopped");
    const controller = new AbortController();
    const onEvent = ({ event }: { event: string }) => event === "epoch" && controller.abort();
    await trainRun({ ...settings, signal: controller.signal, onEvent }, { run: stopped }, tinyHost);
    await resumeRun(stopped, { threads: 1 }, tinyHost);
    assert.deepEqual(await kept(stopped), await kept(run));
    const text = new TextDecoder().decode(await run.read("receipt.json"));
    for (const { identical, difference, compared } of [
      await verifyRun(run, {}, tinyHost),
      await verifyReceipt({ text, name: "receipt.json" }, {}, tinyHost),
    ]) {
      assert.deepEqual([identical, difference], [true, undefined]);
      assert.deepEqual([compared.calibration, compared.predictions], [true, "digest"]);
    }
  });

  it("is reported without what it hasn't", async () => {
    const record = await readRunRecord(run, { name: "run" }, tinyHost);
    const text = JSON.stringify([headlineTable([record]), settingsTable([record])]);
    assert.doesNotMatch(text, /NaN|Best validation/);
    assert.match(text, /"Predictions over","flip, shift 1"/);
    assert.match(text, /"Validation images","none"/);
  });
});

describe("a run with a temperature and images that validate", () => {
  it("finds a threshold of trust at that temperature", async () => {
    const run = memoryStore("run");
    const { temperature } = settings;
    await trainRun({ ...settings, validationShare: null, temperature }, { run }, tinyHost);
    const { bytes, file } = await new RunFolder(run).readWeights("best");
    const { calibration } = decodeModel(bytes, file);
    assert.deepEqual([calibration?.temperature, calibration?.images], [1.5, 6]);
    assert.equal((await verifyRun(run, {}, tinyHost)).identical, true);
  });
});
