import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { heddleVersion } from "../node/version.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What `npm pack --json` tells of a tarball. */
interface Listing {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program as a user does who has no part in this repository, for two minutes at most. */
function run(cwd: string, program: string, ...args: readonly string[]): Promise<Outcome> {
  // What npm tells its scripts about this package must not reach the other folder.
  const environment = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_)|NODE_|INIT_CWD)/.test(name),
  );
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { cwd, env: Object.fromEntries(environment), timeout: 120_000, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

const noRegistry = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/;

describe("the packed library", () => {
  let folder: string;
  let paths: readonly string[];
  let packedBytes: number;
  let unpackedBytes: number;
  let install: Outcome;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "heddle-pack-"));
    // The build is there already, and other tests are reading it.
    const packed = await run(root, "npm", "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
    assert.equal(packed.code, 0, packed.stderr);
    const [listing] = JSON.parse(packed.stdout) as Listing[];
    paths = listing.files.map(({ path }) => path);
    packedBytes = listing.size;
    unpackedBytes = listing.unpackedSize;
    const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"];
    install = await run(folder, "npm", "install", "--prefix", ".", ...quiet, `./${listing.filename}`);
  });
  after(() => rmSync(folder, { recursive: true }));

  it("holds what runs and nothing else", () => {
    for (const needed of [
      "README.md",
      "LICENSE",
      "CHANGELOG.md",
      "package.json",
      "dist/cli/main.js",
      "dist/node/index.js",
      "dist/node/index.d.ts",
      "dist/node/worker.js",
      "dist/export/html/page-bundle.js",
      "src/reproduction/article/article.md",
      "docs/own-pictures.md",
      "examples/sweep.yaml",
      "dist/core/index.js",
      "dist/web/index.js",
      "dist/web/index.d.ts",
      "dist/web/worker/engine-worker.js",
      "dist/web/worker/training-worker.js",
    ])
      assert.ok(paths.includes(needed), `${needed} is missing`);
    const allowed =
      /^(dist\/(core|run|recipes|study|web|node|onnx|serve|bench|report|export|sweep|reproduction|cli)\/[\w./-]+\.(js|d\.ts)|src\/reproduction\/article\/article\.md|docs\/[a-z-]+\.md|examples\/sweep\.yaml|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/;
    assert.deepEqual(
      paths.filter((path) => !allowed.test(path) || /\.test\.|\/testing\//.test(path)),
      [],
    );
  });

  it("is as small as docs/dependencies.md says", () => {
    assert.ok(packedBytes < 1_500_000, `${packedBytes} bytes packed`);
    assert.ok(unpackedBytes < 4_900_000, `${unpackedBytes} bytes unpacked`);
  });

  it("can be installed in an empty folder", (context) => {
    if (noRegistry.test(install.stderr)) return context.skip("no package registry can be reached");
    assert.equal(install.code, 0, install.stderr);
  });

  describe("installed elsewhere", () => {
    it("holds no path of the machine that packed it", (context) => {
      if (install.code !== 0) return context.skip("it is not installed");
      const home = join(folder, "node_modules", "heddle");
      const found = readdirSync(home, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => readFileSync(file, "utf8").includes(root.replace(/\/$/, "")));
      assert.deepEqual(found, []);
    });

    it("has the command", async (context) => {
      if (install.code !== 0) return context.skip("it is not installed");
      const version = await run(folder, "npx", "heddle", "--version");
      assert.equal(version.stdout, `${heddleVersion()}\n`);
      const models = await run(folder, "npx", "heddle", "models", "proposed");
      assert.match(models.stdout, /^Total +487,818 /m);
    });

    it("trains", async (context) => {
      if (install.code !== 0) return context.skip("it is not installed");
      await writeSyntheticData(join(folder, "data"), { size: 28 });
      const options = [
        "--model",
        "cnn",
        "--data",
        "data",
        "--epochs",
        "1",
        "--run",
        "first",
        "--threads",
        "2",
      ];
      const train = await run(folder, "npx", "heddle", "train", ...options);
      assert.equal(train.code, 0, train.stderr);
      const names = [
        "best.safetensors",
        "config.json",
        "evaluation.json",
        "history.jsonl",
        "last.safetensors",
      ];
      for (const name of names) assert.ok(readdirSync(join(folder, "first")).includes(name), name);
    });

    it("is a library", async (context) => {
      if (install.code !== 0) return context.skip("it is not installed");
      const program = [
        'import { dense, flatten, sequential } from "heddle";',
        'import { modelNames } from "heddle/core";',
        "const model = sequential([flatten(), dense({ units: 2 })], { inputShape: [4, 4, 1] });",
        "const probabilities = await model.predict(new Uint8Array(32));",
        "console.log(modelNames.includes('proposed'), probabilities.length);",
        "await model.dispose();",
      ];
      writeFileSync(join(folder, "library.mjs"), program.join("\n"));
      const library = await run(folder, process.execPath, "library.mjs");
      assert.deepEqual(library, { code: 0, stdout: "true 4\n", stderr: "" });
    });
  });
});
