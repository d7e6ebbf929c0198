import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { heddleIn } from "./testing/heddle-in.js";
import type { RunCliOptions } from "./testing/run-cli.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

/** Epochs long enough that a signal lands within one: 3,200 images train in steps of 3, the last of 2. */
const options =
  "--model lenet --data data --epochs 4 --batch-size 3 --augment flip,shift=1 --learning-rate 0.01";

describe("heddle train --resume", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeSyntheticData(join(folder, "data"), { trainPerClass: 1000 });
    const whole = await heddle(`train ${options} --threads 1 --run whole`);
    assert.equal(whole.code, 0, whole.stderr);
  });
  after(() => rm(folder, { recursive: true }));

  const heddle = heddleIn(() => folder);

  /** Sends a signal when an epoch's line is shown, while the next epoch goes on. */
  function signalAfter(epoch: number, signal: NodeJS.Signals): RunCliOptions {
    let sent = false;
    return {
      onStderr: (text, child) => {
        if (sent || !text.includes(`Epoch ${epoch}/4  loss`) || !text.includes("validation")) return;
        sent = true;
        setTimeout(() => child.kill(signal), 40);
      },
    };
  }

  async function assertAsWhole(run: string): Promise<void> {
    for (const file of ["best.safetensors", "last.safetensors", "evaluation.json"]) {
      const [left, right] = await Promise.all(
        ["whole", run].map((name) => readFile(join(folder, name, file))),
      );
      assert.ok(left.equals(right), `${run}/${file} is not what it is without a stop`);
    }
    const [left, right] = await Promise.all(
      ["whole", run].map(async (name) =>
        (await readFile(join(folder, name, "history.jsonl"), "utf8")).replaceAll(/"seconds":[\d.e-]+/g, ""),
      ),
    );
    assert.equal(left, right);
  }

  it("ends in the same bytes after a SIGKILL within an epoch, on another number of threads", async () => {
    const killed = await heddle(`train ${options} --threads 2 --run killed`, signalAfter(2, "SIGKILL"));
    assert.equal(killed.code, null);
    assert.equal(existsSync(join(folder, "killed", "evaluation.json")), false);
    const { code, stderr, stdout } = await heddle("train --resume killed --threads 1 --json");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Going on with killed …$/m);
    assert.match(stderr, /^Going on after epoch 2, from killed\/checkpoint\.safetensors$/m);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ event, epoch }) => epoch ?? event),
      ["start", 3, 4, "end"],
    );
    assert.equal(lines[0].epochsDone, 2);
    assert.equal(lines[0].run, "killed");
    assert.equal(typeof lines[3].bestValidationAccuracy, "number");
    await assertAsWhole("killed");
  });

  it("stops again at Ctrl-C and says how to go on", async () => {
    const first = await heddle(`train ${options} --threads 1 --run stopped`, signalAfter(1, "SIGINT"));
    assert.equal(first.code, 130, first.stderr);
    assert.match(first.stderr, /^ {2}heddle train --resume stopped$/m);
    const second = await heddle("train --resume stopped --threads 1", signalAfter(2, "SIGINT"));
    assert.equal(second.code, 130, second.stderr);
    assert.match(second.stderr, /stopped\/interrupted\.safetensors/);
    await writeFile(join(folder, "stopped", "checkpoint.safetensors"), "torn");
    const third = await heddle("train --resume stopped --threads 2");
    assert.equal(third.code, 0, third.stderr);
    assert.match(third.stderr, /^warning: stopped\/checkpoint\.safetensors is not a whole safetensors file/m);
    assert.match(third.stderr, /^Going on after epoch 1, from stopped\/checkpoint\.previous\.safetensors$/m);
    assert.match(third.stdout, /^On the test set, with the weights of epoch \d of 4:$/m);
    await assertAsWhole("stopped");
  });

  it("goes on with data that was moved, in vectors of any width, and refuses other data", async () => {
    await cp(join(folder, "data"), join(folder, "before"), { recursive: true });
    const line = options.replace("--data data", "--data before");
    const first = await heddle(`train ${line} --threads 1 --run moved`, signalAfter(1, "SIGKILL"));
    assert.equal(first.code, null, first.stderr);
    await rename(join(folder, "before"), join(folder, "after"));
    await writeSyntheticData(join(folder, "others"), { trainPerClass: 1000, testPerClass: 11 });
    const other = await heddle("train --resume moved --data others");
    assert.match(other.stderr, /moved can't be gone on with\. .* judged on other test images/);
    assert.equal(other.code, 1);
    await writeSyntheticData(join(folder, "smaller"), { size: 8 });
    const unfit = await heddle("train --resume moved --data smaller");
    assert.match(
      unfit.stderr,
      /The run's model takes images of .* Go on with it on the set .*--data names it\./,
    );
    const { code, stderr } = await heddle("train --resume moved --data after --narrow-vectors", {});
    assert.equal(code, 0, stderr);
    await assertAsWhole("moved");
  });

  const refusals: [string, number, RegExp][] = [
    ["--resume whole", 1, /whole is finished: its 4 epochs are done and its test accuracy is/],
    ["--resume nowhere", 1, /There is no run at nowhere/],
    ["--resume data", 1, /data is not a whole run: it has no config\.json/],
    [
      "--resume whole --epochs 50 --run other",
      2,
      /--resume goes on with the settings in whole\/config\.json, and --epochs, --run can't be given with it/,
    ],
    ["--resume whole --no-nesterov", 2, /and --no-nesterov can't be given with it/],
    [
      "--resume whole --model lenet",
      2,
      /and --model can't be given with it: expected --threads, --narrow-vectors, --data, --data-kind, --tensorboard or --json at most/,
    ],
  ];
  for (const [line, exitCode, message] of refusals) {
    it(`refuses ${line}`, async () => {
      const { code, stderr } = await heddle(`train ${line}`);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /^\s+at /m);
      assert.equal(code, exitCode);
    });
  }
});
