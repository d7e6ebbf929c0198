import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Command, startFirst } from "./rival-process.js";

const node = (script: string): Command => [process.execPath, "-e", script];
const saying = (hello: object): Command => node(`console.log(${JSON.stringify(JSON.stringify(hello))})`);
const install = "pip install torch";
const gone: Command = ["/nowhere/venv-pytorch/bin/python", "pytorch.py"];

describe("a rival's start", () => {
  it("takes the first way that works", async () => {
    const rival = await startFirst({
      commands: [gone, saying({ rival: "Torch", version: "9" }), saying({ rival: "Torch", version: "8" })],
      install,
    });
    assert.ok(!("missing" in rival));
    assert.equal(rival.name, "Torch 9");
  });

  it("that fails says why and how to install it, and names no place of this machine", async () => {
    const missing = { missing: "Python has no torch" };
    assert.deepEqual(await startFirst({ commands: [gone, saying(missing), gone], install }), {
      missing: "Python has no torch; to install it: pip install torch",
    });
    assert.deepEqual(await startFirst({ commands: [gone, gone], install }), {
      missing: "there is no program to run it; to install it: pip install torch",
    });
  });
});
