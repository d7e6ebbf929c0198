import assert from "node:assert/strict";
import { it } from "node:test";
import { chainOf } from "../core/graph/index.js";
import { dense, flatten } from "../core/layers/index.js";
import { tinyShape } from "../core/training/testing/tiny-model.js";
import { evaluateRun } from "./evaluate-run.js";
import type { RunHost } from "./host.js";
import { memoryStore } from "./memory-store.js";
import { NoDataError } from "./moved-images.js";
import { resumeRun } from "./resume-run.js";
import { tinyHost } from "./testing/runs.js";
import { trainRun } from "./train-run.js";
import { verifyRun } from "./verify/verify-run.js";

it("a run whose images were moved says so, whatever is asked of it, unless others are named", async () => {
  const [whole, stopped] = ["whole", "stopped"].map(memoryStore);
  const settings = {
    model: chainOf([flatten(), dense({ units: 3 })], tinyShape),
    data: "tiny",
    threads: 1,
  };
  await trainRun(settings, { run: whole }, tinyHost);
  const controller = new AbortController();
  const onEvent = ({ event }: { event: string }) => event === "epoch" && controller.abort();
  await trainRun({ ...settings, epochs: 2, signal: controller.signal, onEvent }, { run: stopped }, tinyHost);
  const loadData: RunHost["loadData"] = async (name, request) => {
    if (name === "moved") return tinyHost.loadData("tiny", request);
    throw new NoDataError(`${name} can't be read: it does not exist.`, "Expected a name.");
  };
  const host = { ...tinyHost, loadData };
  const asked = [
    evaluateRun(whole, {}, host),
    resumeRun(stopped, { threads: 1 }, host),
    verifyRun(whole, {}, host),
  ];
  for (const result of asked) {
    await assert.rejects(result, {
      name: "RunError",
      code: "imagesMoved",
      message:
        /^The images that (whole|stopped) was trained on are not where they were: tiny can't be read: it does not exist\. Put them back, or say where they are now\.$/,
    });
  }
  assert.equal((await verifyRun(whole, { data: "moved" }, host)).identical, true);
  const unknown = {
    name: "NoDataError",
    message: /^other can't be read: it does not exist\. Expected a name\.$/,
  };
  await assert.rejects(evaluateRun(whole, { data: "other" }, host), unknown);
  await assert.rejects(trainRun({ ...settings, data: "other" }, { run: memoryStore("new") }, host), unknown);
});
