import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { HeddleError } from "../core/errors.js";
import { parseSettings, readSettingsFile } from "./settings-file.js";

describe("a file of settings", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
  });
  after(() => rm(folder, { recursive: true }));

  const value = async (text: string): Promise<unknown> => (await parseSettings(text, "some.yaml")).value;
  const fails = (text: string, message: RegExp): Promise<void> =>
    assert.rejects(parseSettings(text, "some.yaml"), (error) => {
      assert.ok(error instanceof HeddleError);
      assert.match(error.message, message);
      return true;
    });

  it("is YAML, and JSON as a part of it", async () => {
    assert.deepEqual(await value("a: 1\nb: [x, 2e-3, null, true]\n"), { a: 1, b: ["x", 0.002, null, true] });
    assert.deepEqual(await value('{ "a": { "b": [1] } }'), { a: { b: [1] } });
    assert.equal(await value(""), null);
  });

  it("may take others' keys", async () => {
    assert.deepEqual(await value("x: &x { a: 1, b: 1 }\ny: { <<: *x, b: 2 }"), {
      x: { a: 1, b: 1 },
      y: { a: 1, b: 2 },
    });
  });

  it("says the line of what is wrong", async () => {
    await fails("a: 1\nb: [1, 2\nc: 3", /^some\.yaml, line 3: this is neither YAML nor JSON: /);
    await fails("a: 1\na: 2", /line 2: .*Map keys must be unique\.$/);
    await fails("a: !!js/function 1", /line 1: .*Unresolved tag/);
    await fails("a: 1\n---\nb: 2", /line 2: .*a second document begins, and one is read\.$/);
  });

  it("holds finite values of a bounded number", async () => {
    await fails("a: .inf", /can't be read as settings: a is Infinity, and settings are finite numbers\.$/);
    await fails("a: &a [*a]", /some\.yaml can't be read as settings: .*circular/i);
    const nine = (name: string): string => `[${Array(9).fill(`*${name}`).join()}]`;
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b ${nine("a")}\nc: &c ${nine("b")}\nd: ${nine("c")}`;
    await fails(bomb, /can't be read as settings: Excessive alias count/);
  });

  it("knows where its values stand", async () => {
    const { place } = await parseSettings("a: 1\nb:\n  c:\n    - 1\n    - 2\n", "some.yaml");
    assert.equal(place(["b", "c", 1]), "some.yaml, line 5");
    assert.equal(place(["b", "missing"]), "some.yaml, line 3");
    assert.equal(place([]), "some.yaml");
  });

  it("is read from a disk, if it is there and small", async () => {
    const file = join(folder, "a.json");
    await writeFile(file, '{"a":1}');
    assert.deepEqual((await readSettingsFile(file)).value, { a: 1 });
    await assert.rejects(
      readSettingsFile(join(folder, "none.yaml")),
      /none\.yaml can't be read: it does not exist\./,
    );
    await assert.rejects(readSettingsFile(folder), /can't be read: it is a folder, expected a file\./);
    const large = join(folder, "large.yaml");
    await writeFile(large, "#".repeat(1024 * 1024 + 1));
    await assert.rejects(readSettingsFile(large), /is larger than 1 MiB/);
  });
});
