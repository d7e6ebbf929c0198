import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import type { Dataset } from "../core/data/dataset.js";
import { createRandom } from "../core/random.js";
import { launchBrowser, reasonWithoutBrowser } from "../report/testing/browser.js";
import { checkPage } from "../report/testing/check-page.js";
import { type SweepEvent, type SweepOptions, type SweepResult, sweep, sweepSpec } from "./index.js";

/** Images of 12 × 12 in two classes, told by their light half. */
function halves(): Dataset {
  const count = 60;
  const random = createRandom(1);
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 2);
  const images = Uint8Array.from({ length: count * 144 }, (_, place) => {
    const isLeft = place % 12 < 6;
    return random.below(100) + (isLeft === (labels[Math.floor(place / 144)] === 0) ? 120 : 0);
  });
  return {
    name: "halves",
    imageShape: [12, 12, 1],
    classNames: ["left", "right"],
    train: { count, images, labels },
    test: { count: 10, images: images.subarray(0, 1440), labels: labels.subarray(0, 10) },
  };
}

const base = { model: "lenet", epochs: 2, batchSize: 8, optimizer: "sgd", limit: 40 };

describe("a sweep", () => {
  let parent: string;
  let number = 0;
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "heddle-test-"));
  });
  after(() => rm(parent, { recursive: true }));

  async function run(
    spec: object,
    options: Partial<SweepOptions> = {},
  ): Promise<SweepResult & { readonly events: readonly SweepEvent[] }> {
    const events: SweepEvent[] = [];
    const result = await sweep({
      spec: await sweepSpec(spec),
      folder: join(parent, String(number++)),
      dataset: halves(),
      threads: 1,
      parallel: 1,
      ...options,
      onEvent: (event) => {
        events.push(event);
        options.onEvent?.(event);
      },
    });
    return { ...result, events };
  }

  /** What trials came to, without the time that they took. */
  const figures = (result: SweepResult): unknown =>
    result.configurations.map(({ configuration, records, state, score }) => [
      configuration.name,
      state,
      score,
      records.map(({ history }) => history.map(({ seconds: _, ...epoch }) => epoch)),
    ]);

  it("comes to the same whatever trains at once, on however many threads", async () => {
    const spec = { kind: "grid", base, vary: { learningRate: [0.01, 0.05, 0.1] }, seeds: [1, 2] };
    const alone = await run(spec);
    const together = await run(spec, { parallel: 3, threads: 2 });
    assert.deepEqual(figures(together), figures(alone));
    assert.deepEqual(together.best?.configuration, alone.best?.configuration);
    assert.equal(alone.configurations.length, 3);
    assert.ok(alone.configurations.every(({ records, state }) => records.length === 2 && state === "done"));
  });

  it("shares its threads out over the trials that are left", async () => {
    const spec = { kind: "halving", base, vary: { learningRate: [0.01, 0.1] }, halving: { factor: 2 } };
    const { best } = await run(spec, { parallel: 2, threads: 2 });
    const { threads, resumed } = best?.records[0].environment ?? {};
    assert.deepEqual([threads, resumed?.at(-1)?.threads], [1, 2]);
  });

  it("names the images that it was given, and refuses a folder without a name", async () => {
    const spec = { kind: "grid", base: { ...base, epochs: 1 }, vary: { learningRate: [0.05] } };
    const { folder } = await run(spec);
    const recipe = parse(await readFile(join(folder, "best.yaml"), "utf8")) as { settings: { data: string } };
    assert.equal(recipe.settings.data, "halves");
    assert.match(await readFile(join(folder, "sweep.html"), "utf8"), /<p>On halves, with the seed 1\./);
    await assert.rejects(run(spec, { folder: "" }), /folder must be the name of a folder, but is ""\.$/);
  });

  it("never asks for a test image", async () => {
    const whole = halves();
    const images = (): never => assert.fail("a test image was asked for");
    const dataset = { ...whole, test: { ...whole.test, images } };
    const spec = { kind: "halving", base, vary: { learningRate: [0.01, 0.1] }, halving: { factor: 2 } };
    const { best, folder } = await run(spec, { dataset, parallel: 2 });
    assert.equal(best?.records[0].test, null);
    const kept = await readdir(join(folder, "trials", best?.records[0].id ?? ""));
    assert.ok(!kept.includes("evaluation.json") && kept.includes("best.safetensors"), kept.join());
  });

  it("sets aside what throws or diverges, and goes on", async () => {
    const vary = { batchSize: [8, 5000], learningRate: [0.05, 1e9] };
    const { configurations, best, events, stoppedAt } = await run({ kind: "grid", base, vary });
    assert.deepEqual(
      configurations.map(({ state }) => state),
      ["done", "set aside", "set aside", "set aside"],
    );
    assert.match(configurations[1].failures[0].message, /training diverged at a learning rate of 1000000000/);
    assert.match(configurations[2].failures[0].message, /^The batch size is 5000, but only 32 images train/);
    assert.equal(best?.configuration.name, "001");
    assert.equal(stoppedAt, undefined);
    assert.equal(events.filter(({ event }) => event === "failed").length, 2);
  });

  it("stops where its images can't be read, and goes on with the same call", async () => {
    const whole = halves();
    let works = false;
    const images = async function* (order: Uint32Array) {
      for (const index of order) {
        if (!works && begun > 1) throw new Error("EIO: i/o error, read");
        yield (whole.train.images as Uint8Array).subarray(index * 144, (index + 1) * 144);
      }
    };
    let begun = 0;
    const onEvent = ({ event }: SweepEvent): void => {
      if (event === "trial") begun++;
    };
    const dataset = { ...whole, train: { labels: whole.train.labels, images } } as unknown as Dataset;
    const folder = join(parent, "unplugged");
    const spec = { kind: "grid", base, vary: { learningRate: [0.01, 0.05, 0.1] } };
    await assert.rejects(run(spec, { dataset, folder, onEvent }), /failed after 0 images: EIO: i\/o error/);
    assert.equal(begun, 2);
    works = true;
    const { configurations } = await run(spec, { dataset, folder, onEvent });
    assert.ok(configurations.every(({ state }) => state === "done"));
  });

  it("writes the best as a recipe, keeps its weights alone, and draws a page", async () => {
    const spec = { kind: "grid", base: { ...base, data: "halves" }, vary: { learningRate: [0.0001, 0.1] } };
    const { folder, best, configurations } = await run(spec);
    assert.equal(best?.configuration.name, "002");
    const recipe = parse(await readFile(join(folder, "best.yaml"), "utf8"));
    assert.match(recipe.meaning, /^002 of the sweep \d+: validation accuracy [\d.]+ %$/);
    assert.deepEqual(recipe.settings, { ...base, data: "halves", learningRate: 0.1, seed: 1 });
    const weights = async (id: string): Promise<string[]> =>
      (await readdir(join(folder, "trials", id))).filter((name) => name.endsWith(".safetensors"));
    assert.deepEqual(await weights(configurations[0].records[0].id), []);
    assert.ok((await weights(configurations[1].records[0].id)).includes("best.safetensors"));
  });

  it("stops at a signal and after its minutes, and goes on to the same end", async () => {
    const spec = { kind: "grid", base, vary: { learningRate: [0.01, 0.05, 0.1] } };
    const whole = await run(spec);
    const folder = join(parent, "stopped");
    const controller = new AbortController();
    const stopped = await run(spec, {
      folder,
      signal: controller.signal,
      onEvent: ({ event }) => event === "done" && controller.abort(),
    });
    assert.equal(stopped.stoppedAt?.id, "002-seed1");
    assert.deepEqual([stopped.outOfTime, stopped.best?.configuration.name], [false, "001"]);
    const late = await run({ ...spec, budget: { minutes: 1e-6 } }, { folder });
    assert.deepEqual([late.outOfTime, late.stoppedAt?.id], [true, "002-seed1"]);
    const end = await run(spec, { folder });
    assert.deepEqual(figures(end), figures(whole));
    assert.equal(end.stoppedAt, undefined);
  });

  it("sets nothing aside that is stopped as it begins, alone or at once", async () => {
    const spec = { kind: "grid", base, vary: { learningRate: [0.01, 0.05] } };
    for (const parallel of [1, 2])
      for (const moment of ["trial", "training"] as const) {
        const folder = join(parent, `early-${parallel}-${moment}`);
        const controller = new AbortController();
        const stopped = await run(spec, {
          folder,
          parallel,
          signal: controller.signal,
          onEvent: ({ event }) => event === moment && controller.abort(),
        });
        assert.deepEqual(
          stopped.events.filter(({ event }) => event === "failed"),
          [],
          `${parallel} at once, ${moment}`,
        );
        assert.ok(stopped.stoppedAt, `${parallel} at once, ${moment}`);
        const end = await run(spec, { folder, parallel });
        assert.deepEqual(
          end.configurations.map(({ state }) => state),
          ["done", "done"],
        );
      }
  });

  it("goes through halving's rounds with trials that stop early where they would pause", async () => {
    const earlyStopping = { patience: 1, monitor: "validationAccuracy" };
    const result = await run({
      kind: "halving",
      base: { ...base, epochs: 4, earlyStopping },
      vary: { learningRate: [0.00001, 0.002, 0.05, 0.1] },
      halving: { from: 2, factor: 2 },
    });
    assert.equal(result.stoppedAt, undefined);
    assert.deepEqual(
      result.configurations.map(({ state }) => state),
      Array(4).fill("done"),
    );
    const [first] = result.configurations[0].records;
    assert.deepEqual(
      [first.outcome, first.history.length],
      ["finished", 2],
      "it stopped early, at its pause",
    );
  });

  it("keeps the weights of a configuration that still lacks a seed", async () => {
    const spec = { kind: "grid", base, vary: { learningRate: [0.05, 0.00001] }, seeds: [1, 2] };
    const { best, folder } = await run(spec);
    assert.equal(best?.configuration.name, "001");
    for (const { id } of best.records)
      assert.ok((await readdir(join(folder, "trials", id))).includes("best.safetensors"), id);
  });

  it("goes on with a larger budget, and refuses other settings under the same names", async () => {
    const vary = { learningRate: { from: 0.01, to: 0.1 } };
    const spec = { kind: "random", base, vary, budget: { trials: 1 } };
    const { folder, configurations } = await run(spec);
    const more = await run({ ...spec, budget: { trials: 2 } }, { folder });
    assert.deepEqual(more.configurations[0].records[0].history, configurations[0].records[0].history);
    assert.deepEqual(
      more.events.flatMap((event) => (event.event === "trial" ? [event.trial.id] : [])),
      ["002-seed1"],
    );
    await assert.rejects(
      run({ ...spec, seed: 2 }, { folder }),
      /001-seed1 was trained with .*two settings are not put under one name/,
    );
  });

  it("has a page that reads well everywhere", { skip: reasonWithoutBrowser() }, async () => {
    const vary = {
      learningRate: { from: 0.01, to: 0.1, scale: "log" },
      optimizer: ["sgd", "adam"],
    };
    const { folder } = await run({
      kind: "random",
      base: { ...base, epochs: 1 },
      vary,
      budget: { trials: 5 },
      seeds: [1, 2],
    });
    const browser = await launchBrowser();
    try {
      await checkPage(browser, join(folder, "sweep.html"));
    } finally {
      await browser.close();
    }
  });
});
