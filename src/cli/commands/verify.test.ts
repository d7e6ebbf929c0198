import assert from "node:assert/strict";
import { copyFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { after, before, describe, it } from "node:test";
import { confirm } from "../confirm.js";
import { inProcess } from "../testing/in-process.js";
import { writeSyntheticData } from "../testing/synthetic-data.js";

describe("runs that are verified, compared and kept in order", () => {
  let folder: string;
  const at = (...path: readonly string[]): string => join(folder, ...path);
  const heddle = (...args: readonly string[]) => inProcess(args);
  const train = async (name: string, ...more: readonly string[]): Promise<void> => {
    const settings = ["--data", at("data"), "--model", "lenet", "--epochs", "2", "--batch-size", "16"];
    const { code, stderr } = await heddle(
      "train",
      ...settings,
      "--threads",
      "1",
      "--run",
      at("runs", name),
      ...more,
    );
    assert.equal(code, 0, stderr);
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-verify-"));
    await writeSyntheticData(at("data"));
    await train("first");
  });
  after(() => rm(folder, { recursive: true }));

  it("says that a run is the same to the byte, and writes nothing into it", async () => {
    const before = await readdir(at("runs", "first"));
    const { code, stdout, stderr } = await heddle(
      "verify",
      at("runs", "first"),
      "--threads",
      "2",
      "--narrow-vectors",
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Byte-identical: 2 of 2 epochs trained again, on 2 threads, with /);
    assert.match(stdout, /every probability on the test images\.$/m);
    assert.match(stderr, /^Epoch 2\/2 /m);
    assert.deepEqual(await readdir(at("runs", "first")), before);
  });

  it("says so of a receipt alone, whose images are elsewhere now", async () => {
    await copyFile(at("runs", "first", "receipt.json"), at("receipt.json"));
    await cp(at("data"), at("moved"), { recursive: true });
    const told = await heddle("verify", at("receipt.json"), "--data", at("moved"), "--epochs", "1", "--json");
    assert.equal(told.code, 0, told.stderr);
    const { identical, epochs, compared } = JSON.parse(told.stdout);
    assert.deepEqual([identical, epochs, compared.data, compared.weights], [true, 1, true, 1]);
  });

  it("exits with 1 and says where, where it comes out otherwise", async () => {
    await cp(at("runs", "first"), at("other"), { recursive: true });
    await rm(at("other", "receipt.json"));
    const config = JSON.parse(await readFile(at("other", "config.json"), "utf8"));
    await writeFile(at("other", "config.json"), JSON.stringify({ ...config, seed: 9 }));
    const { code, stdout, stderr } = await heddle("verify", at("other"));
    assert.equal(code, 1);
    assert.match(stdout, /^Different: it first came to something else in epoch 1\.$/m);
    assert.match(stdout, /^ {2}trainLoss: [\d.]+ in the record, [\d.]+ here$/m);
    assert.match(stdout, /^ {2}SHA-256 of the weights: [0-9a-f]{64} in the record, [0-9a-f]{64} here$/m);
    assert.match(stderr, /error: .*other did not come out again as it is recorded\./);
  });

  it("tells other images before anything is trained", async () => {
    await writeSyntheticData(at("others"), { testPerClass: 9 });
    const { code, stdout, stderr } = await heddle("verify", at("receipt.json"), "--data", at("others"));
    assert.equal(code, 1, stderr);
    assert.match(stdout, /^Different: before training, the count of its test part is another\.$/m);
    assert.doesNotMatch(stderr, /Epoch/);
  });

  it("refuses what can't be verified", async () => {
    const refused = async (words: RegExp, ...args: readonly string[]): Promise<void> => {
      const { code, stderr } = await heddle("verify", ...args);
      assert.notEqual(code, 0);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /fault in heddle/);
    };
    await refused(/There is no run at nowhere/, "nowhere");
    await refused(/is no receipt: its format is not/, at("runs", "first", "config.json"));
    await refused(/is no receipt: it is not JSON/, at("runs", "first", "last.safetensors"));
    await refused(/--from goes with a receipt/, at("runs", "first"), "--from", "x");
    await refused(/has 2 epochs to hold a training against/, at("runs", "first"), "--epochs", "3");
  });

  it("says what differs between two runs, and with which step they part", async () => {
    await train("second", "--seed", "2");
    const [first, second] = [at("runs", "first"), at("runs", "second")];
    const { code, stdout, stderr } = await heddle("diff", first, second, "--steps");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^seed +1 +2$/m);
    assert.match(stdout, /^Data: the same images and labels$/m);
    assert.match(stdout, /^Weights: others from the beginning: they part before the first step$/m);
    assert.match(stdout, /^C1\.kernel +150 of 150 +\d/m);
    const same = await heddle("diff", first, first);
    assert.match(same.stdout, /^Weights: the same after each of 2 epochs$/m);
    const json = await heddle("diff", first, second, "--json");
    assert.deepEqual(JSON.parse(json.stdout).settings, [{ key: "seed", values: [1, 2] }]);
  });

  it("lists those that are asked for, in order, with their notes", async () => {
    const noted = await heddle("runs", "note", at("runs", "second"), "another seed\nfor luck");
    assert.equal(noted.code, 0, noted.stderr);
    const names = async (...args: readonly string[]): Promise<string[]> => {
      const { code, stdout, stderr } = await heddle("runs", at("runs"), "--json", ...args);
      assert.equal(code, 0, stderr);
      const lines = stdout.split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line).folder.split(/[\\/]/).at(-1));
    };
    assert.deepEqual(await names("--sort", "name", "--reverse"), ["second", "first"]);
    assert.deepEqual(await names("--where", "seed=2"), ["second"]);
    assert.deepEqual(await names("--where", "seed>0", "--where", "note="), ["first"]);
    assert.deepEqual(await names("--model", "resNet20"), []);
    const { stdout } = await heddle("runs", at("runs"));
    assert.match(stdout, /Note$/m);
    assert.match(stdout, /another seed…$/m);
    assert.equal((await heddle("runs", at("runs"), "--sort", "size")).code, 2);
    assert.equal((await heddle("runs", at("runs"), "--where", "size")).code, 2);
  });

  it("renames and deletes, but asks before it does", async () => {
    assert.equal((await heddle("runs", "rename", at("runs", "second"), "renamed")).code, 0);
    await writeFile(at("runs", "renamed", "thesis.txt"), "mine");
    const unasked = await heddle("runs", "delete", at("runs", "renamed"));
    assert.equal(unasked.code, 2);
    assert.match(unasked.stderr, /Nobody can be asked, for stdin is no terminal: --yes deletes/);
    const wrong = await heddle("runs", "delete", at("runs", "renamed"), at("data"), "--yes");
    assert.match(wrong.stderr, /data is no run/);
    assert.ok((await readdir(at("runs", "renamed"))).includes("config.json"));
    const { code, stdout, stderr } = await heddle("runs", "delete", at("runs", "renamed"), "--yes");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Deleted .*renamed: \d+ files$/m);
    assert.match(stderr, /renamed stays, for these are no files of a run: thesis\.txt/);
    assert.deepEqual(await readdir(at("runs", "renamed")), ["thesis.txt"]);
  });
});

describe("a question at the terminal", () => {
  for (const [typed, answer] of [
    ["y\n", true],
    ["YES\n", true],
    ["n\n", false],
    ["\n", false],
    ["yesterday\n", false],
    [undefined, false],
  ] as const) {
    it(`takes ${JSON.stringify(typed)} for a ${answer ? "yes" : "no"}`, async () => {
      const input = Object.assign(new PassThrough(), { isTTY: true });
      const output = new PassThrough();
      const streams = { input, output } as unknown as Parameters<typeof confirm>[2];
      const asked = confirm("Delete it?", { otherwise: "--yes does" }, streams);
      if (typed) input.write(typed);
      else input.end();
      assert.equal(await asked, answer);
      assert.match(String(output.read()), /Delete it\? \[y\/N\] /);
    });
  }
});
