import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { inProcess } from "./testing/in-process.js";
import { type CliResult, main, type RunCliOptions, runCli } from "./testing/run-cli.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

const windows = process.platform === "win32" && "Windows has no such signals";

describe("signals to a command that trains", { skip: windows }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeSyntheticData(join(folder, "data"));
    // Enough test images that the judging takes a while.
    await writeSyntheticData(join(folder, "many"), { testPerClass: 20_000 });
  });
  after(() => rm(folder, { recursive: true }));

  /** Sends signals when stderr first shows a text. */
  function signalsAt(text: string, ...signals: NodeJS.Signals[]): RunCliOptions {
    let sent = false;
    return {
      cwd: folder,
      onStderr: (shown, child) => {
        if (sent || !shown.includes(text)) return;
        sent = true;
        for (const signal of signals) child.kill(signal);
      },
    };
  }
  const train = (line: string, options: RunCliOptions): Promise<CliResult> =>
    runCli(`train ${line} --threads 1`.split(" "), options);
  const endless = "--model lenet --data data --epochs 1000000 --batch-size 4";
  const endsWith = ({ code, stderr }: CliResult, exitCode: number, words: RegExp): void => {
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.equal(code, exitCode, stderr);
  };

  for (const [signal, exitCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    it(`are heard at once at the beginning: ${signal}`, async () => {
      const result = await train(`${endless} --run early-${exitCode}`, signalsAt("Training lenet", signal));
      endsWith(result, exitCode, /^Interrupted (before training began: nothing is kept|after \d+ steps)/m);
    });

    it(`keep what there is while it trains, and say how to go on: ${signal}`, async () => {
      const run = `trains-${exitCode}`;
      const result = await train(`${endless} --run ${run}`, signalsAt("Epoch 1/1000000  loss", signal));
      endsWith(
        result,
        exitCode,
        new RegExp(`Interrupted after \\d+ steps.*${run}/interrupted\\.safetensors`),
      );
      assert.match(result.stderr, new RegExp(`^ {2}heddle train --resume ${run}$`, "m"));
      const files = await readdir(join(folder, run));
      assert.ok(["checkpoint.safetensors", "interrupted.safetensors"].every((file) => files.includes(file)));
      assert.deepEqual(
        files.filter((file) => /lock|tmp/.test(file)),
        [],
      );
    });

    it(`are heard while the weights are judged: ${signal}`, async () => {
      const run = `judges-${exitCode}`;
      const line = `--model lenet --data many --epochs 1 --run ${run}`;
      const result = await train(line, signalsAt("Judging the best weights", signal));
      endsWith(result, exitCode, /^Interrupted while the best weights were judged\. All epochs are kept/m);
      assert.equal(existsSync(join(folder, run, "evaluation.json")), false);
      const { code, stderr } = await inProcess(["train", "--resume", run, "--threads", "1"], { cwd: folder });
      assert.equal(code, 0, stderr);
      assert.equal(existsSync(join(folder, run, "evaluation.json")), true);
    });
  }

  const noScript = spawnSync("script", ["--version"]).status !== 0 && "needs script, of util-linux";
  it("keep what there is where the terminal itself is closed", { skip: noScript }, async () => {
    // Whoever leads the terminal's session hears of its end, and passes it on.
    const leader = join(folder, "leader.mjs");
    await writeFile(
      leader,
      `import { spawn } from "node:child_process";
      import { writeFileSync } from "node:fs";
      const args = [${JSON.stringify(main)}, ..."train ${endless} --threads 1 --run closed".split(" ")];
      const child = spawn(process.execPath, args, { stdio: "inherit" });
      process.on("SIGHUP", () => child.kill("SIGHUP"));
      child.on("exit", (code, signal) => writeFileSync("code", String(code ?? signal)));`,
    );
    const command = `exec ${process.execPath} ${leader}`;
    const script = spawn("script", ["-qec", command, "/dev/null"], { cwd: folder });
    await new Promise<void>((resolve, reject) => {
      let text = "";
      script.stdout.on("data", (part) => {
        text += part;
        if (text.includes("Epoch 2/")) resolve();
      });
      script.on("error", reject);
    });
    script.kill("SIGKILL");
    const code = join(folder, "code");
    while (!existsSync(code) || readFileSync(code, "utf8") === "") await setTimeout(50);
    assert.equal(readFileSync(code, "utf8"), "129");
    const files = await readdir(join(folder, "closed"));
    assert.ok(files.includes("interrupted.safetensors") && !files.includes("run.lock"), files.join(" "));
  });

  it("are heard by a run that goes on", async () => {
    const line = `${endless} --run goes-on`;
    endsWith(await train(line, signalsAt("Epoch 1/1000000  loss", "SIGTERM")), 143, /Interrupted after/);
    const result = await train("--resume goes-on", signalsAt("Going on with goes-on", "SIGTERM"));
    endsWith(result, 143, /^Interrupted (before training went on; goes-on is as it was|after \d+ steps)/m);
    assert.match(result.stderr, /^ {2}heddle train --resume goes-on$/m);
    assert.equal(existsSync(join(folder, "goes-on", "run.lock")), false);
  });

  it("end it at once at the second, and the lock goes with it", async () => {
    const line = `${endless} --run twice`;
    const result = await train(line, signalsAt("Epoch 1/1000000  loss", "SIGINT", "SIGTERM"));
    // Of two at once, either may be the second.
    endsWith(result, result.code === 130 ? 130 : 143, /to leave at once/);
    assert.doesNotMatch(result.stderr, /^Interrupted/m);
    assert.equal(existsSync(join(folder, "twice", "run.lock")), false);
  });
});
