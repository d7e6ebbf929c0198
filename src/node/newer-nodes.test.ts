import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { VectorWidth } from "../core/platform.js";

const folder = new URL("../../scripts/newer-nodes/node_modules/", import.meta.url);
const program = fileURLToPath(new URL("./testing/vector-program.js", import.meta.url));

interface Outcome {
  readonly width: VectorWidth;
  readonly hashes: Readonly<Record<string, string>>;
}

async function outcomeOf(node: string, vectors: "narrow" | "wide"): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(node, [program, vectors]);
  return JSON.parse(stdout) as Outcome;
}

/** Whether the processor is known to have what the pass needs. */
const hasAvx2 = existsSync("/proc/cpuinfo") && / avx2 /.test(readFileSync("/proc/cpuinfo", "utf8"));

describe("networks on another Node, with vectors of 128 and of 256 bits", () => {
  let expected: Outcome["hashes"];
  before(async () => {
    expected = (await outcomeOf(process.execPath, "narrow")).hashes;
  });

  it("have on this one the same bytes, wherever vectors can be wider", async () => {
    assert.deepEqual((await outcomeOf(process.execPath, "wide")).hashes, expected);
  });

  for (const name of ["node22", "node24", "node26"]) {
    const node = fileURLToPath(new URL(`${name}/bin/node`, folder));
    it(`have the same bytes on ${name}`, {
      skip: !existsSync(node) && `no ${name}: npm ci --prefix scripts/newer-nodes brings it to Linux on x64`,
    }, async () => {
      const narrow = await outcomeOf(node, "narrow");
      assert.deepEqual(narrow, { width: { bits: 128, why: "nobody has asked for 256" }, hashes: expected });
      const wide = await outcomeOf(node, "wide");
      assert.deepEqual(wide.hashes, expected);
      // Which is faster is measured, and may be measured wrong on a busy machine.
      const { bits, why, differs } = wide.width;
      if (name === "node22") assert.match(why!, /^Node 22 has no pass/);
      else if (hasAvx2) assert.ok(bits === 256 || /no faster/.test(why!), why);
      assert.notEqual(differs, true, why);
    });
  }
});
