import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { writeExport } from "./write-export.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const single = (text: string) => [{ path: "", bytes: bytes(text) }];
const several = (text: string) => [
  { path: "config.json", bytes: bytes(text) },
  { path: "onnx/model.onnx", bytes: bytes(text) },
];

describe("what is exported", () => {
  let folder: string;
  const at = (...names: string[]): string => join(folder, ...names);
  const content = (...names: string[]): Promise<string> => readFile(at(...names), "utf8");
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("is a file, which is replaced only where that is allowed", async () => {
    await writeExport(at("a"), single("one"));
    await assert.rejects(writeExport(at("a"), single("two")), /a is there already and was left as it is/);
    assert.equal(await content("a"), "one");
    await writeExport(at("a"), single("two"), { overwrite: true });
    assert.equal(await content("a"), "two");
  });

  it("is a folder with a list of its files, replaced whole where that is allowed", async () => {
    await writeExport(at("b"), several("one"));
    await assert.rejects(writeExport(at("b"), several("two")), /b is there already/);
    assert.equal(await content("b", "config.json"), "one");
    await writeExport(at("b"), several("two").slice(1), { overwrite: true });
    assert.deepEqual((await readdir(at("b"))).sort(), ["heddle-export.json", "onnx"]);
    assert.equal(await content("b", "onnx", "model.onnx"), "two");
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith(".tmp")),
      [],
    );
  });

  it("takes nobody else's files away, however it is allowed", async () => {
    await mkdir(at("c", "onnx"), { recursive: true });
    await writeFile(at("c", "onnx", "mine"), "mine");
    const refused = /c holds onnx\S*, which was not exported there, and was left as it is/;
    await assert.rejects(writeExport(at("c"), several("x"), { overwrite: true }), refused);
    await writeExport(at("d"), several("one"));
    await writeFile(at("d", "onnx", "mine"), "mine");
    await assert.rejects(
      writeExport(at("d"), several("two"), { overwrite: true }),
      /d holds onnx\/mine, which was not exported there/,
    );
    assert.equal(await content("d", "onnx", "mine"), "mine");
    await writeFile(at("c", "heddle-export.json"), "{ torn");
    await assert.rejects(writeExport(at("c"), several("x"), { overwrite: true }), /which was not exported/);
  });

  it("is no folder in the place of a file, and no file in that of a folder", async () => {
    await mkdir(at("e"));
    await writeFile(at("f"), "mine");
    const both = { overwrite: true };
    await assert.rejects(writeExport(at("e"), single("x"), both), /e is a folder, where a file is to be/);
    await assert.rejects(writeExport(at("f"), several("x"), both), /f is a file, where a folder is to be/);
    assert.equal(await content("f"), "mine");
  });

  it("goes where a link leads", async () => {
    await writeExport(at("g"), several("one"));
    await symlink(at("g"), at("link"));
    await writeExport(at("link"), several("two"), { overwrite: true });
    assert.equal(await content("g", "config.json"), "two");
  });

  it("leaves nothing where it can't be written", async () => {
    await assert.rejects(writeExport(at("none", "h"), several("x")), /none.h can't be written/);
    // A file where one of the export's folders should be: it fails when half is written.
    const clash = [...several("x"), { path: "config.json/within", bytes: bytes("x") }];
    await assert.rejects(writeExport(at("i"), clash), /i can't be written/);
    const long = { path: "x".repeat(300), bytes: bytes("x") };
    await assert.rejects(writeExport(at("k"), [...several("x"), long]), ({ message }: Error) =>
      message.startsWith(`${join(at("k"), long.path)} can't be written: `),
    );
    await writeExport(at("j"), several("one"));
    await assert.rejects(writeExport(at("j"), clash, { overwrite: true }), /j can't be written/);
    assert.equal(await content("j", "config.json"), "one");
    const names = await readdir(folder);
    assert.deepEqual([names.includes("i"), names.filter((name) => name.endsWith(".tmp"))], [false, []]);
  });
});
