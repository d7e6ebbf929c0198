import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { HeddleError } from "../../core/errors.js";
import { planLengths } from "../plan/plan.js";
import { readResults } from "../results/read-results.js";
import { keptTrials, tinyPlan, writeTinyData } from "../testing/tiny.js";
import { fashionMnistData } from "./data.js";
import {
  planOptions,
  planReproduction,
  type ReproduceOptions,
  type ReproductionEvent,
  type ReproductionResult,
  type RequestedPlan,
  reproduce,
} from "./reproduce.js";

const ids = ["tiny-cnn-128-seed1", "tiny-cnn-128-seed2", "tiny-cnn-64-seed1", "tiny-cnn-64-seed2"];

describe("a reproduction", () => {
  let parent: string;
  let data: string;
  let whole: string;
  let expected: Record<string, string>;
  let number = 0;
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "heddle-test-"));
    data = join(parent, "data");
    await writeTinyData(data);
    whole = join(parent, "whole");
    await run(whole);
    expected = await keptTrials(whole);
  });
  after(() => rm(parent, { recursive: true }));

  const newFolder = (): string => join(parent, `reproduction-${number++}`);

  /** Runs the tiny plan and gives what was told. */
  async function run(
    folder: string,
    options: Partial<ReproduceOptions> = {},
  ): Promise<ReproductionResult & { readonly events: readonly ReproductionEvent[] }> {
    const events: ReproductionEvent[] = [];
    const onEvent = (event: ReproductionEvent): void => {
      events.push(event);
      options.onEvent?.(event);
    };
    const result = await reproduce({ folder, plan: tinyPlan, data, threads: 1, ...options, onEvent });
    return { ...result, events };
  }

  /** The trials that trained. */
  const trained = (events: readonly ReproductionEvent[]): string[] =>
    events.flatMap((event) =>
      event.event === "training" && event.training.event === "start" ? [event.trial.id] : [],
    );

  it("keeps its trials as runs that were judged on test and training images, and no lock", async () => {
    assert.deepEqual((await readdir(whole)).sort(), ["study.json", "trials"]);
    const { records, predictions, quick } = await readResults(whole);
    assert.deepEqual([records.map(({ id }) => id), quick], [ids, false]);
    for (const { outcome, history, test, train, config } of records) {
      assert.deepEqual([outcome, history.length, test?.n, config.data], ["finished", 3, 40, data]);
      assert.ok(train && train.accuracy > 0 && train.accuracy <= 1 && train.loss > 0);
    }
    assert.deepEqual([...predictions.keys()], ids.slice(0, 2), "those of Table 2's batch size");
    const { probabilities, labels } = predictions.get(ids[0])!;
    const right = Array.from(labels).filter((label, image) => {
      const row = [...probabilities.subarray(4 * image, 4 * image + 4)];
      return row.indexOf(Math.max(...row)) === label;
    });
    assert.equal(right.length / labels.length, records[0].test?.accuracy);
  });

  it("runs nothing again, and makes its pages anew", async () => {
    const made: string[] = [];
    const { events, progress } = await run(whole, { writeOutputs: async (folder) => void made.push(folder) });
    assert.deepEqual(
      events.map(({ event }) => event),
      ["plan"],
    );
    assert.equal(progress.epochsLeft, 0);
    assert.deepEqual(made, [whole]);
    assert.deepEqual(await keptTrials(whole), expected);
  });

  it("trains several trials at once to the same bytes", async () => {
    const folder = newFolder();
    const { events, progress } = await run(folder, { parallel: 3, threads: 2 });
    assert.equal(progress.epochsLeft, 0);
    const begun = events.findIndex(({ event }) => event === "done");
    assert.equal(events.slice(0, begun).filter(({ event }) => event === "trial").length, 3);
    assert.deepEqual(await keptTrials(folder), expected);
    await assert.rejects(run(folder, { parallel: 0, plan: { ...tinyPlan, part: "table2" } }), /parallel/);
  });

  it("goes on where its page can't be made, whatever the reason, and fails for it at the end", async () => {
    const messages: string[] = [];
    let tries = 0;
    const folder = newFolder();
    const work = run(folder, {
      writeOutputs: async () => {
        tries++;
        throw tries % 2 === 1 ? new TypeError("no such chart") : new HeddleError("The page is too large.");
      },
      onEvent: (event) => {
        if (event.event === "warning") messages.push(event.message);
      },
    });
    await assert.rejects(work, /The page is too large/);
    assert.equal(tries, ids.length);
    assert.deepEqual(messages, [
      "The page can't be made, and training goes on: no such chart",
      "The page can't be made, and training goes on: The page is too large.",
      "The page can't be made, and training goes on: no such chart",
    ]);
    assert.deepEqual(await keptTrials(folder), expected);
  });

  it("takes the trials that another part needs too, and runs the others", async () => {
    const folder = newFolder();
    await cp(whole, folder, { recursive: true });
    const { events } = await run(folder, { plan: { ...tinyPlan, part: "table2" } });
    assert.deepEqual(trained(events), ["tiny-lenet-128-seed1", "tiny-lenet-128-seed2"]);
  });

  it("goes on elsewhere from trials alone, which may come from several folders", async () => {
    const [own, other, together] = [newFolder(), newFolder(), newFolder()];
    await run(own, { plan: { ...tinyPlan, seeds: [1] } });
    await run(other, { plan: { ...tinyPlan, seeds: [2], batchSizes: [128] } });
    for (const each of [own, other]) {
      await cp(join(each, "trials"), join(together, "trials"), { recursive: true });
    }
    const { events } = await run(together);
    assert.deepEqual(trained(events), [ids[3]]);
    assert.deepEqual(await keptTrials(together), expected);
  });

  it("is not gone on with by other seeds of another length, whose means would be of both", async () => {
    const folder = newFolder();
    await run(folder, { plan: { ...tinyPlan, seeds: [2], batchSizes: [128] } });
    await assert.rejects(
      run(folder, { plan: { ...tinyPlan, seeds: [1], epochs: 2 } }),
      /-seed2 was trained with epochs 3, and here it is 2/,
    );
  });

  it("is not gone on with by another protocol", async () => {
    const { protocol } = tinyPlan;
    const settings = { ...protocol!.settings, labelSmoothing: 0.2 };
    await assert.rejects(
      run(whole, { plan: { ...tinyPlan, protocol: { ...protocol!, settings } } }),
      /holds another reproduction: its protocol\.settings\.labelSmoothing is 0\.1 in .*study\.json, here it is 0\.2/,
    );
    const manifest = JSON.parse(await readFile(join(whole, "study.json"), "utf8"));
    assert.equal(manifest.about.protocol.settings.labelSmoothing, 0.1);
  });

  it("says in its plan what is left, without its data where that is Fashion-MNIST", async () => {
    const { trials, epochsLeft } = await planReproduction({ folder: whole, plan: tinyPlan, data });
    assert.deepEqual([trials.map(({ state }) => state), epochsLeft], [ids.map(() => "done"), 0]);
    const open = await planReproduction({ folder: join(parent, "none"), plan: { part: "printed" } });
    assert.deepEqual([open.trials.length, open.epochsLeft], [2, 100]);
  });

  it("plans the same trials in whatever order the seeds are given", () => {
    const options = (seeds: readonly number[]) =>
      planOptions({ part: "all", seeds }, fashionMnistData(false));
    assert.deepEqual(options([10, 1, 2]), options([1, 2, 10]));
  });

  it("is as long as a whole one or a quick one where nothing else is asked for", () => {
    for (const quick of [false, true]) {
      const requested: RequestedPlan = { part: "table2" };
      const { epochs, seeds } = planOptions(requested, fashionMnistData(quick));
      assert.deepEqual({ epochs, seeds }, planLengths[quick ? "quick" : "whole"]);
    }
  });
});
