import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { inProcess } from "../testing/in-process.js";
import { smallBody } from "../testing/small-body.js";
import { writeSyntheticData } from "../testing/synthetic-data.js";

describe("heddle audit", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeSyntheticData(join(folder, "data"));
    // Image 5 is of class 1.
    const labels = join(folder, "data", "train-labels-idx1-ubyte");
    const bytes = await readFile(labels);
    bytes[8 + 5] = 3;
    await writeFile(labels, bytes);
  });
  after(() => rm(folder, { recursive: true }));

  const audit = (...more: string[]) =>
    inProcess(["audit", "--data", join(folder, "data"), "--out", join(folder, "audit.html"), ...more]);
  const quick = ["--folds", "2", "--epochs", "12", "--model", "cnn", "--threads", "1"];

  it("writes a page and a table of what is wrong, and replaces only what it wrote", async () => {
    const csv = join(folder, "audit.csv");
    const { code, stdout, stderr } = await audit(...quick, "--csv", csv);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^train +5 +3 +1 +\d/m);
    assert.doesNotMatch(stderr, /learned too little/);
    assert.match(stdout, /0 pictures more than once/);
    assert.match(stderr, /Fold 2 of 2: learning from 70 images, 12 epochs/);
    const page = await readFile(join(folder, "audit.html"), "utf8");
    assert.match(page, /training 5: labelled 3, rather 1/);
    const rows = (await readFile(csv, "utf8")).split("\r\n");
    assert.equal(rows[0], "kind,part,index,file,label,suggestion,score,group,leak,conflicting");
    assert.ok(
      rows.some((row) => /^label,train,5,,3,1,0\.\d+,,,$/.test(row)),
      rows.join("\n"),
    );

    const refused = await audit(...quick, "--csv", csv);
    assert.deepEqual([refused.code, refused.stdout], [1, ""]);
    assert.match(refused.stderr, /audit\.csv is there already and was left as it is/);
    const json = await audit(...quick, "--json");
    assert.equal(json.code, 0, json.stderr);
    const { event, images, settings, findings } = JSON.parse(json.stdout);
    assert.deepEqual([event, images], ["audit", { train: 100, test: 40 }]);
    assert.deepEqual([settings.model, settings.epochs, settings.folds], ["cnn", 12, 2]);
    assert.equal(findings.length, rows.length - 2);
  });

  it("looks a data set over on a body's features, which are worked out once", async () => {
    const body = join(folder, "small.safetensors");
    await writeFile(body, smallBody());
    const onBody = ["--from", body, "--folds", "2", "--threads", "1"];
    const json = await audit(...onBody, "--json");
    assert.equal(json.code, 0, json.stderr);
    const { from, settings, findings } = JSON.parse(json.stdout);
    assert.deepEqual([from, settings.folds, settings.model], [body, 2, undefined]);
    assert.ok(settings.head.weightDecay > 0);
    assert.ok(
      findings.some(({ kind, index }: { kind: string; index: number }) => kind === "label" && index === 5),
    );
    const page = await readFile(join(folder, "audit.html"), "utf8");
    assert.match(page, /a dense layer on the features of small, trained on the others/);
    const both = await audit(...onBody, "--model", "cnn");
    assert.equal(both.code, 2);
    assert.match(both.stderr, /--model is of a network .* with --from a head learns/);
    const missing = await audit("--from", join(folder, "none.safetensors"));
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /The body .*none\.safetensors can't be read/);
  });

  it("writes over no other file, and knows its options", async () => {
    const other = join(folder, "other.html");
    await writeFile(other, "mine");
    const { code, stderr } = await audit("--out", other);
    assert.equal(code, 1);
    assert.match(stderr, /other\.html is there already, is no report of heddle's/);
    const folds = await audit("--folds", "1");
    assert.deepEqual(
      [folds.code, /--folds got "1": expected a whole number from 2 to 100/.test(folds.stderr)],
      [2, true],
    );
    const model = await audit("--out", join(folder, "new.html"), "--model", "cn");
    assert.equal(model.code, 2);
    assert.match(model.stderr, /Unknown model "cn"\. Did you mean "cnn"\?/);
  });
});
