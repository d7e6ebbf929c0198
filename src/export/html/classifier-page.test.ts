import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { encode } from "fast-png";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import sharp, { type Sharp } from "sharp";
import { preparationFor } from "../../core/data/pictures/usual-preparation.js";
import { encodeModel, type ModelContents } from "../../core/formats/model-file.js";
import { createRandom } from "../../core/random.js";
import type { Classification } from "../../core/training/classify.js";
import { loadModel } from "../../node/index.js";
import { prepareWith } from "../../node/pictures/prepare-picture.js";
import type { Inspection } from "../../report/browser/testing/inspect-page.js";
import { launchBrowser, reasonWithoutBrowser } from "../../report/testing/browser.js";
import { colourModel, recurrentModel } from "../testing/small-models.js";
import { exportHtml } from "./export-html.js";

interface NamedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A picture of blocks and noise; its fourth channel, where it has one, hides parts of it. */
function picture(name: string, width: number, height: number, channels: 3 | 4 = 3): NamedFile {
  const random = createRandom(width * height);
  const block = Array.from({ length: 16 }, () => random.below(200));
  const data = Uint8Array.from({ length: width * height * channels }, (_, at) => {
    const pixel = Math.floor(at / channels);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    if (at % channels === 3) return x < width / 2 ? 255 : 0;
    return (
      block[(Math.floor((4 * x) / width) + (at % channels) * 5 + (y > height / 2 ? 7 : 0)) % 16] +
      random.below(56)
    );
  });
  const buffer = Buffer.from(encode({ width, height, data, depth: 8, channels }));
  return { name, mimeType: "image/png", buffer };
}

/** What heddle itself takes them for, decoded as the page does it. */
async function ownAnswers(
  contents: ModelContents,
  files: readonly NamedFile[],
  folder: string,
): Promise<Classification[]> {
  const file = join(folder, "model.safetensors");
  writeFileSync(file, encodeModel(contents));
  const model = await loadModel(file);
  const preparation = preparationFor(contents);
  const images = await Promise.all(files.map(({ buffer }) => prepareWith(undefined, buffer, preparation)));
  const answers = await model.classifyImages(new Uint8Array(Buffer.concat(images)));
  await model.dispose();
  return answers;
}

/** What a page shows of each picture, the newest first. */
const shownAnswers = (page: Page) =>
  page.locator(".answer").evaluateAll((answers) =>
    answers.map((answer) => ({
      file: answer.querySelector(".file")?.textContent,
      verdict: answer.querySelector("h2")?.firstChild?.textContent,
      unsure: answer.querySelector(".unsure") !== null,
      names: [...answer.querySelectorAll(".name")].map(({ textContent }) => textContent),
      shares: [...answer.querySelectorAll("data")].map(({ value }) => Number(value)),
      failure: answer.querySelector(".bad")?.textContent,
    })),
  );

interface PageOptions extends BrowserContextOptions {
  readonly half?: boolean;
  readonly within?: Browser;
}

/** It has named all that it was given. */
const idle = (page: Page) =>
  page.locator("#state", { hasText: /^[^…]*$/ }).waitFor({ state: "attached", timeout: 60_000 });

const stateOf = (page: Page) => page.locator("#state").textContent();

