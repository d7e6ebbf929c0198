import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { sha256 } from "../core/formats/sha256.js";
import { nodeRunHost } from "../node/run-host.js";
import { launchBrowser, reasonWithoutBrowser } from "../report/testing/browser.js";
import { memoryStore } from "../run/memory-store.js";
import { RunFolder } from "../run/run-folder.js";
import { trainRun } from "../run/train-run.js";
import { bytesOfNode } from "./testing/bytes-of-node.js";
import {
  afterDeath,
  disposeAmidFit,
  modules,
  refusal,
  trainCase,
  trainOnAndOn,
  trainTwice,
} from "./testing/page-program.js";
import { openPage } from "./testing/pages.js";
import { type Served, serve } from "./testing/serve.js";
import { caseData, caseFit, caseGraph, caseOptions } from "./testing/training-case.js";

const built = fileURLToPath(new URL("..", import.meta.url));

/** Waits until a page has no workers. */
async function untilAlone(page: Page): Promise<void> {
  for (let look = 0; page.workers().length > 0; look++) {
    assert.ok(look < 1000, `these are left: ${page.workers().map((worker) => worker.url())}`);
    await wait(20);
  }
}

describe("a model in a browser", { skip: reasonWithoutBrowser() }, () => {
  let browser: Browser;
  let isolated: Served;
  let plain: Served;
  let expected: readonly number[];
  before(async () => {
    browser = await launchBrowser();
    isolated = await serve(built, { isolated: true });
    plain = await serve(built, { isolated: false });
    expected = await bytesOfNode();
  });
  after(async () => {
    await browser?.close();
    await isolated.close();
    await plain.close();
  });

  const settings: readonly [string, () => Served, number][] = [
    ["on two threads where the page is isolated", () => isolated, 2],
    ["on one thread elsewhere", () => plain, 1],
  ];
  for (const [where, server, threads] of settings) {
    it(`gets Node's bytes ${where}, looked at or not`, async () => {
      const { page, complaints } = await openPage(browser, server().address);
      const { bytes, end, beside, steps, ...seen } = await page.evaluate(trainCase, modules);
      assert.equal(seen.threads, threads);
      assert.deepEqual([end.reason, end.stepsDone], ["finished", 10]);
      assert.deepEqual(bytes, expected);
      // Every look was answered: predictions of all images for three classes, and one judgement.
      const { length: images } = caseData().train.labels;
      assert.ok(steps >= 1 && steps <= 10);
      assert.deepEqual(beside, [...Array.from({ length: steps + 1 }, () => images * 3), images]);
      await untilAlone(page);
      assert.deepEqual(complaints, []);
      await page.close();
    });
  }

  it("comes to what the receipt of such a run in Node says", async () => {
    const run = memoryStore();
    const { seed } = caseOptions;
    const { train } = caseData();
    const test = { ...train, count: train.labels.length };
    const names = { name: "bars", classNames: ["left", "middle", "right"], imageShape: [12, 12, 1] };
    const { epochs, batchSize, augmentation } = caseFit;
    const settings = { model: caseGraph(), seed, threads: 1, epochs, batchSize, augmentation };
    await trainRun({ ...settings, data: { ...names, train: test, test } }, { run }, nodeRunHost());
    const receipt = await new RunFolder(run).readReceipt();
    // These are the bytes that every page above came to.
    assert.equal(receipt?.weights.last.file, sha256(Uint8Array.from(expected)));
  });

  it("gets Node's bytes where V8 joins pairs of vector operations", async () => {
    // By the optimizing compiler alone, which is the one that joins them. V8 15 has dropped the
    // "experimental-" of the flag's name.
    const flags = "--no-liftoff --no-wasm-inlining --wasm-revectorize";
    const joining = await launchBrowser([`--js-flags=${flags}`]);
    try {
      const { page } = await openPage(joining, isolated.address);
      assert.deepEqual((await page.evaluate(trainCase, modules)).bytes, expected);
    } finally {
      await joining.close();
    }
  });

  it("has the threads of one network serve the next", async () => {
    const { page } = await openPage(browser, isolated.address);
    const bytes = await page.evaluate(trainTwice, modules);
    assert.equal(page.workers().length, 2);
    assert.deepEqual(bytes, await bytesOfNode([caseFit, { ...caseFit, batchSize: 8 }]));
    await page.close();
  });

  it("leaves the page free, and no worker behind when disposed of amid a fit", async () => {
    const { page, complaints } = await openPage(browser, isolated.address);
    await page.evaluate(trainOnAndOn, modules);
    assert.equal(page.workers().length, 2);
    const [ending, afterwards] = await page.evaluate(disposeAmidFit);
    assert.equal(ending, "aborted");
    assert.match(afterwards, /^UsageError: This model was disposed of: its worker is gone/);
    await untilAlone(page);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it("says so when its worker has ended by itself", async () => {
    const { page } = await openPage(browser, isolated.address);
    await page.evaluate(trainOnAndOn, modules);
    const worker = page.workers().find((each) => each.url().endsWith("training-worker.js"))!;
    await worker.evaluate(() => (globalThis as unknown as { close(): void }).close());
    for (const words of await page.evaluate(afterDeath))
      assert.match(
        words,
        /^HeddleError: The worker that held the model has ended: it was closed from outside/,
      );
    await page.close();
  });

  it("says so when its worker can't be loaded", async () => {
    const nowhere = await serve(built, { isolated: true, without: /training-worker\.js$/ });
    const { page } = await openPage(browser, nowhere.address);
    await assert.rejects(
      page.evaluate(trainCase, modules),
      /has ended: its script could not be loaded; it has to come/,
    );
    await page.close();
    await nowhere.close();
  });

  it("says so when its threads can't be loaded", async () => {
    const nowhere = await serve(built, { isolated: true, without: /engine-worker\.js$/ });
    const { page } = await openPage(browser, nowhere.address);
    await assert.rejects(
      page.evaluate(trainCase, modules),
      /HeddleError: Thread 1 could not start: its script could not be loaded; it has to come/,
    );
    await page.close();
    await nowhere.close();
  });

  it("has its errors as classes, with their words", async () => {
    const { page } = await openPage(browser, plain.address);
    const [ofStart, ofFit, ofFile] = await page.evaluate(refusal, modules);
    assert.deepEqual(ofStart.slice(0, 2), [true, true]);
    assert.match(String(ofStart[2]), /^UsageError: startModel: seed must be a whole number.*but is 0\.5/);
    assert.deepEqual(ofFit.slice(0, 2), [false, true]);
    assert.match(String(ofFit[2]), /^HeddleError: .*100000/);
    assert.deepEqual(ofFile.slice(0, 2), [false, true]);
    assert.match(String(ofFile[2]), /^HeddleError: old\.safetensors /);
    await untilAlone(page);
    await page.close();
  });

  it("needs of a content security policy what docs/web.md says", async () => {
    const policy = (scripts: string) => ({
      "Content-Security-Policy": `default-src 'none'; script-src ${scripts}; worker-src 'self'`,
    });
    const enough = await serve(built, { isolated: true, headers: policy("'self' 'wasm-unsafe-eval'") });
    const allowed = await openPage(browser, enough.address);
    assert.deepEqual((await allowed.page.evaluate(trainCase, modules)).bytes, expected);
    const tooLittle = await serve(built, { isolated: true, headers: policy("'self'") });
    const refused = await openPage(browser, tooLittle.address);
    await assert.rejects(refused.page.evaluate(trainCase, modules), /WebAssembly|Wasm/);
    await Promise.all([enough.close(), tooLittle.close()]);
  });
});
