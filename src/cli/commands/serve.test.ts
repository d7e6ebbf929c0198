import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { lightModel } from "../../serve/testing/small-server.js";
import { inProcess } from "../testing/in-process.js";
import { runCli } from "../testing/run-cli.js";

describe("heddle serve", () => {
  let folder: string;
  let file: string;
  const write = async (slope: number): Promise<void> => {
    const model = await lightModel("light", slope);
    await model.save(file);
    await model.dispose();
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-serve-"));
    file = join(folder, "light.safetensors");
    await write(1);
  });
  after(() => rm(folder, { recursive: true }));

  it("serves until a signal asks it to stop, and reads its models again when one asks for that", {
    skip: process.platform === "win32",
  }, async () => {
    const token = "0123456789abcdef";
    const tokenFile = join(folder, "token");
    await writeFile(tokenFile, `${token}\n`);
    let begun = false;
    let replaced = false;
    const versions: string[] = [];
    const ask = async (url: string): Promise<void> => {
      const headers = { Authorization: `Bearer ${token}` };
      const response = await fetch(`${url}/v1/models`, { headers });
      const [{ version }] = (await response.json()) as { version: string }[];
      versions.push(version);
    };
    const args = ["serve", file, "--port", "0", "--threads", "1", "--token-file", tokenFile];
    const { code, stdout, stderr } = await runCli(args, {
      onStderr: async (text, child) => {
        const url = /^(http:\S+) answers for light/m.exec(text)?.[1];
        if (url !== undefined && !begun) {
          begun = true;
          await ask(url);
          await write(-1);
          child.kill("SIGHUP");
        }
        if (/light: It is now version/.test(text) && !replaced) {
          replaced = true;
          await ask(url!);
          child.kill("SIGTERM");
        }
      },
    });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /everything accepted was answered/);
    assert.equal(new Set(versions).size, 2);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ event, status }) => [event, status]),
      [
        ["request", 200],
        ["model", undefined],
        ["request", 200],
      ],
    );
    assert.doesNotMatch(stdout + stderr, new RegExp(token));
  });

  const refused: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    [
      "open servers",
      ["--host", "0.0.0.0"],
      2,
      /without a token anybody may ask.*--token-file or --token give one, --no-token/,
    ],
    ["short tokens", ["--token", "short"], 2, /token.*16 to 512 characters/],
    [
      "a token and none",
      ["--token", "sixteen-characters", "--no-token"],
      2,
      /--token was given with --no-token/,
    ],
    [
      "none and a token",
      ["--no-token", "--token", "sixteen-characters"],
      2,
      /--token was given with --no-token/,
    ],
    ["a token with spaces, unquoted", ["--token", "a secret of many words"], 2, /but has 22 characters\.$/m],
    ["two words on tokens", ["--no-token", "--token-file", "x"], 2, /take one of them/],
    ["a token that isn't there", ["--token-file", "no/such"], 1, /no\/such can't be read/],
    ["other weights", ["--weights", "bst"], 2, /Did you mean "best"/],
    ["no port", ["--port", "x"], 2, /--port got "x"/],
    ["what is no model", ["--port", "0"], 1, /can't be read: it does not exist/],
  ];
  for (const [what, args, code, words] of refused)
    it(`refuses ${what}`, async () => {
      const result = await inProcess(["serve", join(folder, "none"), ...args]);
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, words);
    });
});
