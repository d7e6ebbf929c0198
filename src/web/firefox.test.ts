import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { findProgram } from "../report/testing/browser.js";
import { bytesOfNode } from "./testing/bytes-of-node.js";
import { modules, trainCase } from "./testing/page-program.js";
import { serve } from "./testing/serve.js";

const built = fileURLToPath(new URL("..", import.meta.url));
const programs = ["firefox-esr", "firefox"];
const firefox = findProgram(programs);

/** A page that trains by itself and posts what came of it: an installed Firefox can't be steered from here. */
const page = `<!doctype html><title>A page</title><script type="module">
  ${trainCase}
  const outcome = await trainCase(${JSON.stringify(modules)}).catch(String);
  await fetch("/", { method: "POST", body: JSON.stringify(outcome) });
</script>`;

describe("a model in Firefox", {
  skip: !firefox && `no browser: ${programs.join(", ")} are not on the PATH`,
}, () => {
  for (const [isolated, threads] of [
    [true, 2],
    [false, 1],
  ] as const) {
    it(`gets Node's bytes on ${threads} of its threads`, async () => {
      const home = mkdtempSync(join(tmpdir(), "heddle-firefox-"));
      let hear = (_: string): void => {};
      const said = new Promise<string>((resolve) => {
        hear = resolve;
      });
      const server = await serve(built, { isolated, page, hear });
      const browser = spawn(firefox!, ["--headless", "--no-remote", "--profile", home, server.address], {
        stdio: "ignore",
        env: { ...process.env, HOME: home },
      });
      const ended = new Promise<void>((resolve) => browser.on("exit", () => resolve()));
      try {
        const outcome = JSON.parse(await said) as Awaited<ReturnType<typeof trainCase>>;
        assert.ok(typeof outcome === "object", String(outcome));
        assert.equal(outcome.threads, threads);
        assert.deepEqual(outcome.bytes, await bytesOfNode());
      } finally {
        browser.kill();
        await ended;
        await server.close();
        // Its children go a moment later, and write until then.
        rmSync(home, { recursive: true, maxRetries: 20, retryDelay: 250 });
      }
    });
  }
});
