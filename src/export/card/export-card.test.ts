import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { madeUpRun } from "../../report/testing/made-up-runs.js";
import type { RunRecord } from "../../run/run-record.js";
import { colourModel, recurrentModel } from "../testing/small-models.js";
import { exportCard } from "./export-card.js";
import { markdownTable, markdownText } from "./markdown.js";

async function cardOf(run?: RunRecord, licence?: string): Promise<string> {
  const contents = await colourModel();
  return exportCard(
    { name: "first: [run]", contents, digest: "murmur3-128:abc", ...(run && { run }) },
    { licence },
  );
}

const run: RunRecord = madeUpRun("first");

describe("a model card", () => {
  it("begins with what model hubs read, of the run's own figures", async () => {
    const card = await cardOf(run, "cc-by-4.0");
    const [, front] = /^---\n(.*?)\n---\n/su.exec(card) ?? [];
    for (const line of [
      'library_name: "heddle"',
      'pipeline_tag: "image-classification"',
      'license: "cc-by-4.0"',
      '  - "fashion-mnist"',
      '  - name: "first: [run]"',
      `            value: ${run.evaluation?.accuracy}`,
      `            value: ${run.evaluation?.macro.f1}`,
    ])
      assert.ok(front.split("\n").includes(line), `${line} in ${front}`);
  });

  it("tells data, training, figures, limits and use", async () => {
    const environment = { ...run.environment, trainImages: 48_000, validationImages: 12_000 };
    const card = await cardOf({ ...run, environment });
    assert.match(
      card,
      /^Fashion-MNIST: 48,000 images trained, 12,000 validated, 400 tested, at the end\.$/mu,
    );
    assert.match(card, /colour: the middle of a picture\./u);
    assert.match(card, /^\| Optimizer \| sgd, momentum 0\.9 \|$/mu);
    assert.match(card, /^40 of 40 epochs done, in 1 min 00 s\. The best was epoch \d+, with \d/mu);
    assert.match(card, /^\| Processor \| Some Processor \|$/mu);
    assert.match(card, /^\| Trouser \| 0\.\d{3} \| 0\.\d{3} \| 0\.\d{3} \| 0\.\d{4} \| 100 \|$/mu);
    const confusion = run.evaluation!.confusion.map((row, truth) =>
      row.map((count, each) => (each === truth ? 0 : count)),
    );
    const most = Math.max(...confusion.flat());
    assert.match(card, new RegExp(`^- .* taken for .*: ${most} of 100$`, "mu"));
    assert.match(card, /^- Under which licence the weights may be used isn't known\.$/mu);
    assert.match(card, /loadModel\("model\.safetensors"\)/u);
  });

  it("says what nobody recorded, of a bare model file and of a run that isn't judged", async () => {
    const bare = await cardOf();
    for (const words of [
      "What it was trained on isn't recorded in a model file.",
      "How it was trained isn't recorded in a model file.",
      "How good it is isn't recorded in a model file.",
    ])
      assert.ok(bare.includes(words), words);
    assert.doesNotMatch(bare, /model-index|datasets|%/u);
    const { evaluation: _, predictions: __, receipt, ...course } = run;
    const unjudged = await cardOf({ ...course, unjudged: "its best weights are gone." });
    assert.match(unjudged, /It is not judged on test images: its best weights are gone\./u);
    assert.doesNotMatch(unjudged, /model-index/u);
    assert.match(unjudged, /how many images trained isn't recorded/u);
    assert.doesNotMatch(unjudged, /To repeat it/u);
    const card = await cardOf({ ...course, receipt });
    assert.match(card, /^Fashion-MNIST: 400 images were there to train and to validate\.$/mu);
  });

  it("has the digests of its run's receipt, whole", async () => {
    const card = await cardOf(run);
    const { data, weights, predictions, digest } = run.receipt!;
    assert.match(card, /^## To repeat it$/mu);
    for (const row of [
      `| Training images | 400: ${data.train.images} |`,
      `| Best weights | epoch 1: ${weights.best.file} |`,
      `| Predictions | 400 × 4: ${predictions.probabilities} |`,
      `| Receipt as a whole | ${digest} |`,
    ])
      assert.ok(card.split("\n").includes(row), row);
  });

  it("gives away no place on a disk, and lets no name become Markdown or HTML", async () => {
    const data = "/home/somebody/secret/My *photos*";
    const card = await cardOf({ ...run, config: { ...run.config, data } });
    assert.doesNotMatch(card, /somebody|secret/u);
    assert.match(card, /test images of My \\\*photos\\\* right/u);
    const body = card.slice(card.indexOf("\n---\n") + 5);
    assert.doesNotMatch(body.replace(/```.*?```/gsu, ""), /(?<!\\)</u);
    assert.match(body, /^# first: \\\[run\\\]$/mu);
  });

  it("shows how images of no pictures are named, and refuses options that nobody reads", async () => {
    const contents = await recurrentModel([4, 8, 2]);
    assert.match(
      exportCard({ name: "a", contents, digest: "x" }),
      /classifyImages\(images\)\)\[0\]; \/\/ bytes, \[N, 4, 8, 2\]/u,
    );
    const source = { name: "a", contents, digest: "x" };
    assert.throws(() => exportCard(source, { license: "mit" } as object), /license.*licence/u);
    assert.throws(() => exportCard(source, { licence: "mit\nevil: true" }), /a licence's identifier/u);
  });
});

describe("text in Markdown", () => {
  it("stays what it is", () => {
    assert.equal(markdownText("a|b\n<i>*_`[x](y)"), "a\\|b \\<i\\>\\*\\_\\`\\[x\\](y)");
    const table = {
      id: "t",
      title: "t",
      columns: [{ title: "A|B" }],
      rows: [["\\|<"], [{ text: "x\r\ny" }]],
    };
    assert.equal(markdownTable(table), "| A\\|B |\n| --- |\n| \\\\\\|\\< |\n| x y |\n");
  });
});
