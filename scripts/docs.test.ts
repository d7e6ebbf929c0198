import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { generateIn as generate } from "./docs/testing/generate-in.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A bench file of a few rows: ours at `medianMs`, and some rivals. */
function bench(
  medianMs: number,
  more: { readonly vectorBits?: number; readonly command?: string } = {},
): string {
  const { vectorBits, command = "npm run bench" } = more;
  const row = { name: "train/proposed/128", threads: 2 };
  const inference = { name: "infer/proposed/256", threads: 2 };
  const kernel = { threads: 2, medianMs: 1, rounds: [1] };
  const half = medianMs / 2;
  return JSON.stringify({
    environment: {
      heddle: "1.2.3",
      processor: "Some Processor",
      node: "20.1.0",
      platform: "linux 6.1",
      vectorBits,
    },
    command,
    ceilings: {
      fmaGflopsPerThread: 64,
      threads: 2,
      memoryGigabytesPerSecond: 25,
      cacheGigabytesPerSecond: 150,
    },
    results: [
      { ...row, medianMs, rounds: [medianMs, medianMs], gflops: 100, ofCeiling: 0.78 },
      {
        ...row,
        threads: 1,
        medianMs: 2 * medianMs,
        rounds: [1.8 * medianMs, 1.9 * medianMs],
        ofCeiling: 0.9,
      },
      { ...row, name: "train/proposed/32", medianMs: half, rounds: [half, half], ofCeiling: 0.6 },
      { ...inference, medianMs: 16, rounds: [16, 16], ofCeiling: 1.2 },
      { ...kernel, name: "kernel/conv-forward/C2", gflops: 90, gigabytesPerSecond: 1, ofCeiling: 0.7 },
      { ...kernel, name: "kernel/depthwise-forward/D", gflops: 30, gigabytesPerSecond: 9, ofCeiling: 0.2 },
      { ...kernel, name: "kernel/unheard-of", gflops: 20, gigabytesPerSecond: 9, ofCeiling: 0.1 },
      { ...kernel, name: "kernel/max-pool", gflops: null, gigabytesPerSecond: 12, ofCeiling: null },
    ],
    rivals: [
      { ...row, rival: "PyTorch 9", setting: "channels-first", medianMs: 80, ratio: medianMs / 80 },
      { ...row, rival: "PyTorch 9", setting: "channels-last", medianMs: 50, ratio: medianMs / 50 },
      { ...row, rival: "jax-js 0.9", setting: "wasm, jit", medianMs: 14_600, ratio: medianMs / 14_600 },
      { ...inference, rival: "onnxruntime-node 1.3", setting: "2 threads", medianMs: 8, ratio: 2 },
    ],
    epoch: { peakBytes: 250e6, ratio: 1.1, rounds: [] },
    skipped: [{ what: "train/proposed/128, TensorFlow.js 4, wasm", why: "it can't train" }],
  });
}

