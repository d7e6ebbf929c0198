import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { withDebianPackage } from "./debian-package.js";
import { temporaryFolder } from "./testing/small-fashion.js";

const unpackCommand = `mkdir -p "$3/usr/share/datasets/fashion-mnist" && cp "$2" "$3/usr/share/datasets/fashion-mnist/file"`;
const downloadCommand = `echo content > package.deb`;

/** Puts scripts in the place of commands, for this test alone; each first writes its arguments to a log. */
async function standIns(context: TestContext, commands: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder(context);
  const bin = join(folder, "bin");
  const temporary = join(folder, "tmp");
  const log = join(folder, "log");
  await mkdir(bin);
  await mkdir(temporary);
  await writeFile(log, "");
  const { PATH, TMPDIR } = process.env;
  for (const [name, script] of Object.entries(commands)) {
    const path = join(bin, name);
    await writeFile(path, `#!/bin/sh\nPATH='${PATH}'\necho "${name} $*" >> '${log}'\n${script}\n`);
    await chmod(path, 0o755);
  }
  process.env.PATH = bin;
  process.env.TMPDIR = temporary;
  context.after(() => {
    process.env.PATH = PATH;
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  });
  return { temporary, calls: async () => (await readFile(log, "utf8")).trimEnd().split("\n") };
}

describe("fetching the Debian package", {
  skip: process.platform === "win32" && "there are no shell scripts here",
}, () => {
  it("downloads, unpacks, hands over the folder, and leaves nothing behind", async (context) => {
    const { temporary, calls } = await standIns(context, {
      "apt-get": downloadCommand,
      "dpkg-deb": unpackCommand,
    });
    const notices: string[] = [];
    const result = await withDebianPackage(
      (folder) => readFile(join(folder, "file"), "utf8"),
      (message) => notices.push(message),
    );
    assert.equal(result, "content\n");
    assert.deepEqual(await readdir(temporary), []);
    assert.match(notices.join("\n"), /^Fetching the Debian package dataset-fashion-mnist/);
    const [apt, unpack] = await calls();
    assert.match(apt, /^apt-get .* download dataset-fashion-mnist$/);
    assert.match(unpack, /^dpkg-deb -x .*package\.deb /);
  });

  it("fetches lists into a folder of their own where the system's don't know it", async (context) => {
    const { temporary, calls } = await standIns(context, {
      "apt-get": `case "$*" in
        *Dir::State::Lists=*update) exit 100 ;;
        *Dir::State::Lists=*download*) ${downloadCommand} ;;
        *) echo "E: Unable to locate package" >&2; exit 100 ;;
      esac`,
      "dpkg-deb": unpackCommand,
    });
    const found = await withDebianPackage(
      (folder) => readdir(folder),
      () => {},
    );
    assert.deepEqual(found, ["file"]);
    const lines = await calls();
    assert.equal(lines.length, 4);
    assert.ok(lines[1].includes(`-o=Dir::State::Lists=${temporary}`), lines[1]);
  });

  it("says what apt-get complained of", async (context) => {
    const { temporary } = await standIns(context, {
      "apt-get": `echo "W: old lists" >&2; echo "E: No network" >&2; exit 100`,
    });
    await assert.rejects(
      withDebianPackage(
        () => assert.fail("used"),
        () => {},
      ),
      { name: "HeddleError", message: "apt-get update failed: No network" },
    );
    assert.deepEqual(await readdir(temporary), []);
  });

  it("says when there is no apt-get", async (context) => {
    await standIns(context, {});
    await assert.rejects(
      withDebianPackage(
        () => assert.fail("used"),
        () => {},
      ),
      /there is no apt-get here/,
    );
  });

  it("stops when asked to", async (context) => {
    const { temporary } = await standIns(context, { "apt-get": "exec sleep 30" });
    const controller = new AbortController();
    const running = withDebianPackage(
      () => assert.fail("used"),
      () => controller.abort(),
      controller.signal,
    );
    await assert.rejects(running, (error) => error === controller.signal.reason);
    assert.ok(existsSync(temporary));
    assert.deepEqual(await readdir(temporary), []);
  });
});
