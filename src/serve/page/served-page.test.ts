import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page, Route } from "playwright-core";
import type { NodeModel } from "../../node/node-model.js";
import { launchBrowser, reasonWithoutBrowser } from "../../report/testing/browser.js";
import type { ModelServer } from "../serve.js";
import { grey, lightModel, startServer } from "../testing/small-server.js";

describe("the server's page", () => {
  it("shows what a picture is and where, once it has the token", {
    skip: reasonWithoutBrowser() ?? false,
  }, async () => {
    const light = await lightModel("light");
    const token = "0123456789abcdef";
    const { server } = await startServer(light, { token });
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
      const complaints: string[] = [];
      // The browser tells of every answer that refuses something, and two here do.
      page.on("console", (message) => {
        if (message.type() === "error" && !/status of 4(01|22)/.test(message.text()))
          complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      const give = (name: string, buffer: Buffer) =>
        page.locator("#file").setInputFiles({ name, mimeType: "image/png", buffer });
      await page.goto(server.url);
      await page.locator("#token").fill(token);
      await page.getByRole("button", { name: "Use it" }).click();
      await page.locator("#drop").waitFor();
      const about = await page.locator("#about").innerText();
      assert.match(about, /^light tells 2 classes apart\. Version [\da-f]{12}\.$/);
      await give("no.png", Buffer.from("no picture"));
      await page.locator("#status.bad").waitFor();
      assert.match(await page.locator("#status").innerText(), /no picture that can be read/);
      await give("light.png", Buffer.from(grey(255)));
      await page.locator("#seen").waitFor();
      assert.equal(await page.locator("#status").innerText(), "1.");
      assert.match(await page.locator("#classes tr").first().innerText(), /^1\s+\d+\.\d\s%/);
      assert.equal(await page.evaluate(`document.getElementById("heat").naturalWidth`), 448);
      assert.equal(await page.locator("#seen-what").innerText(), "Where 1 is seen");
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const needed = (await page.evaluate("document.documentElement.scrollWidth")) as number;
        assert.ok(needed <= width, `${needed} of ${width} pixels`);
      }
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
      await server.close();
      await light.dispose();
    }
  });
});

interface Answers {
  readonly loss?: string;
  readonly classNames: readonly string[];
  /** To each picture in its turn. */
  readonly classify: (route: Route, turn: number) => Promise<void>;
  readonly explain?: (route: Route) => Promise<void>;
}

