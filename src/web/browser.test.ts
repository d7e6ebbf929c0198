import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { chainOf, Model, nodePlatform } from "../node/index.js";
import { launchBrowser, reasonWithoutBrowser } from "../report/testing/browser.js";
import type * as web from "./index.js";
import { type Served, serve } from "./testing/serve.js";
import type * as testCase from "./testing/training-case.js";
import { caseData, caseFit, caseGraph, caseOptions } from "./testing/training-case.js";

const built = fileURLToPath(new URL("..", import.meta.url));

/** What pages import, by the addresses that `built` is served under. */
const modules = ["/web/index.js", "/web/testing/training-case.js"] as const;

/** Trains the case on a page, and says how it went. */
async function trainOnPage([webUrl, caseUrl]: readonly string[]) {
  const { startModel } = (await import(webUrl)) as typeof web;
  const { caseData, caseFit, caseGraph, caseOptions } = (await import(caseUrl)) as typeof testCase;
  let ticks = 0;
  const ticking = setInterval(() => ticks++, 1);
  const { seed, threads } = caseOptions;
  const model = await startModel(caseGraph(), { seed });
  await model.compile({ threads });
  const data = caseData();
  let used = 0;
  let predictions = 0;
  const stillGoing = { training: true };
  const predicting = (async () => {
    while (stillGoing.training) {
      predictions += (await model.predict(data.train.images.subarray(0, 144 * 3))).length / 9;
    }
  })();
  const history = await model.fit(data, {
    ...caseFit,
    callbacks: [{ onStart: (event) => void (used = event.threads) }],
  });
  stillGoing.training = false;
  await predicting;
  clearInterval(ticking);
  const bytes = [...(await model.toBytes())];
  await model.dispose();
  return { bytes, used, ticks, predictions, steps: history.end.stepsDone, isolated: crossOriginIsolated };
}

declare const crossOriginIsolated: boolean;

async function trainInNode(): Promise<number[]> {
  const { seed, threads } = caseOptions;
  const model = new Model(caseGraph(), { seed, platform: nodePlatform });
  await model.compile({ threads }).fit(caseData(), caseFit);
  const bytes = [...(await model.toBytes())];
  await model.dispose();
  return bytes;
}

describe("a model in a browser", { skip: reasonWithoutBrowser() }, () => {
  let browser: Browser;
  let served: Served[];
  let isolated: Page;
  let plain: Page;
  before(async () => {
    browser = await launchBrowser();
    served = await Promise.all([true, false].map((isolated) => serve(built, { isolated })));
    [isolated, plain] = await Promise.all(
      served.map(async ({ address }) => {
        const page = await browser.newPage();
        await page.goto(`${address}/`);
        return page;
      }),
    );
  });
  after(async () => {
    await browser?.close();
    await Promise.all(served.map((server) => server.close()));
  });

  it("trains", async () => {
    const expected = await trainInNode();
    const page = await isolated.evaluate(trainOnPage, modules);
    console.log({ ...page, bytes: page.bytes.length }, isolated.workers().length);
    assert.deepEqual(page.bytes, expected);
    const other = await plain.evaluate(trainOnPage, modules);
    console.log({ ...other, bytes: other.bytes.length });
    assert.deepEqual(other.bytes, expected);
    void chainOf;
  });
});