describe("a page that names pictures", { skip: reasonWithoutBrowser() }, () => {
  let browser: Browser;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "heddle-page-"));
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a model's page from disk; at its end nothing was asked of anybody, and nothing was wrong. */
  async function withPage(
    contents: ModelContents,
    use: (page: Page) => Promise<void>,
    { half, within = browser, ...options }: PageOptions = {},
  ): Promise<void> {
    const file = join(folder, "page.html");
    writeFileSync(file, await exportHtml({ name: "Small & <b>simple</b>", contents, digest: "x" }, { half }));
    const context = await within.newContext({ ...options, offline: true });
    try {
      const page = await context.newPage();
      const asked: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(pathToFileURL(file).href);
      await use(page);
      assert.deepEqual(complaints, []);
      assert.deepEqual(
        asked.filter((address) => !/^(file|blob|data):/.test(address)),
        [],
      );
    } finally {
      await context.close();
    }
  }

  const choose = async (page: Page, files: readonly NamedFile[]): Promise<void> => {
    await idle(page);
    await page.setInputFiles("#drop input", [...files]);
    await idle(page);
  };

  async function assertSame(page: Page, own: readonly Classification[], within: number): Promise<void> {
    const shown = await shownAnswers(page);
    assert.equal(shown.length, own.length);
    own.forEach(({ predictions, unsure }, index) => {
      const { verdict, names, shares, unsure: shownUnsure } = shown[index];
      assert.deepEqual(
        names,
        predictions.map(({ className }) => className),
      );
      assert.equal(verdict, predictions[0].className);
      assert.equal(shownUnsure, unsure);
      for (const [rank, { probability }] of predictions.entries())
        assert.ok(Math.abs(probability - shares[rank]) < within, `${probability} and ${shares[rank]}`);
    });
  }

  it("says what heddle says: its picture's size, larger, smaller, larger than a canvas, in parts transparent", async () => {
    const contents = await colourModel();
    const files = [
      picture("same.png", 16, 12),
      picture("larger.png", 61, 83),
      picture("smaller.png", 9, 7),
      picture("wide.png", 2100, 30, 4),
      picture("tall.png", 30, 2100),
      picture("half.png", 40, 30, 4),
    ];
    const own = await ownAnswers(contents, files, folder);
    assert.ok(new Set(own.map(({ unsure }) => unsure)).size === 2, "some are unsure, some aren't");
    await withPage(contents, async (page) => {
      await choose(page, files);
      await assertSame(page, own, 1e-5);
      assert.deepEqual(
        (await shownAnswers(page)).map(({ file }) => file),
        files.map(({ name }) => name),
      );
    });
  });

  it("turns a photo the right way up", async () => {
    const { buffer } = picture("flat.png", 16, 12);
    const jpeg = async (name: string, made: Sharp): Promise<NamedFile> => ({
      name,
      mimeType: "image/jpeg",
      buffer: await made.jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toBuffer(),
    });
    const files = [
      await jpeg("upright.jpg", sharp(buffer)),
      // Lying on its side, with a mark that says so.
      await jpeg("turned.jpg", sharp(buffer).rotate(270).withMetadata({ orientation: 6 })),
      await jpeg("lying.jpg", sharp(buffer).rotate(270)),
    ];
    await withPage(await colourModel(), async (page) => {
      await choose(page, files);
      const [upright, turned, lying] = (await shownAnswers(page)).map(({ verdict, names, shares }) => ({
        verdict,
        share: shares[names.indexOf("red & blue")],
      }));
      assert.equal(turned.verdict, upright.verdict);
      assert.ok(Math.abs(turned.share - upright.share) < 0.05, `${turned.share} and ${upright.share}`);
      assert.ok(Math.abs(lying.share - upright.share) > 0.1, `${lying.share} and ${upright.share}`);
    });
  });

  it("shows where it sees what it says, and takes that away again", async () => {
    for (const contents of [await colourModel(), await recurrentModel()]) {
      await withPage(contents, async (page) => {
        await choose(page, [picture("one.png", 30, 30)]);
        const pixels = () => page.evaluate("document.querySelector('canvas').toDataURL()");
        const before = await pixels();
        const button = page.locator("button.heat");
        await button.click();
        await page.locator("button.heat[aria-pressed=true]").waitFor();
        assert.equal(await page.evaluate("document.activeElement.className"), "heat");
        assert.notEqual(await pixels(), before);
        await button.click();
        assert.equal(await pixels(), before);
      });
    }
  });

  it("takes what is dropped and pasted, and says of what is no picture that it isn't", async () => {
    await withPage(await recurrentModel(), async (page) => {
      await idle(page);
      const png = picture("dropped.png", 20, 20).buffer.toString("base64");
      await page.evaluate(`(() => {
        const bytes = Uint8Array.from(atob("${png}"), (digit) => digit.charCodeAt(0));
        const transfer = (name, content, type) => {
          const data = new DataTransfer();
          data.items.add(new File([content], name, { type }));
          return data;
        };
        for (const dataTransfer of [
          transfer("dropped.png", bytes, "image/png"),
          transfer("note.txt", "words", "text/plain"),
          transfer("torn.png", bytes.slice(0, 40), "image/png"),
        ])
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer("pasted.png", bytes, "image/png") }));
      })()`);
      await idle(page);
      assert.equal(await stateOf(page), "2 of 4 pictures named");
      const [pasted, torn, note, dropped] = await shownAnswers(page);
      assert.deepEqual([dropped.file, pasted.file], ["dropped.png", "pasted.png"]);
      assert.deepEqual(pasted.shares, dropped.shares);
      assert.equal(pasted.shares.length, 3);
      assert.match(note.failure ?? "", /^It is no picture\.$/);
      assert.match(torn.failure ?? "", /^This browser can't read it: it is damaged/);
      for (const event of [
        `new DragEvent("drop", { dataTransfer: new DataTransfer() })`,
        `new ClipboardEvent("paste", { clipboardData: new DataTransfer() })`,
      ]) {
        await choose(page, [picture("named.png", 8, 8)]);
        await page.evaluate(`dispatchEvent(${event})`);
        assert.match((await stateOf(page)) ?? "", /^There is no picture in that\.\s*$/);
      }
    });
  });

  it("says in its status what was named, for those who don't see it", async () => {
    await withPage(await recurrentModel(), async (page) => {
      await choose(page, [picture("one.png", 8, 8)]);
      const [{ verdict }] = await shownAnswers(page);
      assert.equal(await stateOf(page), `one.png: ${verdict}`);
      await choose(page, [picture("two.png", 9, 8), picture("three.png", 8, 9)]);
      assert.equal(await stateOf(page), "2 pictures named");
      const torn = { name: "torn.png", mimeType: "image/png", buffer: Buffer.from("no picture") };
      await choose(page, [torn]);
      assert.match((await stateOf(page)) ?? "", /^torn\.png: This browser can't read it/);
    });
  });

  it("calls a picture by all labels that it has rather than not, or by none of them", async () => {
    const labelled = async (bias: number): Promise<ModelContents> => {
      const contents = await colourModel({
        classNames: ["eins", "two", "שלוש", "four"],
        loss: "binaryCrossEntropy",
        calibration: undefined,
      });
      const tensors = contents.tensors.map((tensor) =>
        tensor.name === "dense_1.bias" ? { ...tensor, data: tensor.data.map(() => bias) } : tensor,
      );
      return { ...contents, tensors };
    };
    const headline = (page: Page) => page.locator(".answer h2").first().textContent();
    await withPage(await labelled(100), async (page) => {
      await choose(page, [picture("all.png", 16, 12)]);
      const [{ names }] = await shownAnswers(page);
      assert.equal(names.length, 4);
      assert.equal(await headline(page), names.join(", "));
      assert.equal(await page.locator(".answer h2 bdi").count(), 4);
    });
    await withPage(await labelled(-100), async (page) => {
      await choose(page, [picture("none.png", 16, 12)]);
      assert.equal(await headline(page), "none of them");
      const [{ names }] = await shownAnswers(page);
      assert.equal(await page.locator("button.heat").textContent(), `Where it sees ${names[0]}`);
    });
  });

  it("shows pictures as a grey model sees them, and inverted where that is asked for", async () => {
    await withPage(await recurrentModel(), async (page) => {
      const [red, green, blue] = [250, 120, 10];
      const data = Uint8Array.from({ length: 8 * 8 * 3 }, (_, at) => [red, green, blue][at % 3]);
      const buffer = Buffer.from(encode({ width: 8, height: 8, data, depth: 8, channels: 3 }));
      const grey = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      for (const light of [grey, 255 - grey]) {
        await choose(page, [{ name: "orange.png", mimeType: "image/png", buffer }]);
        const pixel = await page.evaluate(
          `[...document.querySelector(".answer canvas").getContext("2d").getImageData(50, 50, 1, 1).data]`,
        );
        assert.deepEqual(pixel, [light, light, light, 255]);
        await page.check("#invert");
      }
    });
  });

  it("lets light and dark change places for a model of no pictures", async () => {
    const contents = await recurrentModel();
    const file = picture("one.png", 8, 8);
    const [own] = await ownAnswers(contents, [file], folder);
    await withPage(contents, async (page) => {
      await idle(page);
      await page.check("#invert");
      await choose(page, [file]);
      const [{ shares }] = await shownAnswers(page);
      assert.ok(Math.abs(shares[0] - own.predictions[0].probability) > 1e-3);
    });
  });

  it("comes to nearly the same with kernels of half the size", async () => {
    const contents = await colourModel();
    const files = [picture("same.png", 16, 12)];
    const own = await ownAnswers(contents, files, folder);
    await withPage(
      contents,
      async (page) => {
        await choose(page, files);
        await assertSame(page, own, 5e-3);
      },
      { half: true },
    );
  });

  it("says that it takes a hundred pictures at once, and goes on saying so", async () => {
    await withPage(await colourModel(), async (page) => {
      await idle(page);
      const files = Array.from({ length: 101 }, (_, index) => picture(`${index}.png`, 4, 4));
      await page.setInputFiles("#drop input", files);
      const note =
        /^The first 100 of 101 pictures are taken: no more are shown at once\. 100 pictures named$/;
      await page.locator("#state", { hasText: note }).waitFor({ timeout: 60_000 });
      assert.equal(await page.locator(".answer h2").count(), 100);
    });
  });

  it("takes pictures from a camera where there is one, and shows nothing of it elsewhere", async () => {
    const contents = await colourModel();
    const without = await launchBrowser(["--use-fake-device-for-media-stream=device-count=0"]);
    const args = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
    const withCamera = await launchBrowser(args);
    try {
      await withPage(
        contents,
        async (page) => {
          await idle(page);
          assert.equal(await page.locator("#camera").isVisible(), false);
        },
        { within: without },
      );
      await withPage(
        contents,
        async (page) => {
          await page.locator("#camera").click();
          await page.locator("#camera-take").click();
          await page.locator(".answer h2").waitFor();
          assert.match((await shownAnswers(page))[0].file ?? "", /^Camera, /);
          await page.locator("#camera-close").click();
          assert.equal(await page.locator("#camera-view").isVisible(), false);
          assert.equal(await page.locator("#camera").isVisible(), true);
          assert.equal(await page.evaluate("document.activeElement.id"), "camera");
        },
        { within: withCamera },
      );
    } finally {
      await Promise.all([without.close(), withCamera.close()]);
    }
  });

  it("looks at a picture in the views that its model was calibrated for", async () => {
    const calibration = { temperature: 1.7, unsureBelow: 0.6, goal: 0.9, images: 50 };
    const [plain, viewed] = [
      await colourModel({ calibration }),
      await colourModel({ calibration: { ...calibration, views: { flip: true, shift: 1 } } }),
    ];
    const files = [picture("one.png", 16, 12)];
    const own = await ownAnswers(viewed, files, folder);
    assert.notDeepEqual(own, await ownAnswers(plain, files, folder));
    await withPage(viewed, async (page) => {
      await choose(page, files);
      await assertSame(page, own, 1e-5);
    });
  });

  it("can be read on a phone and on a laptop, by day and by night", async () => {
    const source = readFileSync(
      new URL("../../report/browser/testing/inspect-page.js", import.meta.url),
      "utf8",
    );
    const contents = await colourModel();
    for (const width of [390, 1280]) {
      for (const colorScheme of ["light", "dark"] as const) {
        const options = { viewport: { width, height: 800 }, colorScheme, bypassCSP: true };
        const look = async (page: Page) => {
          await choose(page, [picture("one.png", 30, 30), picture(`${"long".repeat(30)}.png`, 9, 90)]);
          await page.addScriptTag({ content: source, type: "module" });
          await page.waitForFunction("globalThis.inspection !== undefined");
          const inspect = (name: keyof Inspection) => page.evaluate(`inspection.${name}()`);
          assert.deepEqual(await inspect("overflowing"), []);
          assert.deepEqual(await inspect("faint"), []);
        };
        await withPage(contents, look, options);
      }
    }
  });
});

