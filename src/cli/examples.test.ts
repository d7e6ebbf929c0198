import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadModel } from "../node/index.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs a built example as a user does, for a minute at most; gives what it prints. */
async function runExample(name: string, ...args: readonly string[]): Promise<string> {
  const program = join(root, "dist", "examples", `${name}.js`);
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { timeout: 60_000 });
  return stdout;
}

describe("an example", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-examples-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("trains on a data set and prints its classes", async () => {
    const data = join(folder, "columns");
    await writeSyntheticData(data, { classes: 3, trainPerClass: 100, testPerClass: 40 });
    const stdout = await runExample("fashion-mnist", data, "12", "240");
    assert.equal(stdout.match(/^epoch \d+: validation accuracy [01]\.\d{4}$/gm)?.length, 12);
    assert.match(stdout, /^class +precision +recall +F1$/m);
    for (const label of [0, 1, 2]) assert.match(stdout, new RegExp(`^${label} +[01]\\.\\d{3} `, "m"));
    const accuracy = Number(/^test accuracy (\S+)$/m.exec(stdout)?.[1]);
    assert.ok(accuracy > 0.9, `test accuracy ${accuracy}`);
  });

  it("trains a graph with skips and shows its layers", async () => {
    const data = join(folder, "skips");
    await writeSyntheticData(data, { classes: 3, trainPerClass: 40, testPerClass: 20 });
    const stdout = await runExample("residual-network", data, "2", "96");
    assert.equal(stdout.match(/^add_\d .* add /gm)?.length, 3);
    assert.equal(stdout.match(/^epoch \d: validation accuracy [01]\.\d{4}$/gm)?.length, 2);
    assert.match(stdout, /^test accuracy [01]\.\d{4}$/m);
  });

  it("saves a model and predicts with the one it loads", async () => {
    const file = join(folder, "stripes.safetensors");
    const stdout = await runExample("save-and-load", file);
    assert.match(stdout, /^image 0: flat, [01]\.\d{3}$/m);
    assert.match(stdout, /^image 1: upright, /m);
    assert.match(stdout, /^image 2: diagonal, /m);
    const right = Number(/^(\d+) of 150 right$/m.exec(stdout)?.[1]);
    assert.ok(right >= 147, `${right} of 150 right`);
    await using model = await loadModel(file);
    assert.deepEqual(model.classNames, ["flat", "upright", "diagonal"]);
  });

  for (const name of ["fashion-mnist", "residual-network", "save-and-load"]) {
    it(`${name} keeps to sixty lines and the public library`, () => {
      const source = readFileSync(join(root, "examples", `${name}.ts`), "utf8");
      assert.ok(source.trimEnd().split("\n").length <= 60);
      assert.deepEqual(
        [...source.matchAll(/ from "(.*)"/g)].map((match) => match[1]),
        ["heddle"],
      );
    });
  }
});
