import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import type { Dataset } from "../core/data/dataset.js";
import { pageAssets } from "../node/page-assets.js";
import { runReport } from "./run-report.js";
import { launchBrowser, reasonWithoutBrowser } from "./testing/browser.js";
import { checkPage } from "./testing/check-page.js";
import { madeUpClasses, madeUpImages, madeUpRun, madeUpShape } from "./testing/made-up-runs.js";

const runs = [madeUpRun("first", 1), madeUpRun("second", 2)];
const test = { count: 400, images: madeUpImages(), labels: runs[0].predictions.labels };
const dataset: Dataset = {
  name: "fashion-mnist",
  imageShape: madeUpShape,
  classNames: madeUpClasses,
  train: test,
  test,
};

describe("runReport", () => {
  let page: string;
  let article: string;
  before(async () => {
    page = await runReport({ runs, dataset, version: "1.2.3", assets: pageAssets() });
    article = page.slice(page.indexOf("<body>"), page.indexOf("<script>"));
  });

  it("is an article: one heading of the first rank, sections with headings and anchors, a language", () => {
    assert.match(page, /^<!doctype html>\n<html lang="en">/);
    assert.match(page, /<h1>LeNet on Fashion-MNIST<\/h1>/);
    assert.equal(page.match(/<h1/g)?.length, 1);
    const anchors = [...page.matchAll(/<li><a href="#([\w-]+)">/g)].map(([, id]) => id);
    assert.deepEqual(
      anchors,
      [...page.matchAll(/<h2 id="([\w-]+)">(?!Contents)/g)].map(([, id]) => id),
    );
    assert.ok(anchors.length >= 8);
  });

  it("shows what strangers compare, whole for one run and short for several, and what was noted", async () => {
    const [{ receipt }] = runs;
    const { last } = receipt.weights;
    assert.match(article, new RegExp(`epoch 1: ${last.file.slice(0, 16)}<`));
    assert.match(article, /Noted of first: <q>the first &lt;one&gt;<\/q>/);
    const alone = await runReport({ runs: [runs[0]], dataset, version: "1.2.3", assets: pageAssets() });
    assert.match(alone, new RegExp(`epoch 1: ${last.file}<`));
    const { receipt: _, note: __, ...without } = runs[0];
    const bare = await runReport({ runs: [without], dataset, version: "1.2.3", assets: pageAssets() });
    assert.doesNotMatch(bare, /How to check it|Noted of/);
  });

  it("has no matrix and no curves where an evaluation of a great many classes has none", async () => {
    const { evaluation, ...rest } = runs[0];
    const without = { ...rest, evaluation: { ...evaluation, confusion: [], macroAuc: null, microAuc: null } };
    const page = await runReport({
      runs: [without, runs[1]],
      dataset,
      version: "1.2.3",
      assets: pageAssets(),
    });
    assert.doesNotMatch(page, /id="(confusion|roc)-1"/);
    assert.match(page, /id="confusion-2"/);
    const alone = await runReport({ runs: [without], dataset, version: "1.2.3", assets: pageAssets() });
    assert.doesNotMatch(alone, /ROC curves|What is taken for what/);
    assert.match(alone, /Class by class/);
  });

  it("shows a model of one's own by its name and layers, judged where its images are not at hand", async () => {
    const { predictions: _, ...rest } = runs[0];
    const layers = [
      { type: "flatten", name: "flatten_1" },
      { type: "dense", name: "logits", units: 4 },
    ];
    const config = {
      ...rest.config,
      model: "<mine>",
      layers,
      inputShape: madeUpShape,
      data: "made",
      ownData: true,
    };
    const page = await runReport({ runs: [{ ...rest, config }], version: "1.2.3", assets: pageAssets() });
    assert.match(page, /<h1>&lt;mine&gt; on made<\/h1>/);
    assert.match(page, /flatten_1, logits \(dense\)/);
    assert.match(page, /made, handed over by a program/);
    assert.match(page, /<h2 id="result">/);
    assert.doesNotMatch(page, /<h2 id="mistakes">/);
  });

  it("has no id twice", () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
  });

  it("names every picture", () => {
    for (const [figure] of article.matchAll(/<figure.*?<\/figure>/gs)) assert.match(figure, /<figcaption/);
    for (const [image] of article.matchAll(/<img [^>]*>/g))
      assert.match(image, / alt="Test image \d+: [^"]+"/);
    for (const [svg] of article.matchAll(/<div class="static"><svg.*?<\/svg>/gs))
      assert.match(svg, /<title id="[\w-]+">[^<]+<\/title><desc id="[\w-]+">[^<]{40,}<\/desc>/);
  });

  it("writes class names as text, whatever is in them", () => {
    assert.ok(page.includes("&lt;Pullover&gt; &amp; co"));
    assert.ok(!page.includes("<Pullover>"));
  });

  it("says which figures it shows", () => {
    assert.ok(page.includes(`${(100 * runs[1].evaluation.accuracy).toFixed(2)}\u00a0%`));
    assert.match(page, /The runs differ in seed\./);
  });

  it("is the same bytes every time, and small", async () => {
    assert.equal(await runReport({ runs, dataset, version: "1.2.3", assets: pageAssets() }), page);
    assert.ok(page.length < 3e6, `${page.length} characters`);
  });

  it("says that the losses can't be compared where labels are smoothed, and only there", async () => {
    const pageWith = (labelSmoothing: number) => {
      const [run] = runs;
      return runReport({
        runs: [{ ...run, config: { ...run.config, labelSmoothing } }],
        version: "1.2.3",
        assets: pageAssets(),
      });
    };
    assert.match(await pageWith(0.1), /The training loss counts the label smoothing too/);
    assert.doesNotMatch(await pageWith(0), /counts the label smoothing/);
  });

  it("shows a run that can't be judged by its curves, and says why", async () => {
    const { evaluation: _, predictions: __, ...course } = runs[0];
    const unjudged = await runReport({
      runs: [{ ...course, unjudged: "it goes on." }],
      version: "1.2.3",
      assets: pageAssets(),
    });
    assert.match(unjudged, /<b>first<\/b> is not judged on the test images: it goes on\. So far/);
    assert.match(unjudged, /<figure class="chart" id="loss">/);
    assert.doesNotMatch(unjudged, /id="roc/);
  });

  describe("in a browser, from disk", { skip: reasonWithoutBrowser() ?? false }, () => {
    let folder: string;
    let browser: Browser;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "heddle-report-"));
      browser = await launchBrowser();
    });
    after(async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    });
    const write = (name: string, content: string): string => {
      const file = join(folder, name);
      writeFileSync(file, content);
      return file;
    };

    it("is drawn, fits, can be read, sorts, and asks for nothing", async () => {
      await checkPage(browser, write("report.html", page));
    });

    it("shows photos of its own, read as they are wanted, in their size and by their names", async () => {
      const imageShape = [72, 80, 3];
      const asked: number[] = [];
      const photos = {
        ...dataset,
        imageShape,
        test: {
          ...test,
          images: async function* (order: Uint32Array) {
            for (const index of order) {
              asked.push(index);
              yield new Uint8Array(72 * 80 * 3).map((_, place) => (place * (index + 7)) >> 7);
            }
          },
        },
      };
      const imageNames = Array.from(
        test.labels,
        (label, image) => `validation/class ${label}/${image}-a-very-long-name-of-a-photo.jpg`,
      );
      const page = await runReport({
        runs: [runs[0]],
        dataset: photos,
        imageNames,
        version: "1.2.3",
        assets: pageAssets(),
      });
      assert.ok(asked.length > 30 && asked.length < 100, `${asked.length} of 400 photos are read`);
      assert.match(page, /<img src="data:image\/png;base64,[^"]+" width="80" height="72"/);
      assert.match(page, /<span class="file muted">validation\/class \d\/\d+-a-very/);
      await checkPage(browser, write("photos.html", page));
    });

    const spoilt: [string, (page: string) => string, RegExp][] = [
      [
        "a wide line",
        (text) => text.replace("</main>", `<div style="width:2000px">wide</div></main>`),
        /nothing is wider/,
      ],
      [
        "a faint line",
        (text) => text.replace("</main>", `<p style="color:#777">faint</p></main>`),
        /all text can be read/,
      ],
      [
        "a picture from elsewhere",
        (text) => text.replace("</main>", `<img src="http://127.0.0.1:9/a.png"></main>`),
        /Content Security Policy/,
      ],
      ["no ECharts", (text) => text.replace(/<script>.*?<\/script>/s, ""), /every chart is drawn/],
    ];
    for (const [what, spoil, message] of spoilt)
      it(`fails with ${what}`, async () => {
        await assert.rejects(checkPage(browser, write("spoilt.html", spoil(page))), message);
      });
  });
});
