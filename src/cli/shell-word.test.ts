import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { shellPath, shellWord } from "./shell-word.js";

describe("a word for a shell", () => {
  it("is as it is where it may be", () => {
    for (const word of ["runs/done", "a,b=c:1@2%+3-4.x"]) assert.equal(shellWord(word), word);
  });

  const skip = process.platform === "win32" && "there is no sh";
  it("comes back whole from a shell", { skip }, () => {
    for (const word of ["", "a b", "it's", '"$HOME" `id` \\n', "ü*?[x]", "--x;ls"]) {
      const command = `printf %s ${shellWord(word)}`;
      assert.equal(execFileSync("sh", ["-c", command], { encoding: "utf8" }), word);
    }
  });

  it("is no option where it is a path", () => {
    assert.equal(shellPath("-runs/a b"), "'./-runs/a b'");
    assert.equal(shellPath("--out"), "./--out");
    assert.equal(shellPath("runs/a"), "runs/a");
  });
});
