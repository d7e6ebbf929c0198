import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";

const module = new URL("neighbours.js", import.meta.url).href;
const parent = `
  import { neighbours } from ${JSON.stringify(module)};
  console.log(neighbours(1).processes[0].pid);
  setInterval(() => {}, 1000);
`;

function isThere(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

describe("a busy neighbour", () => {
  it("ends with the process that started it, even if that is killed", async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", parent], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout, "data");
    const neighbour = Number(line);
    assert.ok(isThere(neighbour));
    child.kill("SIGKILL");
    await once(child, "exit");
    for (let looks = 0; isThere(neighbour) && looks < 200; looks++) await setTimeout(50);
    assert.ok(!isThere(neighbour));
  });
});
