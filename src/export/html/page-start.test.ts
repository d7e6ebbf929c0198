import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { encode } from "fast-png";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser, reasonWithoutBrowser } from "../../report/testing/browser.js";
import { recurrentModel } from "../testing/small-models.js";
import { exportHtml } from "./export-html.js";

interface Circumstances extends BrowserContextOptions {
  /** Runs before all else in the page. */
  readonly script?: string;
  /** Changes the page's text. */
  readonly change?: (page: string) => string;
}

/** Has the page's worker begin with a line of its own. */
const inWorker = (line: string): string =>
  `const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => createObjectURL.call(URL, new Blob([${JSON.stringify(line)}, "\\n", blob]));`;

const grey = Buffer.from(encode({ width: 8, height: 8, data: new Uint8Array(64), depth: 8, channels: 1 }));

describe("a page that names pictures, where something is in its way", {
  skip: reasonWithoutBrowser(),
}, () => {
  let browser: Browser;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "heddle-page-start-"));
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function withPage(
    { script, change = (page) => page, ...options }: Circumstances,
    use: (page: Page) => Promise<void>,
  ): Promise<void> {
    const file = join(folder, "page.html");
    const contents = await recurrentModel();
    writeFileSync(file, change(await exportHtml({ name: "Small", contents, digest: "x" })));
    const context = await browser.newContext({ ...options, offline: true });
    try {
      const page = await context.newPage();
      if (script !== undefined) await page.addInitScript(script);
      await page.goto(pathToFileURL(file).href);
      await use(page);
    } finally {
      await context.close();
    }
  }

  const troubles: readonly (readonly [string, Circumstances, RegExp])[] = [
    [
      "there are no vectors",
      { script: "WebAssembly.validate = () => false" },
      /has no WebAssembly with vectors .* Chrome or Edge 112, Firefox 111 or Safari 16\.4/,
    ],
    [
      "there is no canvas beside the page",
      { script: "delete globalThis.OffscreenCanvas" },
      /can't read pictures: it has no canvas beside the page .* Firefox 111/,
    ],
    [
      "no worker may be made",
      { script: `Worker = class { constructor() { throw new Error("No worker here.") } }` },
      /^This page can't start here: No worker here\.$/,
    ],
    [
      "its model is mangled",
      { change: (page) => page.replace(`{"name":"Small"`, `{"name:"Small"`) },
      /^This page can't start here: it was damaged or cut off\. Use another copy of it\.$/,
    ],
    [
      "its weights are cut off",
      { change: (page) => page.replace(/(id="weights">[^<]+)[^<]{8}</, "$1<") },
      /was damaged or cut off: it has \d+ bytes of weights of \d+/,
    ],
  ];
  for (const [what, circumstances, words] of troubles) {
    it(`says so where ${what}`, () =>
      withPage(circumstances, async (page) => {
        const alert = page.locator("[role=alert]", { hasText: words });
        await alert.waitFor({ timeout: 30_000 });
        assert.equal(await page.locator("#ways").isVisible(), false);
        assert.equal(await page.locator("#state").isVisible(), false);
      }));
  }

  it("says how to mend it where its program doesn't run", () =>
    withPage({ change: (page) => page.slice(0, page.lastIndexOf("<script>") + 100) }, async (page) => {
      assert.match(
        await page.locator("#state").innerText(),
        /cut off.* save the page, and open it from disk/,
      );
    }));

  it("asks for JavaScript alone where there is none", () =>
    withPage({ javaScriptEnabled: false }, async (page) => {
      const main = await page.locator("main").innerText();
      assert.match(main, /allow JavaScript/);
      assert.doesNotMatch(main, /loading|ready/);
    }));

  async function nameOne(page: Page): Promise<string> {
    await page.setInputFiles("#drop input", { name: "grey.png", mimeType: "image/png", buffer: grey });
    const said = page.locator("#state", { hasText: /^grey\.png: / });
    await said.waitFor({ timeout: 30_000 });
    return (await said.textContent()) ?? "";
  }

  it("reads pictures where the browser doesn't know how they are asked to be turned", () => {
    const script = inWorker(`const before = createImageBitmap;
      createImageBitmap = async (file, options) => { if (options) throw new TypeError("No such option."); return before(file); };`);
    return withPage({ script }, async (page) => assert.match(await nameOne(page), /^grey\.png: [abc]$/));
  });

  it("takes no blank canvas for a picture", () => {
    const script = inWorker(`OffscreenCanvasRenderingContext2D.prototype.getImageData =
      (left, top, width, height) => new ImageData(width, height);`);
    return withPage({ script }, async (page) =>
      assert.match(await nameOne(page), /^grey\.png: This browser has no memory left to draw a picture/),
    );
  });
});
