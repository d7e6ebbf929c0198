import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { decodeSafetensors } from "../../core/formats/safetensors.js";
import { importOnnx } from "../../onnx/index.js";
import { inProcess } from "../testing/in-process.js";
import { runCli } from "../testing/run-cli.js";
import { smallBody } from "../testing/small-body.js";
import { writeSyntheticData } from "../testing/synthetic-data.js";

describe("heddle export", () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "heddle-export-"));
    writeFileSync(at("small.safetensors"), smallBody());
    await writeSyntheticData(at("data"));
    const line = "train --model lenet --epochs 1 --threads 1 --batch-size 16";
    const trained = await inProcess([...line.split(" "), "--data", at("data"), "--run", at("run")]);
    assert.equal(trained.code, 0, trained.stderr);
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (model: string, ...more: string[]) =>
    inProcess(["export", at(model), "--format", "safetensors", ...more]);

  it("writes a model file for PyTorch, and says so", async () => {
    const { code, stdout, stderr } = await run(
      "small.safetensors",
      "--layout",
      "pytorch",
      "--out",
      at("a.safetensors"),
    );
    assert.deepEqual([code, stdout, stderr], [0, "", `safetensors written to ${at("a.safetensors")}\n`]);
    const { tensors } = decodeSafetensors(readFileSync(at("a.safetensors")), "a");
    assert.deepEqual(
      tensors.map(({ name }) => name),
      ["stem.weight", "stem.bias", "output.weight", "output.bias"],
    );
  });

  it("takes a run's best weights, or those that are named", async () => {
    assert.equal((await run("run", "--out", at("best"))).code, 0);
    assert.deepEqual(readFileSync(at("best")), readFileSync(join(at("run"), "best.safetensors")));
    const last = await run("run", "--weights", "last", "--out", at("last"));
    assert.deepEqual([last.code, readFileSync(at("last")).length > 0], [0, true]);
    const none = await run("run", "--weights", "interrupted", "--out", at("none"));
    assert.equal(none.code, 1);
    assert.match(none.stderr, /it was not interrupted/);
  });

  it("writes a page that names pictures, and a model card of the run's own figures", async () => {
    const to = (format: string, ...more: string[]) =>
      inProcess(["export", at("run"), "--format", format, "--out", at(`as-${format}`), ...more]);
    assert.deepEqual((await to("html", "--half")).code, 0);
    assert.match(readFileSync(at("as-html"), "utf8"), /^<!doctype html>.*<title>run<\/title>/su);
    // The judgement is the run's own: nothing is judged, nor are images needed.
    const card = await to("card", "--licence", "mit");
    assert.deepEqual([card.code, card.stderr], [0, `card written to ${at("as-card")}\n`]);
    const { accuracy } = JSON.parse(readFileSync(join(at("run"), "evaluation.json"), "utf8"));
    const text = readFileSync(at("as-card"), "utf8");
    assert.ok(text.includes(`- type: "accuracy"\n            value: ${accuracy}\n`), text);
    assert.match(text, /^license: "mit"$/mu);
    assert.match(text, /: 80 images trained, 20 validated, /u);
    const last = await to("card", "--weights", "last", "--overwrite");
    assert.equal(last.code, 0, last.stderr);
    assert.match(
      readFileSync(at("as-card"), "utf8"),
      /these are its last weights, and only its best ones are judged/u,
    );
  });

  it("writes an ONNX file, and a folder for transformers.js", async () => {
    const to = (format: string, ...more: string[]) =>
      inProcess(["export", at("run"), "--format", format, "--out", at(`as-${format}`), ...more]);
    const onnx = await to("onnx", "--input", "bytes", "--output", "probabilities", "--opset", "19");
    assert.deepEqual([onnx.code, onnx.stderr], [0, `onnx written to ${at("as-onnx")}\n`]);
    const read = importOnnx(readFileSync(at("as-onnx")));
    assert.deepEqual([read.report.opset, read.graph.outputShape], [19, [4]]);
    assert.equal((await to("transformers")).code, 0);
    assert.deepEqual(readdirSync(at("as-transformers")).sort(), [
      "README.md",
      "config.json",
      "heddle-export.json",
      "onnx",
      "preprocessor_config.json",
    ]);
    assert.equal((await to("transformers", "--overwrite")).code, 0);
    const other = await to("transformers", "--opset", "19", "--overwrite");
    assert.match(
      other.stderr,
      /The format transformers takes no --opset. It takes --calibrated, --licence\./,
    );
  });

  it("says that a run still trains", async () => {
    const config = JSON.parse(readFileSync(join(at("run"), "config.json"), "utf8"));
    writeFileSync(join(at("run"), "config.json"), JSON.stringify({ ...config, epochs: 9 }));
    const { code, stderr } = await run("run", "--out", at("early"));
    writeFileSync(join(at("run"), "config.json"), JSON.stringify(config));
    assert.equal(code, 0);
    assert.match(stderr, /run is not at its end, 1 of 9 epochs are done: these are its best weights so far/);
  });

  it("leaves what is there, unless it may be replaced", async () => {
    writeFileSync(at("mine"), "mine");
    const refused = await run("small.safetensors", "--out", at("mine"));
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /mine is there already and was left as it is.*--overwrite/);
    assert.equal(readFileSync(at("mine"), "utf8"), "mine");
    const folderInPlace = await run("small.safetensors", "--overwrite", "--out", at("data"));
    assert.match(folderInPlace.stderr, /data is a folder, where a file is to be written/);
    assert.equal((await run("small.safetensors", "--overwrite", "--out", at("mine"))).code, 0);
    assert.notEqual(readFileSync(at("mine"), "utf8"), "mine");
  });

  it("refuses what the call alone shows, by name", async () => {
    const words = async (...args: string[]) => (await inProcess(["export", at("run"), ...args])).stderr;
    assert.match(
      await words("--format", "safetensor", "--out", "x"),
      /Unknown format.*Did you mean "safetensors"/,
    );
    assert.match(await words("--format", "safetensors"), /required option '--out <path>' not specified/);
    assert.match(await words("--format", "safetensors", "--out", ""), /--out got no name/);
    assert.match(
      await words("--format", "safetensors", "--layout", "keras", "--out", at("x")),
      /layout must be one of "heddle", "pytorch", but is "keras"/,
    );
    const missing = await run("nowhere", "--out", at("x"));
    assert.deepEqual([missing.code, readdirSync(folder).includes("x")], [1, false]);
    assert.match(missing.stderr, /nowhere can't be read: it does not exist/);
  });

  it("leaves nothing on a full disk", async () => {
    const line = ["export", at("small.safetensors"), "--format", "safetensors", "--out", at("full")];
    const { code, stderr } = await runCli(line, { largestFile: 1 });
    assert.equal(code, 1);
    assert.match(stderr, /full can't be written: it is larger than this disk or a limit allows/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes("full")),
      [],
    );
  });
});
