import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { pageAssets } from "../../node/page-assets.js";
import { html } from "../html.js";
import { renderPage } from "../page.js";
import { launchBrowser, reasonWithoutBrowser } from "./browser.js";
import { checkPage } from "./check-page.js";

/** Grey on grey, 1 : 1. */
const faint = "p.told{color:#888;background:#888}";

/** A page with a line that can't be read under a condition; always without one. */
const page = (condition: string): string =>
  renderPage({ title: "Title", lead: html`<p class="told">Lead</p>`, sections: [] }, pageAssets()).replace(
    "</style>",
    `@media ${condition}{${faint}}</style>`,
  );

describe("the check of a page", { skip: reasonWithoutBrowser() ?? false }, () => {
  let folder: string;
  let browser: Browser;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "heddle-check-page-"));
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  function check(condition: string): Promise<void> {
    const file = join(folder, "page.html");
    writeFileSync(file, page(condition));
    return checkPage(browser, file);
  }

  it("passes a page that can be read everywhere", () => check("(width: 1px)"));

  for (const width of ["(width < 600px)", "(width > 600px)"])
    for (const scheme of ["light", "dark"])
      it(`sees what can't be read at ${width} on the ${scheme} ground`, async () => {
        const condition = `${width} and (prefers-color-scheme: ${scheme})`;
        await assert.rejects(check(condition), /all text can be read/);
      });
});
