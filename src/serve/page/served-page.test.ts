import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { launchBrowser, reasonWithoutBrowser } from "../../report/testing/browser.js";
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
