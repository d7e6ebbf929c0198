import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Dataset, ImageSet } from "../../core/data/dataset.js";
import { HeddleError, UsageError } from "../../core/errors.js";
import { adamw } from "../../core/optimizers/index.js";
import { pageAssets } from "../../node/page-assets.js";
import { heddleVersion } from "../../node/version.js";
import { html } from "../../report/html.js";
import { renderPage } from "../../report/page.js";
import { tinyProtocol } from "../testing/tiny.js";
import { checkFolder, markOf, prepareFolder } from "./manifest.js";

const images = (...bytes: number[]): ImageSet => ({
  count: bytes.length,
  images: Uint8Array.from(bytes),
  labels: new Uint8Array(bytes.length),
});

const dataset: Dataset = {
  name: "dots",
  imageShape: [1, 1, 1],
  classNames: ["0"],
  train: images(1, 2, 3),
  test: images(4),
};

describe("the manifest of a results folder", () => {
  let parent: string;
  let folder: string;
  let number = 0;
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "heddle-test-"));
  });
  beforeEach(async () => {
    folder = join(parent, `case-${number++}`);
    await mkdir(folder);
  });
  after(() => rm(parent, { recursive: true }));

  const wanted = { quick: false, data: markOf(dataset), protocols: [tinyProtocol] };
  const file = (): string => join(folder, "reproduction.json");
  const fails = (work: Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof HeddleError);
      assert.ok(!(error instanceof UsageError));
      assert.match(error.message, message);
      return true;
    });

  it("says what all trials have in common, and is left as it is by the next run", async () => {
    await prepareFolder(folder, wanted);
    const text = await readFile(file(), "utf8");
    assert.deepEqual(JSON.parse(text), {
      format: 1,
      heddle: heddleVersion(),
      quick: false,
      data: wanted.data,
      protocols: [tinyProtocol],
    });
    await prepareFolder(folder, wanted);
    assert.equal(await readFile(file(), "utf8"), text);
  });

  it("takes a further protocol on and keeps the one before", async () => {
    await prepareFolder(folder, wanted);
    const next = { ...tinyProtocol, name: "next" };
    await prepareFolder(folder, { ...wanted, protocols: [next] });
    const { protocols } = JSON.parse(await readFile(file(), "utf8"));
    assert.deepEqual(protocols, [tinyProtocol, next]);
  });

  it("is checked without the data where that is not at hand", async () => {
    await prepareFolder(folder, wanted);
    assert.ok(await checkFolder(folder, { quick: false, protocols: [tinyProtocol] }));
  });

  it("is not needed in a folder that isn't there, is empty, or holds trials alone", async () => {
    assert.equal(await checkFolder(join(folder, "none"), wanted), undefined);
    assert.equal(await checkFolder(folder, wanted), undefined);
    await mkdir(join(folder, "trials"));
    await writeFile(join(folder, "reproduction.lock"), "");
    assert.equal(await checkFolder(folder, wanted), undefined);
  });

  it("refuses a folder of other things and leaves it as it is", async () => {
    await writeFile(join(folder, "letter.txt"), "");
    await fails(
      prepareFolder(folder, wanted),
      /holds other things \(letter\.txt\) and no reproduction\.json/,
    );
    assert.deepEqual(await readdir(folder), ["letter.txt"]);
  });

  const ownPage = renderPage({ title: "Title", lead: html`<p>Lead</p>`, sections: [] }, pageAssets());
  const foreign: [string, string][] = [
    ["index.html", "<!doctype html><title>Mine</title>"],
    ["tables", ""],
    ["figures", ""],
  ];
  for (const [name, content] of foreign) {
    it(`refuses a folder that holds no more than ${name}, which may be anybody's`, async () => {
      await writeFile(join(folder, name), content);
      await fails(checkFolder(folder, wanted), new RegExp(`holds other things \\(${name}\\)`));
    });
  }

  it("takes what is made of trials beside them, or beside a page of heddle's, but never another page", async () => {
    await writeFile(join(folder, "index.html"), ownPage);
    for (const name of ["tables", "figures"]) await mkdir(join(folder, name));
    assert.equal(await checkFolder(folder, wanted), undefined);
    await mkdir(join(folder, "trials"));
    await rm(join(folder, "index.html"));
    assert.equal(await checkFolder(folder, wanted), undefined);
    await writeFile(join(folder, "index.html"), "<p>mine</p>");
    await fails(checkFolder(folder, wanted), /holds other things \(index\.html\)/);
  });

  it("takes times of an epoch that were measured beforehand", async () => {
    await writeFile(join(folder, "epoch-times.json"), "{}");
    assert.equal(await checkFolder(folder, wanted), undefined);
  });

  it("takes other words for a protocol that is there, at its place", async () => {
    await prepareFolder(folder, { ...wanted, protocols: [tinyProtocol, { ...tinyProtocol, name: "next" }] });
    const reworded = { ...tinyProtocol, why: "It leads.", searchTrial: "50-quick" };
    await prepareFolder(folder, { ...wanted, protocols: [reworded] });
    assert.deepEqual((await checkFolder(folder, wanted))?.protocols, [
      reworded,
      { ...tinyProtocol, name: "next" },
    ]);
  });

  it("refuses a file for a folder", async () => {
    await fails(checkFolder(fileURLToPath(import.meta.url), wanted), /it is a file, expected a folder/);
  });

  describe("that differs", () => {
    beforeEach(() => prepareFolder(folder, wanted));
    const edit = async (change: object): Promise<void> =>
      writeFile(file(), JSON.stringify({ ...JSON.parse(await readFile(file(), "utf8")), ...change }));

    for (const change of [{ heddle: "0.0.9" }, { format: 2, heddle: "0.0.9" }]) {
      it(`refuses ${JSON.stringify(change)}, another version's`, async () => {
        await edit(change);
        await fails(
          checkFolder(folder, wanted),
          /was made by heddle 0\.0\.9, and this is .*Choose another folder, or go on with heddle 0\.0\.9/,
        );
      });
    }

    it("refuses a quick run in a full one's folder, and the reverse", async () => {
      await fails(
        checkFolder(folder, { ...wanted, quick: true }),
        /holds a reproduction, and a quick run, which is none, does not go beside it/,
      );
      await edit({ quick: true });
      await fails(
        checkFolder(folder, wanted),
        /holds a quick run, which is no reproduction.*or go on with the quick run/,
      );
    });

    const others: [string, Dataset, RegExp][] = [
      ["name", { ...dataset, name: "dashes" }, /its name is "dots", here it is "dashes"/],
      [
        "training images",
        { ...dataset, train: images(1, 2, 4) },
        /its trainingImages\.checksum is \d+, here/,
      ],
      [
        "number of test images",
        { ...dataset, test: images(4, 4) },
        /its testImages\.count is 1, here it is 2/,
      ],
    ];
    for (const [what, other, message] of others) {
      it(`refuses data of another ${what}`, async () => {
        await fails(checkFolder(folder, { ...wanted, data: markOf(other) }), message);
      });
    }

    it("refuses a protocol that was changed under its name", async () => {
      const settings = { ...tinyProtocol.settings, optimizer: adamw() };
      await fails(
        checkFolder(folder, { ...wanted, protocols: [{ ...tinyProtocol, settings }] }),
        /The protocol tiny was changed under its name: its optimizer\.name is "adam" in .*, here it is "adamw"\. Give the changed one another name/,
      );
    });

    it("refuses what is cut off or no manifest", async () => {
      await writeFile(file(), '{"format": 1');
      await fails(
        checkFolder(folder, wanted),
        /reproduction\.json is not JSON: it was cut off\. Put it back/,
      );
      await writeFile(file(), '{"format": 1}');
      await fails(checkFolder(folder, wanted), /is not what heddle writes there \(heddle: .*Put it back/);
    });
  });
});
