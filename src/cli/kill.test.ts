import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type CliResult, type RunCliOptions, runCli } from "./testing/run-cli.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

const settings = "--model lenet --data data --epochs 12 --batch-size 8 --learning-rate 0.01 --threads 1";
/** Each is killed twice. */
const runs = 5;

describe("a run that is killed at any moment", () => {
  let folder: string;
  let milliseconds: number;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeSyntheticData(join(folder, "data"));
    const started = performance.now();
    const { code, stderr } = await heddle(`train ${settings} --run whole`);
    milliseconds = performance.now() - started;
    assert.equal(code, 0, stderr);
  });
  after(() => rm(folder, { recursive: true }));

  const heddle = (line: string, options: RunCliOptions = {}): Promise<CliResult> =>
    runCli(line.split(" "), { cwd: folder, ...options });
  /** Later than any run ends is a kill that comes too late, which must do no harm either. */
  const killed = (delay: number): RunCliOptions => ({
    onStart: (child) => {
      setTimeout(() => child.kill("SIGKILL"), delay);
    },
  });
  const goOn = (run: string, options: RunCliOptions = {}): Promise<CliResult> =>
    heddle(
      existsSync(join(folder, run, "config.json"))
        ? `train --resume ${run} --threads 1`
        : `train ${settings} --run ${run}`,
      options,
    );

  it("goes on to the same bytes, and leaves nothing half-written", async () => {
    const expected = await contents("whole");
    for (let number = 0; number < runs; number++) {
      const run = `run-${number}`;
      const delays = [Math.random() * milliseconds, Math.random() * milliseconds];
      await heddle(`train ${settings} --run ${run}`, killed(delays[0]));
      await goOn(run, killed(delays[1]));
      const { code, stderr } = await goOn(run);
      const moment = `killed after ${delays.join(" and ")} ms of ${milliseconds}`;
      assert.ok(code === 0 || /is finished: its 12 epochs are done/.test(stderr), `${moment}: ${stderr}`);
      assert.deepEqual(await contents(run), expected, moment);
    }
  });

  /** All files' names, and the contents of those that a run's settings decide. */
  async function contents(run: string): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const name of (await readdir(join(folder, run))).sort()) {
      const text = await readFile(join(folder, run, name), "latin1");
      found[name] = name === "environment.json" ? "" : text.replaceAll(/"seconds":[\d.e-]+/g, "");
    }
    return found;
  }
});
