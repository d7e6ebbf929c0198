import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";

const module = new URL("neighbours.js", import.meta.url).href;
const parent = `
  import { neighbours } from ${JSON.stringify(module)};
  console.log(neighbours(1).processes[0].pid);
  setInterval(() => {}, 1000);
`;

/** Whether a process runs: one that has ended may still wait for somebody to hear of it. */
function runs(id: number): boolean {
  try {
    process.kill(id, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("a busy neighbour", () => {
  it("ends with the process that started it, even if that is killed", async (context) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", parent], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout, "data");
    const neighbour = Number(line);
    context.after(() => runs(neighbour) && process.kill(neighbour, "SIGKILL"));
    assert.ok(runs(neighbour));
    child.kill("SIGKILL");
    await once(child, "exit");
    for (let looks = 0; runs(neighbour) && looks < 200; looks++) await setTimeout(50);
    assert.ok(!runs(neighbour));
  });
});
