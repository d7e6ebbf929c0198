import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { heddleIn } from "./testing/heddle-in.js";
import { inProcess } from "./testing/in-process.js";
import type { CliResult, RunCliOptions } from "./testing/run-cli.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

const ids = ["printed-adam-seed1", "printed-sgd-seed1"];

describe("heddle reproduce", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeSyntheticData(join(folder, "data"), { trainPerClass: 20, size: 28 });
    const { code, stderr } = await heddle("printed --quick --out quick");
    assert.equal(code, 0, stderr);
  });
  after(() => rm(folder, { recursive: true }));

  const inFolder = heddleIn(() => folder);
  const heddle = (line: string, options?: RunCliOptions): Promise<CliResult> =>
    inFolder(`reproduce ${line} --data data --threads 1`, options);

  /** The same in this process, in a folder of results below the test's own. */
  const here = (line: string, out: string): Promise<CliResult> => {
    const places = ["--data", join(folder, "data"), "--out", join(folder, out)];
    return inProcess(["reproduce", ...line.split(" "), ...places, "--threads", "1"]);
  };

  it("runs a part, a line a trial on stdout, and says loudly that --quick is no reproduction", async () => {
    const { code, stdout, stderr } = await heddle("printed --quick", {});
    assert.equal(code, 0, stderr);
    const [adam, sgd, last] = stdout.trimEnd().split("\n");
    assert.match(
      adam,
      /^printed-adam-seed1: validation \d+\.\d\d %, test \d+\.\d\d %, \d+\.\d s; 1 trial left, less than a minute$/,
    );
    assert.match(sgd, /^printed-sgd-seed1: .*; none left$/);
    assert.equal(last, "All of it is done and kept in reproduction-quick.");
    const warning =
      /This is not the reproduction: --quick trains on at most 1,000 images for at most 2 epochs/g;
    assert.equal(stderr.match(warning)?.length, 2);
    assert.match(stderr, /^reproduction-quick: 2 trials: 0 done, 2 open; 4 epochs left, time unknown/m);
    assert.match(stderr, /^Epoch 2\/2 {2}loss \d/m);
    assert.deepEqual((await readdir(join(folder, "reproduction-quick", "trials"))).sort(), ids);
  });

  it("trains trials at once, a line an epoch each, to what they are alone", async () => {
    const { code, stdout, stderr } = await heddle("printed --quick --parallel 2 --out together");
    assert.equal(code, 0, stderr);
    const begun = stderr.indexOf("printed-sgd-seed1, of 2 trials: ");
    assert.ok(begun > 0 && begun < stderr.indexOf("printed-adam-seed1: epoch 2/2"), stderr);
    for (const id of ids) {
      assert.match(stderr, new RegExp(`^${id}: epoch 2/2, validation \\d`, "m"));
      const [alone, together] = await Promise.all(
        ["quick", "together"].map((out) =>
          readFile(join(folder, out, "trials", id, "evaluation.json"), "utf8"),
        ),
      );
      assert.equal(together, alone);
    }
    assert.match(stdout, /^All of it is done and kept in together\.$/m);
  });

  it("runs nothing again", async () => {
    const { code, stdout, stderr } = await here("printed --quick", "quick");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^All of it is done and kept in .*quick\.\n$/);
    assert.match(stderr, /quick: 2 trials: 2 done, 0 open$/m);
  });

  it("shows the plan alone, with the time left, and makes nothing", async () => {
    const { code, stdout } = await here("schedules --quick --dry-run", "quick");
    assert.equal(code, 0);
    assert.match(stdout, /^schedules +\S+-schedule-step-\S+-seed1 +open +1 +less than a minute$/m);
    assert.match(stdout, /quick: 21 trials: 0 done, 21 open; 21 epochs left, less than a minute$/m);
    const longer = await here("printed --quick --dry-run --epochs 5", "nowhere");
    assert.match(longer.stderr, /images for at most 5 epochs/);
    const elsewhere = await here("--dry-run --quick --seeds 1,2", "nowhere");
    assert.match(elsewhere.stdout, /^schedules +constant: 1 more at its best start rate +open +1 +unknown$/m);
    assert.match(elsewhere.stdout, /nowhere: 54 trials: 0 done, 54 open; \d+ epochs left, time unknown/m);
    assert.equal(existsSync(join(folder, "nowhere")), false);
  });

  it("stops at Ctrl-C and goes on with the same command", async () => {
    let pressed = false;
    const line = "printed --epochs 4000 --seeds 3 --quick --out stopped";
    const { code, stderr } = await heddle(line, {
      onStderr: (text, child) => {
        if (pressed || !text.includes("Epoch 1/4000")) return;
        pressed = true;
        child.kill("SIGINT");
      },
    });
    assert.equal(code, 130, stderr);
    assert.match(stderr, /Stopping as soon as all is kept; press Ctrl-C again to leave at once/);
    assert.match(
      stderr,
      /Interrupted at printed-adam-seed3\. What is done is kept in stopped: 2 trials: 0 done, 1 begun, 1 open/,
    );
    const [command] = /^ {2}heddle reproduce .*$/m.exec(stderr) ?? [];
    assert.equal(command?.trim(), `heddle reproduce ${line} --threads 1 --data data`);
    const { stdout } = await here(`${line.replace(" --out stopped", "")} --dry-run`, "stopped");
    assert.match(stdout, /^printed +printed-adam-seed3 +epoch [1-9]\d* of 4000 /m);
    assert.equal(existsSync(join(folder, "stopped", "run.lock")), false);
  });

  const unix = process.platform === "win32" ? "needs bash's ulimit" : false;
  it("says what is kept and how to go on when the disk takes no more", { skip: unix }, async () => {
    const { code, stderr } = await heddle("printed --quick --out full", { largestFile: 40 });
    assert.equal(code, 1);
    assert.match(stderr, /last\.safetensors can't be written: .*Free some space.*kept in full\/trials\./);
    assert.equal(existsSync(join(folder, "full", "run.lock")), false);
  });

  it("takes a lock over from a process that is gone, and says so", async () => {
    const holder = { pid: 2 ** 30, host: hostname(), startedAt: "2020-01-01T00:00:00.000Z" };
    await writeFile(join(folder, "quick", "run.lock"), JSON.stringify(holder));
    const { code, stderr } = await heddle("printed --quick --out quick");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^warning: Process 1073741824 on .* left .*run\.lock behind: it was taken/m);
  });

  describe("refuses", () => {
    const refused: [string, string, number, RegExp][] = [
      [
        "tabel2",
        "new",
        2,
        /Unknown part of the reproduction "tabel2"\. Did you mean "table2"\? Known are table2,/,
      ],
      ["printed --seeds 1,2,1", "new", 2, /The seeds are 1,2,1: 1 is there twice/],
      ["printed --seeds 1,x", "new", 2, /--seeds got "x": expected a whole number of 0 or more/],
      ["printed --seeds -1", "new", 2, /--seeds got "-1": expected a whole number of 0 or more/],
      ["printed --epochs 0", "new", 2, /--epochs got "0"/],
      [
        "printed",
        "quick",
        1,
        /quick holds another reproduction: its quick is true in .*, here it is false.*--out names the folder/,
      ],
      ["printed", "data", 1, /data holds other things \(t10k-images-idx3-ubyte, .*no reproduction's folder/],
      [
        "printed --epochs 3 --quick",
        "quick",
        1,
        /quick\/trials\/printed-adam-seed1 was trained with epochs 2, and here it is 3/,
      ],
      [
        "printed",
        "small",
        1,
        /The batch size is 128, but only 64 images train; .* The trials that ended are kept in/,
      ],
    ];
    for (const [line, out, exitCode, message] of refused) {
      it(`${line} in ${out}`, async () => {
        const { code, stderr } = await here(line, out);
        assert.match(stderr, message);
        assert.equal(code, exitCode);
        assert.equal(existsSync(join(folder, "new")), false);
      });
    }

    /** A copy of the quick results, changed. */
    const changed: [string, string, (file: string) => Promise<void>, RegExp][] = [
      [
        "another version's results",
        "study.json",
        async (file) =>
          writeFile(file, (await readFile(file, "utf8")).replace(/"heddle": "[^"]+"/, '"heddle": "0.0.9"')),
        /was made by heddle 0\.0\.9/,
      ],
      [
        "another data set's results",
        "study.json",
        async (file) =>
          writeFile(file, (await readFile(file, "utf8")).replace(/"count": 80/, '"count": 60000')),
        /other data: its trainingImages\.count is 60000, here it is 80/,
      ],
      [
        "a damaged record",
        `trials/${ids[0]}/trial.json`,
        async (file) => writeFile(file, (await readFile(file, "utf8")).slice(0, 100)),
        /printed-adam-seed1\/trial\.json is not JSON: it was cut off.* Put it back, or delete/,
      ],
      [
        "a folder that another process works in",
        "run.lock",
        (file) =>
          writeFile(
            file,
            JSON.stringify({ pid: process.ppid, host: hostname(), startedAt: "2020-01-01T00:00:00.000Z" }),
          ),
        new RegExp(`Process ${process.ppid} on .* works in .* already`),
      ],
    ];
    for (const [index, [what, file, change, message]] of changed.entries()) {
      it(what, async () => {
        const copy = `changed-${index}`;
        await cp(join(folder, "quick"), join(folder, copy), { recursive: true });
        await change(join(folder, copy, file));
        const { code, stderr } = await here("printed --quick", copy);
        assert.match(stderr, message);
        assert.equal(code, 1);
      });
    }
  });
});
