import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { NodeConfig } from "../core/graph/index.js";
import type { Evaluation } from "../core/metrics/evaluation.js";
import { modelDefinitions } from "../core/models/index.js";
import { readEvents } from "../export/testing/read-events.js";
import { heddleIn } from "./testing/heddle-in.js";
import type { CliResult, RunCliOptions } from "./testing/run-cli.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

type Line = Record<string, unknown>;

const jsonLines = (text: string): Line[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

describe("training from the command line", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeSyntheticData(join(folder, "data"));
  });
  after(() => rm(folder, { recursive: true }));

  const heddle = heddleIn(() => folder);
  const train = (line: string, options?: RunCliOptions): Promise<CliResult> =>
    heddle(`train --model lenet --data data --threads 1 ${line}`, options);
  const inRun = (run: string, file: string): string => join(folder, run, file);
  const readJson = async (run: string, file: string): Promise<Line> =>
    JSON.parse(await readFile(inRun(run, file), "utf8")) as Line;

  const fails = ({ code, stderr }: CliResult, message: RegExp): void => {
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.equal(code, 1);
  };

  describe("a finished run", () => {
    let result: CliResult;
    before(async () => {
      result = await train(
        "--epochs 3 --batch-size 16 --learning-rate 0.01 --run done --tensorboard board --json",
        {},
      );
      assert.equal(result.code, 0, result.stderr);
    });

    it("tells start, each epoch and the end as JSON on stdout", () => {
      const lines = jsonLines(result.stdout);
      assert.deepEqual(
        lines.map(({ event }) => event),
        ["start", "epoch", "epoch", "epoch", "end"],
      );
      assert.deepEqual(Object.keys(lines[1]), [
        "event",
        "epoch",
        "trainLoss",
        "trainAccuracy",
        "validationLoss",
        "validationAccuracy",
        "learningRate",
        "seconds",
      ]);
      const { trainImages, validationImages, stepsPerEpoch, batchSize, threads } = lines[0];
      assert.deepEqual(
        [trainImages, validationImages, stepsPerEpoch, batchSize, threads],
        [80, 20, 5, 16, 1],
      );
      assert.equal(lines[4].reason, "finished");
      assert.equal(lines[4].run, "done");
    });

    it("learns what is easy to tell apart", () => {
      const { testAccuracy } = jsonLines(result.stdout)[4];
      assert.ok(Number(testAccuracy) > 0.6, `test accuracy ${testAccuracy}`);
    });

    it("shows progress on stderr, without colours", () => {
      assert.match(result.stderr, /^Epoch 3\/3 {2}loss \d/m);
      assert.doesNotMatch(result.stderr, new RegExp(String.fromCharCode(27)));
    });

    it("writes an event file of it for TensorBoard", async () => {
      const [name, ...others] = await readdir(join(folder, "board", "done"));
      assert.deepEqual(others, []);
      const steps = readEvents(await readFile(join(folder, "board", "done", name)))
        .filter(({ values }) => values.some(({ tag }) => tag === "loss/validation"))
        .map(({ step }) => step);
      assert.deepEqual(steps, [1, 2, 3]);
    });

    it("keeps everything in the run folder", async () => {
      assert.deepEqual((await readdir(join(folder, "done"))).sort(), [
        "best.safetensors",
        "config.json",
        "environment.json",
        "evaluation.json",
        "history.jsonl",
        "last.safetensors",
        "receipt.json",
      ]);
      const config = await readJson("done", "config.json");
      assert.equal(config.model, "lenet");
      assert.equal(config.data, join(folder, "data"));
      assert.equal(config.batchSize, 16);
      const environment = await readJson("done", "environment.json");
      assert.equal(environment.threads, 1);
      assert.deepEqual([environment.trainImages, environment.validationImages], [80, 20]);
      assert.ok(environment.vectorBits === 128 || environment.vectorBits === 256);
      assert.equal(environment.vectorBits, jsonLines(result.stdout)[0].vectorBits);
      const history = jsonLines(await readFile(inRun("done", "history.jsonl"), "utf8"));
      const told = jsonLines(result.stdout).slice(1, 4);
      assert.deepEqual(
        history.map(({ weightsDigest, ...record }) => {
          assert.match(String(weightsDigest), /^[0-9a-f]{64}$/);
          return { event: "epoch", ...record };
        }),
        told,
      );
    });

    it("is judged again to the same figures, with predictions", async () => {
      const kept = (await readJson("done", "evaluation.json")) as unknown as Evaluation;
      assert.equal(kept.n, 40);
      const { code, stdout } = await heddle("evaluate done --predictions out.csv --json");
      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(stdout), kept);
      const [head, ...rows] = (await readFile(join(folder, "out.csv"), "utf8")).trimEnd().split("\n");
      assert.equal(head, "index,label,class,predicted,predictedClass,p0,p1,p2,p3");
      assert.equal(rows.length, 40);
      const right = rows.map((row) => row.split(",")).filter(([, label, , predicted]) => label === predicted);
      assert.equal(right.length / 40, kept.accuracy);
      fails(
        await heddle("evaluate done --predictions out.csv"),
        /out\.csv is there already and was left as it is/,
      );
      const nowhere = await heddle("evaluate done --predictions no/such.csv");
      fails(nowhere, /such\.csv can't be written: its folder no does not exist\. Make it/);
      const within = await heddle("evaluate done --predictions tables/");
      fails(within, /tables\/ is a folder: expected the name of a file, such as tables\/predictions\.csv/);
      const over = await heddle("evaluate done --predictions data --overwrite");
      fails(over, /data is a folder: expected the name of a file/);
      for (const { stdout } of [nowhere, within, over]) assert.equal(stdout, "");
    });

    it("is judged for people, on other weights too", async () => {
      const { code, stdout, stderr } = await heddle("evaluate done --weights last");
      assert.equal(code, 0);
      assert.match(stdout, /^Accuracy +\d/m);
      assert.match(stdout, /^macro average/m);
      assert.match(stderr, /evaluation-last\.json/);
    });

    it("is judged by the mean over views, which leaves its evaluation as it was", async () => {
      const kept = await readFile(inRun("done", "evaluation.json"));
      const plain = await heddle("evaluate done --json");
      const viewed = await heddle("evaluate done --views flip,shift=1 --json");
      assert.equal(viewed.code, 0, viewed.stderr);
      assert.notEqual((JSON.parse(viewed.stdout) as Evaluation).loss, JSON.parse(plain.stdout).loss);
      assert.deepEqual(await readFile(inRun("done", "evaluation.json")), kept);
      const without = await heddle("evaluate done --views none --json");
      assert.deepEqual([without.code, without.stdout], [0, plain.stdout]);
      fails(await heddle("evaluate done --views shift=12"), /shift images of 12×12 by 12/);
    });

    it("is listed", async () => {
      const { stdout } = await heddle("runs .");
      assert.match(stdout, /^done +\d{4}-\d\d-\d\d \d\d:\d\d +lenet +3\/3 /m);
    });

    it("is never written over", async () => {
      const before = await readFile(inRun("done", "best.safetensors"));
      fails(await train("--epochs 1 --run done"), /done exists already, and a run is never written over/);
      assert.deepEqual(await readFile(inRun("done", "best.safetensors")), before);
    });

    it("gives the same bytes again, with narrow vectors too", async () => {
      const same = "--epochs 3 --batch-size 16 --learning-rate 0.01";
      const { code } = await train(`${same} --narrow-vectors --run again`, {});
      assert.equal(code, 0);
      assert.equal((await readJson("again", "environment.json")).vectorBits, 128);
      for (const file of ["best.safetensors", "last.safetensors"]) {
        assert.deepEqual(await readFile(inRun("again", file)), await readFile(inRun("done", file)));
      }
    });

    it("refuses weights of another model, and damaged ones", async () => {
      const other = await heddle("train --model cnn --data data --threads 1 --epochs 1 --run other");
      assert.equal(other.code, 0, other.stderr);
      await copyFile(inRun("done", "best.safetensors"), inRun("other", "best.safetensors"));
      fails(
        await heddle("evaluate other"),
        /other\/best\.safetensors holds weights of another model than the run's cnn/,
      );
      const whole = await readFile(inRun("other", "last.safetensors"));
      await writeFile(inRun("other", "last.safetensors"), whole.subarray(0, whole.length - 100));
      fails(await heddle("evaluate other --weights last"), /other\/last\.safetensors/);
    });

    it("tells the judgement even where the run folder takes no file", async () => {
      await rm(inRun("done", "evaluation-last.json"), { force: true });
      await mkdir(inRun("done", "evaluation-last.json"));
      const judged = await heddle("evaluate done --weights last --json --predictions last.csv");
      fails(judged, /done\/evaluation-last\.json can't be written/);
      assert.equal((JSON.parse(judged.stdout) as Evaluation).n, 40);
      assert.equal(existsSync(join(folder, "last.csv")), true);
    });

    it("refuses data of another shape", async () => {
      await writeSyntheticData(join(folder, "larger"), { size: 14 });
      fails(
        await heddle("evaluate done --data larger"),
        /takes images of \[12, 12, 1\], but those of larger are \[14, 14, 1\]/,
      );
    });
  });

  it("leaves dropout out where it is told to, and judges the run by the layers that it trained", async () => {
    const own = await heddle(
      "train --model cnn --data data --threads 1 --epochs 1 --run own --no-dropout --json",
    );
    assert.equal(own.code, 0, own.stderr);
    const config = await readJson("own", "config.json");
    const types = (config.layers as readonly NodeConfig[]).map(({ type }) => type);
    assert.deepEqual([config.model, types.includes("dropout")], ["cnn", false]);
    const { code, stdout, stderr } = await heddle("evaluate own --json");
    assert.equal(code, 0, stderr);
    assert.equal((JSON.parse(stdout) as Evaluation).n, 40);
    const whole = modelDefinitions.cnn
      .layers(config.inputShape as number[], 4)
      .map((layer) => layer.config());
    await writeFile(inRun("own", "config.json"), JSON.stringify({ ...config, layers: whole }));
    fails(await heddle("evaluate own"), /holds weights of another model than the run's cnn/);
  });

  it("names a run by time and model, and takes all images as a batch where they are few", async () => {
    const { code, stdout } = await train("--epochs 1 --limit 40");
    assert.equal(code, 0);
    const [run] = await readdir(join(folder, "runs"));
    assert.match(run, /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-lenet$/);
    assert.match(stdout, new RegExp(`Kept in runs/${run}`));
    assert.equal((await readJson(join("runs", run), "config.json")).batchSize, 32);
  });

  const misfits: [string, number, RegExp][] = [
    [
      "--batch-size 81 --run misfit",
      1,
      /The batch size is 81, but only 80 images train; take a batch size of at most 80/,
    ],
    ["--limit 3 --run misfit", 1, /limit of 3 training images is too low for 4 classes/],
    ["--limit 42 --run misfit", 1, /limit of 42 training images can't be shared out evenly.* 40 or 44/],
    ["--augment shift=12 --run misfit", 1, /"shift=12" moves images of 12×12 out of sight/],
  ];
  for (const [line, exitCode, message] of misfits) {
    it(`takes ${line} for a mistake and leaves no run`, async () => {
      const { code, stderr } = await train(`--epochs 1 ${line}`);
      assert.match(stderr, message);
      assert.equal(code, exitCode);
      assert.equal(existsSync(join(folder, "misfit")), false);
    });
  }

  it("says that it diverged, at which rate, and what was saved", async () => {
    const result = await train(
      "--epochs 2 --optimizer sgd --schedule constant --learning-rate 1e30 --run wild --json",
    );
    fails(
      result,
      /The loss is not finite at epoch \d, step \d+: training diverged at a learning rate of 1e\+30.*Try a smaller one/,
    );
    const end = jsonLines(result.stdout).at(-1);
    assert.equal(end?.reason, "diverged");
    assert.equal(end?.testAccuracy, null);
    assert.equal(existsSync(inRun("wild", "config.json")), true);
  });

  it("keeps the moment's weights at Ctrl-C, says how to look at them, and exits with 130", async () => {
    let pressed = false;
    const { code, stderr } = await train("--epochs 1000000 --batch-size 4 --run stopped", {
      onStderr: (text, child) => {
        if (pressed || !/^Epoch 1\/1000000/m.test(text)) return;
        pressed = true;
        child.kill("SIGINT");
      },
    });
    assert.equal(code, 130, stderr);
    assert.match(stderr, /Stopping as soon as all is kept; press Ctrl-C again to leave at once/);
    assert.match(stderr, /Interrupted after \d+ steps.*stopped\/interrupted\.safetensors/);
    assert.match(stderr, /heddle evaluate stopped --weights interrupted/);
    assert.equal(existsSync(inRun("stopped", "best.safetensors")), true);
    assert.equal(existsSync(inRun("stopped", "evaluation.json")), false);
    const judged = await heddle("evaluate stopped --weights interrupted --json");
    assert.equal((JSON.parse(judged.stdout) as Evaluation).n, 40);
  });

  const unix = process.platform === "win32" ? "needs bash's ulimit" : false;
  it("names the file and keeps what is there when the disk takes no more", { skip: unix }, async () => {
    fails(
      await train("--epochs 1 --run full", { largestFile: 40 }),
      /full\/last\.safetensors can't be written: .*Free some space.*saved before is unharmed/,
    );
    assert.deepEqual((await readdir(join(folder, "full"))).sort(), [
      "config.json",
      "environment.json",
      "images.json",
    ]);
  });

  it("refuses a run that was cut off before its first epoch, or is something else", async () => {
    await copyRunWithout("half", ["best.safetensors", "last.safetensors", "history.jsonl"]);
    fails(await heddle("evaluate half"), /half has no best\.safetensors: the file was deleted/);
    await rm(inRun("half", "evaluation.json"));
    fails(await heddle("evaluate half"), /half has no best\.safetensors: no epoch of it ended/);
    await writeFile(inRun("half", "config.json"), '{"model": "le');
    fails(await heddle("evaluate half"), /half\/config\.json is not JSON: it was cut off/);
    fails(await heddle("evaluate data"), /data is not a whole run: it has no config\.json/);
  });

  async function copyRunWithout(run: string, files: readonly string[]): Promise<void> {
    const { code } = await train(`--epochs 1 --run ${run}`);
    assert.equal(code, 0);
    for (const file of files) await rm(inRun(run, file));
  }
});
