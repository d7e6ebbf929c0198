import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { writeOutputs } from "./outputs.js";
import { resultsOf } from "./results.js";
import { sweepSpec } from "./spec.js";
import { trialRecord } from "./testing/records.js";

const halving = {
  kind: "halving",
  base: { model: "lenet", epochs: 2 },
  vary: { learningRate: [0.1, 0.2, 0.3] },
  halving: { factor: 2 },
};

it("a sweep's page tells that rounds are still to come, until they came", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
  context.after(() => rm(folder, { recursive: true }));
  const spec = await sweepSpec(halving);
  const page = async (...ends: readonly ("paused" | "finished" | "diverged")[]): Promise<string> => {
    const records = ends.map((end, index) =>
      trialRecord(`00${index + 1}-seed1`, end === "paused" ? [0.5 - index / 100] : [0.5, 0.6], end),
    );
    const results = resultsOf(spec, new Map(records.map((each) => [each.id, each])), new Map());
    await writeOutputs(folder, spec, results);
    return readFile(join(folder, "sweep.html"), "utf8");
  };
  assert.match(await page("paused", "paused"), /1 of 3 configurations still to come\./);
  assert.match(
    await page("paused", "paused", "paused"),
    /Rounds are still to come: so far the furthest came to 1 epoch\./,
  );
  assert.doesNotMatch(await page("finished", "paused", "paused"), /still to come/);
  // The next best goes on in the place of what came to nothing.
  assert.match(await page("diverged", "paused", "paused"), /Rounds are still to come/);
});

it("the best of a sweep is the best so far, of what ended early and what went furthest", async () => {
  const spec = await sweepSpec({ ...halving, base: { model: "lenet", epochs: 8 } });
  const best = (...records: readonly ReturnType<typeof trialRecord>[]): string | undefined =>
    resultsOf(spec, new Map(records.map((each) => [each.id, each])), new Map()).best?.configuration.name;
  const early = trialRecord("001-seed1", [0.5], "finished");
  const further = trialRecord("002-seed1", [0.6, 0.9], "paused");
  const behind = trialRecord("003-seed1", [0.95], "paused");
  assert.equal(best(early, further, behind), "002");
  assert.equal(best(early, trialRecord("002-seed1", [0.4, 0.45], "paused"), behind), "001");
});

it("a sweep keeps the weights of what may still come to be the best", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
  context.after(() => rm(folder, { recursive: true }));
  const spec = await sweepSpec({ ...halving, seeds: [1, 2] });
  const records = [
    trialRecord("001-seed1", [0.5, 0.6], "finished"),
    trialRecord("001-seed2", [0.5, 0.6], "finished"),
    // In the last round with the first: one of its seeds is still to go on.
    trialRecord("002-seed1", [0.4, 0.9], "finished"),
    trialRecord("002-seed2", [0.4], "paused"),
    trialRecord("003-seed1", [0.1, 0.2], "finished"),
    trialRecord("003-seed2", [0.1, 0.2], "finished"),
  ];
  for (const { id } of records) {
    await mkdir(join(folder, "trials", id), { recursive: true });
    await writeFile(join(folder, "trials", id, "best.safetensors"), "");
  }
  const results = resultsOf(spec, new Map(records.map((each) => [each.id, each])), new Map());
  assert.equal(results.best?.configuration.name, "001");
  await writeOutputs(folder, spec, results);
  const kept = await Promise.all(
    records.map(async ({ id }) => ((await readdir(join(folder, "trials", id))).length > 0 ? [id] : [])),
  );
  assert.deepEqual(kept.flat(), ["001-seed1", "001-seed2", "002-seed1", "002-seed2"]);
});
