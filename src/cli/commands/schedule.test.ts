import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { HeddleError, UsageError } from "../../core/errors.js";
import { type ScheduleCommandOptions, scheduleCommand } from "./schedule.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-schedule-"));
after(() => rmSync(folder, { recursive: true }));

async function run(options: ScheduleCommandOptions): Promise<{ stdout: string[]; stderr: string[] }> {
  const lines = { stdout: [] as string[], stderr: [] as string[] };
  await scheduleCommand(options, {
    stdout: (line) => lines.stdout.push(line),
    stderr: (line) => lines.stderr.push(line),
    errorColour: false,
  });
  return lines;
}

const paper: ScheduleCommandOptions = {
  schedule: { name: "dynamic", learningRate: 0.1, minLearningRate: 1e-8, maxLearningRate: 0.1 },
};

describe("heddle schedule", () => {
  it("draws the curve and says where it begins and ends", async () => {
    const { stdout, stderr } = await run(paper);
    assert.match(stdout[0], /^dynamic: α = /);
    assert.match(stdout[1], /learningRate 0\.1, .*rho 0\.1/);
    assert.equal(stdout[2], "50 epochs of 375 steps (batches of 128)");
    assert.equal(stdout[3], "First step 0.1, halfway 0.01739, last step 0.01061");
    assert.ok(stdout.slice(5).every((line) => line.length <= 80));
    assert.match(stdout[stdout.length - 1], /^ +0 +epoch +50$/);
    assert.deepEqual(stderr, []);
  });

  it("says of a schedule that follows the training that it can't be drawn ahead", async () => {
    const schedule = { name: "reduce-on-plateau", learningRate: 0.5 } as const;
    const { stdout } = await run({ schedule });
    assert.equal(stdout.length, 3);
    assert.match(stdout[1], /learningRate 0\.5, .*factor 0\.1, patience 10/);
    assert.match(stdout[2], /it can't be drawn ahead\. First step 0\.5\./);
    await assert.rejects(
      run({ schedule, out: join(folder, "plateau.csv") }),
      /--out: reduce-on-plateau follows the validation figures .* can't be drawn ahead/,
    );
  });

  it("writes every step as CSV", async () => {
    const file = join(folder, "rates.csv");
    const { stderr } = await run({
      schedule: { name: "step", learningRate: 0.5, decayEpochs: 1 },
      epochs: 2,
      trainImages: 300,
      out: file,
    });
    assert.deepEqual(stderr, [`Wrote ${file}`]);
    assert.equal(
      readFileSync(file, "utf8"),
      "step,epoch,learningRate\n0,1,0.5\n1,1,0.5\n2,1,0.5\n3,2,0.25\n4,2,0.25\n5,2,0.25\n",
    );
  });

  it("writes a picture that has a title and a description", async () => {
    const file = join(folder, "rates.SVG");
    await run({ ...paper, out: file });
    const svg = readFileSync(file, "utf8");
    assert.match(svg, /^<svg role="img"/);
    assert.match(svg, /<title>Learning rate: dynamic<\/title><desc>.*50 epochs.*0\.1 at the first step/);
    assert.match(svg, /<\/svg>\s*$/);
  });

  it("leaves a file that is there alone until told otherwise", async () => {
    const file = join(folder, "kept.csv");
    writeFileSync(file, "mine");
    await assert.rejects(run({ ...paper, out: file }), (error: Error) => {
      assert.ok(error instanceof HeddleError && !(error instanceof UsageError));
      assert.match(error.message, /kept\.csv is there already and was left as it is.*--overwrite/);
      return true;
    });
    assert.equal(readFileSync(file, "utf8"), "mine");
    const { stderr } = await run({ ...paper, out: file, overwrite: true });
    assert.deepEqual(stderr, [`Replaced ${file}`]);
    assert.match(readFileSync(file, "utf8"), /^step,epoch,learningRate\n/);
  });

  it("can't write into a folder that is missing", async () => {
    await assert.rejects(run({ ...paper, out: join(folder, "missing", "a.csv") }), /a\.csv can't be written/);
  });

  const misuses: [string, ScheduleCommandOptions, RegExp][] = [
    [
      "another ending",
      { ...paper, out: "a.png" },
      /--out a\.png ends in "\.png": expected .* \.svg or \.csv/,
    ],
    ["no ending", { ...paper, out: "a" }, /--out a ends in no ending/],
    ["no epochs", { ...paper, epochs: 0 }, /--epochs is 0: expected a whole number of at least 1/],
    [
      "a fractional batch size",
      { ...paper, batchSize: 1.5 },
      /--batch-size is 1\.5: expected a whole number/,
    ],
    [
      "a table of too many rows",
      { ...paper, epochs: 100_000_000, out: "big.csv" },
      /big\.csv: 100,000,000 epochs of 375 steps are 37,500,000,000 rows: expected 5,000,000 at most/,
    ],
    [
      "a bad learning rate",
      { schedule: { name: "cosine", learningRate: Number.NaN } },
      /learningRate must be a number above 0, but is NaN/,
    ],
  ];
  for (const [what, options, message] of misuses) {
    it(`refuses ${what} before it draws`, async () => {
      const lines: string[] = [];
      const tell = (line: string) => lines.push(line);
      const out = { stdout: tell, stderr: tell, errorColour: false };
      await assert.rejects(scheduleCommand(options, out), (error: Error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(lines, []);
    });
  }
});
