import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";

const program = new URL("peak-memory.js", import.meta.url).href;
const script = `import { peakBytes } from ${JSON.stringify(program)}; console.log(peakBytes());`;

describe("the most memory that a process has held", () => {
  it("is its own, not that of the process that started it", {
    skip: !existsSync("/proc/self/status"),
  }, () => {
    const held = Buffer.alloc(300 * 2 ** 20, 1);
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    assert.ok(Number(stdout) > 10 * 2 ** 20, stdout);
    assert.ok(Number(stdout) < held.length / 2, stdout);
  });
});
