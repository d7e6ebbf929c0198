import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { writeOutputs } from "#heddle/reproduction/outputs.js";
import { protocol } from "#heddle/reproduction/plan/protocol.js";
import { keepResults } from "#heddle/reproduction/testing/keep-results.js";
import { madeUpProtocol, syntheticResults } from "#heddle/reproduction/testing/synthetic.js";
import { generateIn } from "./testing/generate-in.js";

describe("the documents' parts on the reproduction", () => {
  let folder: string;
  const reproduction = (): string => join(folder, "results", "reproduction");

  const generate = (check?: "--check") => generateIn(folder, check);

  function pageOf(...names: readonly string[]): () => string {
    const file = join(folder, "README.md");
    writeFileSync(
      file,
      names.map((name) => `<!-- generated: ${name} -->\nold\n<!-- /generated -->\n`).join(""),
    );
    return () => readFileSync(file, "utf8");
  }

  /** docs/reproducing.md, which is written whole. */
  function reproducing(): () => string {
    const file = join(folder, "docs", "reproducing.md");
    mkdirSync(join(folder, "docs"));
    writeFileSync(file, "old");
    return () => readFileSync(file, "utf8");
  }

  async function keepTrials(): Promise<void> {
    const made = syntheticResults({ part: "table2", seeds: [1, 2], epochs: 3, images: 100 });
    await keepResults(reproduction(), madeUpProtocol, made);
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "heddle-reproduction-docs-"));
    mkdirSync(join(folder, "results", "reproduction"), { recursive: true });
    writeFileSync(join(folder, "README.md"), "");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("say what is not run yet", async () => {
    const readme = pageOf("reproduction");
    const page = reproducing();
    assert.equal((await generate()).code, 0);
    assert.match(readme(), /^_Not run yet: `npx heddle reproduce /m);
    assert.match(page(), /^Test accuracy of the Proposed CNN: not run yet; in the paper/m);
    assert.match(page(), /^_Not run yet: `heddle sweep results\/protocol-search\/spec\.yaml` /m);
    assert.deepEqual(await generate("--check"), { code: 0, output: "" });
  });

  it("are made from the trials, with the tables and figures beside them", async () => {
    await keepTrials();
    const readme = pageOf("reproduction");
    const page = reproducing();
    assert.equal((await generate()).code, 0);
    assert.match(readme(), /^\| CNN \| 89\.10 \| \d\d\.\d\d ± \d\.\d\d \| .* \| 2 of 3 × 3 \|$/m);
    assert.match(page(), /^\| CNN \| 89\.10 \| .* \| 2 of 3 × 3 \|/m);
    assert.match(readme(), /^!\[Confusion matrix .*\]\(results\/reproduction\/figures\/figure-6\.svg\)$/m);
    assert.match(page(), /^### Table 3: BiLSTM$/m);
    assert.match(page(), /^\| The batch size has little influence\. .* not run yet /m);
    assert.match(page(), /^\| all \| 73 \| 2,425 \|$/m);
    assert.match(page(), /^10 trials of 30 epochs ran on Made-up Processor /m);
    assert.deepEqual(await generate("--check"), { code: 0, output: "" });

    const table = join(reproduction(), "tables", "table-2.md");
    writeFileSync(table, `${readFileSync(table, "utf8")}\n`);
    const stale = await generate("--check");
    assert.equal(stale.code, 1);
    assert.match(stale.output, /^results\/reproduction\/tables\/table-2\.md differs/m);
  });

  it("tell a page of before from today's, whatever pictures it has", async () => {
    await keepTrials();
    pageOf("reproduction");
    await writeOutputs(reproduction());
    assert.equal((await generate()).code, 0);
    const page = join(reproduction(), "index.html");
    const today = readFileSync(page, "utf8");
    writeFileSync(page, today.replace(/<p>The data set was not at hand[^<]*<\/p>/, "<img>"));
    assert.notEqual(readFileSync(page, "utf8"), today);
    assert.deepEqual(await generate("--check"), { code: 0, output: "" });
    writeFileSync(page, today.replace("Where it differs, and why", "Where it differed"));
    const stale = await generate("--check");
    assert.equal(stale.code, 1);
    assert.match(stale.output, /^results\/reproduction\/index\.html differs/m);
  });

  it("name a trial that is damaged", async () => {
    await keepTrials();
    pageOf("reproduction");
    const file = join(reproduction(), "trials", "made-up-cnn-128-seed1", "trial.json");
    writeFileSync(file, "{");
    const { code, output } = await generate();
    assert.equal(code, 1);
    assert.match(output, /made-up-cnn-128-seed1\/trial\.json/);
  });

  function keepSearchTrial(name: string, config: object, ...accuracies: readonly number[]): void {
    const search = join(folder, "results", "protocol-search");
    mkdirSync(search, { recursive: true });
    writeFileSync(
      join(search, `${name}.json`),
      JSON.stringify({
        config: {
          name,
          epochs: 2,
          seed: 1,
          optimizer: { name: "adamw", weightDecay: 0.05 },
          augmentation: null,
          ...config,
        },
        end: accuracies.length > 0 ? "finished" : "diverged",
        history: accuracies.map((validationAccuracy) => ({ validationAccuracy })),
      }),
    );
  }

  const searchRows = (page: string): string[] => page.split("\n").filter((line) => line.startsWith("| `"));

  it("have a row a trial of the search, the best first, and say what differs", async () => {
    const keep = keepSearchTrial;
    keep("2-centre", {}, 0.9, 0.91);
    keep("2-decay", { optimizer: { name: "adamw", weightDecay: 0.2 } }, 0.93, 0.92);
    keep("2-again", { seed: 2, averageFrom: 2 }, 0.8, 0.81);
    keep("2-wild", { initializer: "heUniform" });
    const page = reproducing();
    assert.equal((await generate()).code, 0);
    assert.deepEqual(searchRows(page()), [
      "| `2-decay` | optimizer: adamw, weight decay 0.2 | 1 | 93.00 | 92.00 | – |  |",
      "| `2-centre` | optimizer: adamw, weight decay 0.05; augmentation: none | 1 | 91.00 | 91.00 | – |  |",
      "| `2-again` | the seed alone | 2 | 81.00 | 81.00 | – |  |",
      "| `2-wild` | initializer: heUniform | 1 | – | – | – | diverged |",
    ]);
  });

  it("set trials of the search against the one that the protocol is of", async () => {
    const { searchTrial } = protocol;
    assert.ok(searchTrial !== undefined);
    keepSearchTrial("2-a-centre", { optimizer: { name: "adamw", weightDecay: 0.2 } }, 0.9);
    keepSearchTrial(searchTrial, { augmentation: { flip: true, shift: 0 } }, 0.93);
    const page = reproducing();
    assert.equal((await generate()).code, 0);
    assert.ok(page().includes(`2 epochs; \`${searchTrial}\` is what the others differ from:`));
    assert.deepEqual(searchRows(page()), [
      `| \`${searchTrial}\` | optimizer: adamw, weight decay 0.05; augmentation: flip | 1 | 93.00 | 93.00 | – |  |`,
      "| `2-a-centre` | optimizer: adamw, weight decay 0.2; augmentation: none | 1 | 90.00 | 90.00 | – |  |",
    ]);
  });
});