describe("the generated parts of the documents", () => {
  it("are what results/ says", async () => {
    assert.deepEqual(await generate(root, "--check"), { code: 0, output: "" });
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

  it("fills a part from its file, names what differs, and leaves the rest alone", async () => {
    writeFileSync(join(folder, "results", "start-transcript.txt"), "$ npm start\nTest accuracy 12.34 %\n");
    page("transcript");
    const stale = await generate(folder, "--check");
    assert.equal(stale.code, 1);
    assert.match(stale.output, /^README\.md differs from results/);
    assert.match(written(), /^old$/m);
    assert.deepEqual(await generate(folder), { code: 0, output: "README.md written.\n" });
    assert.equal(
      written(),
      "before\n<!-- generated: transcript -->\n```text\n$ npm start\nTest accuracy 12.34 %\n```\n<!-- /generated -->\nafter\n",
    );
    assert.deepEqual(await generate(folder, "--check"), { code: 0, output: "" });
  });

  it("sets the newest bench of a kind of processor against the rival's faster layout", async () => {
    writeFileSync(join(folder, "results", "bench-20260101T000000Z-avx2-node20.1.0.json"), bench(99));
    writeFileSync(join(folder, "results", "bench-20260201T000000Z-avx2-node20.1.0.json"), bench(20));
    page("bench");
    assert.equal((await generate(folder)).code, 0);
    assert.match(written(), /^Some Processor \(AVX2\), Node 20\.1\.0, 2 threads:$/m);
    assert.match(written(), /^\| `train\/proposed\/128` \| 20\.0 \| 78 % \| 50\.0 \| 2\.50 × \|$/m);
    assert.match(written(), /bench-20260201T000000Z/);
    assert.doesNotMatch(written(), /99/);
  });

  it("keeps the newest bench of each Node version where a page asks for all", async () => {
    writeFileSync(join(folder, "results", "bench-20260301T000000Z-avx2-node20.1.0.json"), bench(20));
    writeFileSync(join(folder, "results", "bench-20260201T000000Z-avx2-node24.0.0.json"), bench(30));
    page("bench-training", "bench");
    assert.equal((await generate(folder)).code, 0);
    assert.equal(written().match(/^\| `train\/proposed\/128` \| 20\.0 /gm)?.length, 2);
    assert.equal(written().match(/^\| `train\/proposed\/128` \| 30\.0 /gm)?.length, 1);
  });

  it("puts its own figure below the rivals in JavaScript, and says what one can't do", async () => {
    writeFileSync(join(folder, "results", "bench-20260101T000000Z-avx512-node20.1.0.json"), bench(40));
    page("rivals-js");
    assert.equal((await generate(folder)).code, 0);
    assert.match(written(), /^\| jax-js 0\.9, wasm, jit \| 14,600 \| 91 min \| 365 × \|$/m);
    assert.match(written(), /^\| \*\*heddle 1\.2\.3\*\* \| 40\.0 \| 15 s \| {2}\|$/m);
    assert.match(written(), /^Not in the table: TensorFlow\.js 4, wasm: it can't train\.$/m);
  });

  it("claims no more than the least and the most of the newest benches", async () => {
    writeFileSync(join(folder, "results", "bench-20260101T000000Z-avx2-node20.1.0.json"), bench(20));
    writeFileSync(join(folder, "results", "bench-20260201T000000Z-avx512-node24.0.0.json"), bench(40));
    page("bench-claim", "systems");
    assert.equal((await generate(folder)).code, 0);
    assert.match(
      written(),
      /^- \*\*Faster than native\.\*\* A training step is 1\.25 × to 2\.50 × as fast as in PyTorch 9 on the same threads, over all models below, under Node 20\.1\.0 on Some Processor\.$/m,
    );
    assert.match(
      written(),
      /^Tested and measured: Linux on Some Processor \(AVX2\) with Node 20\.1\.0; Linux on Some Processor \(AVX-512\) with Node 20\.1\.0\.$/m,
    );
  });

  it("claims nothing that a step slower than the rival's refutes, and what Node 20 loses", async () => {
    writeFileSync(
      join(folder, "results", "bench-20260101T000000Z-avx2-node24.0.0.json"),
      bench(60, { vectorBits: 256 }),
    );
    const entry = { pilotMs: 1, peakBytes: null, ours: true };
    const entries = [
      { ...entry, name: "heddle", setting: "Node 20.1.0", rounds: [4] },
      { ...entry, name: "heddle", setting: "Node 24.0.0, 256-bit pass", rounds: [2] },
      { ...entry, name: "PyTorch 9", setting: "", ours: false, rounds: [3] },
    ];
    const rows = ["lstm", "cnn"].map((network, at) => ({
      ...{ network, work: "train", batch: 128, threads: 2 },
      entries: at === 0 ? entries : [{ ...entries[0], rounds: [1] }, entries[2]],
    }));
    const environment = { processor: "Some Processor", vectors: "avx2", platform: "linux 6.1" };
    writeFileSync(
      join(folder, "results", "table-20260101T000000Z-avx2.json"),
      JSON.stringify({ environment, command: "table.js", rows, skipped: [] }),
    );
    page("bench-claim");
    assert.equal((await generate(folder)).code, 0);
    assert.match(
      written(),
      /^- \*\*Beside native\.\*\* .* 0\.83 × to 0\.83 × .*, under Node 20\.1\.0 with 256-bit vectors on Some Processor\. The fastest rival still trains faster under Node 20, whose vectors have 128 bits, in 1 of 2 networks on Some Processor \(AVX2\) \(\[benchmarks\]\(docs\/benchmarks\.md\)\)\.$/m,
    );
  });

  it("keeps a bench of narrow vectors apart, and shows the README's reader the one as it comes", async () => {
    const write = (time: string, content: string): void =>
      writeFileSync(join(folder, "results", `bench-${time}T000000Z-avx2-node24.0.0.json`), content);
    write("20260101", bench(20, { vectorBits: 256 }));
    write("20260201", bench(30, { vectorBits: 128, command: "npm run bench -- --narrow" }));
    page("bench", "bench-training");
    assert.equal((await generate(folder)).code, 0);
    assert.equal(written().match(/^\| `train\/proposed\/128` \| 20\.0 /gm)?.length, 2);
    assert.equal(written().match(/^\| `train\/proposed\/128` \| 30\.0 /gm)?.length, 1);
    assert.match(written(), /^Some Processor \(AVX2\), Node 20\.1\.0 with 256-bit vectors, 2 threads:$/m);
  });

  it("says of an epoch without its width that its vectors were narrow, and bounds its memory", async () => {
    writeFileSync(
      join(folder, "results", "bench-20260101T000000Z-avx2-node24.0.0.json"),
      bench(20, { vectorBits: 256 }),
    );
    page("bench-figures");
    assert.equal((await generate(folder)).code, 0);
    assert.match(written(), /^\| a whole epoch, .*, with vectors of 128 bits \| 1\.10 × \|$/m);
    assert.match(
      written(),
      /^\| peak memory, data set included, with vectors of 128 bits \| at most 250 MB \|$/m,
    );
  });

  it("sets inference beside its rivals and tells what belongs to no row", async () => {
    writeFileSync(join(folder, "results", "bench-20260101T000000Z-avx2-node20.1.0.json"), bench(20));
    page("bench-inference", "bench-figures");
    assert.equal((await generate(folder)).code, 0);
    assert.match(
      written(),
      /^\| `infer\/proposed\/256`, 2 threads \| heddle \| 16\.0 \| 16,000 \| 120 % \| {2}\|$/m,
    );
    assert.match(
      written(),
      /^\| {2}\| onnxruntime-node 1\.3, 2 threads \| 8\.00 \| 32,000 \| {2}\| 0\.50 × \|$/m,
    );
    assert.match(written(), /^\| 2 threads against one \| 1\.85 × \|$/m);
    assert.match(written(), /^\| images\/s at batch 32, of batch 128's \| 0\.50 × \|$/m);
    assert.match(written(), /^\| a whole epoch, .* \| 1\.10 × \|$/m);
    assert.match(written(), /^\| peak memory, data set included \| at most 250 MB \|$/m);
  });

  it("draws pictures, the same bytes every time, and names one that differs or has lost its bench", async () => {
    const file = join(folder, "results", "bench-20260101T000000Z-avx2-node20.1.0.json");
    writeFileSync(file, bench(20));
    page("bench-step", "bench-roofline");
    assert.equal((await generate(folder)).code, 0);
    assert.match(written(), /^!\[Milliseconds .*\]\(docs\/pictures\/step-avx2\.svg\)$/m);
    const picture = (name: string): string => readFileSync(join(folder, "docs", "pictures", name), "utf8");
    assert.match(picture("step-avx2.svg"), /<desc>heddle: 20\.0 ms; PyTorch 9, channels-last: 50\.0 ms; /);
    assert.match(picture("step-avx2.svg"), />14,600<\/text>/);
    assert.match(picture("roofline-avx2.svg"), />conv-forward\/C2<\/text>/);
    assert.match(picture("roofline-avx2.svg"), />max-pool<\/text>/);
    // A point and a bar each of what multiplies and adds, and a name beside the points; each family a colour.
    for (const [family, color] of Object.entries({
      convolution: "#0072b2",
      depthwise: "#cc79a7",
      other: "#7b8794",
    })) {
      assert.match(picture("roofline-avx2.svg"), new RegExp(`>${family}</text>`));
      assert.ok(picture("roofline-avx2.svg").split(`fill="${color}"`).length > 3, family);
    }
    assert.doesNotMatch(picture("roofline-avx2.svg"), />by Winograd<\/text>/);
    assert.deepEqual(await generate(folder, "--check"), { code: 0, output: "" });

    writeFileSync(file, bench(21));
    assert.match((await generate(folder, "--check")).output, /^docs\/pictures\/step-avx2\.svg differs/m);
    rmSync(file);
    assert.match((await generate(folder, "--check")).output, /^docs\/pictures\/roofline-avx2\.svg differs/m);
    assert.equal((await generate(folder)).code, 0);
    assert.deepEqual(await generate(folder, "--check"), { code: 0, output: "" });
  });

  it("sets heddle beside its rival in a page, from the newest file of a kind of processor", async () => {
    const row = { name: "train/proposed/128", threads: 2, heddle: [40, 50, 40], jax: [8000, 8000, 8080] };
    const content = {
      environment: { processor: "Some Processor", vectors: "avx2" },
      command: "node page.js",
      browser: "Chromium 150",
      rival: "jax-js 0.9",
    };
    const write = (name: string, heddle: readonly number[]): void =>
      writeFileSync(
        join(folder, "results", name),
        JSON.stringify({ ...content, rows: [{ ...row, heddle }] }),
      );
    write("page-20260101T000000Z-avx2.json", [99, 99, 99]);
    write("page-20260201T000000Z-avx2.json", row.heddle);
    page("page-rival", "networks");
    assert.equal((await generate(folder)).code, 0);
    assert.match(written(), /^Some Processor \(AVX2\), Chromium 150, 2 threads:$/m);
    assert.match(written(), /^\| `train\/proposed\/128` \| 40\.0 \| 8,000 \| 200 × \|$/m);
    assert.match(written(), /page-20260201T000000Z/);
    assert.match(written(), /^_Not measured yet: `node dist\/scripts\/bench\/table\.js`/m);
  });

  it("refuses a part nobody makes and markers that don't match", async () => {
    page("poem");
    const unknown = await generate(folder);
    assert.equal(unknown.code, 1);
    assert.match(unknown.output, /README\.md asks for "poem"; the generated parts are .*\brivals-js\b/);
    writeFileSync(join(folder, "README.md"), "<!-- generated: bench -->\n");
    const open = await generate(folder);
    assert.equal(open.code, 1);
    assert.match(open.output, /README\.md opens 1 generated parts and closes 0/);
  });
});
