import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { rolldown } from "rolldown";
import { version } from "../core/version.js";
import { nodeRunHost } from "../node/run-host.js";
import { launchBrowser, reasonWithoutBrowser } from "../report/testing/browser.js";
import { memoryStore, parseReceipt, trainRun, verifyReceipt } from "../run/index.js";
import { openPage } from "./testing/pages.js";
import { runDataset, runSettings } from "./testing/run-case.js";
import type { RunAnswer, RunRequest } from "./testing/run-worker.js";
import { serve } from "./testing/serve.js";

const built = fileURLToPath(new URL("..", import.meta.url));
const dataset = runDataset();

/** The worker as one file, which lies where the workers are that it starts. */
async function workerScript(): Promise<string> {
  const input = fileURLToPath(new URL("testing/run-worker.js", import.meta.url));
  await using bundle = await rolldown({ input, platform: "browser", logLevel: "warn" });
  const { output } = await bundle.generate({ format: "esm" });
  return output[0].code;
}

const workerPath = "/web/worker/run-worker.js";

/** Run in a page: has a worker answer. */
function ask([path, request]: readonly [string, RunRequest]): Promise<RunAnswer | string> {
  const { Worker } = globalThis as unknown as { Worker: new (path: string, options: object) => PageWorker };
  const worker = new Worker(path, { type: "module" });
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => resolve(message);
    worker.postMessage(request);
  });
}

interface PageWorker {
  onmessage: (event: { data: RunAnswer | string }) => void;
  onerror: (event: { message: string }) => void;
  postMessage(request: RunRequest): void;
}

describe("a run in a page", { skip: reasonWithoutBrowser() }, () => {
  let browser: Browser;
  let script: string;
  let ofNode: string;
  before(async () => {
    browser = await launchBrowser();
    script = await workerScript();
    const run = memoryStore();
    await trainRun({ ...runSettings(), data: dataset, threads: 2 }, { run }, nodeRunHost());
    ofNode = new TextDecoder().decode(await run.read("receipt.json"));
  });
  after(() => browser?.close());

  for (const [isolated, threads] of [
    [true, 2],
    [false, 1],
  ] as const) {
    it(`is verified there, and Node's there, and there Node's, on ${threads} of its threads`, async (test) => {
      const server = await serve(built, { isolated, files: { [workerPath]: script } });
      test.after(() => server.close());
      const { page, complaints } = await openPage(browser, server.address);
      const said = await page.evaluate(ask, [workerPath, { threads, receipt: ofNode }] as const);
      assert.ok(typeof said === "object", String(said));
      const all = { data: true, best: true, last: true, calibration: true, predictions: "digest" };
      for (const each of [said.own, said.ofReceipt]) {
        assert.equal(each.difference, undefined);
        assert.equal(each.identical, true);
        assert.equal(each.threads, threads);
        assert.deepEqual(each.compared, { ...all, figures: 2, weights: 2 });
      }
      assert.deepEqual([said.elsewhere.identical, said.elsewhere.epochs], [true, 1]);
      assert.match(said.unknown, /^HeddleError: There is no data set "others" here, but "bars"\. Give/);

      const { environment, ...receipt } = parseReceipt(said.receipt, "the page's receipt");
      assert.equal(environment.heddle, version);
      assert.match(environment.platform ?? "", /^Mozilla/);
      const { config, configDigest, digest, environment: _, ...same } = parseReceipt(ofNode, "Node's");
      assert.deepEqual(
        { ...receipt, config, configDigest, digest },
        { ...same, config, configDigest, digest },
      );
      const here = await verifyReceipt(
        { text: said.receipt, name: "its receipt" },
        { dataset },
        nodeRunHost(),
      );
      assert.deepEqual([here.identical, here.compared.predictions], [true, "digest"]);
      assert.deepEqual(complaints, []);
    });
  }
});
