import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Dataset } from "../core/data/dataset.js";
import { fashionMnistClassNames } from "../core/data/fashion-mnist.js";
import { evaluate } from "../core/metrics/evaluation.js";
import { createRandom } from "../core/random.js";
import { launchBrowser, reasonWithoutBrowser } from "../report/testing/browser.js";
import { checkPage } from "../report/testing/check-page.js";
import { largestPage, outputFiles, writeOutputs } from "./outputs.js";
import { readResults } from "./results/read-results.js";
import type { ReproductionResults } from "./results/results.js";
import { keepResults } from "./testing/keep-results.js";
import { madeUpProtocol, syntheticResults } from "./testing/synthetic.js";

const whole = syntheticResults({ images: 5000 });
const nothing: ReproductionResults = { ...whole, planned: [], records: [], predictions: new Map() };

/** Images of noise with the labels that the made-up predictions are of. */
function datasetOf(results: ReproductionResults): Dataset {
  const [{ labels }] = results.predictions.values();
  const random = createRandom(5);
  const images = Uint8Array.from({ length: labels.length * 28 * 28 }, () => random.below(256));
  const test = { count: labels.length, images, labels };
  return {
    name: "fashion-mnist",
    imageShape: [28, 28, 1],
    classNames: fashionMnistClassNames,
    train: test,
    test,
  };
}

const dataset = datasetOf(whole);
/** The page without its scripts: ECharts has words of its own. */
const page = (results: ReproductionResults, options = {}): string =>
  withoutScripts(outputFiles(results, options).get("index.html")!);

const withoutScripts = (html: string): string => html.replace(/<script[^>]*>[\s\S]*?<\/script>/g, "");

