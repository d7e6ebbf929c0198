import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { auditDataset } from "../core/audit/audit.js";
import { flawedData, flaws } from "../core/audit/testing/flawed-data.js";
import { pageAssets } from "../node/page-assets.js";
import { nodePlatform } from "../node/platform.js";
import { auditReport } from "./audit-report.js";
import { launchBrowser, reasonWithoutBrowser } from "./testing/browser.js";
import { checkPage } from "./testing/check-page.js";

const dataset = { ...flawedData(), classNames: ["<top>", "middle", "bottom"] };

/** What drew each image, but surer than any model. */
const predictFold = async ({ held }: { held: Uint32Array }): Promise<Float32Array> =>
  Float32Array.from(
    Array.from(held).flatMap((image) => [0, 1, 2].map((label) => (label === image % 3 ? 0.9 : 0.05))),
  );

describe("auditReport", async () => {
  const audit = await auditDataset(dataset, { platform: nodePlatform, predictFold });
  const files = { test: Array.from({ length: 30 }, (_, index) => `test/<${index}>.png`) };
  const page = auditReport({ audit, files, version: "1.2.3", assets: pageAssets() });

  it("shows wrong labels, conflicts, leaks and odd ones, by their files where they are known", () => {
    assert.deepEqual(
      [...page.matchAll(/<h2 id="([\w-]+)">(?!Contents)/g)].map(([, id]) => id),
      ["labels", "conflicts", "leaks", "odd", "method"],
    );
    const [, index] = flaws.labels[2];
    assert.match(page, new RegExp(`alt="test/&lt;${index}&gt;\\.png: labelled bottom, rather middle"`));
    assert.match(page, new RegExp(`alt="training ${flaws.conflict[0]}: &lt;top&gt;"`));
    assert.match(page, /the same bytes, training and test/);
    assert.match(page, /All of one colour: 1/);
    assert.doesNotMatch(page, /<top>|test\/<\d/);
  });

  it("shows no more pictures than it is told, and says so", () => {
    const short = auditReport({ audit, most: 1, version: "1.2.3", assets: pageAssets() });
    assert.match(short, /Shown are the 1 likeliest of 4/);
    assert.ok((short.match(/<img/g)?.length ?? 0) < (page.match(/<img/g)?.length ?? 0));
  });

  it("says that nothing is wrong where nothing is", async () => {
    const { pool, labelErrors } = audit;
    const clean = {
      ...audit,
      duplicates: [],
      oddOnes: [],
      labelErrors: { ...labelErrors, errors: [] },
      pool,
    };
    const text = auditReport({ audit: clean, version: "1.2.3", assets: pageAssets() });
    assert.match(text, /No label is likely wrong/);
    assert.doesNotMatch(text, /id="(conflicts|leaks|duplicates|odd)"/);
  });

  describe("in a browser", { skip: reasonWithoutBrowser() }, () => {
    let browser: Browser;
    let folder: string;
    before(async () => {
      browser = await launchBrowser();
      folder = mkdtempSync(join(tmpdir(), "heddle-test-"));
    });
    after(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it("fits a desktop and a phone, on either ground", async () => {
      const file = join(folder, "audit.html");
      writeFileSync(file, page);
      await checkPage(browser, file);
    });
  });
});