describe("what the server's page says", { skip: reasonWithoutBrowser() ?? false }, () => {
  let browser: Browser;
  let light: NodeModel;
  let server: ModelServer;
  before(async () => {
    browser = await launchBrowser();
    light = await lightModel("light");
    ({ server } = await startServer(light));
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    await light?.dispose();
  });

  /** The page of a server that answers so. */
  async function withPage(answers: Answers, use: (page: Page) => Promise<void>): Promise<void> {
    const { loss = "crossEntropy", classNames, classify, explain } = answers;
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    try {
      const listed = { name: "mine", version: "0", ready: true, inputShape: [2, 2, 1], classNames, loss };
      let turn = 0;
      await page.route("**/v1/models", (route) => route.fulfill({ json: [listed] }));
      await page.route("**/v1/classify*", (route) => classify(route, turn++));
      const heat = Buffer.from(grey(9));
      await page.route("**/v1/explain*", explain ?? ((route) => route.fulfill({ body: heat })));
      await page.goto(server.url);
      await page.locator("#drop").waitFor();
      await use(page);
    } finally {
      await page.close();
    }
  }

  const give = (page: Page) =>
    page
      .locator("#file")
      .setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from(grey(1)) });
  const says = (page: Page, words: string | RegExp) =>
    page.locator("#status", { hasText: words }).waitFor({ timeout: 10_000 });
  const predictions = (...scores: readonly (readonly [string, number])[]) => ({
    json: scores.map(([label, score]) => ({ label, score })),
  });

  it("is all labels that a picture has rather than not, or that it has none", async () => {
    const classNames = ["cat", "שלום", "c", "d", "e", "f", "g"];
    const answers: Answers = {
      loss: "binaryCrossEntropy",
      classNames,
      classify: (route, turn) => {
        assert.equal(new URL(route.request().url()).searchParams.get("top_k"), "7");
        const scores = classNames.map((name, at) => [name, turn === 0 && at < 6 ? 0.5 : 0.25] as const);
        return route.fulfill(predictions(...scores));
      },
    };
    await withPage(answers, async (page) => {
      assert.match(
        await page.locator("#about").innerText(),
        /says of 7 classes how likely a picture has each/,
      );
      await give(page);
      await says(page, /^cat, שלום, c, d, e, f\.$/);
      assert.equal(await page.locator("#classes tr").count(), 6);
      assert.equal(await page.locator("#classes th[dir=auto]").count(), 6);
      await give(page);
      await says(page, /^None of them\.$/);
      assert.equal(await page.locator("#classes tr").count(), 5);
    });
  });

  it("stays where only the heat map fails", async () => {
    const answers: Answers = {
      classNames: ["cat"],
      classify: (route) => route.fulfill(predictions(["cat", 0.9])),
      explain: (route) => route.fulfill({ status: 504, json: { error: "It took too long." } }),
    };
    await withPage(answers, async (page) => {
      await give(page);
      await says(page, /^cat\. There is no heat map: It took too long\.$/);
      assert.equal(await page.locator("#status.bad").count(), 0);
      assert.equal(await page.locator("#seen").isVisible(), false);
    });
  });

  it("is said again where its heat map fails after what is no picture", async () => {
    let fail = (): void => undefined;
    const answers: Answers = {
      classNames: ["cat"],
      classify: (route) => route.fulfill(predictions(["cat", 0.9])),
      explain: (route) =>
        new Promise<void>((resolve) => {
          fail = resolve;
        }).then(() => route.fulfill({ status: 504, json: { error: "It took too long." } })),
    };
    await withPage(answers, async (page) => {
      await give(page);
      await says(page, /^cat\.$/);
      await page
        .locator("#file")
        .setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") });
      await says(page, /^There is no picture in that\.$/);
      fail();
      await says(page, /^cat\. There is no heat map: It took too long\.$/);
      assert.equal(await page.locator("#status.bad").count(), 0);
    });
  });

  it("is of the newest picture, whatever becomes of those before it", async () => {
    let fail = (): void => undefined;
    let failed: Promise<void> = Promise.resolve();
    const answers: Answers = {
      classNames: ["cat"],
      classify: (route, turn) => {
        if (turn > 0) return route.fulfill(predictions(["cat", 0.9]));
        failed = new Promise<void>((resolve) => {
          fail = resolve;
        }).then(() => route.fulfill({ status: 500, json: { error: "It failed." } }));
        return failed;
      },
    };
    await withPage(answers, async (page) => {
      await give(page);
      await says(page, /^Looking …$/);
      await give(page);
      await says(page, /^cat\.$/);
      await page.locator("#seen").waitFor();
      const late = page.waitForResponse((response) => response.status() === 500);
      fail();
      await Promise.all([failed, late]);
      await page.evaluate("new Promise((resolve) => setTimeout(resolve, 50))");
      assert.equal(await page.locator("#status").innerText(), "cat.");
    });
  });

  it("tells of what is given that it isn't taken", async () => {
    const answers: Answers = {
      classNames: ["cat"],
      classify: (route) => route.fulfill(predictions(["cat", 0.9])),
    };
    await withPage(answers, async (page) => {
      const drop = (types: readonly string[]) =>
        page.evaluate(`(() => {
          const dataTransfer = new DataTransfer();
          for (const type of ${JSON.stringify(types)}) dataTransfer.items.add(new File(["x"], "x", { type }));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        })()`);
      await drop(["text/plain"]);
      await says(page, /^There is no picture in that\.$/);
      await drop(["text/plain", "image/png", "image/jpeg"]);
      await says(page, /^The first of 2 is taken\. cat\.$/);
    });
  });

  it("fits a laptop with long names of classes", async () => {
    const long = "of several words, ".repeat(12) + "w".repeat(120);
    const answers: Answers = {
      classNames: [long],
      classify: (route) => route.fulfill(predictions([long, 0.9])),
    };
    await withPage(answers, async (page) => {
      await give(page);
      await page.locator("#seen").waitFor();
      const [table, figure, needed] = (await page.evaluate(
        `[document.querySelector(".found table").getBoundingClientRect().right,
          document.querySelector(".found figure").getBoundingClientRect().left,
          document.documentElement.scrollWidth]`,
      )) as number[];
      assert.ok(needed <= 1280, `${needed} pixels`);
      assert.ok(table <= figure, `the table ends at ${table}, the picture begins at ${figure}`);
    });
  });
});
