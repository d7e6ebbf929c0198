import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { inProcess } from "./testing/in-process.js";
import { type RunCliOptions, runCli } from "./testing/run-cli.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

const esc = "\u001b";

describe("what is printed", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeSyntheticData(join(folder, "data"));
  });
  after(() => rm(folder, { recursive: true }));

  const train = (run: string, options: RunCliOptions) =>
    runCli(
      `train --model lenet --data data --epochs 4 --batch-size 4 --threads 1 --json --run ${run}`.split(" "),
      { cwd: folder, ...options },
    );

  for (const stream of ["stdout", "stderr"] as const) {
    it(`may be left unread on ${stream}: training goes on to its end`, async () => {
      const onStart: RunCliOptions["onStart"] = (child) =>
        child[stream]?.once("data", () => child[stream]?.destroy());
      const run = `unread-${stream}`;
      const result = await train(run, { onStart });
      assert.equal(result.code, 0, result.stderr);
      assert.equal(existsSync(join(folder, run, "evaluation.json")), true);
      if (stream === "stdout") assert.match(result.stderr, /Epoch 4\/4/);
      else assert.match(result.stdout, /"reason":"finished"/);
    });
  }

  const noFull = !existsSync("/dev/full") && "there is no /dev/full here";
  it("may not fit: training goes on, and says so", { skip: noFull }, async () => {
    const { code, stderr } = await train("full", { stdoutTo: "/dev/full" });
    assert.match(stderr, /^error: stdout can't be written: the disk is full\. .*it goes on to its end\.$/m);
    assert.doesNotMatch(stderr, /fault in heddle|^\s+at /m);
    assert.equal(code, 1);
    assert.equal(existsSync(join(folder, "full", "evaluation.json")), true);
    const listed = await runCli(["runs", "."], { cwd: folder, stdoutTo: "/dev/full" });
    assert.match(listed.stderr, /^error: stdout can't be written: the disk is full/m);
    assert.equal(listed.code, 1);
  });

  it("comes whole to a reader that takes its time", async () => {
    const wide = join(folder, "many");
    await mkdir(wide);
    // More than a pipe holds.
    const names = Array.from({ length: 1500 }, (_, index) => `${"x".repeat(100)}${index}`);
    for (const name of names) await mkdir(join(wide, name));
    const { stdout, code } = await runCli(["runs", wide, "--json"], {
      onStart: (child) => {
        child.stdout?.pause();
        setTimeout(() => child.stdout?.resume(), 4000);
      },
    });
    assert.equal(code, 0);
    assert.equal(stdout.trimEnd().split("\n").length, names.length);
  });

  it("never steers the terminal by names from outside", async () => {
    const evil = `a${esc}]0;title\u0007${esc}[2J`;
    const shown = "a\\u001b]0;title\\u0007\\u001b[2J";
    for (const args of [["evaluate", evil], ["train", "--data", evil], ["train", "--model", evil], [evil]]) {
      const { stderr } = await runCli(args, { cwd: folder });
      assert.ok(stderr.includes(shown), stderr);
      assert.ok(!stderr.includes(esc), stderr);
    }
    await mkdir(join(folder, "odd", `${evil}\nsecond`), { recursive: true });
    await writeFile(join(folder, "odd", `${evil}\nsecond`, "other"), "");
    const { stdout, stderr } = await runCli(["runs", "odd"], { cwd: folder });
    for (const text of [stdout, stderr]) {
      assert.ok(text.includes(`${shown}\\u000asecond`), text);
      assert.ok(!text.includes(esc), text);
    }
    const asJson = await runCli(["runs", "odd", "--json"], { cwd: folder });
    assert.equal(JSON.parse(asJson.stdout).folder, join("odd", `${evil}\nsecond`));
  });

  it("shows who holds a lock, whatever the lock says", async () => {
    const stopped = `train --model lenet --data data --epochs 9 --threads 1 --run locked`.split(" ");
    const { code } = await runCli(stopped, {
      cwd: folder,
      onStderr: (text, child) => text.includes("Epoch 1/9") && child.kill("SIGKILL"),
    });
    assert.equal(code, null);
    const holder = { pid: 1, host: `${esc}[31mhost\nfalse`, startedAt: esc };
    await writeFile(join(folder, "locked", "run.lock"), JSON.stringify(holder));
    const { stderr } = await runCli(["train", "--resume", "locked"], { cwd: folder });
    assert.match(stderr, /Process 1 on \\u001b\[31mhost false, begun at \\u001b, works in locked already/);
    assert.ok(!stderr.includes(esc));
  });

  it("has no stack trace for a fault, and one under --debug", async () => {
    for (const args of [["models"], ["--debug", "models"]]) {
      const { code, stderr } = await inProcess(args, { fault: new TypeError("It broke.") });
      assert.equal(code, 1);
      assert.match(stderr, /^error: It broke\. \(This is a fault in heddle: --debug shows where\.\)/);
      assert.equal(/^\s+at /m.test(stderr), args.length > 1);
    }
  });
});
