import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { recipeNames } from "../recipes/index.js";
import { cifarBatch } from "../testing/small-sets.js";
import { inProcess } from "./testing/in-process.js";
import { runCli } from "./testing/run-cli.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

const recipe = `
settings:
  model: lenet
  epochs: 2
  batchSizeAtMost: 16
  optimizer: { name: adamw, weightDecay: 0.02 }
  schedule: { name: one-cycle, learningRate: 0.01 }
  validationShare: 0
  views: flip
  temperature: 1.25
teacher:
  settings: { model: lenet, epochs: 1, optimizer: sgd }
  weight: 0.75
`;

describe("heddle train --recipe", () => {
  let folder: string;
  const place = (name: string): string => join(folder, name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeSyntheticData(place("data"));
    await writeFile(place("recipe.yaml"), recipe);
  });
  after(() => rm(folder, { recursive: true }));

  const train = (...line: string[]) =>
    inProcess(["train", "--data", place("data"), "--threads", "1", ...line]);
  const configOf = async (run: string) => JSON.parse(await readFile(place(`${run}/config.json`), "utf8"));

  it("trains a file's teacher and then its network, with what is given in the place of what it says", async () => {
    const asked = ["--recipe", place("recipe.yaml"), "--seed", "4", "--optimizer", "adam"];
    const { code, stderr, stdout } = await train(...asked, "--run", place("first"));
    assert.equal(code, 0, stderr);
    assert.match(stderr, /The recipe's teacher first/);
    assert.match(stdout, /each by the mean over views: flip/);
    assert.match(stdout, /at temperature 1\.250/);
    const config = await configOf("first");
    assert.deepEqual([config.optimizer.name, config.schedule.name, config.epochs], ["adam", "one-cycle", 2]);
    assert.deepEqual([config.seed, config.batchSize, config.validationShare], [4, 16, 0]);
    assert.deepEqual([config.teacher.name, config.teacher.weight], ["lenet", 0.75]);
    const teacher = await configOf("first-teacher");
    assert.deepEqual([teacher.optimizer.name, teacher.epochs, teacher.seed], ["sgd", 1, 4]);
    assert.deepEqual([teacher.schedule.name, teacher.validationShare], ["constant", 0]);

    const again = await train(...asked, "--teacher", place("first-teacher"), "--run", place("second"));
    assert.equal(again.code, 0, again.stderr);
    assert.doesNotMatch(again.stderr, /teacher first/);
    const [one, other] = ["first", "second"].map((run) => readFile(place(`${run}/best.safetensors`)));
    assert.deepEqual(await one, await other);
    const verified = await inProcess(["verify", place("first"), "--threads", "2"]);
    assert.match(verified.stdout, /^Byte-identical: 2 of 2 epochs/);
    const kept = await readFile(place("first/evaluation.json"));
    const plain = await inProcess(["evaluate", place("first"), "--views", "none", "--threads", "1"]);
    assert.match(plain.stdout, /^Images +40$/m);
    assert.deepEqual(await readFile(place("first/evaluation.json")), kept);
    assert.match(verified.stdout, /What its teacher "lenet" said is its record's/);
  });

  it("keeps a teacher beside its network's folder, not in it", async () => {
    const { code, stderr } = await train("--recipe", place("recipe.yaml"), "--run", place("beside/"));
    assert.equal(code, 0, stderr);
    assert.equal((await configOf("beside-teacher")).epochs, 1);
  });

  it("says how to go on where its teacher was interrupted, and takes no half-trained one", async () => {
    const asked = ["train", "--recipe", place("slow.yaml"), "--data", place("data"), "--threads", "1"];
    await writeFile(place("slow.yaml"), recipe.replace("epochs: 1,", "epochs: 1000000,"));
    let sent = false;
    const stopped = await runCli([...asked, "--run", "slow"], {
      cwd: folder,
      onStderr: (text, child) => {
        if (sent || !text.includes("Epoch 2/1000000  loss")) return;
        sent = true;
        child.kill("SIGINT");
      },
    });
    assert.equal(stopped.code, 130, stopped.stderr);
    assert.match(stopped.stderr, /heddle train --resume slow-teacher\nOnce it is at its end, /);
    assert.match(stopped.stderr, /the same command with --teacher slow-teacher trains what it teaches\.$/m);

    const here = { cwd: folder };
    const again = await inProcess([...asked, "--run", "slow"], here);
    assert.match(again.stderr, /slow-teacher exists already.*the same command with --teacher .*slow-teacher/);
    const taught = await inProcess([...asked, "--teacher", "slow-teacher"], here);
    assert.match(taught.stderr, /The teacher slow-teacher is not at its end: \d+ of its 1000000 epochs/);
    assert.match(
      taught.stderr,
      /`heddle train --resume slow-teacher`, or give --teacher .*best\.safetensors/,
    );
    assert.deepEqual([again.code, taught.code], [1, 1]);
  });

  it("tells what can't be before it trains a teacher", async () => {
    const early = await train("--recipe", place("recipe.yaml"), "--early-stopping", "2");
    assert.match(
      early.stderr,
      /earlyStopping watches the images that validate, .*--recipe mine\.yaml takes it/,
    );
    assert.equal(early.code, 2);
    const there = await train("--recipe", place("recipe.yaml"), "--run", place("data"));
    assert.match(there.stderr, /data exists already/);
    for (const { stderr } of [early, there]) assert.doesNotMatch(stderr, /teacher first/);
  });

  it("needs no model of a teacher that is given", async () => {
    const file = place("unnamed.yaml");
    await writeFile(file, "settings: { epochs: 2 }\nteacher: { settings: { epochs: 1 }, weight: 0.7 }\n");
    const asked = ["--recipe", file, "--model", "lenet"];
    const without = await train(...asked);
    assert.match(
      without.stderr,
      /The teacher of the recipe .* says no model: name one among its settings, or/,
    );
    assert.equal(without.code, 2);
    const nowhere = await train(...asked, "--teacher", place("nowhere"));
    assert.match(nowhere.stderr, /nowhere can't be read|nowhere.* does not exist/);
  });

  const refused: readonly [string, string[], number, RegExp][] = [
    ["an unknown name", ["swft"], 2, /Unknown recipe "swft"\. Did you mean "swift"\?.* or give a file/],
    ["a file that isn't there", ["mine.yaml"], 1, /mine\.yaml can't be read/],
    ["a body's without one", ["fine-tuning"], 2, /is of a model to stand on: give that with --from/],
    ["a model beside a body", ["swift", "--from", "x"], 2, /and so does the recipe swift: give one of them/],
  ];
  for (const [what, [name, ...more], code, words] of refused) {
    it(`refuses ${what}`, async () => {
      const result = await train("--recipe", name, ...more);
      assert.match(result.stderr, words);
      assert.equal(result.code, code);
    });
  }

  it("asks for the images that a recipe is for and nobody fetches", async () => {
    const { code, stderr } = await inProcess(["train", "--recipe", "cifar"]);
    assert.match(stderr, /The recipe cifar is for CIFAR-10, which isn't fetched: give --data/);
    assert.equal(code, 2);
  });
});

describe("heddle recipes", () => {
  it("lists them, and writes each as a file that can be trained", async (context) => {
    const folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    context.after(() => rm(folder, { recursive: true }));
    const { stdout } = await inProcess(["recipes"]);
    for (const name of recipeNames) assert.match(stdout, new RegExp(`^${name} `, "mu"));
    const { stdout: text } = await inProcess(["recipes", "cifar"]);
    const file = join(folder, "mine.yaml");
    await writeFile(file, text);
    const { stderr } = await inProcess(["train", "--recipe", file, "--data", folder]);
    assert.match(stderr, /Training airbench on/);
    const nowhere = await inProcess(["train", "--recipe", file]);
    assert.match(nowhere.stderr, /mine\.yaml is for CIFAR-10, which isn't fetched: give --data/);
    // Its own files have no size to be made of.
    const data = join(folder, "cifar");
    await mkdir(data);
    await writeFile(join(data, "data_batch_1.bin"), cifarBatch(20, 1, 10));
    await writeFile(join(data, "test_batch.bin"), cifarBatch(10, 1, 10));
    const flags = ["--model", "lenet", "--epochs", "1", "--batch-size", "10", "--threads", "1"];
    const run = join(folder, "run");
    const onFiles = await inProcess(["train", "--recipe", file, "--data", data, "--run", run, ...flags]);
    assert.equal(onFiles.code, 0, onFiles.stderr);
    const { stdout: described } = await inProcess(["recipes", "paper-budget"]);
    await writeFile(file, described);
    const own = await inProcess(["train", "--recipe", file, "--data", folder]);
    assert.match(own.stderr, /Training proposed-light-dropout on/);
    const wrong = await inProcess(["recipes", "cifr"]);
    assert.match(wrong.stderr, /Unknown recipe "cifr"\. Did you mean "cifar"\?/);
  });
});
