import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { layerTypes } from "../core/layers/index.js";
import { modelNames } from "../core/models/index.js";
import { heddleVersion } from "../node/version.js";
import { inProcess } from "./testing/in-process.js";
import { runCli } from "./testing/run-cli.js";

describe("the command line", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
  });
  after(() => rm(folder, { recursive: true }));

  const words = (line: string): string[] => line.split(" ").filter((word) => word !== "");

  it("says its version", async () => {
    assert.deepEqual(await runCli(["--version"]), { code: 0, stdout: `${heddleVersion()}\n`, stderr: "" });
  });

  const commands = [
    ...["start", "train", "evaluate", "predict", "verify", "diff", "models", "layers", "schedule", "runs"],
    ...["report", "data", "augment", "reproduce", "bench"],
  ];

  it("lists every command, asked or not", async () => {
    for (const args of [[], ["--help"], ["help"]]) {
      const { code, stdout, stderr } = await inProcess(args);
      assert.equal(code, 0);
      assert.equal(stderr, "");
      for (const command of commands) assert.match(stdout, new RegExp(`^  ${command} `, "m"));
    }
  });

  for (const command of commands) {
    it(`explains ${command} with an example`, async () => {
      const { code, stdout } = await inProcess([command, "--help"]);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Usage: heddle ${command}`));
      assert.match(stdout, new RegExp(`Example:\\n  \\$ heddle ${command}`));
    });
  }

  it("takes --narrow-vectors where it computes, and says so in the help", async () => {
    const taking: string[] = [];
    for (const command of commands) {
      const { stdout } = await inProcess([command, "--help"]);
      const { stderr } = await inProcess([command, "--narrow-vectors", "--no-such-option"]);
      const taken = stderr.includes("unknown option '--no-such-option'");
      assert.equal(taken, /^ +--narrow-vectors +vectors of 128 bits/m.test(stdout), command);
      if (taken) taking.push(command);
    }
    assert.deepEqual(taking, [
      "start",
      "train",
      "evaluate",
      "predict",
      "verify",
      "diff",
      "report",
      "reproduce",
      "bench",
    ]);
  });

  const misuses: [string, RegExp][] = [
    ["trian", /unknown command 'trian'\n\(Did you mean train\?\)/],
    ["train --epoch 3", /unknown option '--epoch'\n\(Did you mean --epochs\?\)/],
    ["train --out x", /unknown option '--out'\n\(Did you mean --run\?\)/],
    ["train --epochs", /option '--epochs <n>' argument missing/],
    ["help trian", /Unknown command "trian"\. Did you mean "train"\? Known are start, train, /],
    ["train extra", /too many arguments for 'train'\. Expected 0 arguments but got 1\.\n\(heddle --help/],
    ["train src", /too many arguments.*\n\(Did you mean --data src\?\)\n\(heddle --help/],
    ["data src", /too many arguments.*\n\(Did you mean --data src\?\)/],
    ["evaluate run src", /too many arguments.*\n\(Did you mean --data src\?\)/],
    ["augment flip src", /too many arguments.*\n\(Did you mean --data src\?\)/],
    ["train lenet", /too many arguments.*\n\(Did you mean --model lenet\?\)/],
    ["train swift", /too many arguments.*\n\(Did you mean --recipe swift\?\)/],
    ["audit lenet fashion-mnist", /too many arguments.*\n\(Did you mean --model lenet\?\)/],
    ["train mine.yaml", /too many arguments.*\n\(Did you mean --recipe mine\.yaml\?\)/],
    ["train --model src", /Unknown model "src"\. Did you mean --data src\? Known are proposed, cnn/],
    ["audit --model src", /Unknown model "src"\. Did you mean --data src\? Known are proposed, cnn/],
    [
      "train --model propsed",
      /Unknown model "propsed"\. Did you mean "proposed"\? Known are proposed, cnn, lenet/,
    ],
    ["models lenett", /Unknown model "lenett"\. Did you mean "lenet"\?/],
    ["layers conv2", /Unknown layer "conv2"\. Did you mean "conv2d"\? Known are conv2d, depthwiseConv2d/],
    [
      "train --optimizer adamm",
      /Unknown optimizer "adamm"\. Did you mean "adam"\? Known are sgd, adam, adamw, rmsprop/,
    ],
    ["train --schedule dynamc", /Unknown schedule "dynamc"\. Did you mean "dynamic"\?/],
    ["schedule linear", /Unknown schedule "linear"\. Known are constant, step,/],
    ["models --batch-size 64", /--batch-size is of one model: heddle models NAME --batch-size 64/],
    ["models cnn --batch-size 0", /--batch-size got "0": expected a whole number of 1 or more/],
    ["train --epochs 0", /--epochs got "0": expected a whole number of 1 or more/],
    ["train --batch-size -4", /--batch-size got "-4": expected a whole number of 1 or more/],
    ["train --batch-size 12.5", /--batch-size got "12\.5": expected a whole number of 1 or more/],
    ["train --threads 0", /--threads got "0": expected a whole number from 1 to 256/],
    ["train --threads 10000", /--threads got "10000": expected a whole number from 1 to 256/],
    ["evaluate run --threads 0", /--threads got "0": expected a whole number from 1 to 256/],
    ["bench --profile kernel/max-pool", /A profile is of train\/<model>.*received "kernel\/max-pool"/],
    ["bench --threads 1,0", /--threads got "0": expected a whole number from 1 to 256/],
    ["train --learning-rate NaN", /--learning-rate got "NaN": expected a number, such as 0\.001/],
    ["train --learning-rate -1", /learningRate must be a number above 0, but is -1/],
    ["train --momentum 0.9", /The optimizer adam takes no --momentum/],
    ["train --schedule cosine --rho 0.2", /The cosine schedule takes no --rho/],
    ["train --augment flop", /Unknown augmentation "flop"/],
    ["augment flop", /Unknown augmentation "flop"/],
    ["augment flip --images 0", /--images got "0": expected a whole number from 1 to 100/],
    ["train --label-smoothing 2", /--label-smoothing got 2: expected a number of at least 0 and below 1/],
    ["train --seed -1", /--seed got "-1": expected a whole number of 0 or more/],
    ["evaluate run --views flop", /^error: Unknown view "flop" \(did you mean flip\?\)/],
    ["evaluate", /missing required argument 'run'/],
    ["evaluate run --weights bets", /Unknown weights "bets"\. Did you mean "best"\? Known are best, last/],
  ];
  it("ends with 2 as a process, too", async () => {
    const { code, stdout, stderr } = await runCli(["train", "--epochs", "0"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.equal(stderr, 'error: --epochs got "0": expected a whole number of 1 or more.\n');
  });

  for (const [line, message] of misuses) {
    it(`takes \`heddle ${line}\` for misuse`, async () => {
      const { code, stdout, stderr } = await inProcess(words(line));
      assert.match(stderr, message);
      assert.match(stderr, /^error: /);
      assert.doesNotMatch(stderr, /^\s+at /m);
      assert.equal(stdout, "");
      assert.equal(code, 2);
    });
  }

  const failures: [string, RegExp][] = [
    ["train --data no-such-folder", /no-such-folder can't be read: it does not exist/],
    ["data --data no-such-folder", /no-such-folder can't be read: it does not exist/],
    ["evaluate no-such-run", /There is no run at no-such-run: it does not exist\. `heddle runs` lists/],
  ];
  for (const [line, message] of failures) {
    it(`fails at \`heddle ${line}\` without a trace of a run`, async () => {
      const { code, stderr } = await runCli(words(line), { cwd: folder });
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /^\s+at /m);
      assert.equal(code, 1);
      assert.equal(existsSync(join(folder, "runs")), false);
    });
  }

  it("shows a stack trace under --debug alone, before or after the command", async () => {
    for (const args of [
      ["--debug", "evaluate", "none"],
      ["evaluate", "none", "--debug"],
    ]) {
      const { code, stderr } = await runCli(args, { cwd: folder });
      assert.equal(code, 1);
      assert.match(stderr, /error: There is no run at none[\s\S]*RunError: There is no run[\s\S]*\n\s+at /);
    }
  });

  it("lists the models, and one with its layers and reasons", async () => {
    const { stdout: overview } = await inProcess(["models"]);
    for (const name of modelNames) {
      assert.match(overview, new RegExp(`^${name} `, "m"));
    }
    const { stdout } = await inProcess(["models", "proposed"]);
    assert.match(stdout, /^C4 +conv2d +\[1, 1, 256\] +295,168 +294,912$/m);
    assert.match(stdout, /^Total +487,818 +3,483,008$/m);
    assert.match(stdout, /Table 1 prints/);
    assert.match(
      stdout,
      /^Memory on \d+ threads?: \d+ MiB to train by adam in steps of 128 images; \d+ MiB to\npredict as many\.$/m,
    );
  });

  it("plans a model's memory at the batch size that is asked for, and trains nothing for it", async () => {
    const memory = async (batchSize: string): Promise<string> => {
      const { code, stdout } = await inProcess(["models", "resNet20", "--batch-size", batchSize]);
      assert.equal(code, 0);
      return stdout.slice(stdout.indexOf("Memory on"), stdout.indexOf("\n\nHe et al.")).replaceAll("\n", " ");
    };
    assert.match(
      await memory("1"),
      /: \d+ MiB to train by adam in steps of 1 image; \d+ MiB to predict as many\.$/,
    );
    assert.match(
      await memory("20000"),
      /of 20,000 images, more than the 4 GiB that there can be; \d+ MiB to predict as many, \d,\d+ at once\.$/,
    );
  });

  it("lists the layers, and one with its options as it declares them", async () => {
    const { stdout: overview } = await inProcess(["layers"]);
    for (const type of layerTypes) assert.match(overview, new RegExp(`^${type} +\\S`, "m"));
    assert.match(overview, /^dense +a fully connected layer: /m);
    const { stdout } = await inProcess(["layers", "conv2d"]);
    assert.match(stdout, /^ {2}conv2d\(\{ filters: 32, kernelSize: 3, activation: "relu" \}\)$/m);
    assert.match(stdout, /^filters +channels of the output\n +a whole number of 1 or more \(needed\)$/m);
    assert.match(stdout, /^useBias +whether there is a bias\n +true or false \(default: true\)$/m);
    assert.match(stdout, /^trainable +whether training moves its tensors$/m);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
  });

  it("tells programs of the layers, a line each", async () => {
    const { stdout } = await inProcess(["layers", "--json"]);
    const layers = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      layers.map(({ type }) => type),
      layerTypes,
    );
    const { stdout: one } = await inProcess(["layers", "dropout", "--json"]);
    const { options, ...rest } = JSON.parse(one);
    assert.deepEqual(rest, {
      type: "dropout",
      meaning: "sets a share of the values to zero in training",
      example: "dropout(0.25)",
    });
    assert.deepEqual(options[0], {
      name: "rate",
      meaning: "share of values set to zero in training",
      expected: "a number from 0 up to, not including, 1 (the share of values dropped)",
      required: true,
    });
  });

  it("draws a schedule and writes it", async () => {
    const out = join(folder, "curve.csv");
    const line = `schedule dynamic --learning-rate 0.1 --epochs 2 --images 256 --out ${out}`;
    const { code, stdout } = await inProcess(words(line));
    assert.equal(code, 0);
    assert.match(stdout, /^2 epochs of 2 steps/m);
    assert.ok(existsSync(out));
    const again = await inProcess(words(line));
    assert.equal(again.code, 1);
    assert.match(again.stderr, /left as it is.*--overwrite/);
    assert.equal((await inProcess(words(`${line} --overwrite`))).code, 0);
  });

  it("says that there are no runs", async () => {
    const { code, stdout } = await runCli(["runs"], { cwd: folder });
    assert.equal(code, 0);
    assert.match(stdout, /There are no runs in runs\. `heddle train` makes one\./);
  });
});
