import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { modelDefinitions } from "../core/models/index.js";
import { loadModel } from "../node/index.js";
import { heddleIn } from "./testing/heddle-in.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

describe("models beside the paper's on the command line", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeSyntheticData(join(folder, "data"));
    await writeSyntheticData(join(folder, "small"), { classes: 2, size: 3 });
  });
  after(() => rm(folder, { recursive: true }));

  const heddle = heddleIn(() => folder);

  for (const model of ["resNet56", "airbench"] as const) {
    it(`${model} trains, is judged, listed and reported, and its file opens again`, async () => {
      const trained = await heddle(`train --model ${model} --data data --epochs 1 --limit 60 --run ${model}`);
      assert.equal(trained.code, 0, trained.stderr);
      const opened = await loadModel(join(folder, model, "best.safetensors"));
      const { graph } = modelDefinitions[model];
      assert.deepEqual(
        opened.layers.map(({ name }) => name),
        graph([12, 12, 1], 4).nodes.map(({ layer }) => layer.name),
      );
      await opened.dispose();
      for (const line of [`evaluate ${model}`, "runs .", `report ${model}`]) {
        const { code, stderr } = await heddle(line);
        assert.equal(code, 0, stderr);
      }
      const page = await readFile(join(folder, model, "report.html"), "utf8");
      assert.ok(page.includes(modelDefinitions[model].title));
    });
  }

  it("refuse images that are too small with the smallest size", async () => {
    const { code, stderr } = await heddle("train --model resNet20 --data small --epochs 1");
    assert.equal(code, 2, stderr);
    assert.match(stderr, /resNet20: inputShape must be \[4, 4, 1\] or larger, .*, but is \[3, 3, 1\]\./);
  });

  it("go on after a SIGKILL to the bytes of a run without one, on another number of threads", async () => {
    const options = "--model resNet20 --data data --epochs 4 --batch-size 8 --learning-rate 0.003";
    const whole = await heddle(`train ${options} --threads 1 --run whole`);
    assert.equal(whole.code, 0, whole.stderr);
    let sent = false;
    const killed = await heddle(`train ${options} --threads 2 --run killed`, {
      onStderr: (text, child) => {
        if (sent || !/Epoch 2\/4 {2}loss .*validation/.test(text)) return;
        sent = true;
        child.kill("SIGKILL");
      },
    });
    assert.equal(killed.code, null, "killed before its end");
    assert.equal(existsSync(join(folder, "killed", "evaluation.json")), false);
    const { code, stderr } = await heddle("train --resume killed --threads 1");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Going on after epoch \d, from killed\/checkpoint/m);
    for (const file of ["best.safetensors", "last.safetensors", "evaluation.json"]) {
      const [left, right] = await Promise.all(
        ["whole", "killed"].map((run) => readFile(join(folder, run, file))),
      );
      assert.ok(left.equals(right), `killed/${file} is not what it is without a kill`);
    }
  });
});
