import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { html } from "../report/html.js";
import { renderPage } from "../report/page.js";
import { pageAssets } from "./page-assets.js";
import { isWrittenPage } from "./written-page.js";

describe("a page of heddle's", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-written-page-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("is known by its head, and no other file is taken for one", async () => {
    const file = join(folder, "index.html");
    const page = renderPage({ title: "Title", lead: html`<p>Lead</p>`, sections: [] }, pageAssets());
    const cases: [string, boolean][] = [
      [page, true],
      ["<!doctype html><title>Mine</title>", false],
      ["", false],
      [`<!doctype html><p>${"x".repeat(5000)}</p>${page}`, false],
    ];
    for (const [text, expected] of cases) {
      await writeFile(file, text);
      assert.equal(await isWrittenPage(file), expected);
    }
  });

  it("is asked for by name where it can't be read", async () => {
    await assert.rejects(isWrittenPage(join(folder, "none.html")), /none\.html can't be read: it does not/);
    await assert.rejects(isWrittenPage(folder), /can't be read: it is a folder/);
  });
});
