import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { HeddleError, UsageError } from "../../core/errors.js";
import { dense, flatten } from "../../core/layers/index.js";
import { tinyData, tinyShape } from "../../core/training/testing/tiny-model.js";
import { percent } from "../../core/words.js";
import { sequential } from "../../node/node-model.js";
import { trainRun } from "../../node/runs.js";
import { inProcess } from "../testing/in-process.js";
import { runCli } from "../testing/run-cli.js";
import { writeSyntheticData } from "../testing/synthetic-data.js";
import { type ReportCommandOptions, reportCommand } from "./report.js";

describe("heddle report", () => {
  let folder: string;
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  const page = (...parts: readonly string[]): Promise<string> => readFile(at(...parts), "utf8");

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-report-"));
    await writeSyntheticData(at("data"));
    for (const seed of ["1", "2"]) {
      const options = `--model lenet --data data --epochs 2 --batch-size 16 --threads 1 --seed ${seed} --run run${seed}`;
      const { code, stderr } = await inProcess(["train", ...options.split(" ")], { cwd: folder });
      assert.equal(code, 0, stderr);
    }
  });
  after(() => rm(folder, { recursive: true }));

  async function report(options: ReportCommandOptions): Promise<{ stdout: string[]; stderr: string[] }> {
    const lines = { stdout: [] as string[], stderr: [] as string[] };
    await reportCommand(
      { threads: 1, ...options },
      {
        stdout: (line) => lines.stdout.push(line),
        stderr: (line) => lines.stderr.push(line),
        errorColour: false,
      },
    );
    return lines;
  }

  async function refuses(options: ReportCommandOptions, message: RegExp, kind = HeddleError): Promise<void> {
    await assert.rejects(report(options), (error: Error) => {
      assert.ok(error instanceof kind, String(error));
      assert.equal(error instanceof UsageError, kind === UsageError);
      assert.match(error.message, message);
      return true;
    });
  }

  /** A copy of a run with some of its files changed, or taken away. */
  async function copyOfRun(
    name: string,
    files: Readonly<Record<string, string | undefined>>,
  ): Promise<string> {
    await cp(at("run1"), at(name), { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      if (content === undefined) await rm(at(name, file));
      else await writeFile(at(name, file), content);
    }
    return at(name);
  }

  it("writes one run into its folder, judged, and writes its own page anew", async () => {
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = await runCli(["report", "run1", "--threads", "1"], { cwd: folder });
      assert.equal(code, 0, stderr);
      assert.equal(stdout, `Report written to ${join("run1", "report.html")}\n`);
      assert.match(stderr, /^Judging the best weights of run1 …\n.* is read as idx: .*\n$/);
    }
    const text = await page("run1", "report.html");
    const { accuracy } = JSON.parse(await page("run1", "evaluation.json"));
    assert.ok(text.includes(`<b>${(100 * accuracy).toFixed(2)}\u00a0%</b> of 40 test images`));
    assert.match(text, /<h1>LeNet on data<\/h1>/);
    for (const id of ["loss", "accuracy", "classes", "confusion", "roc", "calibration", "settings"])
      assert.ok(text.includes(`id="${id}"`), id);
  });

  it("puts several side by side", async () => {
    const { stdout } = await report({ runs: [at("run1"), at("run2")], out: at("both.html") });
    assert.deepEqual(stdout, [`Report written to ${at("both.html")}`]);
    const text = await page("both.html");
    assert.match(text, /2 runs: run1 and run2/);
    assert.match(text, /The runs differ in seed\./);
    assert.ok(text.includes('id="confusion-2"'));
  });

  it("loads the data of several once", async () => {
    const lines: string[] = [];
    const stderr = (line: string): void => {
      // It is asked for by the first run: by the second it may be gone.
      if (/ run2 /.test(line)) renameSync(at("data"), at("data-gone"));
      lines.push(line);
    };
    const options = { runs: [at("run1"), at("run2")], out: at("once.html"), threads: 1 };
    try {
      await reportCommand(options, { stdout: () => undefined, stderr, errorColour: false });
    } finally {
      renameSync(at("data-gone"), at("data"));
    }
    assert.deepEqual(
      lines.map((line) => /^Judging|is read as/.exec(line)?.[0]),
      ["Judging", "is read as", "Judging"],
    );
    assert.ok((await page("once.html")).includes('id="mistakes-pictures-2"'));
  });

  it("shows a run that goes on by its curves, without its data, and says so", async () => {
    const [first] = (await page("run1", "history.jsonl")).split("\n");
    const run = await copyOfRun("going-on", { "history.jsonl": `${first}\n` });
    await writeFile(
      join(run, "config.json"),
      (await page("run1", "config.json")).replace(/"data": ".*"/, '"data": "/nowhere"'),
    );
    const { stderr } = await report({ runs: [run], out: at("going-on.html") });
    assert.match(stderr.join("\n"), /going-on is shown by its curves alone: 1 of its 2 epochs are done/);
    assert.doesNotMatch(await page("going-on.html"), /id="roc"/);
  });

  it("shows a run that has lost its weights by the judgement that it kept, else by its curves", async () => {
    const judged = await copyOfRun("lost", { "best.safetensors": undefined });
    const { stderr } = await report({ runs: [judged], out: at("lost.html") });
    assert.deepEqual(stderr, []);
    assert.match(await page("lost.html"), /Test accuracy/);
    const lost = await copyOfRun("lost-all", { "best.safetensors": undefined, "evaluation.json": undefined });
    const told = await report({ runs: [lost], out: at("lost-all.html") });
    assert.match(told.stderr.join("\n"), /best\.safetensors, are gone/);
  });

  it("leaves a file alone that is no report, until told otherwise", async () => {
    await writeFile(at("mine.html"), "<p>mine</p>");
    await refuses(
      { runs: [at("run1")], out: at("mine.html") },
      /mine\.html is there already, is no report .*--overwrite/,
    );
    assert.equal(await page("mine.html"), "<p>mine</p>");
    await report({ runs: [at("run1")], out: at("mine.html"), overwrite: true });
    assert.match(await page("mine.html"), /^<!doctype html>/);
  });

  it("refuses what can't be reported", async () => {
    await refuses({ runs: [at("none")] }, /There is no run at .*none: it does not exist/);
    await refuses({ runs: [at("data")] }, /data is not a whole run: it has no config\.json/);
    await refuses({ runs: [at("data", "t10k-labels-idx1-ubyte")] }, /is a file; a run is a folder/);
    const empty = await copyOfRun("empty", { "history.jsonl": undefined });
    await refuses({ runs: [empty] }, /No epoch of .*empty ended, so there is nothing to report yet/);
    const damaged = await copyOfRun("damaged", { "config.json": "{" });
    await refuses({ runs: [damaged] }, /config\.json is not JSON/);
  });

  it("refuses a run given twice, by another name too", async () => {
    await refuses({ runs: [at("run1"), at("run1")] }, /run1 is given twice: name each run once/, UsageError);
    await symlink(at("run1"), at("alias"));
    await refuses(
      { runs: [at("run1"), at("alias")] },
      /alias is given twice \(.*run1 is the same folder\)/,
      UsageError,
    );
  });

  it("refuses runs of different data, but judges them on data given", async () => {
    const config = (await page("run1", "config.json")).replace(/"data": ".*"/, '"data": "fashion-mnist"');
    const other = await copyOfRun("other", { "config.json": config });
    const runs = [at("run1"), other];
    await refuses(
      { runs, out: at("x.html") },
      /run1 was trained on .*data and .*other on fashion-mnist: expected runs of one data set\. .*--data/,
      UsageError,
    );
    const { stdout } = await report({ runs, data: at("data"), out: at("x.html") });
    assert.deepEqual(stdout, [`Report written to ${at("x.html")}`]);
  });

  it("takes one folder for one data set, however it was said to be read", async () => {
    const options = '"dataOptions": { "kind": "idx" },';
    const config = (await page("run1", "config.json")).replace(/("data": ".*",)/, `$1 ${options}`);
    const named = await copyOfRun("named", { "config.json": config, "receipt.json": undefined });
    const { stdout } = await report({ runs: [at("run2"), named], out: at("same.html") });
    assert.deepEqual(stdout, [`Report written to ${at("same.html")}`]);
  });

  it("refuses a place where no file can be", async () => {
    await mkdir(at("a-folder"));
    await refuses(
      { runs: [at("run1")], out: at("a-folder") },
      /a-folder is a folder: expected the name of a file/,
    );
    await refuses(
      { runs: [at("run1")], out: at("missing", "a.html") },
      /a\.html can't be written: its folder .* does not exist\. Make it/,
    );
    await refuses(
      { runs: [at("run1")], out: at("both.html", "a.html") },
      /can't be written: .* is a file, expected a folder/,
    );
  });

  it("answers misuse on the command line with exit code 2", async () => {
    const none = await runCli(["report"], { cwd: folder });
    assert.equal(none.code, 2);
    assert.match(none.stderr, /missing required argument 'run'/);
    const twice = await runCli(["report", "run1", "run1"], { cwd: folder });
    assert.equal(twice.code, 2);
    assert.match(twice.stderr, /run1 is given twice/);
  });

  it("shows a run of the library: a model of one's own, on images that a program handed over", async () => {
    const model = sequential([flatten(), dense({ units: 3, name: "logits" })], { inputShape: tinyShape });
    const run = at("library");
    const { evaluation } = await trainRun({ model, data: tinyData, epochs: 2, folder: run, threads: 1 });
    await report({ runs: [run] });
    const text = await page("library", "report.html");
    assert.match(text, /<h1>model on tiny<\/h1>/);
    assert.match(text, /logits \(dense\)/);
    assert.ok(text.includes(percent(evaluation!.accuracy).replace(" ", "\u00a0")));
    const { code, stderr } = await inProcess(["evaluate", run]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /images that a program handed over, called "tiny": they are needed again.* is named by --data/,
    );
    await refuses(
      { runs: [run, at("run1")] },
      /was trained on tiny and .* expected runs of one data set/,
      UsageError,
    );
  });
});
