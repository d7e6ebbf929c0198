import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { decodeModel } from "../../core/formats/model-file.js";
import { encodeSafetensors } from "../../core/formats/safetensors.js";
import { smallFile } from "../../onnx/testing/onnx-file.js";
import { inProcess } from "../testing/in-process.js";

describe("heddle import", () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "heddle-import-"));
    writeFileSync(at("small.onnx"), smallFile());
    writeFileSync(at("names.txt"), "shirt\nshoe\nbag\n\n");
  });
  after(() => rmSync(folder, { recursive: true }));

  it("writes a model file and says what became of the nodes", async () => {
    const options = [
      "--mean",
      "0.5",
      "--deviation",
      "0.25,0.5",
      "--classes",
      at("names.txt"),
      "--out",
      at("a.safetensors"),
    ];
    const { code, stdout, stderr } = await inProcess(["import", at("small.onnx"), ...options]);
    assert.deepEqual([code, stderr], [0, `Model written to ${at("a.safetensors")}\n`]);
    assert.match(
      stdout,
      /^6 nodes of ONNX 17 by a test became 7 layers with [\d,]+ parameters: images of 6×5×2, 3 classes\.\n {2}pixels enter as given\n$/,
    );
    const model = decodeModel(readFileSync(at("a.safetensors")), "a");
    assert.deepEqual(model.classNames, ["shirt", "shoe", "bag"]);
    assert.deepEqual(model.normalization, { mean: [0.5, 0.5], deviation: [0.25, 0.5] });
  });

  it("refuses names in another encoding", async () => {
    writeFileSync(at("latin.txt"), Buffer.from("Kleid\nM\u00fctze\nx\n", "latin1"));
    const options = ["--normalization", "bytes", "--classes", at("latin.txt"), "--out", at("latin")];
    const { code, stderr } = await inProcess(["import", at("small.onnx"), ...options]);
    assert.equal(code, 1);
    assert.match(stderr, /latin\.txt is not text in UTF-8\. Save it as such\./);
  });

  it("says the same as JSON, and replaces no file unasked", async () => {
    const line = [
      "import",
      at("small.onnx"),
      "--normalization",
      "bytes",
      "--out",
      at("b.safetensors"),
      "--json",
    ];
    const { stdout } = await inProcess(line);
    const said = JSON.parse(stdout);
    assert.deepEqual([said.event, said.classes, said.inputShape, said.opset], ["import", 3, [6, 5, 2], 17]);
    const again = await inProcess(line);
    assert.equal(again.code, 1);
    assert.match(
      again.stderr,
      /is there already and was left as it is: name another file, or say --overwrite/,
    );
    assert.equal((await inProcess([...line, "--overwrite"])).code, 0);
  });

  const mistakes: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    [
      "no word on pixels",
      [],
      2,
      /says how pixels enter.*--normalization names it, --mean and --deviation give it/,
    ],
    ["a normalization that is none", ["--normalization", "imagenett"], 2, /Did you mean "imagenet"/],
    ["two of them", ["--normalization", "bytes", "--mean", "0"], 2, /give it, or --mean and --deviation/],
    ["half of one", ["--mean", "0"], 2, /belong together/],
    ["a size that is none", ["--image-size", "big"], 2, /--image-size got "big": expected 1 to 4096 pixels/],
    ["another size", ["--normalization", "bytes", "--image-size", "7x7"], 1, /not of 7 × 7 pixels/],
    [
      "an architecture of an ONNX file",
      ["--architecture", "resNet18"],
      2,
      /small\.onnx is an ONNX file, .* leave it/,
    ],
    ["an architecture that is none", ["--architecture", "vgg"], 2, /Unknown architecture "vgg"/],
  ];
  it("ends in words at an output of weights alone", async () => {
    const flags = ["--architecture", "resNet18", "--output", "logits", "--out", at("weights-out")];
    const result = await inProcess(["import", at("weights.safetensors"), ...flags]);
    assert.equal(result.code, 2);
    assert.match(
      result.stderr,
      /--output names one of an ONNX file's outputs, but --architecture .* leave one of them out/,
    );
  });

  for (const [what, options, code, words] of mistakes)
    it(`ends in words at ${what}`, async () => {
      const result = await inProcess([
        "import",
        at("small.onnx"),
        ...options,
        "--out",
        at("never.safetensors"),
      ]);
      assert.match(result.stderr, words);
      assert.equal(result.code, code);
    });

  it("says how another kind of file becomes what is read", async () => {
    writeFileSync(
      at("w.safetensors"),
      encodeSafetensors([{ name: "w", shape: [1], data: Float32Array.of(1) }], {}),
    );
    for (const name of ["w.pth", "w.keras", "w.bin"]) writeFileSync(at(name), "no model");
    const kinds: readonly (readonly [string, number, RegExp])[] = [
      [
        "w.safetensors",
        2,
        /is a safetensors file: expected an ONNX file.* --architecture says it: resNet18, .*\.$/m,
      ],
      [
        "w.pth",
        1,
        /is no whole ONNX model: .* hold no network: load it there, and write it by torch\.onnx\.export/,
      ],
      ["w.keras", 1, /is no whole ONNX model: .* Load it in Keras, and write it by model\.export/],
      ["w.bin", 1, /is no whole ONNX model: .* Export it again/],
    ];
    for (const [name, code, words] of kinds) {
      const refused = await inProcess(["import", at(name), "--out", at("never.safetensors")]);
      assert.match(refused.stderr, words);
      assert.equal(refused.code, code);
    }
  });

  it("names a file that is not there, or names too few classes", async () => {
    const missing = await inProcess(["import", at("none.onnx"), "--out", at("c.safetensors")]);
    assert.match(missing.stderr, /none\.onnx can't be read: it does not exist/);
    writeFileSync(at("two.txt"), "a\nb");
    const options = ["--normalization", "bytes", "--classes", at("two.txt"), "--out", at("c.safetensors")];
    const few = await inProcess(["import", at("small.onnx"), ...options]);
    assert.match(few.stderr, /classNames has 2 names, but .*small\.onnx tells 3 classes apart/);
  });
});
