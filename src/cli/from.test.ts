import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { inProcess } from "./testing/in-process.js";
import { smallBody } from "./testing/small-body.js";
import { writeSyntheticData } from "./testing/synthetic-data.js";
import { readUnfreeze } from "./unfreeze.js";

describe("heddle train --from", () => {
  let folder: string;
  let place: (name: string) => string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    place = (name) => join(folder, name);
    await writeSyntheticData(place("data"));
    await writeFile(place("small.safetensors"), smallBody());
  });
  after(() => rm(folder, { recursive: true }));

  const train = (line: string, ...more: string[]) =>
    inProcess(["train", "--data", place("data"), "--threads", "1", ...line.split(" "), ...more]);

  it("puts a new head on a model's body by a recipe of its own, and a run can be stood on again", async () => {
    const first = await train("--epochs 1 --run", place("first"), "--from", place("small.safetensors"));
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stderr, /A head on the features of small: [\d.]+ % by cross-validation/);
    const config = JSON.parse(await readFile(place("first/config.json"), "utf8"));
    assert.deepEqual(
      [config.model, config.batchSize, config.optimizer.name, config.schedule.name, config.epochs],
      ["small", 32, "adamw", "cosine", 1],
    );
    assert.deepEqual([config.body.unfreeze, config.weightAverage.decay], ["all", 0.99]);
    const again = await train("--unfreeze none --run", place("second"), "--from", place("first"));
    assert.equal(again.code, 0, again.stderr);
    const other = JSON.parse(await readFile(place("second/config.json"), "utf8"));
    assert.deepEqual([other.model, other.body.unfreeze, other.epochs], ["first", "none", 1]);

    await writeFile(place("first/config.json"), JSON.stringify({ ...config, epochs: 3 }));
    const half = await train("--unfreeze none --run", place("third"), "--from", place("first"));
    assert.equal(half.code, 1);
    assert.match(
      half.stderr,
      /The body \S+first is not at its end: 1 of its 3 epochs are done\. .*--from \S+best\.safetensors to take/,
    );
    const file = place("first/best.safetensors");
    const taken = await train("--unfreeze none --run", place("third"), "--from", file);
    assert.equal(taken.code, 0, taken.stderr);
  });

  it("says where the defaults of its help don't hold", async () => {
    const { stdout } = await inProcess(["train", "--help"]);
    assert.match(stdout, /with --from,\nand on pictures without --model, it is set for photos/);
  });

  it("says what can't be", async () => {
    const fails = async (code: number, message: RegExp, line: string, ...more: string[]) => {
      const result = await train(line, ...more);
      assert.match(result.stderr, message);
      assert.equal(result.code, code);
    };
    await fails(2, /--unfreeze is of a model to stand on/, "--unfreeze all");
    await fails(2, /--from says what is trained, and --model can't/, "--from x --model lenet");
    await fails(
      2,
      /--unfreeze none leaves the whole body as it is, so --batch-norm move can't/,
      "--from x --unfreeze none --batch-norm move",
    );
    await fails(2, /--unfreeze got "some": expected none, all, or how many/, "--from x --unfreeze some");
    await fails(1, /The body nowhere can't be read: it does not exist/, "--from nowhere");
    const grey = ["--from", place("small.safetensors"), "--data-kind", "image-folder", "--channels", "3"];
    await fails(
      1,
      /takes images of 1 channel, but these have 3\. Prepare them with 1/,
      ...(grey as [string]),
    );
    await writeFile(place("graph.onnx"), "");
    await fails(1, /is an ONNX file: import it once, .*give what that writes/, "--from", place("graph.onnx"));
    await fails(1, /data is a folder without best\.safetensors, so no run's/, "--from", place("data"));
  });
});

describe("--unfreeze", () => {
  it("reads how much is unfrozen", () => {
    assert.deepEqual(["none", "all", " 12 "].map(readUnfreeze), ["none", "all", 12]);
    for (const text of ["", "0", "-1", "1.5", "ALL", "1e3"])
      assert.throws(() => readUnfreeze(text), /--unfreeze got/);
  });
});
