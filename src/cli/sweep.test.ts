import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { inProcess } from "./testing/in-process.js";
import { runCli } from "./testing/run-cli.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

const base = { model: "lenet", epochs: 4, batchSize: 8, optimizer: "sgd" };
// The last one diverges.
const rates = { "schedule.learningRate": [0.01, 0.05, 0.1, 1e9] };

const specs = {
  grid: { kind: "grid", vary: rates },
  random: {
    kind: "random",
    vary: { ...rates, labelSmoothing: { from: 0, to: 0.2 } },
    budget: { trials: 6 },
  },
  halving: { kind: "halving", vary: rates, halving: { factor: 2 }, seeds: [1, 2] },
};

describe("a sweep that is killed at any moment", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    const data = join(folder, "data");
    await writeSyntheticData(data);
    for (const [kind, spec] of Object.entries(specs))
      await writeFile(join(folder, `${kind}.yaml`), JSON.stringify({ ...spec, base: { ...base, data } }));
  });
  after(() => rm(folder, { recursive: true }));

  const sweepOf = (kind: string, out: string): string[] => [
    "sweep",
    join(folder, `${kind}.yaml`),
    "--out",
    join(folder, out),
  ];

  for (const kind of Object.keys(specs)) {
    it(`goes on to the same trials and records: ${kind}`, async () => {
      const started = performance.now();
      const { code, stderr } = await inProcess([...sweepOf(kind, kind), "--parallel", "2"]);
      // A process of its own begins later.
      const latest = 2 * (performance.now() - started);
      assert.equal(code, 1, stderr);
      assert.match(stderr, /came to nothing and (?:is|are) set aside, the first of them .*training diverged/);
      const expected = await contents(kind);
      const again = `${kind}-again`;
      const delays = [Math.random(), Math.random()].map((share) => share * latest);
      for (const delay of delays) {
        await runCli([...sweepOf(kind, again), "--parallel", "2"], {
          onStart: (child) => {
            setTimeout(() => child.kill("SIGKILL"), delay);
          },
        });
      }
      // Neither the number of threads nor that of trials at once matters.
      const end = await inProcess([...sweepOf(kind, again), "--parallel", "1", "--threads", "2"]);
      const moment = `killed after ${delays.join(" and ")} ms`;
      assert.equal(end.code, 1, `${moment}: ${end.stderr}`);
      assert.deepEqual(await contents(again), expected, moment);
    });
  }

  /** All that a sweep's trials came to, and its best. */
  async function contents(place: string): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    const text = (...path: string[]): Promise<string> => readFile(join(folder, place, ...path), "utf8");
    for (const id of (await readdir(join(folder, place, "trials"))).sort()) {
      // One that diverged at once has no history.
      for (const file of ["config.json", "history.jsonl", "trial.json"])
        found[`${id}/${file}`] = await text("trials", id, file)
          .catch(() => "none")
          .then((content) => content.replaceAll(/"seconds":[\d.e-]+/g, ""));
    }
    found["best.yaml"] = (await text("best.yaml")).replace(place, "");
    return found;
  }
});

describe("heddle sweep", () => {
  let folder: string;
  let spec: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    const data = join(folder, "data");
    await writeSyntheticData(data);
    spec = join(folder, "tiny.yaml");
    const two = { ...base, data, epochs: 1 };
    await writeFile(spec, JSON.stringify({ kind: "grid", base: two, vary: { labelSmoothing: [0, 0.1] } }));
  });
  after(() => rm(folder, { recursive: true }));

  it("lists its trials and trains none", async () => {
    const out = join(folder, "none");
    const { code, stdout } = await inProcess(["sweep", spec, "--out", out, "--dry-run"]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /Trial +labelSmoothing +Epochs +State\n001-seed1 +0 +1 +open\n002-seed1 +0\.1 +1 +open/,
    );
    await assert.rejects(readdir(out));
  });

  it("says that its budget is of more trials than there are", async () => {
    const small = join(folder, "small.json");
    const drawn = { kind: "random", vary: { labelSmoothing: [0, 0.1] }, budget: { trials: 5 } };
    await writeFile(small, JSON.stringify({ ...drawn, base: { ...base, data: join(folder, "data") } }));
    const { code, stderr } = await inProcess(["sweep", small, "--out", join(folder, "none"), "--dry-run"]);
    assert.equal(code, 0);
    assert.match(stderr, /gives 2 different configurations, fewer than the budget's 5 trials: all/);
  });

  it("tells each trial, the best, and where all of it is", async () => {
    const out = join(folder, "out");
    const { code, stdout } = await inProcess(["sweep", spec, "--out", out]);
    assert.equal(code, 0);
    assert.match(stdout, /^00[12]-seed1: validation accuracy [\d.]+ %, 1 epoch, .*; /m);
    assert.match(stdout, /^The best is 00[12]: validation accuracy [\d.]+ %\. All of them: .*sweep\.html$/m);
    assert.deepEqual((await readdir(out)).sort(), ["best.yaml", "study.json", "sweep.html", "trials"]);
    const again = await inProcess(["sweep", spec, "--out", out]);
    assert.match(again.stderr, /2 trials: 2 done; none left/);
    assert.doesNotMatch(again.stdout, /-seed1: /);
  });

  it("says the line of what is wrong in its file", async () => {
    const wrong = join(folder, "wrong.yaml");
    await writeFile(wrong, "kind: grid\nbase:\n  modle: lenet\nvary:\n  epochs: [1]\n");
    const { code, stderr } = await inProcess(["sweep", wrong]);
    assert.equal(code, 1);
    assert.match(stderr, /wrong\.yaml, line 3: base\.modle is no setting of a run\. Did you mean model\?/);
  });
});
