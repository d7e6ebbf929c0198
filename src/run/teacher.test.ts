import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { chainOf } from "../core/graph/index.js";
import { dense, flatten } from "../core/layers/index.js";
import { tinyData, tinyShape } from "../core/training/testing/tiny-model.js";
import { memoryStore } from "./memory-store.js";
import { resumeRun } from "./resume-run.js";
import { RunError } from "./run-error.js";
import type { Store } from "./store.js";
import { kept, readJson, tinyHost } from "./testing/runs.js";
import { type TrainRunOptions, trainRun } from "./train-run.js";
import { verifyReceipt, verifyRun } from "./verify/verify-run.js";

const settings: TrainRunOptions = {
  model: chainOf([flatten(), dense({ units: 3 })], tinyShape),
  data: "tiny",
  epochs: 2,
  batchSize: 8,
  learningRate: 0.05,
  threads: 1,
};

async function trained(more: Partial<TrainRunOptions>): Promise<Store> {
  const run = memoryStore("run");
  await trainRun({ ...settings, ...more }, { run }, tinyHost);
  return run;
}

describe("a run with a teacher", () => {
  let model: Uint8Array;
  let run: Store;
  const taught = () => ({ model, name: "large", weight: 0.75, temperature: 2, views: "flip" });

  before(async () => {
    model = (await (await trained({ seed: 2 })).read("best.safetensors"))!;
    run = await trained({ teacher: taught() });
  });

  it("keeps who taught it and what it said, and learns something else", async () => {
    const { teacher } = (await readJson(run, "config.json")) as { teacher: Record<string, unknown> };
    const { digest, targets, ...others } = teacher;
    assert.match(`${digest} ${targets}`, /^[0-9a-f]{64} [0-9a-f]{64}$/);
    assert.deepEqual(others, {
      name: "large",
      views: { flip: true, shift: 0 },
      weight: 0.75,
      temperature: 2,
      softens: "both",
    });
    const alone = await trained({});
    assert.notDeepEqual(await kept(run), await kept(alone));
  });

  it("is repeated without its teacher, from what that said", async () => {
    const { identical, teacher: told } = await verifyRun(run, {}, tinyHost);
    assert.deepEqual([identical, told?.name], [true, "large"]);
    const text = new TextDecoder().decode(await run.read("receipt.json"));
    const receipt = { text, name: "receipt.json" };
    await assert.rejects(verifyReceipt(receipt, {}, tinyHost), (error) => {
      assert.ok(error instanceof RunError && error.code === "teacherNeeded", String(error));
      assert.match(error.message, /what its teacher "large" said of each image: teacher\.safetensors/);
      return true;
    });
    const teacher = (await run.read("teacher.safetensors"))!;
    assert.equal((await verifyReceipt(receipt, { teacher }, tinyHost)).identical, true);
  });

  /** A run that is stopped at the first event of a kind. */
  async function stoppedAt(kind: "step" | "epoch"): Promise<Store> {
    const stopped = memoryStore("stopped");
    const controller = new AbortController();
    const onEvent = ({ event }: { event: string }) => event === kind && controller.abort();
    const { signal } = controller;
    await trainRun({ ...settings, teacher: taught(), signal, onEvent }, { run: stopped }, tinyHost);
    return stopped;
  }

  it("goes on after a stop to the same bytes", async () => {
    const stopped = await stoppedAt("epoch");
    await resumeRun(stopped, { threads: 1 }, tinyHost);
    assert.deepEqual(await kept(stopped), await kept(run));
  });

  it("begins anew where no epoch ended, and on no other images than it was taught of", async () => {
    const stopped = await stoppedAt("step");
    const train = { ...tinyData.train, images: tinyData.train.images.toReversed() };
    const host = { ...tinyHost, loadData: async () => ({ ...tinyData, train }) };
    await assert.rejects(
      resumeRun(stopped, { threads: 1 }, host),
      /stopped began on other images, and no epoch of it ended: there are \d+ as then, but others/,
    );
    await resumeRun(stopped, { threads: 1 }, tinyHost);
    assert.deepEqual(await kept(stopped), await kept(run));
  });

  it("refuses what another teacher said, and what is none", async () => {
    const cases: readonly [Uint8Array | undefined, RegExp][] = [
      [undefined, /has no teacher\.safetensors, what its teacher says of each image/],
      [(await (await trained({ teacher: { model } })).read("teacher.safetensors"))!, /is of another run/],
      [model, /no heddle record of a teacher/],
    ];
    for (const [file, words] of cases) {
      const copy = memoryStore("run");
      await copy.make();
      for (const { name } of (await run.list()) ?? []) await copy.write(name, (await run.read(name))!);
      if (file) await copy.write("teacher.safetensors", file);
      else await copy.remove("teacher.safetensors");
      await assert.rejects(verifyRun(copy, {}, tinyHost), words);
    }
  });

  it("may be begun anew where it was cut off with what its teacher said alone", async () => {
    const cut = memoryStore("cut");
    await cut.make();
    await cut.write("teacher.safetensors", (await run.read("teacher.safetensors"))!);
    await assert.rejects(resumeRun(cut, {}, tinyHost), /it was cut off before training began/);
    await trainRun({ ...settings, teacher: taught() }, { run: cut }, tinyHost);
    assert.deepEqual(await kept(cut), await kept(run));
    const other = memoryStore("other");
    await other.make();
    await other.write("teacher.safetensors", model);
    await assert.rejects(trainRun(settings, { run: other }, tinyHost), /a run is never written over/);
  });

  it("refuses a teacher of pictures of other classes", async () => {
    const imageShape = [6, 12, 1];
    const preparation = { size: [6, 12], channels: 1, resize: "crop", background: 0 } as const;
    const [cats, birds] = ["cat", "bird"].map((first) => {
      const classNames = [first, "dog", "fish"];
      return { ...tinyData, imageShape, classNames, preparation };
    });
    const grey = { ...settings, model: chainOf([flatten(), dense({ units: 3 })], imageShape) };
    const of = memoryStore("cats");
    await trainRun({ ...grey, data: cats }, { run: of }, tinyHost);
    const teacher = { model: (await of.read("best.safetensors"))!, name: "cats" };
    await assert.rejects(
      trainRun({ ...grey, data: birds, teacher }, { run: memoryStore("birds") }, tinyHost),
      /The teacher "cats" tells other classes apart than .* has: its class 0 is "cat", there it is "bird"\./,
    );
  });

  it("refuses a teacher of other images", async () => {
    const small = { ...tinyData, imageShape: [3, 6, 4] };
    const other = chainOf([flatten(), dense({ units: 3 })], small.imageShape);
    const place = { run: memoryStore("small") };
    const teacher = { model };
    await assert.rejects(
      trainRun({ ...settings, model: other, data: small, teacher }, place, tinyHost),
      /The teacher "teacher" takes images of \[6, 6, 2\], but those of tiny are \[3, 6, 4\]/,
    );
  });
});
