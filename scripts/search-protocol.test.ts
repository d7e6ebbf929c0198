import assert from "node:assert/strict";
import { fork, spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL(".", import.meta.url));

const trial = (name: string, averageFrom?: number): object => ({
  name,
  epochs: 2,
  seed: 1,
  optimizer: { name: "made-up" },
  schedule: { name: "made-up" },
  labelSmoothing: 0,
  augmentation: null,
  averageFrom,
});

/** A library that trains nothing, for a copy of the script: what a trial comes to is decided by its model's name. */
const library = `
const tensors = () => [{ name: "w", shape: [1, 1], data: Float32Array.of(1) }];
export const arithmeticVersion = 1;
export const nodePlatform = {};
export const modelDefinitions = new Proxy({}, { get: (_, name) => ({ layers: () => [name] }) });
export const createOptimizer = (name) => ({ name });
export const createSchedule = (config) => ({ config });
export const splitDataset = () => ({ validation: [0] });
export async function loadDataset() {
  const train = { images: Uint8Array.of(0), labels: Uint8Array.of(0) };
  return { dataset: { imageShape: [1, 1, 1], classNames: ["a"], train } };
}
export class Model {
  normalization = {};
  inputShape = [1, 1, 1];
  classNames = ["a"];
  constructor(layers) { this.layers = layers; this.graph = layers; this.name = layers[0]; }
  compile() {}
  async getWeights() { return tensors(); }
  async evaluate() { return { accuracy: 0.5, loss: 1 }; }
  async dispose() {}
  async fit(_, { epochs, callbacks: [{ onEpoch }] }) {
    if (this.name === "broken") throw new Error("It broke.");
    if (this.name === "orphaned") {
      console.error("Waiting for the parent's end.");
      await new Promise((gone) => process.once("disconnect", gone));
    }
    const history = [];
    for (let epoch = 1; epoch <= epochs; epoch++) {
      if (this.name === "wild") return { end: { reason: "diverged" }, epochs: history };
      history.push({ epoch, validationAccuracy: 0.5, seconds: 1 });
      await onEpoch(history.at(-1));
    }
    return { end: { reason: "finished" }, epochs: history };
  }
}
export const sequential = (layers) => new Model(layers);
`;

describe("the search for the protocol", () => {
  let folder: string;
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  const result = (name: string): Record<string, unknown> =>
    JSON.parse(readFileSync(at("out", `${name}.json`), "utf8"));

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "heddle-search-"));
    mkdirSync(at("scripts", "search"), { recursive: true });
    mkdirSync(at("node_modules", "heddle"), { recursive: true });
    mkdirSync(at("out"));
    for (const name of ["search-protocol.js", "search/run-trial.js", "search/averaging.js"])
      copyFileSync(join(built, name), at("scripts", name));
    writeFileSync(at("package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(
      at("node_modules", "heddle", "package.json"),
      JSON.stringify({ name: "heddle", type: "module", exports: "./index.js" }),
    );
    writeFileSync(at("node_modules", "heddle", "index.js"), library);
    const trials = [
      { ...trial("broken"), model: "broken" },
      { ...trial("wild", 1), model: "wild" },
      trial("good", 1),
    ];
    writeFileSync(at("scripts", "search", "trials.js"), `export const trials = ${JSON.stringify(trials)};\n`);
  });
  after(() => rmSync(folder, { recursive: true }));

  it("keeps what it can, names a trial that failed, and fails for it", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [at("scripts", "search-protocol.js"), "--jobs", "1", "--out", "out"],
      { cwd: folder, encoding: "utf8" },
    );
    assert.match(stderr, /It broke\./);
    assert.match(stderr, /^Failed: broken \(1\)\. The same command runs them again\.$/m);
    assert.equal(status, 1);
    assert.deepEqual(readdirSync(at("out")).sort(), ["good.json", "wild.json"]);
    assert.deepEqual(result("good").averaged, { validationAccuracy: 0.5, validationLoss: 1 });
  });

  it("keeps a trial that diverged before its weights were averaged", () => {
    const { end, history, averaged } = result("wild");
    assert.deepEqual([end, history, averaged], ["diverged", [], undefined]);
  });

  it("ends a trial well whose parent is gone", async () => {
    const child = fork(at("scripts", "search-protocol.js"), { cwd: folder, silent: true });
    const ended = new Promise((done) => child.once("exit", done));
    child.stderr?.once("data", () => child.disconnect());
    child.send({ folder: "out", trial: { ...trial("orphan"), model: "orphaned" } });
    assert.equal(await ended, 0);
    assert.equal(result("orphan").end, "finished");
  });
});
