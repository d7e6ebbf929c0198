import assert from "node:assert/strict";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { heddleIn } from "./testing/heddle-in.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

describe("a run whose images were moved", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeSyntheticData(join(folder, "data"));
    const { code, stderr } = await heddle("train --data data --model lenet --epochs 1 --run run --threads 1");
    assert.equal(code, 0, stderr);
    await rename(join(folder, "data"), join(folder, "moved"));
  });
  after(() => rm(folder, { recursive: true }));

  const heddle = heddleIn(() => folder);

  for (const command of ["evaluate", "report", "verify"]) {
    it(`is told of by ${command}, and --data names them`, async () => {
      const { code, stderr } = await heddle(`${command} run --threads 1`);
      assert.match(
        stderr,
        /^error: The images that run was trained on are not where they were: .*data can't be read: it does not exist\. Put them back, .* --data of train --resume, evaluate, report and verify says it\.$/m,
      );
      assert.doesNotMatch(stderr, /Expected one of/);
      assert.equal(code, 1);
      const found = await heddle(`${command} run --threads 1 --data moved`);
      assert.equal(found.code, 0, found.stderr);
    });
  }
});
