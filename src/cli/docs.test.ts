import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

function generate(folder: string, ...args: readonly string[]): { code: number | null; output: string } {
  const program = [join(root, "scripts", "docs.mjs"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { cwd: folder, encoding: "utf8" });
  return { code: status, output: stdout + stderr };
}

/** A bench file of one row: ours at `medianMs`, and two layouts of a rival. */
function bench(medianMs: number): string {
  const row = { name: "train/proposed/128", threads: 2 };
  return JSON.stringify({
    environment: { heddle: "1.2.3", processor: "Some Processor", node: "20.1.0" },
    command: "node bench/rivals.mjs 3",
    ceilings: { fmaGflopsPerThread: 64 },
    results: [{ ...row, medianMs, rounds: [1, 2, 3], gflops: 100, fmaGflopsPerThread: 64, ofCeiling: 0.78 }],
    rivals: [
      { ...row, rival: "PyTorch 9", layout: "channels-first", medianMs: 80, rounds: [], ratio: 1 },
      { ...row, rival: "PyTorch 9", layout: "channels-last", medianMs: 50, rounds: [], ratio: 1 },
    ],
  });
}

describe("the generated parts of the documents", () => {
  it("are what results/ says", () => {
    assert.deepEqual(generate(root, "--check"), { code: 0, output: "" });
  });
});

describe("the documents' generator", () => {
  let folder: string;
  const page = (...names: readonly string[]): void =>
    writeFileSync(
      join(folder, "README.md"),
      names.map((name) => `before\n<!-- generated: ${name} -->\nold\n<!-- /generated -->\nafter\n`).join(""),
    );
  const written = (): string => readFileSync(join(folder, "README.md"), "utf8");

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "heddle-docs-"));
    mkdirSync(join(folder, "results"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("fills a part from its file, names what differs, and leaves the rest alone", () => {
    writeFileSync(join(folder, "results", "start-transcript.txt"), "$ npm start\nTest accuracy 12.34 %\n");
    page("transcript");
    const stale = generate(folder, "--check");
    assert.equal(stale.code, 1);
    assert.match(stale.output, /^README\.md differs from results/);
    assert.match(written(), /^old$/m);
    assert.deepEqual(generate(folder), { code: 0, output: "README.md written.\n" });
    assert.equal(
      written(),
      "before\n<!-- generated: transcript -->\n```text\n$ npm start\nTest accuracy 12.34 %\n```\n<!-- /generated -->\nafter\n",
    );
    assert.deepEqual(generate(folder, "--check"), { code: 0, output: "" });
  });

  it("sets the newest bench of a kind of processor against the rival's faster layout", () => {
    writeFileSync(join(folder, "results", "bench-20260101T000000Z-avx2-node20.1.0.json"), bench(99));
    writeFileSync(join(folder, "results", "bench-20260201T000000Z-avx2-node20.1.0.json"), bench(20));
    page("bench");
    assert.equal(generate(folder).code, 0);
    assert.match(written(), /^Some Processor \(AVX2\), 2 threads, Node 20\.1\.0:$/m);
    assert.match(written(), /^\| `train\/proposed\/128` \| 20\.0 \| 78 % \| 50\.0 \| 0\.40 \|$/m);
    assert.match(written(), /bench-20260201T000000Z/);
    assert.doesNotMatch(written(), /99/);
  });

  it("puts its own figure below the rivals in JavaScript", () => {
    const rivals = readFileSync(join(root, "results", "rivals-javascript.json"));
    writeFileSync(join(folder, "results", "rivals-javascript.json"), rivals);
    writeFileSync(join(folder, "results", "bench-20260101T000000Z-avx512-node20.1.0.json"), bench(40));
    page("rivals-js");
    assert.equal(generate(folder).code, 0);
    assert.match(written(), /^\| jax-js .* \| 14,600 \| 91 min \| /m);
    assert.match(written(), /^\| \*\*heddle 1\.2\.3\*\* \| 40\.0 \| 15 s \| Some Processor \|$/m);
  });

  it("refuses a part nobody makes and markers that don't match", () => {
    page("poem");
    const unknown = generate(folder);
    assert.equal(unknown.code, 1);
    assert.match(unknown.output, /README\.md asks for "poem"; the generated parts are .*\brivals-js\b/);
    writeFileSync(join(folder, "README.md"), "<!-- generated: bench -->\n");
    const open = generate(folder);
    assert.equal(open.code, 1);
    assert.match(open.output, /README\.md opens 1 generated parts and closes 0/);
  });
});