describe("the size of a page that names pictures", () => {
  it("is that of the weights in base 64 and a program of less than 0.4 MB", async () => {
    const classNames = Array.from({ length: 4 }, (_, index) => `class ${index}`);
    const contents = await colourModel({ classNames });
    const weights = contents.tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
    const page = await exportHtml({ name: "Small", contents, digest: "x" });
    assert.ok(page.length <= 400_000 + 1.34 * weights, `${page.length} bytes`);
    const half = await exportHtml({ name: "Small", contents, digest: "x" }, { half: true });
    assert.ok(half.length < page.length - 0.5 * weights);
  });

  it("has a policy that knows its own script alone", async () => {
    const page = await exportHtml({ name: "Small", contents: await recurrentModel(), digest: "x" });
    const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
    assert.match(
      policy,
      /^default-src 'none'; script-src 'sha256-[\w+/]+=*' 'wasm-unsafe-eval'; worker-src blob:;/,
    );
    assert.doesNotMatch(policy, /connect-src|https?:|script-src[^;]*'unsafe-inline'/);
  });

  it("is refused of a model whose images no picture becomes", async () => {
    const contents = await recurrentModel([4, 8, 2]);
    await assert.rejects(
      exportHtml({ name: "Small", contents, digest: "x" }),
      /takes images of \[4, 8, 2\], which no picture becomes/,
    );
    const options = { halve: true } as object;
    await assert.rejects(
      exportHtml({ name: "Small", contents: await recurrentModel(), digest: "x" }, options),
      /"halve".*half/,
    );
  });
});
