import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import type { Browser } from "playwright-core";
import { launchBrowser, reasonWithoutBrowser } from "../report/testing/browser.js";
import { openPage } from "./testing/pages.js";
import { serve } from "./testing/serve.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const example = join(root, "examples", "page");
const vite = join(example, "node_modules", "vite");

const reasonWithoutBundler = existsSync(vite)
  ? undefined
  : "no bundler: npm ci --prefix examples/page brings it";

/** What the example's page says at its end. */
async function outcome(browser: Browser, address: string): Promise<string> {
  const { page, complaints } = await openPage(browser, address);
  const output = page.locator("output", { hasText: /Trained|Error/ });
  const words = (await output.textContent({ timeout: 60_000 })) ?? "";
  await page.close();
  assert.deepEqual(complaints, []);
  return words;
}

/** The address of a program's server, as soon as it says it. */
async function addressOf(server: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: server.stdout! })) {
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(stripVTControlCharacters(line));
    if (address) return address[0];
  }
  throw new Error("The server ended without saying where it listens.");
}

describe("a page that a bundler makes", { skip: reasonWithoutBrowser() ?? reasonWithoutBundler }, () => {
  let folder: string;
  let browser: Browser;
  const program = join(vite, "bin", "vite.js");
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "heddle-bundler-"));
    for (const name of ["index.html", "main.ts", "package.json", "vite.config.ts"])
      cpSync(join(example, name), join(folder, name));
    const installed = join(folder, "node_modules", "heddle");
    mkdirSync(installed, { recursive: true });
    symlinkSync(vite, join(folder, "node_modules", "vite"), "junction");
    // As it is packed, so that the bundler takes it for what it is: somebody else's package.
    const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
    const { stdout } = await run("npm", pack, { cwd: root, maxBuffer: 2 ** 24 });
    const [{ filename }] = JSON.parse(stdout) as { filename: string }[];
    await run("tar", ["-xzf", join(folder, filename), "-C", installed, "--strip-components", "1"]);
    await run(process.execPath, [program, "build"], { cwd: folder });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it("trains on several threads where it is isolated", async () => {
    const server = await serve(join(folder, "dist"), { isolated: true });
    assert.equal(await outcome(browser, server.address), "Trained, 100 of 100 right, threads: 2");
    await server.close();
  });

  it("trains on one thread elsewhere", async () => {
    const server = await serve(join(folder, "dist"), { isolated: false });
    assert.equal(await outcome(browser, server.address), "Trained, 100 of 100 right, threads: 1");
    await server.close();
  });

  it("trains while it is being developed", async () => {
    const server = spawn(process.execPath, [program, "--host", "127.0.0.1", "--port", "0"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      assert.equal(await outcome(browser, await addressOf(server)), "Trained, 100 of 100 right, threads: 2");
    } finally {
      server.kill();
    }
  });
});