describe("a reproduction's files", () => {
  const files = outputFiles(whole, { dataset });
  const html = withoutScripts(files.get("index.html")!);

  it("are tables as Markdown and CSV, figures as SVG, and the page", () => {
    const names = [...files.keys()];
    for (const table of [
      "table-2",
      "table-3",
      "table-4",
      "schedules",
      "start-rates",
      "dropout",
      "claims",
      "shirt",
      "trials",
    ])
      for (const ending of ["md", "csv"])
        assert.ok(names.includes(join("tables", `${table}.${ending}`)), table);
    for (const figure of ["2", "4-accuracy", "4-loss", "5-accuracy", "5-loss", "6", "7", "8"])
      assert.ok(names.includes(join("figures", `figure-${figure}.svg`)), figure);
  });

  it("are the same bytes from the same trials", () => {
    assert.deepEqual(outputFiles(syntheticResults({ images: 5000 }), { dataset }), files);
  });

  it("have a page below three megabytes with thirty pictures and a reason for none without", () => {
    assert.ok(new TextEncoder().encode(files.get("index.html")).length < largestPage);
    assert.equal(html.split('<img src="data:image/png').length - 1, 30);
    assert.doesNotMatch(page(whole), /<img /);
    assert.match(page(whole), /its pictures are left out/);
    const others = {
      ...dataset,
      test: { ...dataset.test, labels: dataset.test.labels.map((label) => 9 - label) },
    };
    assert.match(page(whole, { dataset: others }), /not those that were judged/);
  });

  it("link every number to a trial that the page has", () => {
    const targets = new Set([...html.matchAll(/href="#trial-([^"]*)"/g)].map(([, id]) => id));
    assert.ok(targets.size > 50);
    for (const id of targets) assert.equal(html.split(`id="trial-${id}"`).length, 2, id);
    for (const [name, text] of files)
      if (name.endsWith(".csv"))
        for (const id of text.match(/made-up-[\w.-]*seed\d/g) ?? [])
          assert.ok(whole.records.some((record) => record.id === id));
  });

  it("ask nothing of another host", () => {
    assert.doesNotMatch(html, /(?:src|xlink:href)="(?:https?:)?\/\//);
    assert.doesNotMatch(html, /url\((?!#|data:)["']?(?:https?:)?\/\//);
    const links = [...html.matchAll(/<a [^>]*href="(https?:[^"]*)"/g)].map(([, address]) => address);
    assert.deepEqual(links, ["https://doi.org/10.32890/jict2023.22.1.6"]);
    assert.doesNotMatch(html, /<link [^>]*href="(?!data:)/);
  });

  it("escape what comes from outside", () => {
    assert.match(html, /Made-up Processor &lt;4&gt;/);
    assert.doesNotMatch(html, /Processor <4>/);
  });

  it("have no quick mark in a reproduction, and one in every file of a quick run", () => {
    for (const [name, text] of files)
      if (!name.endsWith("html")) assert.doesNotMatch(text, /quick run/i, name);
    assert.doesNotMatch(html, /class="notice"/);
    const quick = outputFiles({ ...syntheticResults({ images: 300, epochs: 2, seeds: [1] }), quick: true });
    for (const [name, text] of quick) assert.match(text, /quick run, not the reproduction/i, name);
  });

  it("warn of data that the paper's figures are not of", () => {
    assert.match(page({ ...whole, data: "leaves" }), /The data is leaves, not Fashion-MNIST/);
  });

  it("come of data with other classes too", () => {
    const made = syntheticResults({ images: 40, epochs: 2, seeds: [1] });
    const names = ["leaf", "stem"];
    const predictions = new Map(
      [...made.predictions].map(([id, { labels }]) => {
        const two = labels.map((label) => label % 2);
        return [
          id,
          {
            labels: two,
            probabilities: Float32Array.from({ length: 80 }, (_, at) => (at % 3 === 0 ? 0.25 : 0.5)),
          },
        ];
      }),
    );
    const [{ probabilities, labels }] = predictions.values();
    const { roc: _, ...test } = evaluate(probabilities, labels, names);
    const records = made.records.map((record) => ({ ...record, test }));
    const html = page({ ...made, data: "plants", predictions, records });
    assert.match(html, /The data is plants, not Fashion-MNIST/);
    assert.match(html, /the data has no Shirt/);
    assert.doesNotMatch(html, /NaN|undefined/);
  });

  it("warn of trials of another length than the paper's, and count the claims that can't be judged", () => {
    const short = page(syntheticResults({ images: 50, epochs: 5, seeds: [1], models: ["cnn", "proposed"] }));
    assert.match(short, /class="notice"[^>]*>[^<]*Trials here are of 5 epochs/);
    assert.match(short, /can&#39;t be judged yet: \d+/);
  });

  it("link what the figures are from apart from what is drawn", () => {
    const [, figure] = html.match(/<h3>Figure 6:(.*?)<h3>Figure 7:/s)!;
    const [claims, drawn] = figure.split("of seed 1 alone.");
    const linked = (text: string) =>
      [...text.matchAll(/href="#trial-[^"]*-seed(\d)"/g)].map(([, seed]) => seed);
    assert.deepEqual(linked(claims), ["1", "2", "3", "1", "2", "3"]);
    assert.deepEqual(linked(drawn), ["1"]);
  });

  it("say what is missing where little or nothing is run", () => {
    assert.match(page(nothing), /Test accuracy of the Proposed CNN: not run yet/);
    assert.match(outputFiles(nothing).get(join("tables", "schedules.md"))!, /^Not run yet\.$/m);
    const little = {
      ...whole,
      records: whole.records.filter(({ id }) => id.endsWith("-proposed-128-seed1")),
    };
    assert.match(page(little), /1 of 3 seeds × 50 epochs/);
    for (const results of [nothing, little])
      for (const [name, text] of outputFiles(results))
        if (!name.endsWith("html")) assert.doesNotMatch(text, /NaN|undefined|null/, name);
  });
});

describe("a results folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "heddle-outputs-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("gets the files of the trials in it, and nothing else", async () => {
    const made = syntheticResults({ part: "table2", seeds: [1], epochs: 3, images: 100 });
    await keepResults(folder, madeUpProtocol, made);
    await writeOutputs(folder);
    assert.deepEqual(readdirSync(folder).sort(), ["figures", "index.html", "study.json", "tables", "trials"]);
    const read = await readResults(folder);
    assert.deepEqual(read.records, made.records);
    assert.equal(read.quick, false);
    const files = outputFiles(read);
    for (const [name, content] of files)
      assert.equal(readFileSync(join(folder, name), "utf8"), content, name);
    const before = readFileSync(join(folder, "index.html"));
    await writeOutputs(folder);
    assert.deepEqual(readFileSync(join(folder, "index.html")), before);
    assert.match(before.toString(), /1 of 3 seeds × 3 epochs/);
  });

  it("loses the tables and figures that its trials no longer come to, and no other file", async () => {
    const made = syntheticResults({ part: "table2", seeds: [1], epochs: 3, images: 100 });
    await keepResults(folder, madeUpProtocol, made);
    mkdirSync(join(folder, "figures"));
    mkdirSync(join(folder, "tables"));
    const [outdated, other] = [join("tables", "arithmetic.csv"), join("tables", "mine.csv")];
    for (const name of [outdated, other, join("figures", "dropout-accuracy.svg")])
      writeFileSync(join(folder, name), "of before");
    await writeOutputs(folder);
    assert.equal(existsSync(join(folder, outdated)), false);
    assert.equal(existsSync(join(folder, "figures", "dropout-accuracy.svg")), false);
    assert.equal(readFileSync(join(folder, other), "utf8"), "of before");
  });

  it("may be missing", async () => {
    const read = await readResults(join(folder, "nowhere"));
    assert.deepEqual(read.records, []);
    assert.ok(read.planned.length > 20);
  });
});

describe("the page in a browser", { skip: reasonWithoutBrowser() ?? false }, () => {
  it("is drawn, asks for nothing, fits a phone, sorts, prints, and reads without script", async () => {
    const folder = mkdtempSync(join(tmpdir(), "heddle-page-"));
    const browser = await launchBrowser();
    try {
      const file = join(folder, "index.html");
      writeFileSync(file, outputFiles(whole, { dataset }).get("index.html")!);
      await checkPage(browser, file);
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true });
    }
  });
});
