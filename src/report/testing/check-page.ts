import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Inspection } from "../browser/testing/inspect-page.js";

const inspectionSource = readFileSync(new URL("../browser/testing/inspect-page.js", import.meta.url), "utf8");

const phone = { width: 390, height: 844 };
const desktop = { width: 1440, height: 900 };

/**
 * Opens a page of the kit's from disk and tries what its readers would: on a desktop and on a phone, on the dark ground
 * and on the light one, without scripts, and on paper.
 */
export async function checkPage(browser: Browser, file: string): Promise<void> {
  await onPage(browser, file, { viewport: desktop }, async (page) => {
    await checkLook(page, "light");
    await checkLook(page, "dark");
    await checkGroundToggle(page);
    await checkLegend(page);
    await checkSorting(page);
    await page.emulateMedia({ media: "print" });
    await checkPaper(page);
  });
  await onPage(browser, file, { viewport: phone }, async (page) => {
    await checkLook(page, "dark");
    await checkLook(page, "light");
  });
  await onPage(browser, file, { viewport: phone, javaScriptEnabled: false }, checkWithoutScript);
}

async function onPage(
  browser: Browser,
  file: string,
  options: BrowserContextOptions,
  check: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(file).href);
    if (options.javaScriptEnabled !== false) {
      await page.addScriptTag({ content: inspectionSource, type: "module" });
      await page.waitForFunction("globalThis.inspection !== undefined");
    }
    await check(page);
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      asked.filter((address) => !/^(?:file|data):/.test(address)),
      [],
      "the page asks for nothing outside itself",
    );
  } finally {
    await context.close();
  }
}

function inspect<Name extends keyof Inspection>(
  page: Page,
  name: Name,
): Promise<ReturnType<Inspection[Name]>> {
  return page.evaluate(`inspection.${name}()`);
}

/** On the ground that the reader's system asks for. */
async function checkLook(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  const ground = await inspect(page, "ground");
  assert.ok(
    colorScheme === "dark" ? ground < 0.1 : ground > 0.9,
    `the ${colorScheme} ground is ${colorScheme}`,
  );
  assert.deepEqual(await inspect(page, "undrawn"), [], "every chart is drawn");
  assert.deepEqual(await inspect(page, "overflowing"), [], "nothing is wider than the page");
  assert.deepEqual(await inspect(page, "faint"), [], "all text can be read");
}

async function checkGroundToggle(page: Page): Promise<void> {
  await page.click("button.ground");
  assert.ok((await inspect(page, "ground")) > 0.9, "the toggle gives the light ground");
  assert.deepEqual(await inspect(page, "faint"), [], "all text can be read on it");
  await page.click("button.ground");
  assert.ok((await inspect(page, "ground")) < 0.1, "and the dark one back");
}

/** A chart is drawn anew in one of the next frames, which may be long in coming on a busy machine. */
async function becomes(page: Page, holds: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await page.waitForTimeout(25);
  }
  assert.fail(`it does not come true that ${what}`);
}

/** A click on a name in a legend takes its series away, another brings it back. */
async function checkLegend(page: Page): Promise<void> {
  const figure = page.locator("figure.chart:has(button.entry)").first();
  if ((await figure.count()) === 0) return;
  const entry = figure.locator("button.entry").first();
  const drawing = (): Promise<string> => figure.locator(".live svg").innerHTML();
  const color = await entry.locator("path").first().getAttribute("stroke");
  const lines = async (): Promise<number> => (await drawing()).split(`stroke="${color}"`).length;
  const before = await lines();
  await entry.click();
  assert.equal(await entry.getAttribute("aria-pressed"), "false");
  await page.mouse.move(0, 0);
  await becomes(page, async () => (await lines()) < before, "the series is gone");
  await entry.press("Enter");
  assert.equal(await entry.getAttribute("aria-pressed"), "true");
  await becomes(page, async () => (await lines()) === before, "the series is back");
}

/** A click on a header sorts by its column, another turns the order round; what has no value stays last. */
async function checkSorting(page: Page): Promise<void> {
  const table = page.locator("table.sortable:has(th.number button)").first();
  if ((await table.count()) === 0) return;
  const header = table.locator("th.number:has(button)").first();
  const column = Number(await header.getAttribute("data-column"));
  const values = async (): Promise<number[]> => {
    const cells = await table.locator(`tbody tr > :nth-child(${column + 1})`).all();
    return Promise.all(
      cells.map(async (cell) => Number((await cell.getAttribute("data-value")) ?? (await cell.innerText()))),
    );
  };
  const all = await values();
  const sorted = all.filter(Number.isFinite).sort((a, b) => a - b);
  const missing = all.filter((value) => !Number.isFinite(value));
  await header.locator("button").click();
  assert.equal(await header.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await values(), [...sorted.toReversed(), ...missing]);
  await header.locator("button").press("Enter");
  assert.equal(await header.getAttribute("aria-sort"), "ascending");
  assert.deepEqual(await values(), [...sorted, ...missing]);
}

async function checkPaper(page: Page): Promise<void> {
  assert.ok((await inspect(page, "ground")) > 0.9, "paper is light");
  assert.equal(await page.locator("button.ground").isVisible(), false);
  await checkStaticCharts(page);
}

async function checkWithoutScript(page: Page): Promise<void> {
  assert.equal(await page.locator("button.ground").isVisible(), false);
  await checkStaticCharts(page);
}

async function checkStaticCharts(page: Page): Promise<void> {
  for (const figure of await page.locator("figure.chart").all()) {
    assert.equal(await figure.locator(".live").isVisible(), false);
    const box = await figure.locator(".static svg").boundingBox();
    assert.ok(box && box.width > 300 && box.height > 100, "the drawn picture is shown");
    assert.ok((await figure.locator(".static svg path").count()) > 0);
  }
}
